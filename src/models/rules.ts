import { type Category, categories, isCategory } from '../items/rules.ts'

/** What people say about a model, in the words of its table. Only its category and name are always known. */
export interface ModelDetails {
  category: Category
  maker: string
  name: string
  operating_system: string
  support_ends_on: string | null
  connector: Connector | null
  cable_length_cm: number | null
  is_suitable_for_video: boolean | null
}

/** What a model charges or connects through. One with none, or whose connector nobody knows, has null. */
export const connectors = {
  'usb-c': 'USB-C',
  lightning: 'Lightning',
  'micro-usb': 'Micro-USB',
  wireless: 'Wireless',
} as const

export type Connector = keyof typeof connectors

export function isConnector(text: string): text is Connector {
  return Object.hasOwn(connectors, text)
}

export const noConnector = 'None or not known'

export function connectorName(code: string | null): string {
  return code !== null && isConnector(code) ? connectors[code] : ''
}

export const longestCableCm = 1_000

/** A model as people say it: "Apple iPad 10th generation". The maker of a private room is nobody. */
/** The model of an item, from a row that carries it under the item's own words. */
export function modelOf({ maker, model }: { maker: string; model: string }): string {
  return modelName({ maker, name: model })
}

export function modelName({ maker, name }: { maker: string; name: string }): string {
  return maker === '' ? name : `${maker} ${name}`
}

export const categoryOptions = Object.entries(categories).map(([value, text]) => ({ value, text }))

/** So many items of a model are counted, and no further: a page does not read every item there is. */
export const MOST_COUNTED = 100

/** How many items there are of a model, as far as they were counted. */
export function countInWords(count: number): string {
  return count > MOST_COUNTED ? `more than ${MOST_COUNTED}` : String(count)
}

export function categoryName(code: string): string {
  return isCategory(code) ? categories[code] : code
}

/** What runs software that stops getting security updates one day. */
export function hasOperatingSystem(category: string): boolean {
  const withSystem: string[] = ['tablet', 'smartphone', 'laptop'] satisfies Category[]
  return withSystem.includes(category)
}
