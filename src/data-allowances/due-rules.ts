import { addDays, daysBetween, londonDate } from '../lib/dates.ts'
import { type Contact, contactKey, type DataRates } from './contacts-rules.ts'
import { bestFor, type DataFacts, type Forecast, forecast, MOST_DAYS_OLD } from './forecast-rules.ts'
import { type OverdueFacts, overdueStep } from './overdue-rules.ts'

/** So many days ahead an end is told, and what is booked is looked at. */
const DAYS_AHEAD = 14

export function dataDueUntil(today: string): string {
  return addDays(today, DAYS_AHEAD)
}

/** An allowance that may need something done, with all that its forecast is told from. */
export interface DueFacts extends DataFacts, OverdueFacts {
  service_user_id: number | null
  rates: DataRates
  /** The item it was given with came back. */
  has_loan_ended: boolean
  /** The first reading since which all say that nothing was used; null where the last says that something was. */
  unused_since: string | null
}

export interface DueData<Row extends DueFacts> {
  row: Row
  why: 'loan-ended' | 'runs-out' | 'suspended' | 'ends' | 'low' | 'unused' | 'warn' | 'overdue'
  /** The day from which it is not there; null where that is not why. */
  on: string | null
  /** The contact that it does not last for. */
  before: Contact | null
}

/**
 * What is to be done about data, one line an allowance, the most urgent first: what runs out before a contact, what ends soon,
 * what still runs though its loan has ended, and what nobody uses. All the allowances of a person have to be among the rows, since where one of them
 * lasts, the others need not.
 */
export function dueData<Row extends DueFacts>(rows: readonly Row[], now: Date, today: string): DueData<Row>[] {
  const ofPerson = Map.groupBy(rows, ({ service_user_id, id }) => service_user_id ?? `allowance-${id}`)
  const due = [...ofPerson.values()].flatMap((theirs) => {
    const told = theirs.map((row) => ({ row, told: forecast(row, row.contacts, row.rates, now) }))
    const short = firstUncovered(told)
    const running = told.filter(({ told: { why } }) => why !== 'over' && why !== 'suspended')
    // one that still runs can be topped up; where none does, one that is suspended can be resumed
    const toMend = [...running, ...told.filter(({ told: { why } }) => why === 'suspended')][0]
    const isCovered = short !== null || told.some((one) => one.told.status === 'enough' && !isLow(one.row, one.told))
    return told.flatMap((one) =>
      lineOf(
        one,
        { short: one.row === toMend?.row ? short : null, isCovered, overdue: overdueStep(one.row, now) },
        today,
      ),
    )
  })
  return due.toSorted((one, other) => dayOf(one).localeCompare(dayOf(other)) || one.row.id - other.row.id)
}

/** The first contact to come that none of their allowances lasts for. What is not known is asked for by readiness. */
function firstUncovered(theirs: readonly { row: DueFacts; told: Forecast }[]): Contact | null {
  const contacts = theirs[0]?.row.contacts ?? []
  const told = theirs.filter(({ row }) => row.cancelled_at === null).map((one) => one.told)
  const ordered = contacts.toSorted((one, other) => Date.parse(one.starts_at) - Date.parse(other.starts_at))
  return ordered.find((contact) => bestFor(contact, told) === 'not-enough') ?? null
}

function lineOf<Row extends DueFacts>(
  { row, told }: { row: Row; told: Forecast },
  { short, isCovered, overdue }: { short: Contact | null; isCovered: boolean; overdue: ReturnType<typeof overdueStep> },
  today: string,
): DueData<Row>[] {
  if (told.why === 'over') return []
  if (row.has_loan_ended && told.why !== 'suspended') return [{ row, why: 'loan-ended', on: null, before: null }]
  if (short !== null) {
    const isOwn = told.byContact.get(contactKey(short)) === 'not-enough'
    return [
      {
        row,
        why: told.why === 'suspended' ? 'suspended' : 'runs-out',
        on: isOwn ? told.runsOutOn : null,
        before: short,
      },
    ]
  }
  if (told.why !== 'suspended' && (overdue === 'warn' || overdue === 'decide')) {
    return [{ row, why: overdue === 'warn' ? 'warn' : 'overdue', on: null, before: null }]
  }
  const endsSoon = row.ends_on !== null && row.ends_on <= dataDueUntil(today)
  if (endsSoon && told.why !== 'suspended') return [{ row, why: 'ends', on: row.ends_on, before: null }]
  if (isLow(row, told) && !isCovered) return [{ row, why: 'low', on: null, before: null }]
  return isUnused(row, told) ? [{ row, why: 'unused', on: null, before: null }] : []
}

/** Less than this is low: it is about one video call. */
const LOW = 500

/** Told of what nobody topped up since, and only from a reading that is not old. */
function isLow({ megabytes }: DueFacts, { balance, why }: Forecast): boolean {
  if (megabytes === null || balance === null || why === 'suspended') return false
  return balance.daysOld <= MOST_DAYS_OLD && balance.left < LOW
}

/** So long may nothing be used before somebody asks whether it works. */
const DAYS_UNUSED = 30

/** Told from readings alone, of which the last is not old: where nobody read it, nobody knows. */
function isUnused({ unused_since }: DueFacts, { balance, why }: Forecast): boolean {
  if (unused_since === null || balance === null || why === 'suspended') return false
  return (
    balance.daysOld <= MOST_DAYS_OLD && daysBetween(londonDate(unused_since), londonDate(balance.at)) >= DAYS_UNUSED
  )
}

/** What has no day of its own has waited longest; what nobody uses can wait. */
function dayOf({ why, on, before }: DueData<DueFacts>): string {
  return why === 'unused' ? 'last' : (before?.starts_at.slice(0, 10) ?? on ?? '')
}
