import { categories } from '../items/rules.ts'
import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, part, partsOf } from './line-rules.ts'

const stock: Line = { id: 'stock', text: 'Items we had', counts: 'standing' }
const left: Line = { id: 'left', text: 'Items that left us', counts: 'events' }

export const stockSet: LineSet = {
  lines: [
    stock,
    ...partsOf(stock, 'stock-where', {
      people: 'With service users',
      wards: 'With wards',
      staff: 'With staff',
      idle: 'On our shelves',
      'being-readied': 'Being made ready or repaired',
    }),
    ...partsOf(stock, 'stock-category', categories),
    { id: 'stock-overdue', text: 'Out, and past their review date', counts: 'standing', within: stock.id },
    left,
    ...partsOf(left, 'left-as', {
      given: 'Given',
      lost: 'Lost',
      stolen: 'Stolen',
      damaged: 'Damaged beyond use',
      retired: 'Retired',
    }),
    { id: 'bought', text: 'Items bought', counts: 'events' },
  ],
  trueOnly: [],
}

const ids = (by: string) => stockSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const stockReport: ReportPlan = {
  name: 'stock',
  question: 'Is what we own in use?',
  sets: ['stock'],
  measures: [
    {
      name: stock.text,
      counts:
        'Items that stood in the list and had not left it when the period was over, by where they were then: on loan to somebody, with a ward (lent to it, or kept there as it is written down today and with nobody), with staff, being made ready or repaired, or on a shelf.',
      leavesOut: 'Items that were given, lost, stolen, retired or damaged beyond use by then.',
      unit: 'Items',
      why: 'A device on a shelf connects nobody.',
    },
    {
      name: 'Past their review date',
      counts:
        'Items on loan when the period was over of which the review date, as it is written down today, had passed by then.',
      leavesOut: 'Items without a review date. A date that was put off since counts as it is now.',
      unit: 'Items',
      why: 'Somebody has to ask whether they are still of use.',
    },
    {
      name: left.text,
      counts: 'Items that left the list in the period, by how.',
      leavesOut: 'Items that were found again since.',
      unit: 'Items',
      why: 'What is given is access that stays. What is lost has to be bought again.',
    },
    {
      name: 'Items bought',
      counts: 'Items of which the day of buying that is written down is in the period.',
      leavesOut: 'Items without such a day. What they cost is in what money buys.',
      unit: 'Items',
      why: 'It is what the money was spent on first.',
    },
  ],
  answer: ({ period, words, figure, share }) => [
    `At the end of ${period.name} we had ${words(stock.id, ['item', 'items'])}. With service users: ${figure(part('stock-where', 'people'))}${share(part('stock-where', 'people'), stock.id)}. On our shelves: ${figure(part('stock-where', 'idle'))}${share(part('stock-where', 'idle'), stock.id)}.`,
  ],
  tables: [
    {
      caption: 'Where items were at the end',
      lines: [stock.id, ...ids('stock-where'), 'stock-overdue'],
      shareOf: stock.id,
    },
    { caption: 'What they are', lines: ids('stock-category'), shareOf: stock.id },
    { caption: 'Items that came and left', lines: ['bought', left.id, ...ids('left-as')] },
  ],
}
