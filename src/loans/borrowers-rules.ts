/** Who a loan is to: exactly one of the three. */
export interface BorrowerFacts {
  service_user_id: number | null
  service_user: string | null
  ward_id: number | null
  ward: string | null
  staff_id: number | null
  staff_member: string | null
}

/** The borrower in words. Who may not see names sees what kind of borrower it is. */
export function borrowerName(borrower: BorrowerFacts, maySeeNames: boolean): string {
  if (borrower.service_user_id !== null) {
    return maySeeNames ? (borrower.service_user ?? 'A person whose details were removed') : 'A service user'
  }
  return borrower.ward ?? borrower.staff_member ?? ''
}
