import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { Signpost } from './rules.ts'

const MOST_SIGNPOSTS = 300

const columns = [
  'id',
  'kind',
  'name',
  'about',
  'phone',
  'website',
  'address',
  'area',
  'helps',
  'checked_on',
  'version',
] as const

/** Help beyond the service, by kind and name; of one kind where one is asked for. */
export function listSignposts(db: Database, { organisationId }: Scope, kind?: string): Promise<Signpost[]> {
  const all = db
    .selectFrom('signposts')
    .select(columns)
    .where('organisation_id', '=', organisationId)
    .where('ended_at', 'is', null)
    .orderBy('kind')
    .orderBy('name')
    .orderBy('id')
    .limit(MOST_SIGNPOSTS)
  return kind === undefined ? all.execute() : all.where('kind', '=', kind).execute()
}

export function findSignpost(db: Database, { organisationId }: Scope, id: number): Promise<Signpost | undefined> {
  return db
    .selectFrom('signposts')
    .select(columns)
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

export function lockSignpost(trx: InTransaction, { organisationId }: Scope, id: number) {
  return trx
    .selectFrom('signposts')
    .select(columns)
    .where('id', '=', id)
    .where('organisation_id', '=', organisationId)
    .where('ended_at', 'is', null)
    .forNoKeyUpdate()
    .executeTakeFirst()
}
