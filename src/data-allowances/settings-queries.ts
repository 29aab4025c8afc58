import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { asList } from '../database/lists.ts'
import type { Scope } from '../lib/actor.ts'
import type { DataSettings } from './settings-rules.ts'

export const settingColumns = [
  'data_mb_video',
  'data_mb_phone',
  'data_mb_text',
  'data_mb_day',
  'data_mb_source',
  'data_suspend_after_days',
] as const satisfies (keyof DataSettings)[]

export interface PlatformFigure {
  id: number
  name: string
  mb_per_minute: number | null
  mb_source: string
}

/** What the organisation takes calls to use, and the platforms, each with the figure that goes before it. */
export function readDataSettings(db: Database, { organisationId }: Scope) {
  const platforms = sql`
    select id, name, mb_per_minute, mb_source from platforms
    where organisation_id = ${organisationId} order by lower(name), id limit 100`
  return db
    .selectFrom('organisations')
    .select(settingColumns)
    .select(asList<PlatformFigure>(platforms).as('platforms'))
    .where('id', '=', organisationId)
    .executeTakeFirstOrThrow()
}
