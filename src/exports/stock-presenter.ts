import type { KitRow } from '../kits/queries.ts'
import { kitState, kitStates } from '../kits/rules.ts'
import { type SheetColumn, sheetColumn } from '../lib/sheet-column.ts'
import type { ModelRow } from '../models/queries.ts'
import { categoryName, connectorName } from '../models/rules.ts'

export const modelColumns: SheetColumn<ModelRow>[] = [
  sheetColumn('Category', (model) => categoryName(model.category)),
  sheetColumn('Maker', (model) => model.maker),
  sheetColumn('Model', (model) => model.name, { width: 28 }),
  sheetColumn('Operating system', (model) => model.operating_system, { width: 20 }),
  sheetColumn('Security updates until', (model) => model.support_ends_on, { kind: 'date', width: 22 }),
  sheetColumn('Connector', (model) => connectorName(model.connector)),
  sheetColumn('Cable length (cm)', (model) => model.cable_length_cm, { kind: 'number', width: 18 }),
  sheetColumn('Good for video calls', (model) => yesOrNo(model.is_suitable_for_video), { width: 20 }),
  sheetColumn('Items', (model) => model.item_count, { kind: 'number', width: 10 }),
]

function yesOrNo(is: boolean | null): string {
  if (is === null) return ''
  return is ? 'Yes' : 'No'
}

export const kitColumns: SheetColumn<KitRow>[] = [
  sheetColumn('Tag', (kit) => kit.tag),
  sheetColumn('Name', (kit) => kit.name, { width: 28 }),
  sheetColumn('State', (kit) => kitStates[kitState(kit)].text),
  sheetColumn('Items', (kit) => kit.item_count, { kind: 'number', width: 10 }),
  sheetColumn('Free', (kit) => kit.free_count, { kind: 'number', width: 10 }),
  sheetColumn('Out', (kit) => kit.out_count, { kind: 'number', width: 10 }),
  sheetColumn('No longer ours', (kit) => kit.gone_count, { kind: 'number' }),
]
