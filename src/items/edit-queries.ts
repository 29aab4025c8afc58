import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'

const columns = [
  'items.id',
  'items.tag',
  'items.model_id',
  'items.serial',
  'items.imei',
  'items.iccid',
  'items.phone_number',
  'items.kept_at_ward_id',
  'items.bought_on',
  'items.cost_pence',
  'items.order_number',
  'items.notes',
  'items.version',
  'models.maker',
  'models.name as model',
] as const

function items(db: Database, scope: Scope) {
  return db
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .select(columns)
    .where('items.organisation_id', '=', scope.organisationId)
}

/** An item as its form shows it. */
export function findItemToEdit(db: Database, scope: Scope, tag: string) {
  return items(db, scope).where(sql<boolean>`items.tag_key = lower(trim(${tag}))`).executeTakeFirst()
}

export function findItemToEditById(db: Database, scope: Scope, id: number) {
  return items(db, scope).where('items.id', '=', id).executeTakeFirst()
}

export type ItemToEdit = NonNullable<Awaited<ReturnType<typeof findItemToEdit>>>

/** The item as it stands, held against other changes until this transaction ends. */
export function lockItem(trx: InTransaction, scope: Scope, id: number) {
  return items(trx, scope).where('items.id', '=', id).forNoKeyUpdate('items').executeTakeFirst()
}

/** The category of a model of this organisation. */
export function findModelCategory(db: Database, scope: Scope, modelId: number) {
  return db
    .selectFrom('models')
    .select('category')
    .where('id', '=', modelId)
    .where('organisation_id', '=', scope.organisationId)
    .executeTakeFirst()
}

export function findWard(db: Database, scope: Scope, wardId: number) {
  return db
    .selectFrom('wards')
    .select('id')
    .where('id', '=', wardId)
    .where('organisation_id', '=', scope.organisationId)
    .executeTakeFirst()
}

export interface Unique {
  tag: string
  imei: string | null
  iccid: string | null
}

/** What has these already, of all that must be unique: up to three items and a kit. `exceptId` is the item itself. */
export async function listHolders(db: Database, scope: Scope, { tag, imei, iccid }: Unique, exceptId: number | null) {
  const { rows } = await sql<Holder>`
    select items.tag, null::bigint as kit_id, items.left_as,
           items.tag_key = lower(trim(${tag})) as has_tag,
           coalesce(items.imei = ${imei}, false) as has_imei,
           coalesce(items.iccid = ${iccid}, false) as has_iccid
    from items
    where items.organisation_id = ${scope.organisationId} and items.id is distinct from ${exceptId}::bigint
      and (items.tag_key = lower(trim(${tag})) or items.imei = ${imei} or items.iccid = ${iccid})
    union all
    select kits.tag, kits.id, null, true, false, false
    from kits
    where kits.organisation_id = ${scope.organisationId} and kits.tag_key = lower(trim(${tag}))
  `.execute(db)
  return rows
}

export interface Holder {
  tag: string
  /** Set when it is a kit and no item. */
  kit_id: number | null
  left_as: string | null
  has_tag: boolean
  has_imei: boolean
  has_iccid: boolean
}
