import type { Link, Page, RadiosField } from '../lib/view-model.ts'
import { modelName } from '../models/rules.ts'

/** As much of an item as it takes to tell it from another. */
interface FoundItem {
  id: number
  tag: string
  maker: string
  model: string
  kept_at: string | null
}

interface KitNamed {
  id: number
  tag: string
  name: string
}

export type ChooseItemPage = Page & {
  action: string
  code: string
  items: RadiosField
  button: string
  cancel: Link
}

/** Several items have the number that was scanned. `wasAsked`: this page was sent without a choice. */
export function presentChooseItem(kit: KitNamed, code: string, found: FoundItem[], wasAsked: boolean): ChooseItemPage {
  const error = wasAsked ? 'Choose an item' : undefined
  return {
    title: `Which item is ${code}?`,
    errors: error === undefined ? [] : [{ field: 'item', text: error }],
    code,
    back: { href: `/kits/${kit.id}`, text: kit.name },
    action: `/kits/${kit.id}/items`,
    items: {
      id: 'item',
      name: 'item',
      label: `Which item is ${code}?`,
      labelIsHeading: true,
      error,
      hint: `${found.length} items have this number.`,
      items: found.map((item) => ({
        value: item.id,
        text: item.tag,
        hint: [modelName({ maker: item.maker, name: item.model }), item.kept_at].filter(Boolean).join(', '),
      })),
    },
    button: 'Add it to the kit',
    cancel: { href: `/kits/${kit.id}`, text: 'Cancel' },
  }
}

export type MoveItemPage = Page & {
  lead: string
  action: string
  itemId: number
  fromKitId: number
  button: string
  cancel: Link
}

/** The item is in another kit: an item is in one at most. */
export function presentMoveItem(to: KitNamed, item: { id: number; tag: string }, from: KitNamed): MoveItemPage {
  return {
    title: `${item.tag} is in another kit`,
    back: { href: `/kits/${to.id}`, text: to.name },
    lead: `It belongs to ${from.name} (${from.tag}). An item can only be in one kit. If you move it to ${to.name} (${to.tag}), the other kit will be without it.`,
    action: `/kits/${to.id}/items`,
    itemId: item.id,
    fromKitId: from.id,
    button: `Move it to ${to.name}`,
    cancel: { href: `/kits/${to.id}`, text: `Leave it in ${from.name}` },
  }
}
