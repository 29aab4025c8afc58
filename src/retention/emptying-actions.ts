import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { type AuditEntry, writeAudit } from '../database/change.ts'
import type { Database, InTransaction } from '../database/connection.ts'
import { type PersonalTableName, personalTables } from '../database/personal-data/declared.ts'
import { emptying, rowsAbout } from '../database/personal-data/statements.ts'
import { asRefusal } from '../database/refusals.ts'
import { londonToday } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { listPeopleKept, listPeriods, lockRecords } from './queries.ts'
import { type Because, earliestBeginning, isInTheWay, keptUntil, periodsFrom, yearsBefore } from './rules.ts'

const tables = Object.keys(personalTables) as PersonalTableName[]

/** What one night's work needs: a connection as the role that empties, which may do nothing else. */
export interface Emptying {
  db: Database
  clock: () => Date
}

/**
 * Empties what is kept no longer, of every organisation: each record in a transaction of its own, with its audit. What was
 * held, lent or asked for in the meantime is left for another night.
 */
export async function emptyWhatIsDue(emptyingAs: Emptying): Promise<void> {
  const organisations = await emptyingAs.db.selectFrom('organisations').select('id').orderBy('id').execute()
  for (const { id } of organisations) await emptyOrganisation(emptyingAs, id)
}

async function emptyOrganisation({ db, clock }: Emptying, organisationId: number): Promise<void> {
  const scope = { organisationId }
  const periods = periodsFrom(await listPeriods(db, scope))
  const today = londonToday(clock())
  let people = 0
  for (const person of await listPeopleKept(db, scope, earliestBeginning(today, periods))) {
    const { on, because } = keptUntil(person, periods)
    if (on > today || isInTheWay(person)) continue
    if (await emptyRecord({ db, clock }, { id: person.id, organisationId, because })) people += 1
  }
  await db.transaction().execute(async (trx) => {
    const counts = {
      people_count: people,
      message_count: await emptyMessages(trx, organisationId, yearsBefore(clock(), periods.messages)),
      request_count: await emptyRequests(trx, organisationId, yearsBefore(clock(), periods['subject-access'])),
    }
    await trx
      .insertInto('retention_runs')
      .values({ organisation_id: organisationId, at: clock(), ...counts })
      .execute()
    await audit(trx, { organisationId, at: clock() }, { verb: 'retention:ran', details: counts })
  })
}

/**
 * Takes everything personal out of a record, and out of those that became part of it; every row stays. Gives false where
 * PostgreSQL says that something stands in the way by now.
 */
export async function emptyRecord(
  { db, clock }: Emptying,
  { id, organisationId, because }: { id: number; organisationId: number; because: Because },
): Promise<boolean> {
  try {
    await db.transaction().execute(async (trx) => {
      const people = await lockRecords(trx, id)
      const at = clock()
      for (const person of people) {
        const row = { service_user_id: person, organisation_id: organisationId, at, because }
        await trx.insertInto('anonymisations').values(row).execute()
      }
      const ids = sql`${people}::bigint[]`
      for (const table of tables) await emptying(table, rowsAbout(table, ids))?.execute(trx)
      const entries = people.map((person): AuditEntry => {
        return { verb: 'service-user:anonymised', subject: ['service-user', person], serviceUserId: person }
      })
      await audit(trx, { organisationId, at }, ...entries)
    })
    return true
  } catch (error) {
    if (asRefusal(error) instanceof RuleBroken) return false
    throw error
  }
}

/** The words of old messages, also of people who are still with us; not of those whose record is held. */
async function emptyMessages(trx: InTransaction, organisationId: number, before: string): Promise<number> {
  return await emptyRows(
    trx,
    'message_contents',
    sql<SqlBool>`not is_emptied and message_id in (
      select id from messages
      where organisation_id = ${organisationId} and created_at < ${before}::date and service_user_id is not null
        and not exists (
          select from legal_holds
          where legal_holds.service_user_id = messages.service_user_id and lifted_at is null
        )
    )`,
  )
}

async function emptyRequests(trx: InTransaction, organisationId: number, before: string): Promise<number> {
  const due = sql`select id from subject_access_requests request
    where organisation_id = ${organisationId} and closed_at < ${before}::date and not is_emptied
      and not exists (
        select from legal_holds where legal_holds.service_user_id = request.service_user_id and lifted_at is null
      )`
  await emptyRows(trx, 'subject_access_decisions', sql<SqlBool>`request_id in (${due})`)
  return await emptyRows(trx, 'subject_access_requests', sql<SqlBool>`id in (${due})`)
}

async function emptyRows(trx: InTransaction, table: PersonalTableName, rows: RawBuilder<SqlBool>): Promise<number> {
  const result = await emptying(table, rows)?.execute(trx)
  return Number(result?.numAffectedRows ?? 0)
}

function audit(
  trx: InTransaction,
  { organisationId, at }: { organisationId: number; at: Date },
  ...entries: AuditEntry[]
): Promise<void> {
  return writeAudit(trx, { at, by: { organisationId, staffId: null } }, entries)
}
