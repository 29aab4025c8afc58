/** Who a person is, in the words of the table: what retention may empty one day. */
export interface ServiceUserDetails {
  name: string
  date_of_birth: string
  nhs_number: string | null
  phone: string
  email: string
}

/** Where a person is in their care. Later it decides what may be sent, chased and asked. */
const states: Readonly<Record<string, string>> = {
  community: 'In the community',
  admitted: 'Admitted to a ward',
  discharged: 'Discharged',
  moved: 'Moved away',
  died: 'Died',
}

export function stateText(state: string): string {
  return states[state] ?? state
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
