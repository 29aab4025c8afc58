import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { isInReach, isKitInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
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
export async function findByCode(
  db: Database,
  actor: Actor,
  scanned: string,
): Promise<{ items: FoundItem[]; kits: FoundKit[] }> {
  const code = readScannedCode(scanned)
  if (code.text === '') return { items: [], kits: [] }
  const [items, kits] = await Promise.all([findItems(db, actor, code), findKits(db, actor, code)])
  const tagged = items.filter((item) => item.is_tag)
  const meant = tagged.length > 0 || kits.length > 0 ? tagged : items
  return { items: meant.map(({ is_tag: _, ...item }) => item), kits }
}

/**
 * One branch for each kind of code, each through an index of its own: one condition with ORs would leave that to luck,
 * and finding the ids first made PostgreSQL, which guesses high for serials, read all items to join them.
 */
async function findItems(db: Database, actor: Actor, { text, digits }: ScannedCode) {
  const ours = sql`
    select id, tag, tag_key, category, model_id, serial, kept_at_ward_id, left_at, left_as
    from items where organisation_id = ${actor.organisationId}`
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
    where ${isInReach(actor)}
    order by items.left_at is not null, items.tag_key
    limit ${MOST_FOUND}
  `.execute(db)
  return rows
}

async function findKits(db: Database, actor: Actor, { text }: ScannedCode) {
  const { rows } = await sql<FoundKit>`
    select kits.id, kits.tag, kits.name
    from kits
    where kits.organisation_id = ${actor.organisationId} and kits.tag_key = lower(${text}) and ${isKitInReach(actor)}
  `.execute(db)
  return rows
}
