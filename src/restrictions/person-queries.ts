import { type RawBuilder, sql } from 'kysely'
import type { RestrictionFacts } from './rules.ts'

/** What is kept from the person whose id stands here, as a list in a column of another statement. */
export function restrictionsOf(personId: RawBuilder<unknown>): RawBuilder<RestrictionFacts[]> {
  return sql<RestrictionFacts[]>`(
    select coalesce(json_agg(json_build_object('categories', categories, 'words', words, 'review_on', review_on) order by id), '[]')
    from device_restrictions where service_user_id = ${personId} and ended_at is null
  )`
}
