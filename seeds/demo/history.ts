import type { Insertable } from 'kysely'
import type { SubjectType } from '../../src/database/change.ts'
import type { Database } from '../../src/database/connection.ts'
import type { AuditEvents } from '../../src/database/schema.ts'
import { type Instant, parseInstant } from '../../src/lib/dates.ts'
import { insertAll } from '../factories/example.ts'
import type { Loan } from '../factories/loans.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import type { MadeLoan } from './lending.ts'
import type { Stock } from './stock.ts'
import type { Trust } from './trusts.ts'

/** One row of the audit, with what is personal in it. The verbs are those that the actions write. */
export interface PastEvent {
  at: Instant
  organisationId: number
  by: number
  verb: string
  subject: [SubjectType, number]
  serviceUserId?: number
  details?: Record<string, unknown>
}

export interface Past {
  trust: Trust
  stock: Stock
  people: ServiceUser[]
  stories: MadeLoan[]
  /** The loans as they were written, in the order of their stories. */
  loans: Loan[]
  /** What went to repair, and what was retired. */
  partings: PastEvent[]
  /** What was lost, stolen or broken, and what was done about it. */
  losses: PastEvent[]
  /** What was put right. */
  corrections: PastEvent[]
  /** Places that were looked round with a scanner. */
  checks: PastEvent[]
  /** What was agreed about the time after a loan. */
  onward: PastEvent[]
  visits: PastEvent[]
  openings: PastEvent[]
  ownData: PastEvent[]
  /** Who was referred, and what became of it. */
  referrals: PastEvent[]
  /** What people were worried about. */
  concerns: PastEvent[]
  /** What became of wards. */
  places: PastEvent[]
}

/** Writes the audit of everything that happened, oldest first, as it would have grown. */
export async function writeHistory(db: Database, pasts: Past[]): Promise<void> {
  const events = pasts.flatMap(eventsOf).map((event) => ({ ...event, time: millisecondsOf(event.at) }))
  events.sort((one, other) => one.time - other.time)
  const rows = await insertAll(db, 'audit_events', events.map(eventRow))
  const details = rows.flatMap((row, at) => {
    const told = events[at]?.details
    return told ? [{ audit_event_id: row.id, details: told as Record<string, never> }] : []
  })
  await insertAll(db, 'audit_details', details)
}

function eventsOf(past: Past): PastEvent[] {
  const { trust, stock, people } = past
  const organisationId = trust.organisation.id
  const by = trust.administrator.id
  const added = (type: SubjectType, row: { id: number; created_at: string }): PastEvent => ({
    at: row.created_at,
    organisationId,
    by,
    verb: `${type}:created`,
    subject: [type, row.id],
    details: { new: typedIn(type, row) },
  })
  return [
    ...stock.models.map((model) => added('model', model)),
    ...stock.items.map((item) => added('item', item)),
    ...stock.kits.map((kit) => added('kit', kit)),
    ...people.map((person) => ({
      ...added('service-user', person),
      by: trust.champions[0]!.id,
      serviceUserId: person.id,
    })),
    ...past.partings,
    ...past.losses,
    ...past.corrections,
    ...past.checks,
    ...past.onward,
    ...past.visits,
    ...past.openings,
    ...past.ownData,
    ...past.referrals,
    ...past.concerns,
    ...past.places,
    ...past.stories.flatMap((story, at) => loanEvents(story, past.loans[at]!, past)),
  ]
}

/** What somebody typed in to add one. */
const typed: Partial<Record<SubjectType, string[]>> = {
  model: ['category', 'maker', 'name', 'operating_system', 'support_ends_on', 'connector', 'cable_length_cm'],
  item: ['tag', 'model_id', 'serial', 'imei', 'iccid', 'kept_at_ward_id', 'bought_on', 'cost_pence', 'order_number'],
  kit: ['tag', 'name'],
  'service-user': ['name', 'date_of_birth', 'nhs_number', 'phone', 'email'],
}

function typedIn(type: SubjectType, row: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => typed[type]?.includes(column)))
}

function loanEvents(story: MadeLoan, loan: Loan, { stock }: Past): PastEvent[] {
  const tags = new Map(stock.items.map((item) => [item.id, item.tag]))
  const about = {
    organisationId: loan.organisation_id,
    subject: ['loan', loan.id] as ['loan', number],
    serviceUserId: loan.service_user_id ?? undefined,
  }
  const isGift = story.plan.dueOn === null
  const items = story.lines.map(({ item }) => tags.get(item.id))
  const lent: PastEvent = {
    ...about,
    at: story.lentAt,
    by: story.lentBy,
    verb: isGift ? 'loan:given' : 'loan:lent',
    details: { items, dueOn: story.plan.dueOn },
  }
  const extensions = story.extensions.map((extension, at): PastEvent => {
    const before = story.extensions[at - 1]?.to ?? story.plan.dueOn
    const details = { items, dueOn: extension.to, before: items.map(() => before) }
    return { ...about, at: extension.at, by: extension.by, verb: 'loan:extended', details }
  })
  return [lent, ...extensions, ...(isGift ? [] : endings(story, tags).map((event) => ({ ...about, ...event })))]
}

/** What ended at the same moment in the same way was one visit, and is one row. */
function endings({ lines, lentBy }: MadeLoan, tags: Map<number, string>) {
  const visits = new Map<string, Pick<PastEvent, 'at' | 'by' | 'verb'> & { details: { items: string[] } }>()
  for (const { item, end } of lines) {
    // what was lost, stolen or broken is told by its incident
    if (end === undefined || (end.as !== 'returned' && end.as !== 'given')) continue
    const key = `${end.as} ${end.at.toISOString()}`
    const by = end.as === 'returned' ? end.by : lentBy
    const known = visits.get(key) ?? {
      at: end.at,
      by,
      verb: `loan:${end.as}`,
      details: { items: [], ...(end.as === 'returned' && { returnedAt: end.at.toISOString() }) },
    }
    known.details.items.push(tags.get(item.id)!)
    visits.set(key, known)
  }
  return [...visits.values()]
}

function eventRow(event: PastEvent & { time: number }): Insertable<AuditEvents> {
  return {
    at: new Date(event.time),
    organisation_id: event.organisationId,
    staff_id: event.by,
    verb: event.verb,
    subject_type: event.subject[0],
    subject_id: event.subject[1],
    service_user_id: event.serviceUserId ?? null,
    request_id: null,
  }
}

function millisecondsOf(instant: Instant): number {
  return typeof instant === 'string' ? parseInstant(instant).getTime() : instant.getTime()
}
