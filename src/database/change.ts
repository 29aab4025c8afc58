import { sql } from 'kysely'
import type { Actor } from '../lib/actor.ts'
import { NotUnique } from '../lib/refusals.ts'
import { storableJson } from '../lib/storable-json.ts'
import type { Database, InTransaction } from './connection.ts'
import { LAST_OF_TRANSACTION } from './driver.ts'
import { asRefusal, isWorthRetrying } from './refusals.ts'

export type SubjectType =
  | 'item'
  | 'model'
  | 'kit'
  | 'loan'
  | 'service-user'
  | 'staff'
  | 'ward'
  | 'site'
  | 'import'
  | 'incident'
  | 'stock-check'
  | 'message'
  | 'platform'
  | 'signpost'
  | 'guide'
  | 'opening'
  | 'session'
  | 'tablet'
  | 'subject-access'
  | 'booking'
  | 'referral'
  | 'concern'
  | 'quotation'
  | 'restriction'
  | 'appointment'
  | 'diary-entry'
  | 'data-allowance'
  | 'locker-deposit'

export interface AuditEntry {
  /** What was done, as `thing:verb`, such as `loan:lent`. */
  verb: string
  subject?: [SubjectType, number]
  /** The person whose record it concerns, by id alone. */
  serviceUserId?: number
  /** Old and new values and anything else personal: kept apart, and removable. */
  details?: Record<string, unknown>
}

/**
 * Who a change is made by: a member of staff, or the organisation itself where a command makes it on its behalf and
 * nobody is signed in.
 */
export type Author = Pick<Actor, 'organisationId'> & {
  staffId: number | null
  /** The ward's tablet that they are at, when they signed in there for one task. */
  tablet?: { id: number } | null
}

/**
 * A change under way: the transaction it happens in, who makes it, the clock, and the audit. Actions take one as their
 * first argument, so that nothing can be saved outside a transaction or without its audit row. An action that commands
 * may run too takes a `Change<Author>`.
 */
export interface Change<By extends Author = Actor> {
  trx: InTransaction
  by: By
  /** The time now. Read it after the locks are held, or a queue for a lock would back-date what it did. */
  now(): Date
  audit(entry: AuditEntry): void
}

export interface ChangeOptions<By extends Author = Actor> {
  db: Database
  by: By
  clock: () => Date
  requestId?: string
  /** The key of the form that asks; see {@link makeOnce}. */
  formKey?: string
}

const ATTEMPTS = 4

/**
 * Runs one change: all of it, with its audit rows, or none of it. What PostgreSQL refuses comes out as a typed refusal;
 * a deadlock is run again. Refuses a change that wrote no audit row.
 */
export async function makeChange<T, By extends Author = Actor>(
  options: ChangeOptions<By>,
  work: (change: Change<By>) => Promise<T>,
): Promise<T> {
  return await attemptChange(options, async (trx) => {
    const { result, entries } = await workIn(trx, options, work)
    await writeAudit(trx, auditContext(options), entries, { isLast: true })
    return result
  })
}

async function attemptChange<T>({ db }: { db: Database }, work: (trx: InTransaction) => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await db.transaction().execute(work)
    } catch (error) {
      if (!isWorthRetrying(error) || attempt === ATTEMPTS) throw asRefusal(error)
    }
  }
}

/** Does the work, and gives what is to stand in the audit about it. */
async function workIn<T, By extends Author>(
  trx: InTransaction,
  options: ChangeOptions<By>,
  work: (change: Change<By>) => Promise<T>,
): Promise<{ result: T; entries: AuditEntry[] }> {
  const entries: AuditEntry[] = []
  const change: Change<By> = {
    trx,
    by: options.by,
    now: options.clock,
    audit: (entry) => void entries.push(entry),
  }
  const result = await work(change)
  if (entries.length === 0) throw new Error('A change was made without an audit entry')
  return { result, entries }
}

function auditContext({ clock, by, requestId }: ChangeOptions<Author>): AuditContext {
  return { at: clock(), by, requestId }
}

export interface AuditContext {
  at: Date
  by: Author | null
  requestId?: string | undefined
}

/** Few enough for one statement to stay far from its timeout, on a slow machine too. */
const ENTRIES_A_STATEMENT = 5_000

/**
 * Writes any number of audit rows and what is personal in them: in one statement, unless there are thousands. The first
 * statement also notes where a form led, as a way to the database and back less; the last may end the transaction.
 */
export async function writeAudit(
  db: Database,
  context: AuditContext,
  entries: AuditEntry[],
  { led, isLast = false }: { led?: FormLed; isLast?: boolean } = {},
): Promise<void> {
  for (let at = 0; at < entries.length; at += ENTRIES_A_STATEMENT) {
    const end = at + ENTRIES_A_STATEMENT
    const isEnd = isLast && end >= entries.length
    await writeEntries(db, context, entries.slice(at, end), { isLast: isEnd, ...(at === 0 && led && { led }) })
  }
}

interface FormLed {
  formKey: string
  location: string
}

async function writeEntries(
  db: Database,
  context: AuditContext,
  entries: AuditEntry[],
  { isLast, led }: { isLast: boolean; led?: FormLed },
): Promise<void> {
  const noted =
    led && sql`with led as (update submissions set location = ${led.location} where form_key = ${led.formKey})`
  const rows = entries.map((entry) => ({
    verb: entry.verb,
    subject_type: entry.subject?.[0] ?? null,
    subject_id: entry.subject?.[1] ?? null,
    service_user_id: entry.serviceUserId ?? null,
    details: entry.details ?? null,
  }))
  const organisationId = context.by?.organisationId ?? null
  const staffId = context.by?.staffId ?? null
  const tabletId = context.by?.tablet?.id ?? null
  const written = sql`select record_audit(${context.at}, ${organisationId}, ${staffId}, ${tabletId}, ${context.requestId ?? null}, ${storableJson(rows)}::jsonb)`
  const last = isLast ? sql.raw(LAST_OF_TRANSACTION) : sql``
  await sql`${last} ${noted ?? sql``} ${written}`.execute(db)
}

/** The first result of a form that was sent twice. */
export class AlreadyDone extends Error {
  readonly location: string
  constructor(location: string) {
    super('This form was sent before')
    this.location = location
  }
}

/**
 * A change that creates something, made once however often its form arrives: the form's key is stored with the effect,
 * and a repeat throws {@link AlreadyDone} with where the first one led. The key goes in first, so that a second copy
 * waits for the first to finish in place of fighting it for the same items.
 */
export async function makeOnce<T>(
  options: ChangeOptions & { formKey: string },
  location: (result: T) => string,
  work: (change: Change) => Promise<T>,
): Promise<{ result: T; location: string }> {
  const { formKey, by, clock, db } = options
  try {
    return await attemptChange(options, async (trx) => {
      const row = { form_key: formKey, staff_id: by.staffId, location: '', at: clock() }
      await trx.insertInto('submissions').values(row).execute()
      const { result, entries } = await workIn(trx, options, work)
      const to = location(result)
      await writeAudit(trx, auditContext(options), entries, { led: { formKey, location: to }, isLast: true })
      return { result, location: to }
    })
  } catch (error) {
    if (!(error instanceof NotUnique) || error.constraint !== 'submissions_pkey') throw error
    const first = await db
      .selectFrom('submissions')
      .select('location')
      .where('form_key', '=', formKey)
      .where('staff_id', '=', by.staffId)
      .executeTakeFirst()
    if (first === undefined) throw error
    throw new AlreadyDone(first.location)
  }
}
