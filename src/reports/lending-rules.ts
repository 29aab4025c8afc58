import { categories } from '../items/rules.ts'
import { type Line, type LineSet, partsOf } from './line-rules.ts'

const items: Line = { id: 'items', text: 'Items handed over', counts: 'events' }
export const OPEN = 'open'

export const lendingSet: LineSet = {
  lines: [
    { id: 'loans', text: 'Loans started', counts: 'events' },
    { id: 'ended', text: 'Loans ended', counts: 'events' },
    { id: 'gifts', text: 'Items given to keep', counts: 'events' },
    items,
    ...partsOf(items, 'category', categories),
  ],
  trueOnly: [{ id: OPEN, text: 'Loans open at the end' }],
}
