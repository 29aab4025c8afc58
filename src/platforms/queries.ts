import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Scope } from '../lib/actor.ts'
import type { KnownPlatform, RiskTaken } from './rules.ts'

const MOST_PLATFORMS = 100

/** The risk of a platform that was accepted last. */
const lastRisk = sql<RiskTaken | null>`(
  select json_build_object('risk', taken.risk, 'accepted_at', taken.accepted_at, 'staff_member', staff.name)
  from platform_risks taken join staff on staff.id = taken.accepted_by
  where taken.platform_id = platforms.id order by taken.id desc limit 1
)`

/** The platform of this column in one value, with what was decided and which risk was accepted last; null where none is named. */
export const platformOf = (column: string) => sql<(KnownPlatform & { guidance: string; settings: string }) | null>`(
  select json_build_object('id', platforms.id, 'name', platforms.name, 'approval', platforms.approval,
                           'guidance', platforms.guidance, 'settings', platforms.settings, 'risk', ${lastRisk})
  from platforms where platforms.id = ${sql.ref(column)}
)`

/** The platforms of an organisation, by name, each with the risk that was accepted last. */
export function listPlatforms(
  db: Database,
  { organisationId }: Scope,
): Promise<(KnownPlatform & { mb_per_minute: number | null; decided_on: string | null })[]> {
  return db
    .selectFrom('platforms')
    .select(['id', 'name', 'approval', 'mb_per_minute', 'decided_on', lastRisk.as('risk')])
    .where('organisation_id', '=', organisationId)
    .orderBy(sql`lower(name)`)
    .limit(MOST_PLATFORMS)
    .execute()
}

const platformColumns = [
  'id',
  'name',
  'approval',
  'decided_by_words',
  'decided_on',
  'settings',
  'guidance',
  'mb_per_minute',
  'mb_source',
  'version',
] as const

/** One platform, with every risk that somebody accepted, the newest first. */
export function findPlatform(db: Database, { organisationId }: Scope, id: number) {
  const risks = sql`
    select taken.risk, taken.accepted_at, staff.name as staff_member
    from platform_risks taken join staff on staff.id = taken.accepted_by
    where taken.platform_id = ${id} order by taken.id desc limit 50`
  return db
    .selectFrom('platforms')
    .select([...platformColumns, asList<RiskTaken>(risks).as('risks')])
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .executeTakeFirst()
}

export type Platform = NonNullable<Awaited<ReturnType<typeof findPlatform>>>

export function lockPlatform(trx: InTransaction, { organisationId }: Scope, id: number) {
  return trx
    .selectFrom('platforms')
    .select(platformColumns)
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}
