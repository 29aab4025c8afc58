import type { LoanValues } from './loan-cells-rules.ts'
import { type KnownPerson, nameKey, type PersonAlike } from './people-rules.ts'

export interface LendableItem {
  id: number
  tag: string
  category: string
  support_ends_on: string | null
  left_as: string | null
  /** When whoever had it last, or made it ready, was done with it. */
  last_ended_at: string | null
}

/** A line of a loan that we have, on the day it began, whatever became of it. */
export interface KnownLine {
  item_id: number
  began_on: string
  service_user_id: number | null
  name: string | null
  date_of_birth: string | null
  nhs_number: string | null
  ward_id: number | null
  staff_id: number | null
  staff_email: string | null
}

export interface KnownStaff {
  id: number
  email: string
  name: string
  has_left: boolean
}

/** What there is already that a file of loans may name. */
export interface KnownLending {
  /** By `codeKey` of the tag as the file has it. */
  items: ReadonlyMap<string, LendableItem>
  people: ReadonlyMap<string, KnownPerson>
  alike: ReadonlyMap<string, readonly PersonAlike[]>
  staff: ReadonlyMap<string, KnownStaff>
  /** By `lineKey`. */
  lines: ReadonlyMap<string, readonly KnownLine[]>
  /** The versions of the agreement, the oldest first. */
  agreements: readonly { id: number; created_on: string }[]
}

export function lineKey(itemId: number, day: string): string {
  return `${itemId} ${day}`
}

/**
 * Whether a row says in its own words who has a loan that we have. With the item and the day the same, a name alone is
 * enough, though it would not be to lend something: our own exports have people of whom we know no more.
 */
export function namesBorrowerOf(
  line: KnownLine,
  { name, dateOfBirth, nhsNumber, ward, staff }: Partial<LoanValues>,
): boolean {
  if (line.ward_id !== null) return ward === line.ward_id
  if (line.staff_id !== null) return staff !== undefined && staff === line.staff_email
  if (isOther(nhsNumber, line.nhs_number) || isOther(dateOfBirth, line.date_of_birth)) return false
  if (nhsNumber !== undefined && nhsNumber === line.nhs_number) return true
  return name !== undefined && line.name !== null && nameKey(name) === nameKey(line.name)
}

function isOther(said: string | undefined, ours: string | null): boolean {
  return said !== undefined && ours !== null && said !== ours
}

export function borrowerKey({ service_user_id, ward_id, staff_id }: KnownLine): string {
  if (service_user_id !== null) return `person ${service_user_id}`
  return ward_id === null ? `staff ${staff_id}` : `ward ${ward_id}`
}
