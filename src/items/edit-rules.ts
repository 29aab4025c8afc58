import type { Category } from './rules.ts'

/** What people say about an item, in the words of its table. Only its tag and its model are always known. */
export interface ItemDetails {
  tag: string
  model_id: number
  serial: string | null
  imei: string | null
  iccid: string | null
  phone_number: string | null
  kept_at_ward_id: number | null
  bought_on: string | null
  cost_pence: number | null
  order_number: string
  notes: string
}

export type NumberField = 'serial' | 'imei' | 'iccid' | 'phone-number'

export const numberFields: readonly NumberField[] = ['serial', 'imei', 'iccid', 'phone-number']

/** The numbers one looks for on an item of the category, in the order its box or its label has them. */
const numbersByCategory: Record<Category, readonly NumberField[]> = {
  tablet: ['serial', 'imei'],
  smartphone: ['imei', 'serial', 'phone-number'],
  laptop: ['serial'],
  hotspot: ['imei', 'serial', 'iccid', 'phone-number'],
  sim: ['iccid', 'phone-number'],
  charger: [],
  headset: ['serial'],
  accessory: [],
  'locker-bay': [],
  'private-room': [],
}

/** The numbers to ask for at once, and those that may still be given. */
export function numbersOf(category: string): { usual: readonly NumberField[]; other: readonly NumberField[] } {
  const usual = Object.hasOwn(numbersByCategory, category) ? numbersByCategory[category as Category] : numberFields
  return { usual, other: numberFields.filter((field) => !usual.includes(field)) }
}
