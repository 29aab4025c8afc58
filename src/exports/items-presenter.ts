import { type ItemField, itemFields, itemTemplate } from '../imports/item-fields-rules.ts'
import type { Places } from '../imports/words-rules.ts'
import { itemState, itemStates, leftAs } from '../items/rules.ts'
import type { Cell } from '../lib/csv-writer.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import type { ColumnKind } from '../lib/xlsx-writer.ts'
import { categoryName, connectorName } from '../models/rules.ts'
import type { ExportedItem } from './queries.ts'

type How = { cell: (item: ExportedItem, places: Places) => Cell; kind?: ColumnKind; width?: number }

/** What an import reads, under its own headings: what is exported and brought in again changes nothing. */
const importable: Record<Exclude<ItemField, 'quantity'>, How> = {
  tag: { cell: (item) => item.tag },
  category: { cell: (item) => categoryName(item.category) },
  maker: { cell: (item) => item.maker },
  model: { cell: (item) => item.model, width: 28 },
  operatingSystem: { cell: (item) => item.operating_system, width: 20 },
  supportEndsOn: { cell: (item) => item.support_ends_on, kind: 'date', width: 22 },
  connector: { cell: (item) => connectorName(item.connector) },
  cableLength: { cell: (item) => item.cable_length_cm, kind: 'number', width: 18 },
  serial: { cell: (item) => item.serial, width: 20 },
  imei: { cell: (item) => item.imei, width: 18 },
  iccid: { cell: (item) => item.iccid, width: 24 },
  phoneNumber: { cell: (item) => item.phone_number },
  keptAt: { cell: (item, places) => places.written(item.kept_at_ward_id), width: 24 },
  boughtOn: { cell: (item) => item.bought_on, kind: 'date' },
  cost: { cell: (item) => (item.cost_pence === null ? null : item.cost_pence / 100), kind: 'pounds', width: 10 },
  orderNumber: { cell: (item) => item.order_number },
  notes: { cell: (item) => item.notes, width: 40 },
}

/** The columns of the list of items: what an import reads, and after it what the list shows of each one's state today. */
export function itemColumns(places: Places, today: string): SheetColumn<ExportedItem>[] {
  return [
    ...itemTemplate.map((field) => {
      const { cell, ...how } = importable[field as Exclude<ItemField, 'quantity'>]
      return sheetColumn<ExportedItem>(itemFields[field].label, (item) => cell(item, places), how)
    }),
    sheetColumn('State', (item) => stateOf(item, today)),
    sheetColumn('Review date', (item) => (item.left_as === null ? item.due_on : null), { kind: 'date' }),
    sheetColumn('Placed with', (item) => item.placed_with, { width: 24 }),
    sheetColumn('Kit', (item) => item.kit_tag),
  ]
}

function stateOf(item: ExportedItem, today: string): string {
  if (item.left_as !== null && leftAs[item.left_as] !== undefined) return leftAs[item.left_as] ?? ''
  return itemStates[itemState(item, today)].text
}
