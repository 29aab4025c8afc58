import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import { columnsOf, type PersonalTableName, personalTables } from '../database/personal-data/declared.ts'
import { reading } from '../database/personal-data/statements.ts'
import type { Scope } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import { RuleBroken } from '../lib/refusals.ts'
import type { CopySection, Decided } from './rules.ts'

/** Of one table: nobody has lived through so much. More is a mistake, and no copy. */
const MOST_ROWS = 20_000
const tooMuch =
  'There is more about this person than one copy can hold. Ask whoever looks after the service to make it from the database.'

const tables = Object.keys(personalTables) as PersonalTableName[]

/**
 * Everything that a copy may have about a person, in one statement and so of one moment. Refuses (RuleBroken) more of one
 * table than MOST_ROWS.
 */
export async function readSections(db: Database, serviceUserId: number): Promise<CopySection[]> {
  const people = sql`array(select unnest(records_of(${serviceUserId})))`
  const questions = Object.fromEntries(
    tables.flatMap((table) => {
      const question = reading(table, people, MOST_ROWS + 1)
      return question ? [[table, question]] : []
    }),
  )
  const { rows } = await asLists<Record<string, Record<string, unknown>[]>>(questions).execute(db)
  // a part of it passed off as all of it would be worse than none
  if (Object.values(rows[0] ?? {}).some((found) => found.length > MOST_ROWS)) throw new RuleBroken(tooMuch)
  return tables.flatMap((table) => sectionOf(table, rows[0]?.[table] ?? []))
}

function sectionOf(table: PersonalTableName, rows: Record<string, unknown>[]): CopySection[] {
  if (rows.length === 0) return []
  const { title, intro } = personalTables[table]
  const columns = columnsOf(table, ({ access }) => access !== 'withheld').flatMap(([name, column]) =>
    column.access === 'withheld'
      ? []
      : [{ name, label: column.label, as: column.as, isReviewed: column.access === 'reviewed' }],
  )
  return [
    { table, title, intro, columns, rows: rows.map(({ row_key, ...values }) => ({ key: String(row_key), values })) },
  ]
}

export interface AccessRequest {
  id: number
  service_user_id: number
  name: string
  asked_by: string
  asked_by_note: string
  identity_check: string
  identity_note: string
  received_on: string
  due_on: string
  extended_reason: string
  recorded_at: string
  recorded_by: string
  closed_at: string | null
  closed_by: string | null
  closed_as: string | null
  closed_note: string
  version: number
}

const requests = (scope: Scope) => sql`
  select request.id, request.service_user_id, details.name, request.asked_by, request.asked_by_note,
         request.identity_check, request.identity_note, request.received_on, request.due_on, request.extended_reason,
         request.recorded_at, recorder.name as recorded_by, request.closed_at, closer.name as closed_by,
         request.closed_as, request.closed_note, request.version
  from subject_access_requests request
  join service_user_details details on details.service_user_id = request.service_user_id
  join staff recorder on recorder.id = request.recorded_by
  left join staff closer on closer.id = request.closed_by
  where request.organisation_id = ${scope.organisationId}`

export async function findRequest(db: Database, scope: Scope, id: number): Promise<AccessRequest | undefined> {
  const { rows } = await sql<AccessRequest>`${requests(scope)} and request.id = ${id}`.execute(db)
  return rows[0]
}

/** One page of requests: those to answer, the first due first; or those that are closed, the newest first. */
export async function listRequests(db: Database, scope: Scope, show: 'open' | 'closed', asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isUpwards = (show === 'open') === (asked.before === undefined)
  const by = show === 'open' ? sql`(request.due_on, request.id)` : sql`(request.closed_at, request.id)`
  const ofCursor = show === 'open' ? sql`due_on, id` : sql`closed_at, id`
  const from =
    cursor === undefined
      ? sql``
      : sql`and ${by} ${isUpwards ? sql`>` : sql`<`} (
          select ${ofCursor} from subject_access_requests
          where id = ${Number(cursor)} and organisation_id = ${scope.organisationId}
        )`
  const order = isUpwards ? sql`asc` : sql`desc`
  const column = show === 'open' ? sql`request.due_on` : sql`request.closed_at`
  const { rows } = await sql<AccessRequest>`
    ${requests(scope)} and request.closed_at is ${show === 'open' ? sql`null` : sql`not null`} ${from}
    order by ${column} ${order}, request.id ${order} limit ${rowsToRead(asked)}`.execute(db)
  return pageOf(rows, asked, ({ id }) => String(id))
}

export async function listDecided(db: Database, requestId: number): Promise<Decided[]> {
  return await db
    .selectFrom('subject_access_decisions')
    .select(['table_name', 'row_key', 'column_name', 'print', 'decision', 'note'])
    .where('request_id', '=', requestId)
    .execute()
}

export function lockRequest(trx: InTransaction, { organisationId }: Scope, id: number) {
  return trx
    .selectFrom('subject_access_requests')
    .selectAll()
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .forUpdate()
    .executeTakeFirst()
}
