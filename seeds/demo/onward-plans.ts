import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays, addWeeks, londonDate, parseInstant } from '../../src/lib/dates.ts'
import { choicesInWords, holdsTheirs, type OnwardChoice, WEEKS_BEFORE } from '../../src/onward-plans/rules.ts'
import { type Loan, type LoanLine, onwardPlan, openRescue } from '../factories.ts'
import { lastWorkingDay, minutesAfter, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { MadeLoan } from './lending.ts'
import type { Stock } from './stock.ts'
import type { Trust } from './trusts.ts'

interface Agreement {
  choices: OnwardChoice[]
  notes: string
}

const agreements: Agreement[] = [
  { choices: ['extend'], notes: 'Still has video calls every week.' },
  { choices: ['own-device', 'social-tariff'], notes: 'Gets a phone for the birthday. We set it up together before.' },
  { choices: ['give'], notes: '' },
  { choices: ['device-bank', 'social-tariff'], notes: 'The library has tablets. Asked about the tariff on the phone.' },
  { choices: ['nothing-more'], notes: '' },
]

interface Told {
  trust: Trust
  stock: Stock
  stories: MadeLoan[]
  loans: Loan[]
}

/**
 * What was agreed about the time after some of the loans whose review comes, with photos to save on the first device; and a
 * device on the bench that waits for its photos. Gives what the audit tells of it.
 */
export async function planOnwards(db: Database, told: Told, today: string): Promise<PastEvent[]> {
  const recordedAt = timeOn(lastWorkingDay(addDays(today, -2)), 11, 15)
  const soon = addWeeks(today, WEEKS_BEFORE)
  const coming = told.loans.filter((loan) => {
    const due = loan.lines.filter(({ ended_at }) => ended_at === null).flatMap(({ due_on }) => due_on ?? [])
    const isTheirs = loan.service_user_id !== null && parseInstant(loan.lent_at) < recordedAt
    return isTheirs && due.some((day) => day > today && day <= soon)
  })
  const agreed = coming.filter((_, at) => at % 2 === 1)
  const events: PastEvent[] = []
  for (const [at, loan] of agreed.entries()) {
    events.push(await agreeOn(db, told, loan, agreements[at % agreements.length]!, recordedAt, at === 0))
  }
  return [...events, ...(await leavePhotosOnTheBench(db, told))]
}

async function agreeOn(
  db: Database,
  { trust, stock }: Told,
  loan: Loan,
  { choices, notes }: Agreement,
  recordedAt: Date,
  hasPhotos: boolean,
): Promise<PastEvent> {
  const recordedBy = trust.champions[0]!
  const device = hasPhotos ? loan.lines.find((line) => line.ended_at === null && isDevice(stock, line)) : undefined
  const toKeep = device ? 'something' : 'nothing'
  const agreedOn = londonDate(recordedAt.toISOString())
  await onwardPlan(db, { loan, recordedBy, recordedAt, choices, notes, agreedOn, toKeep })
  if (device) await openRescue(db, { line: device, askedBy: recordedBy, askedAt: recordedAt, what: photos })
  return plannedEvent(loan, { at: recordedAt, by: recordedBy.id, choices, tags: device ? [tagOf(stock, device)] : [] })
}

const photos = 'The photos of the garden. They go into an account of their own.'

/** Agreed a quarter of an hour before it came back, with the last of the people who gave a device back. */
async function leavePhotosOnTheBench(db: Database, { trust, stock, loans }: Told): Promise<PastEvent[]> {
  const { rows } = await sql<{ line_id: number }>`
    select line.id as line_id
    from item_holds hold
    join loan_lines line on line.item_id = hold.item_id and line.ended_at = hold.taken_at and line.ended_as = 'returned'
    join loans on loans.id = line.loan_id
    join items on items.id = hold.item_id
    where hold.organisation_id = ${trust.organisation.id} and hold.kind = 'turnaround' and hold.ended_at is null
      and loans.service_user_id is not null and items.left_at is null and items.category in ('tablet', 'smartphone', 'laptop')
      and line.ended_at - line.taken_at > interval '1 day'
      and not exists (select from turnaround_steps where hold_id = hold.id and step in ('signed-out', 'wiped'))
    order by hold.taken_at desc, line.id
    limit 1`.execute(db)
  const loan = loans.find(({ lines }) => lines.some(({ id }) => id === rows[0]?.line_id))
  const line = loan?.lines.find(({ id }) => id === rows[0]?.line_id)
  if (!loan || !line?.ended_at) return []
  const recordedAt = minutesAfter(parseInstant(line.ended_at), -15)
  const recordedBy = trust.champions[0]!
  const choices: OnwardChoice[] = ['own-device']
  const agreedOn = londonDate(recordedAt.toISOString())
  await onwardPlan(db, { loan, recordedBy, recordedAt, choices, agreedOn, toKeep: 'something' })
  await openRescue(db, { line, askedBy: recordedBy, askedAt: recordedAt, what: photos })
  return [plannedEvent(loan, { at: recordedAt, by: recordedBy.id, choices, tags: [tagOf(stock, line)] })]
}

function isDevice({ items }: Stock, line: LoanLine): boolean {
  return holdsTheirs(items.find(({ id }) => id === line.item_id)?.category ?? '')
}

function tagOf({ items }: Stock, line: LoanLine): string {
  return items.find(({ id }) => id === line.item_id)?.tag ?? ''
}

interface Planned {
  at: Date
  by: number
  choices: OnwardChoice[]
  tags: string[]
}

function plannedEvent(loan: Loan, { at, by, choices, tags }: Planned): PastEvent {
  return {
    at,
    by,
    organisationId: loan.organisation_id,
    verb: 'loan:onward-planned',
    subject: ['loan', loan.id],
    serviceUserId: loan.service_user_id ?? undefined,
    details: { choices: choicesInWords(choices), toSave: tags },
  }
}
