/** Who a loan is to: exactly one of the three. */
export interface BorrowerFacts {
  service_user_id: number | null
  service_user: string | null
  ward_id: number | null
  ward: string | null
  staff_id: number | null
  staff_member: string | null
}

/**
 * The borrower in words. Who may not see names sees what kind of borrower it is; so does everybody for a person whose name
 * is not theirs to see, or was removed.
 */
export function borrowerName(borrower: BorrowerFacts, maySeeNames: boolean): string {
  if (borrower.service_user_id !== null) {
    return maySeeNames ? (borrower.service_user ?? namelessPerson) : 'A service user'
  }
  return borrower.ward ?? borrower.staff_member ?? ''
}

const namelessPerson = 'A service user whose name is not shown'

/** A person whose name is not shown, so that nothing leads on to them either. */
export function isNameless({ service_user_id, service_user }: Pick<BorrowerFacts, 'service_user_id' | 'service_user'>) {
  return service_user_id !== null && service_user === null
}
