import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Items, Kits, Models } from '../../src/database/schema.ts'
import type { Category } from '../../src/items/rules.ts'
import { insertAll, insertOne, longAgo, nextNumber } from './example.ts'
import { organisationIdOr } from './places.ts'

export type Model = Selectable<Models>
export type Item = Selectable<Items>
export type Kit = Selectable<Kits>

/** What asset tags begin with. */
export const tagPrefixes: Record<Category, string> = {
  tablet: 'TAB',
  smartphone: 'PHO',
  laptop: 'LAP',
  hotspot: 'HOT',
  sim: 'SIM',
  charger: 'CHA',
  headset: 'HEA',
  accessory: 'ACC',
  'locker-bay': 'BAY',
  'private-room': 'ROOM',
}

type ModelDefaults = Pick<
  Insertable<Models>,
  'operating_system' | 'support_ends_on' | 'connector' | 'cable_length_cm' | 'is_suitable_for_video'
>

const plain: ModelDefaults = {
  operating_system: '',
  support_ends_on: null,
  connector: null,
  cable_length_cm: null,
  is_suitable_for_video: null,
}

const typical: Record<Category, ModelDefaults> = {
  tablet: device('iPadOS 18'),
  smartphone: device('Android 15'),
  laptop: device('ChromeOS'),
  hotspot: { ...plain, connector: 'usb-c' },
  sim: plain,
  charger: { ...plain, connector: 'usb-c', cable_length_cm: 100 },
  headset: { ...plain, connector: 'usb-c', cable_length_cm: 90 },
  accessory: plain,
  'locker-bay': { ...plain, connector: 'usb-c', cable_length_cm: 20 },
  'private-room': { ...plain, is_suitable_for_video: true },
}

function device(operating_system: string): ModelDefaults {
  return {
    ...plain,
    operating_system,
    support_ends_on: '2031-06-30',
    connector: 'usb-c',
    is_suitable_for_video: true,
  }
}

export type ModelOverrides = Partial<Omit<Insertable<Models>, 'category'>> & { category?: Category }

/** A tablet whose system is supported for years, or a typical model of the category named. */
export async function model(db: Database, overrides: ModelOverrides = {}): Promise<Model> {
  const { category = 'tablet', ...columns } = overrides
  const organisation_id = await organisationIdOr(db, columns.organisation_id)
  return insertOne(db, 'models', {
    category,
    maker: 'Example',
    name: `Model ${nextNumber()}`,
    created_at: longAgo,
    ...typical[category],
    ...columns,
    organisation_id,
  })
}

/** A model whose operating system gets no more updates. */
export function unsupportedModel(db: Database, overrides: ModelOverrides = {}): Promise<Model> {
  return model(db, { operating_system: 'iPadOS 12', support_ends_on: '2023-01-31', ...overrides })
}

export type ItemOverrides = Partial<Omit<Insertable<Items>, 'category' | 'model_id'>> & {
  category?: Category
  /** Give a model, or else one is made of the category. */
  model?: Pick<Model, 'id' | 'category' | 'organisation_id'>
}

/** An item on the shelf: in stock, in nobody's hands, and promised to nobody. */
export async function availableItem(db: Database, overrides: ItemOverrides = {}): Promise<Item> {
  return insertOne(db, 'items', await itemRow(db, overrides))
}

/** Any number of them in one statement. */
export async function availableItems(db: Database, many: ItemOverrides[]): Promise<Item[]> {
  const rows: Insertable<Items>[] = []
  for (const overrides of many) rows.push(await itemRow(db, overrides))
  return insertAll(db, 'items', rows)
}

/** All columns, so that rows made with different overrides can go in together. */
async function itemRow(db: Database, overrides: ItemOverrides): Promise<Insertable<Items>> {
  const { model: given, category = 'tablet', ...columns } = overrides
  const organisation_id = await organisationIdOr(db, columns.organisation_id ?? given?.organisation_id)
  const of = given ?? (await model(db, { category, organisation_id }))
  const number = nextNumber()
  return {
    tag: `${tagPrefixes[of.category as Category]}-${String(number).padStart(4, '0')}`,
    serial: `EXAMPLE${String(number).padStart(6, '0')}`,
    imei: null,
    iccid: null,
    phone_number: null,
    kept_at_ward_id: null,
    kit_id: null,
    bought_on: null,
    cost_pence: null,
    order_number: '',
    notes: '',
    left_at: null,
    left_as: null,
    version: 1,
    created_at: longAgo,
    ...columns,
    organisation_id,
    model_id: of.id,
    category: of.category,
  }
}

export type KitOverrides = Partial<Insertable<Kits>> & { items?: Item[] }

/** A kit of the items given, or of a tablet and its charger. */
export async function kit(db: Database, overrides: KitOverrides = {}): Promise<Kit & { items: Item[] }> {
  const { items: given, ...columns } = overrides
  const organisation_id = await organisationIdOr(db, columns.organisation_id ?? given?.[0]?.organisation_id)
  const items = given ?? [
    await availableItem(db, { organisation_id, category: 'tablet' }),
    await availableItem(db, { organisation_id, category: 'charger' }),
  ]
  const number = nextNumber()
  const made = await insertOne(db, 'kits', {
    tag: `KIT-${String(number).padStart(2, '0')}`,
    name: `Example kit ${number}`,
    created_at: longAgo,
    ...columns,
    organisation_id,
  })
  const ids = items.map((item) => item.id)
  if (ids.length > 0) await db.updateTable('items').set({ kit_id: made.id }).where('id', 'in', ids).execute()
  return { ...made, items: items.map((item) => ({ ...item, kit_id: made.id })) }
}
