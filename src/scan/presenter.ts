import { leftAs } from '../items/rules.ts'
import { isReservedTag, itemUrl, mostTagCharacters } from '../items/tag-rules.ts'
import { parseIccid } from '../lib/iccid.ts'
import { parseImei } from '../lib/imei.ts'
import { listUrl } from '../lib/keyset.ts'
import { readScannedCode } from '../lib/scanned-code.ts'
import { isLongerThan } from '../lib/text.ts'
import type { DataTable, Link, Page, SearchField } from '../lib/view-model.ts'
import { categoryName, modelName } from '../models/rules.ts'
import type { FoundItem } from './queries.ts'

export type ScanPage = Page & {
  lead: string
  hint: string | null
  found: DataTable | null
  code: SearchField
  add: Link | null
}

/** Nothing was scanned yet, or nothing was found, or several were. */
export function presentScan(code: string, items: FoundItem[], mayAdd: boolean): ScanPage {
  return {
    ...wordsFor(code, items, mayAdd),
    back: { href: '/items', text: 'Items' },
    found: items.length === 0 ? null : choicesTable(items),
    code: {
      id: 'code',
      name: 'code',
      label: code === '' ? 'Tag or number' : 'Scan or type another',
      hint: 'An asset tag, a kit tag, a serial number, an IMEI or a SIM number (ICCID).',
      value: items.length === 0 ? code : '',
      button: 'Find',
    },
    add: mayAdd && code !== '' && items.length === 0 ? addLink(code) : null,
  }
}

function wordsFor(
  code: string,
  items: FoundItem[],
  mayAdd: boolean,
): { title: string; lead: string; hint: string | null } {
  if (code === '') return { title: 'Find an item or a kit', lead: 'Scan its label, or type what is on it.', hint: null }
  if (items.length === 0) {
    return {
      title: 'Nothing was found',
      lead: `No item or kit has the tag or number ${code}.`,
      hint: mayAdd ? checkLabel : `${checkLabel} It may also be kept on a ward that is not yours.`,
    }
  }
  return { title: `Which item is ${code}?`, lead: `${items.length} items have the number ${code}.`, hint: null }
}

const checkLabel = 'Check it against the label. If it is right, the item may not have been added yet.'

function choicesTable(items: FoundItem[]): DataTable {
  return {
    caption: 'Items with this number',
    captionHidden: true,
    columns: [{ text: 'Asset tag' }, { text: 'What it is' }, { text: 'Kept at' }],
    rows: items.map((item) => ({
      cells: [
        { text: item.tag, href: itemUrl(item.tag) },
        { text: modelName({ maker: item.maker, name: item.model }), hint: categoryName(item.category) },
        item.left_as === null
          ? { text: item.kept_at ?? '' }
          : { tag: { text: leftAs[item.left_as] ?? 'No longer ours', colour: 'grey' } },
      ],
    })),
  }
}

/** A number with a right check digit is surely no tag. */
function addLink(code: string): Link {
  const { text } = readScannedCode(code)
  const imei = parseImei(text).value
  if (imei !== undefined) return { href: listUrl('/items/new', { imei }), text: 'Add an item with this IMEI' }
  const iccid = parseIccid(text).value
  if (iccid !== undefined) return { href: listUrl('/items/new', { iccid }), text: 'Add an item with this SIM number' }
  if (isReservedTag(text) || isLongerThan(text, mostTagCharacters)) return { href: '/items/new', text: 'Add an item' }
  return { href: listUrl('/items/new', { tag: text }), text: 'Add an item with this tag' }
}
