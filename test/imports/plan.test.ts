import { describe, expect, it } from '@jest/globals'
import { fieldCalled } from '../../src/imports/fields-rules.ts'
import { itemCells } from '../../src/imports/item-cells-rules.ts'
import { itemFields } from '../../src/imports/item-fields-rules.ts'
import {
  type ItemPlan,
  ItemPlanner,
  type KnownItem,
  type KnownStock,
  Mentions,
} from '../../src/imports/item-plan-rules.ts'
import { emptyMeanings } from '../../src/imports/mapping-rules.ts'
import type { KnownModel } from '../../src/imports/models-rules.ts'
import { countsInWords, countsOf } from '../../src/imports/plan-rules.ts'
import { problemInWords, rowReader } from '../../src/imports/rows-rules.ts'
import { Places } from '../../src/imports/words-rules.ts'

const nothingKnown: KnownStock = { models: [], items: new Map(), imeis: new Map(), iccids: new Map(), kits: new Set() }

/** Plans a table whose first row holds our own headings. */
function plan(known: Partial<KnownStock>, headings: string, ...lines: string[]): ItemPlan {
  const names = headings.split(',')
  const columns = new Map(names.map((name): [string, string] => [name, fieldCalled(itemFields, name) ?? 'notes']))
  const places = new Places([
    { id: 1, code: 'ash', name: 'Ash Ward' },
    { id: 2, code: 'birch', name: 'Birch Ward' },
  ])
  const read = rowReader(itemCells, names, columns, { places, meanings: emptyMeanings(), today: '2026-08-03' })
  const rows = lines.map((line, at) => read({ line: at + 2, cells: line.split(',') }))
  const mentions = new Mentions()
  for (const row of rows) mentions.add(row)
  const planner = new ItemPlanner({ ...nothingKnown, ...known }, mentions.makers)
  for (const row of rows) planner.add(row)
  return planner.finish()
}

const problems = (made: ItemPlan) => made.problems.map(problemInWords)
const counts = (made: ItemPlan) => countsInWords(countsOf(made))

const ipad: KnownModel = {
  id: 10,
  category: 'tablet',
  maker: 'Apple',
  name: 'iPad 9',
  operating_system: 'iPadOS 18',
  support_ends_on: null,
  connector: null,
  cable_length_cm: null,
}

const item: KnownItem = {
  id: 100,
  tag: 'T-1',
  model_id: 10,
  version: 3,
  serial: 'S1',
  imei: null,
  iccid: null,
  phone_number: null,
  kept_at_ward_id: 1,
  bought_on: '2025-02-03',
  cost_pence: 34_900,
  order_number: '',
  notes: 'Blue case',
}

const known: Partial<KnownStock> = { models: [ipad], items: new Map([['t-1', item]]) }

describe('a tag', () => {
  it('must be there', () => {
    expect(problems(plan({}, 'Asset tag,Category,Model', ',Tablet,iPad 9'))).toEqual([
      'Line 2, Asset tag: Enter the asset tag',
    ])
  })

  it('stands once in the file, whatever its capitals, and both lines are named', () => {
    expect(
      problems(plan({}, 'Asset tag,Category,Model', 'T-1,Tablet,iPad 9', 'T-2,Tablet,iPad 9', 't-1,Tablet,iPad 9')),
    ).toEqual(['Line 4, Asset tag, "t-1": Lines 2 and 4 have the same asset tag. Each row needs its own'])
  })

  it('is not one that a kit has', () => {
    expect(problems(plan({ kits: new Set(['kit-1']) }, 'Asset tag,Category,Model', 'KIT-1,Tablet,iPad 9'))).toEqual([
      'Line 2, Asset tag, "KIT-1": A kit has this tag. Use another asset tag',
    ])
  })

  it('is asked for once, where it is there but wrong', () => {
    expect(plan({}, 'Asset tag,Category,Model', 'new,Tablet,iPad 9').problems).toHaveLength(1)
  })
})

describe('an IMEI', () => {
  const headings = 'Asset tag,Category,Model,IMEI'

  it('stands once in the file', () => {
    expect(
      problems(plan({}, headings, 'T-1,Tablet,iPad 9,490154203237518', 'T-2,Tablet,iPad 9,490154203237518')),
    ).toEqual(['Line 3, IMEI, "490154203237518": Lines 2 and 3 have the same IMEI. Check both'])
  })

  it('is not that of another item', () => {
    const imeis = new Map([['490154203237518', { id: 7, tag: 'T-7' }]])
    expect(problems(plan({ imeis }, headings, 'T-1,Tablet,iPad 9,490154203237518'))).toEqual([
      'Line 2, IMEI, "490154203237518": The item T-7 has this IMEI already. Check both',
    ])
  })

  it('may be the item’s own', () => {
    const imeis = new Map([['490154203237518', { id: 100, tag: 'T-1' }]])
    const items = new Map([['t-1', { ...item, imei: '490154203237518' }]])
    expect(counts(plan({ ...known, items, imeis }, headings, 'T-1,Tablet,iPad 9,490154203237518'))).toBe(
      '0 created, 0 updated, 1 unchanged, 0 errors',
    )
  })
})

describe('an item we have', () => {
  it('stays as it is where the row says the same', () => {
    expect(counts(plan(known, 'Asset tag,Serial number,Kept at,Bought on,Cost', ' t-1 ,S1,ASH,3/2/2025,£349.00'))).toBe(
      '0 created, 0 updated, 1 unchanged, 0 errors',
    )
  })

  it('changes only where the row says something else', () => {
    const made = plan(known, 'Asset tag,Serial number,Kept at,Notes', 'T-1,S2,Birch Ward,Blue case')
    expect(made.updated).toEqual([
      {
        line: 2,
        id: 100,
        tag: 'T-1',
        version: 3,
        old: { serial: 'S1', kept_at_ward_id: 1 },
        new: { serial: 'S2', kept_at_ward_id: 2 },
        model: null,
      },
    ])
  })

  it('loses nothing to an empty cell', () => {
    expect(counts(plan(known, 'Asset tag,Model,Serial number,Kept at,Notes', 'T-1,,,-,'))).toBe(
      '0 created, 0 updated, 1 unchanged, 0 errors',
    )
  })

  it('needs no model and no category', () => {
    expect(counts(plan(known, 'Asset tag,Notes', 'T-1,Red case'))).toBe('0 created, 1 updated, 0 unchanged, 0 errors')
  })

  it('may become a copy of another model', () => {
    const made = plan(known, 'Asset tag,Maker,Model', 'T-1,Apple,iPad 10')
    expect(made.updated[0]?.model?.new).toMatchObject({ id: null, category: 'tablet', maker: 'Apple', name: 'iPad 10' })
  })

  it('does not change its category by itself', () => {
    expect(problems(plan(known, 'Asset tag,Category', 'T-1,Laptop'))).toEqual([
      'Line 2, Category, "Laptop": Apple iPad 9 is in the category Tablet on our list of models, and here it is in Laptop. Make them the same, or write another model',
    ])
  })
})

describe('the model of a new item', () => {
  it('must be there', () => {
    expect(problems(plan({}, 'Asset tag,Category', 'T-2,Tablet'))).toEqual([
      'Line 2, Model: Enter the model. A new item needs one',
    ])
  })

  it('is one of ours by its name, whatever its capitals, with or without its maker', () => {
    const made = plan(known, 'Asset tag,Maker,Model', 'T-2,APPLE,IPAD 9', 'T-3,,ipad 9')
    expect(made.created.map(({ model }) => model.id)).toEqual([10, 10])
    expect(made.newModels).toEqual([])
  })

  it('is added once where we do not have it, in its category', () => {
    const made = plan({}, 'Asset tag,Category,Maker,Model', 'T-2,Tablet,Samsung,Tab A9', 'T-3,Tablets,samsung,TAB A9')
    expect(made.newModels).toMatchObject([{ category: 'tablet', maker: 'Samsung', name: 'Tab A9' }])
    expect(counts(made)).toBe('2 created, 0 updated, 0 unchanged, 0 errors')
  })

  it('needs a category where we do not have it', () => {
    expect(problems(plan({}, 'Asset tag,Model', 'T-2,Tab A9'))).toEqual([
      'Line 2, Category: Enter the category. Tab A9 is a model we do not have yet',
    ])
  })

  it('is in one category in the whole file', () => {
    expect(problems(plan({}, 'Asset tag,Category,Model', 'T-2,Tablet,Tab A9', 'T-3,Laptop,Tab A9'))).toEqual([
      'Line 3, Category, "Laptop": Tab A9 is in the category Tablet on line 2, and here it is in Laptop. Make them the same, or write another model',
    ])
  })

  it('has the only maker there is, whichever row comes first', () => {
    const rows = ['T-2,Tablet,,Tab A9', 'T-3,Tablet,Samsung,Tab A9']
    for (const order of [rows, rows.toReversed()]) {
      const made = plan({}, 'Asset tag,Category,Maker,Model', ...order)
      expect(made.newModels.map(({ maker, name }) => `${maker} ${name}`)).toEqual(['Samsung Tab A9'])
    }
  })

  it('needs its maker where two makers have one of that name', () => {
    const other = { ...ipad, id: 11, maker: 'Orange' }
    expect(problems(plan({ models: [ipad, other] }, 'Asset tag,Category,Model', 'T-2,Tablet,iPad 9'))).toEqual([
      'Line 2, Maker: More than one maker has a model called iPad 9. Write the maker',
    ])
  })

  it('needs its category where two categories have one of that name', () => {
    const other = { ...ipad, id: 11, category: 'accessory' }
    const models = [ipad, other]
    expect(problems(plan({ models }, 'Asset tag,Maker,Model', 'T-2,Apple,iPad 9'))).toEqual([
      'Line 2, Category: More than one category has a model called iPad 9. Write the category',
    ])
    const made = plan({ models }, 'Asset tag,Category,Maker,Model', 'T-2,Accessory,Apple,iPad 9')
    expect(made.created[0]?.model.id).toBe(11)
  })
})

describe('what a row says of its model', () => {
  it('goes to a new model', () => {
    const made = plan(
      {},
      'Asset tag,Category,Model,Operating system,Security updates until,Connector,Cable length (cm)',
      'T-2,Tablet,Tab A9,,30/9/2028,,',
      'T-3,Tablet,Tab A9,Android 15,30/9/2028,USB-C,100',
    )
    expect(made.problems).toEqual([])
    expect(made.newModels).toMatchObject([
      { operating_system: 'Android 15', support_ends_on: '2028-09-30', connector: 'usb-c', cable_length_cm: 100 },
    ])
  })

  it('fills in what a model of ours lacks, and nothing else', () => {
    const made = plan(known, 'Asset tag,Operating system,Security updates until', 'T-1,ipados 18,30/9/2028')
    expect(made.completedModels).toMatchObject([
      { id: 10, operating_system: 'iPadOS 18', support_ends_on: '2028-09-30' },
    ])
    expect([...(made.completedModels[0]?.filledBy.keys() ?? [])]).toEqual(['support_ends_on'])
  })

  it('does not overrule a model of ours', () => {
    expect(problems(plan(known, 'Asset tag,Operating system', 'T-1,iPadOS 17'))).toEqual([
      'Line 2, Operating system, "iPadOS 17": Apple iPad 9 has iPadOS 18 on our list of models. Change it there, or empty the cell',
    ])
  })

  it('says the same in every row', () => {
    expect(
      problems(
        plan(
          {},
          'Asset tag,Category,Model,Security updates until',
          'T-2,Tablet,A9,30/9/2028',
          'T-3,Tablet,A9,1/10/2028',
        ),
      ),
    ).toEqual([
      'Line 3, Security updates until, "1/10/2028": Line 2 says 30 September 2028 for the same model. Make them the same',
    ])
  })
})

describe('a row with several things wrong', () => {
  it('says them all, and counts as one row', () => {
    const made = plan(
      {},
      'Asset tag,Category,Model,IMEI,Bought on,Cost',
      'T-2,Tablet,A9,3.5E+14,3/8/25,lots',
      'T-3,Tablet,A9,,,',
    )
    expect(made.problems.map(({ column }) => column)).toEqual(['IMEI', 'Bought on', 'Cost'])
    expect(made.rowsWithProblems).toBe(1)
    expect(counts(made)).toBe('1 created, 0 updated, 0 unchanged, 3 errors')
  })
})
