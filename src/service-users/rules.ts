/** Who a person is, in the words of the table: what retention may empty one day. */
export interface ServiceUserIdentity {
  name: string
  known_as?: string
  date_of_birth: string
  nhs_number: string | null
  local_id?: string
}

/** A person who is added: who they are, and how to reach them. */
export interface ServiceUserDetails extends ServiceUserIdentity {
  phone: string
  email: string
}

/** Whole years. Somebody born on 29 February is a year older from 1 March in other years. */
export function ageOn(dateOfBirth: string, today: string): number {
  const years = Number(today.slice(0, 4)) - Number(dateOfBirth.slice(0, 4))
  return today.slice(5) < dateOfBirth.slice(5) ? years - 1 : years
}

/** The lines of several loans, brought together by loan, in the order they come. */
export function groupByLoan<Line extends { loan_id: number }>(lines: Line[]): { id: number; lines: Line[] }[] {
  const loans = new Map<number, Line[]>()
  for (const line of lines) loans.set(line.loan_id, [...(loans.get(line.loan_id) ?? []), line])
  return [...loans].map(([id, own]) => ({ id, lines: own }))
}
