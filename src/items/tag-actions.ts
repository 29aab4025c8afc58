import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { NotUnique } from '../lib/refusals.ts'

/**
 * A scanner sends a tag and nothing else, so no kit may have the tag of an item of its organisation, nor the reverse.
 * The unique index of each table keeps its own tags apart; between the two tables this lock does. Whoever gives tags to
 * items holds it together with others who do, whoever gives one to a kit holds it alone, both until their change ends.
 */
const TAGS_LOCK = 7_216_341

/** Before tags are given to items. Refuses a tag that a kit has: `item_tag_is_a_kits`. */
export async function claimItemTags(change: Change<Author>, tags: string[]): Promise<void> {
  const { trx, by } = change
  await sql`select pg_advisory_xact_lock_shared(${TAGS_LOCK}, ${by.organisationId}::integer)`.execute(trx)
  const kit = await trx
    .selectFrom('kits')
    .select('id')
    .where('organisation_id', '=', by.organisationId)
    .where(sql<boolean>`tag_key in (select lower(trim(tag)) from unnest(${tags}::text[]) as tag)`)
    .limit(1)
    .executeTakeFirst()
  if (kit) throw new NotUnique('item_tag_is_a_kits')
}

/** Before a tag is given to a kit. Refuses a tag that an item has: `kit_tag_is_an_items`. */
export async function claimKitTag(change: Change, tag: string): Promise<void> {
  const { trx, by } = change
  await sql`select pg_advisory_xact_lock(${TAGS_LOCK}, ${by.organisationId}::integer)`.execute(trx)
  const item = await trx
    .selectFrom('items')
    .select('id')
    .where('organisation_id', '=', by.organisationId)
    .where(sql<boolean>`tag_key = lower(trim(${tag}))`)
    .executeTakeFirst()
  if (item) throw new NotUnique('kit_tag_is_an_items')
}
