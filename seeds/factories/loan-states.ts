import type { Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ItemHolds } from '../../src/database/schema.ts'
import { addDays, addWeeks, londonInstant, londonToday } from '../../src/lib/dates.ts'
import { addWorkingDays, nextWorkingDay } from '../../src/lib/working-days.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { firstLoanWeeks } from '../agreement.ts'
import { exampleNow, insertOne } from './example.ts'
import { availableItem, type Item, type ItemOverrides } from './items.ts'
import { type Borrower, type LineStory, type Loan, type LoanStory, type ReturnStory, writeLoans } from './loans.ts'
import { organisationIdOr, type Ward } from './places.ts'
import { type ServiceUser, serviceUser } from './service-users.ts'
import { type Staff, staffMember } from './staff.ts'

export type Hold = Selectable<ItemHolds>

interface OfOrganisation {
  id: number
  organisation_id: number
}

/** Whatever is left out is made: a person, a tablet with its charger, a champion who lends them. */
export interface LoanOverrides {
  /** The day it is: what "overdue" and "due" are reckoned from. */
  now?: Date
  organisationId?: number
  serviceUser?: OfOrganisation
  ward?: OfOrganisation
  staff?: OfOrganisation
  items?: Item[]
  lentAt?: Date
  lentBy?: Pick<Staff, 'id'>
  dueOn?: string
  isWithoutCharger?: boolean
  notes?: string
}

/** An open loan, lent a week ago for 12 weeks; to a person, unless a ward or a member of staff is named. */
export async function loanTo(db: Database, overrides: LoanOverrides = {}): Promise<Loan> {
  return writeLoan(db, await storyOf(db, overrides))
}

/** Out for 16 weeks, and due four weeks ago. */
export function overdueLoan(db: Database, overrides: LoanOverrides = {}): Promise<Loan> {
  const { now = exampleNow } = overrides
  const dueOn = addWorkingDays(londonToday(now), -20)
  return loanTo(db, { lentAt: weeksBefore(now, firstLoanWeeks + 4), dueOn, ...overrides })
}

/** Out for 12 weeks, and due today or, on a day off, on the next working day. */
export function loanDueToday(db: Database, overrides: LoanOverrides = {}): Promise<Loan> {
  const { now = exampleNow } = overrides
  return loanTo(db, { lentAt: weeksBefore(now, firstLoanWeeks), dueOn: nextWorkingDay(londonToday(now)), ...overrides })
}

/** Everything came back a week ago and was made ready the day after. */
export async function closedLoan(db: Database, overrides: LoanOverrides = {}): Promise<Loan> {
  const story = await storyOf(db, withTimeToReturn(overrides))
  return writeLoan(db, { ...story, lines: story.lines.map((line) => returned(line, story, overrides.now)) })
}

/** The first item came back a week ago; the rest is still out. */
export async function partlyReturnedLoan(db: Database, overrides: LoanOverrides = {}): Promise<Loan> {
  const story = await storyOf(db, withTimeToReturn(overrides))
  const [first, ...rest] = story.lines
  if (!first || rest.length === 0) throw new Error('A loan of one item cannot be partly returned')
  return writeLoan(db, { ...story, lines: [returned(first, story, overrides.now), ...rest] })
}

/** Given from the beginning: it need not come back, and its items have left the stock. */
export async function giftLoan(db: Database, overrides: LoanOverrides = {}): Promise<Loan> {
  const story = await storyOf(db, overrides)
  const lines = story.lines.map((line): LineStory => ({ ...line, dueOn: null, end: { at: story.lentAt, as: 'given' } }))
  return writeLoan(db, { ...story, lines })
}

/** A loan to a ward: its items are in that ward's pool until the review date. */
export function placement(db: Database, overrides: LoanOverrides & { ward: OfOrganisation }): Promise<Loan> {
  return loanTo(db, overrides)
}

/** A tablet that came back a day ago and is not ready yet; nothing was done but looking it over. */
export async function itemInTurnaround(db: Database, overrides: ItemOverrides & { now?: Date } = {}): Promise<Item> {
  const { now = exampleNow, ...columns } = overrides
  const item = await availableItem(db, columns)
  const story = await storyOf(db, { items: [item], lentAt: weeksBefore(now, 4), isWithoutCharger: true })
  const at = daysBefore(now, 1)
  const end: ReturnStory = { at, as: 'returned', by: story.lentBy, steps: [{ step: 'inspected', at }], readyAt: null }
  await writeLoan(db, { ...story, lines: story.lines.map((line) => ({ ...line, end })) })
  return item
}

/** A tablet that was lost on loan a week ago, and so has left the stock. */
export function lostItem(db: Database, overrides: ItemOverrides & { now?: Date } = {}): Promise<Item> {
  return itemThatLeft(db, 'lost', overrides)
}

export function stolenItem(db: Database, overrides: ItemOverrides & { now?: Date } = {}): Promise<Item> {
  return itemThatLeft(db, 'stolen', overrides)
}

/** Damaged beyond use while it was on loan. */
export function damagedItem(db: Database, overrides: ItemOverrides & { now?: Date } = {}): Promise<Item> {
  return itemThatLeft(db, 'damaged', overrides)
}

async function itemThatLeft(
  db: Database,
  as: 'lost' | 'stolen' | 'damaged',
  { now = exampleNow, ...columns }: ItemOverrides & { now?: Date },
): Promise<Item> {
  const item = await availableItem(db, columns)
  const story = await storyOf(db, { items: [item], lentAt: weeksBefore(now, 4), isWithoutCharger: true })
  const end = { at: weeksBefore(now, 1), as }
  await writeLoan(db, { ...story, lines: story.lines.map((line) => ({ ...line, end })) })
  return db.selectFrom('items').selectAll().where('id', '=', item.id).executeTakeFirstOrThrow()
}

export interface BookingOverrides {
  item?: Item
  /** The ward in whose pool the item is; an item in no pool is booked without one. */
  ward?: Pick<Ward, 'id'>
  from?: Date
  until?: Date
}

/** An item that somebody has booked: for tomorrow, 2pm to 2:45pm in London, unless told otherwise. */
export async function itemBookedLater(
  db: Database,
  overrides: BookingOverrides = {},
): Promise<{ item: Item; hold: Hold }> {
  const item = overrides.item ?? (await availableItem(db))
  const tomorrow = addDays(londonToday(exampleNow), 1)
  const from = overrides.from ?? londonInstant(tomorrow, '14:00').value
  const until = overrides.until ?? londonInstant(tomorrow, '14:45').value
  const hold = await insertOne(db, 'item_holds', {
    organisation_id: item.organisation_id,
    item_id: item.id,
    kind: 'booking',
    ward_id: overrides.ward?.id ?? null,
    plan: `[${from?.toISOString()},${until?.toISOString()})`,
  })
  return { item, hold }
}

async function storyOf(db: Database, overrides: LoanOverrides): Promise<LoanStory> {
  const { now = exampleNow } = overrides
  const known = [overrides.serviceUser, overrides.ward, overrides.staff, ...(overrides.items ?? [])]
  const organisationId = await organisationIdOr(
    db,
    overrides.organisationId ?? known.find((row) => row !== undefined)?.organisation_id,
  )
  const lentAt = overrides.lentAt ?? weeksBefore(now, 1)
  const dueOn = overrides.dueOn ?? nextWorkingDay(addWeeks(londonToday(lentAt), firstLoanWeeks))
  const to = await borrowerOf(db, overrides, organisationId)
  return {
    organisationId,
    to,
    lentAt,
    lentBy: (overrides.lentBy ?? (await staffMember(db, { organisation_id: organisationId }))).id,
    lines: (overrides.items ?? (await tabletAndCharger(db, organisationId))).map((item) => ({ item, dueOn })),
    agreement: 'serviceUserId' in to ? await latestAgreement(db, organisationId) : undefined,
    isWithoutCharger: overrides.isWithoutCharger,
    notes: overrides.notes,
  }
}

async function borrowerOf(db: Database, overrides: LoanOverrides, organisation_id: number): Promise<Borrower> {
  if (overrides.ward) return { wardId: overrides.ward.id }
  if (overrides.staff) return { staffId: overrides.staff.id }
  const person: Pick<ServiceUser, 'id'> = overrides.serviceUser ?? (await serviceUser(db, { organisation_id }))
  return { serviceUserId: person.id }
}

async function tabletAndCharger(db: Database, organisation_id: number): Promise<Item[]> {
  return [
    await availableItem(db, { organisation_id, category: 'tablet' }),
    await availableItem(db, { organisation_id, category: 'charger' }),
  ]
}

async function latestAgreement(db: Database, organisationId: number): Promise<LoanStory['agreement']> {
  const version = await db
    .selectFrom('agreement_versions')
    .select('id')
    .where('organisation_id', '=', organisationId)
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst()
  return version && { versionId: version.id, how: 'paper' }
}

/** Long enough ago that it can have come back a week ago. */
function withTimeToReturn(overrides: LoanOverrides): LoanOverrides {
  return { lentAt: weeksBefore(overrides.now ?? exampleNow, 8), ...overrides }
}

function returned(line: LineStory, story: LoanStory, now = exampleNow): LineStory {
  const at = weeksBefore(now, 1)
  const readyAt = daysBefore(now, 6)
  const steps = stepsFor(line.item.category).map((step) => ({ step, at: readyAt }))
  return { ...line, end: { at, as: 'returned', by: story.lentBy, steps, readyAt } }
}

async function writeLoan(db: Database, story: LoanStory): Promise<Loan> {
  const [loan] = await writeLoans(db, [story])
  if (loan === undefined) throw new Error('No loan was written')
  return loan
}

const day = 24 * 60 * 60 * 1000

function daysBefore(now: Date, days: number): Date {
  return new Date(now.getTime() - days * day)
}

function weeksBefore(now: Date, weeks: number): Date {
  return daysBefore(now, weeks * 7)
}
