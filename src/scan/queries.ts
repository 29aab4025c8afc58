import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'

/** More than this many items with one serial number is no longer a choice. */
const MOST_FOUND = 20

export interface FoundItem {
  id: number
  tag: string
  category: string
  maker: string
  model: string
  serial: string | null
  left_as: string | null
}

export interface FoundKit {
  id: number
  tag: string
  name: string
}

/** A code as rules.ts reads it: as it stands, and its digits alone. */
export interface Code {
  text: string
  digits: string
}

/**
 * The items and kits that a code may mean, of those this person may see. A tag is one thing's alone, so when the code is
 * a tag that is the answer; else it is an IMEI, an ICCID or a serial number, and several items may share a serial.
 */
export async function findByCode(
  db: Database,
  actor: Actor,
  code: Code,
): Promise<{ items: FoundItem[]; kits: FoundKit[] }> {
  if (code.text === '') return { items: [], kits: [] }
  const [items, kits] = await Promise.all([findItems(db, actor, code), findKits(db, actor, code)])
  const byTag = items.filter((item) => item.is_tag)
  const found = byTag.length > 0 || kits.length > 0 ? byTag : items
  return { items: found.map(({ is_tag: _, ...item }) => item), kits }
}

/** Each kind of code goes through an index of its own; one condition with ORs would leave that to luck. */
async function findItems(db: Database, actor: Actor, { text, digits }: Code) {
  const ours = sql`select id from items where organisation_id = ${actor.organisationId}`
  const { rows } = await sql<FoundItem & { is_tag: boolean }>`
    select items.id, items.tag, items.category, models.maker, models.name as model, items.serial, items.left_as,
           items.tag_key = lower(${text}) as is_tag
    from (
      ${ours} and tag_key = lower(${text})
      union ${ours} and lower(serial) = lower(${text})
      union ${ours} and imei = ${digits}
      union ${ours} and iccid = ${digits}
    ) found
    join items on items.id = found.id
    join models on models.id = items.model_id
    where ${isInReach(actor)}
    order by items.left_at is not null, items.tag_key
    limit ${MOST_FOUND}
  `.execute(db)
  return rows
}

async function findKits(db: Database, actor: Actor, { text }: Code) {
  const { rows } = await sql<FoundKit>`
    select kits.id, kits.tag, kits.name
    from kits
    where kits.organisation_id = ${actor.organisationId} and kits.tag_key = lower(${text})
      and ${isKitInReach(actor)}
  `.execute(db)
  return rows
}

/** Ward staff see a kit when they may see anything of it. */
export function isKitInReach(actor: Actor) {
  if (actor.role !== 'ward-staff') return sql<boolean>`true`
  return sql<boolean>`exists (select from items where items.kit_id = kits.id and ${isInReach(actor)})`
}
