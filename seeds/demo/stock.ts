import type { Database } from '../../src/database/connection.ts'
import type { Category } from '../../src/items/rules.ts'
import { addDays, londonDate, parseInstant } from '../../src/lib/dates.ts'
import {
  availableItems,
  type Item,
  type ItemOverrides,
  type Kit,
  kit,
  type Model,
  model,
  tagPrefixes,
} from '../factories/items.ts'
import { makeIccid, makeImei, makeMobileNumber } from '../identifiers.ts'
import { type CatalogueEntry, catalogue } from './catalogue.ts'
import { lastWorkingDay, minutesAfter, never, officeTime } from './days.ts'
import type { Random } from './random.ts'
import type { Trust } from './trusts.ts'

export interface Stock {
  models: Model[]
  items: Item[]
  kits: (Kit & { items: Item[] })[]
}

export interface StockPlan {
  trust: Trust
  count: 'demo' | 'other'
  kits: number
  today: string
  random: Random
  /** Where the trust's numbers for devices and SIMs begin, so that two trusts share none. */
  firstNumber: number
}

/** On how many days before today things were delivered, and what share of each model had come by then. */
const deliveries = [
  { daysAgo: 760, share: 0.66 },
  { daysAgo: 480, share: 0.84 },
  { daysAgo: 210, share: 0.96 },
  { daysAgo: 20, share: 1 },
]
/** Kits were put together from the first two deliveries. */
const established = 480

export async function makeStock(db: Database, plan: StockPlan): Promise<Stock> {
  const models: Model[] = []
  const wanted: ItemOverrides[] = []
  for (const entry of catalogue) {
    if (entry[plan.count] === 0) continue
    const made = await makeModel(db, plan, entry)
    models.push(made)
    for (let copy = 0; copy < entry[plan.count]; copy += 1) wanted.push(describeItem(plan, entry, made, copy))
  }
  const items = await availableItems(db, withTags(wanted, plan.firstNumber))
  return { models, items, kits: await makeKits(db, plan, items, models) }
}

function makeModel(db: Database, { trust, today }: StockPlan, entry: CatalogueEntry): Promise<Model> {
  const { organisation } = trust
  return model(db, {
    organisation_id: organisation.id,
    category: entry.category,
    maker: entry.maker,
    name: entry.name,
    operating_system: entry.operatingSystem,
    support_ends_on: entry.supportedForDays === null ? null : addDays(today, entry.supportedForDays),
    connector: entry.connector,
    cable_length_cm: entry.cableCm,
    is_suitable_for_video: entry.isSuitableForVideo,
    created_at: organisation.created_at,
  })
}

const bookedByWards: Category[] = ['locker-bay', 'private-room']

function describeItem(plan: StockPlan, entry: CatalogueEntry, of: Model, copy: number): ItemOverrides {
  const { trust, today, random } = plan
  const isPlace = bookedByWards.includes(entry.category)
  const { daysAgo } = deliveries.find(({ share }) => copy / entry[plan.count] < share)!
  const inpatient = trust.wards.filter((ward) => ward.kind === 'inpatient ward')
  const shelves = trust.wards.filter((ward) => ward.kind !== 'inpatient ward')
  return {
    model: of,
    kept_at_ward_id: (isPlace ? inpatient[copy % inpatient.length] : shelves.at(random.chance(0.7) ? -1 : 0))?.id,
    bought_on: isPlace ? null : addDays(today, -daysAgo - random.between(5, 25)),
    cost_pence: entry.pence || null,
    order_number: isPlace ? '' : `ORDER-${daysAgo}`,
    notes: random.chance(0.04) ? random.pick(remarks) : '',
    created_at: officeTime(lastWorkingDay(addDays(today, -daysAgo)), random),
  }
}

const remarks = [
  'Small scratch on the back.',
  'Large text is switched on.',
  'The volume button sticks a little.',
  'Given by a local charity.',
]

/** Tags count from 1 in each category; numbers of devices and SIMs from what the trust begins with. */
function withTags(items: ItemOverrides[], firstNumber: number): ItemOverrides[] {
  const last = new Map<string, number>()
  return items.map((item, at) => {
    const category = item.model?.category as Category
    const count = (last.get(category) ?? 0) + 1
    last.set(category, count)
    return {
      ...item,
      tag: `${tagPrefixes[category]}-${pad(count, 4)}`,
      ...numbersOf(category, firstNumber + at, count),
    }
  })
}

function numbersOf(category: Category, number: number, count: number): ItemOverrides {
  const serial = `${tagPrefixes[category].slice(0, 3)}X${pad(number, 6)}`
  switch (category) {
    case 'smartphone':
    case 'hotspot':
      return { serial, imei: makeImei(number) }
    case 'tablet':
      return { serial, imei: count % 3 === 0 ? makeImei(number) : null }
    case 'sim':
      return { iccid: makeIccid(number), phone_number: makeMobileNumber(500 + (number % 500)), serial: null }
    case 'laptop':
    case 'headset':
      return { serial }
    default:
      return { serial: null }
  }
}

/** What is in a kit beside its main device and the charger that fits it. */
const kitContents: { name: string; main: Category; also: Category[] }[] = [
  { name: 'Tablet kit with SIM', main: 'tablet', also: ['sim'] },
  { name: 'Tablet kit with hotspot and headset', main: 'tablet', also: ['hotspot', 'headset'] },
  { name: 'Tablet kit with SIM and headset', main: 'tablet', also: ['sim', 'headset'] },
  { name: 'Smartphone kit', main: 'smartphone', also: ['sim'] },
  { name: 'Tablet kit with SIM and keyboard', main: 'tablet', also: ['sim', 'accessory'] },
  { name: 'Laptop kit', main: 'laptop', also: ['hotspot', 'headset'] },
]

async function makeKits(db: Database, plan: StockPlan, items: Item[], models: Model[]): Promise<Stock['kits']> {
  const early = items.filter((item) => londonDate(item.created_at) <= addDays(plan.today, -established))
  const take = takeFrom(early)
  const modelOf = new Map(models.map((each) => [each.id, each]))
  const connectorOf = (item: Item) => modelOf.get(item.model_id)?.connector ?? null
  const isSupported = (item: Item) => (modelOf.get(item.model_id)?.support_ends_on ?? never) > addDays(plan.today, 90)
  const kits: Stock['kits'] = []
  for (let number = 1; number <= plan.kits; number += 1) {
    const { name, main, also } = kitContents[(number - 1) % kitContents.length]!
    const device = take(main, isSupported)
    const charger = take('charger', (item) => connectorOf(item) === connectorOf(device))
    const contents = [device, charger, ...also.map((category) => take(category))]
    const created_at = dayAfterAll(contents)
    kits.push(await kit(db, { tag: `KIT-${pad(number, 2)}`, name: `${name} ${number}`, created_at, items: contents }))
  }
  return kits
}

/** Takes the first item that is left of a category and fits. */
function takeFrom(items: Item[]) {
  const left = new Set(items)
  return (category: Category, fits: (item: Item) => boolean = () => true): Item => {
    const found = [...left].find((item) => item.category === category && fits(item))
    if (found === undefined) throw new Error(`There is no ${category} left for a kit`)
    left.delete(found)
    return found
  }
}

function dayAfterAll(items: Item[]): Date {
  const last = Math.max(...items.map((item) => parseInstant(item.created_at).getTime()))
  return minutesAfter(new Date(last), 24 * 60)
}

function pad(number: number, width: number): string {
  return String(number).padStart(width, '0')
}
