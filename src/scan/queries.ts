import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { isInReach, isKitInReach } from '../items/reach-queries.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { readScannedCode, type ScannedCode } from '../lib/scanned-code.ts'

/** More items than this with one serial number are no choice any more. */
const MOST_FOUND = 20

export interface FoundItem {
  id: number
  tag: string
  category: string
  maker: string
  model: string
  serial: string | null
  kept_at: string | null
  left_as: string | null
}

export interface FoundKit {
  id: number
  tag: string
  name: string
}

/**
 * The items and kits that a scanned or typed code may mean, of those this person may see. No two have one tag, so when
 * the code is a tag, what has it is the whole answer. Else the code is an IMEI, an ICCID, or a serial number, which
 * several items may share.
 */
export function findByCode(db: Database, actor: Actor, scanned: string) {
  return findMeant(db, actor, scanned, { items: isInReach(actor), kits: isKitInReach(actor) })
}

/**
 * The same among everything the organisation has, for whoever holds the thing in their hand and has to be told that it
 * is ours. What else may be said of it is for the caller to decide.
 */
export function findByCodeAnywhere(db: Database, scope: Scope, scanned: string) {
  return findMeant(db, scope, scanned, { items: sql<SqlBool>`true`, kits: sql<SqlBool>`true` })
}

interface Reach {
  items: RawBuilder<SqlBool>
  kits: RawBuilder<SqlBool>
}

async function findMeant(
  db: Database,
  scope: Scope,
  scanned: string,
  reach: Reach,
): Promise<{ items: FoundItem[]; kits: FoundKit[] }> {
  const code = readScannedCode(scanned)
  if (code.text === '') return { items: [], kits: [] }
  const [items, kits] = await Promise.all([
    findItems(db, scope, code, reach.items),
    findKits(db, scope, code, reach.kits),
  ])
  const tagged = items.filter((item) => item.is_tag)
  const meant = tagged.length > 0 || kits.length > 0 ? tagged : items
  return { items: meant.map(({ is_tag: _, ...item }) => item), kits }
}

/**
 * One branch for each kind of code, each through an index of its own: one condition with ORs would leave that to luck,
 * and finding the ids first made PostgreSQL, which guesses high for serials, read all items to join them.
 */
async function findItems(
  db: Database,
  { organisationId }: Scope,
  { text, digits }: ScannedCode,
  isReached: RawBuilder<SqlBool>,
) {
  const ours = sql`
    select id, tag, tag_key, category, model_id, serial, kept_at_ward_id, left_at, left_as
    from items where organisation_id = ${organisationId}`
  const { rows } = await sql<FoundItem & { is_tag: boolean }>`
    select items.id, items.tag, items.category, models.maker, models.name as model, items.serial,
           kept.name as kept_at, items.left_as, items.tag_key = lower(${text}) as is_tag
    from (
      ${ours} and tag_key = lower(${text})
      union ${ours} and lower(serial) = lower(${text})
      union ${ours} and imei = ${digits}
      union ${ours} and iccid = ${digits}
    ) items
    join models on models.id = items.model_id
    left join wards kept on kept.id = items.kept_at_ward_id
    where ${isReached}
    order by items.left_at is not null, items.tag_key
    limit ${MOST_FOUND}
  `.execute(db)
  return rows
}

async function findKits(
  db: Database,
  { organisationId }: Scope,
  { text }: ScannedCode,
  isReached: RawBuilder<SqlBool>,
) {
  const { rows } = await sql<FoundKit>`
    select kits.id, kits.tag, kits.name
    from kits
    where kits.organisation_id = ${organisationId} and kits.tag_key = lower(${text}) and ${isReached}
  `.execute(db)
  return rows
}

/** What one of many codes means: an item, or why it means none. */
export type CodeMeaning = { itemId: number; why: null } | { itemId: null; why: 'unknown' | 'several' | 'kit' }

/**
 * What each of many scanned codes means, in one statement and by the same rules as one: a tag is the whole answer, and
 * only where no tag fits is it an IMEI, an ICCID or a serial number, which several items may share.
 */
export async function readCodes(db: Database, actor: Actor, scanned: string[]): Promise<CodeMeaning[]> {
  const codes = scanned.map(readScannedCode)
  const ours = sql`
    select id, tag_key, kept_at_ward_id, left_at from items where organisation_id = ${actor.organisationId}`
  const { rows } = await sql<{ tagged: number | null; numbered: number | null; count: number; is_kit: boolean }>`
    select tagged.id as tagged, numbered.id as numbered, numbered.count, exists (
             select from kits where organisation_id = ${actor.organisationId} and tag_key = lower(scan.text)
           ) as is_kit
    from unnest(${codes.map(({ text }) => text)}::text[], ${codes.map(({ digits }) => digits)}::text[])
      with ordinality as scan (text, digits, place)
    left join lateral (
      select id from items
      where organisation_id = ${actor.organisationId} and tag_key = lower(scan.text) and ${isInReach(actor)}
    ) tagged on true
    left join lateral (
      select min(id) as id, count(*)::int as count from (
        ${ours} and lower(serial) = lower(scan.text)
        union ${ours} and imei = scan.digits
        union ${ours} and iccid = scan.digits
      ) items
      where ${isInReach(actor)}
    ) numbered on true
    order by scan.place
  `.execute(db)
  return rows.map(({ tagged, numbered, count, is_kit }) => {
    if (is_kit) return { itemId: null, why: 'kit' }
    const itemId = tagged ?? numbered
    if (itemId === null) return { itemId: null, why: 'unknown' }
    return tagged === null && count > 1 ? { itemId: null, why: 'several' } : { itemId, why: null }
  })
}
