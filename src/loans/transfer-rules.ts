import { stepsFor } from '../turnaround/rules.ts'
import { type AgreementWay, unsupportedBy } from './rules.ts'

export type Borrower = { serviceUserId: number } | { wardId: number } | { staffId: number }

export interface Transfer {
  lineIds: number[]
  to: Borrower
  version: number
  agreement: { way: AgreementWay; versionId: number; witness: string | null } | null
  /** Why a device goes to somebody else as the first left it; null where nobody said. */
  unwipedReason: string | null
  withoutCharger: boolean
  unsupportedReason: string | null
}

/**
 * The devices that would go to somebody else with the first one's things still on them (evidence 3.4: wiped between
 * borrowers). From ward to ward nothing is wiped: what is in a ward's pool is made ready after each person.
 */
export function goUnwiped<T extends { category: string }>(lines: T[], fromWard: boolean, toWard: boolean): T[] {
  return fromWard && toWard ? [] : lines.filter(({ category }) => stepsFor(category).includes('wiped'))
}

export interface TransferLine {
  id: number
  tag: string
  category: string
  support_ends_on: string | null
  unsupported_reason: string | null
  /** The day until which the new borrower has it. */
  until: string
}

/** What is no longer supported by its review, and of which nobody has said yet why it is lent all the same. */
export function unexplained(lines: TransferLine[]): TransferLine[] {
  return lines.filter((line) => line.unsupported_reason === null && unsupportedBy([line], line.until).length > 0)
}
