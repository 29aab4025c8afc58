import { describe, expect, it } from '@jest/globals'
import { parseLabelOrder } from '../../src/labels/form.ts'
import {
  cellOf,
  codePicture,
  fitTag,
  type LabelSheet,
  labelSheets,
  labelsOnSheet,
  onSheets,
  type SheetName,
  sheetOf,
} from '../../src/labels/rules.ts'
import { modulesDrawn, modulesOf } from './drawn-code.ts'

const names = Object.keys(labelSheets) as SheetName[]
const sheets = names.map((name): [SheetName, LabelSheet] => [name, sheetOf(name)])

describe('the sheets people buy', () => {
  it('have as many labels as the packet says', () => {
    const counts = Object.fromEntries(sheets.map(([name, sheet]) => [name, labelsOnSheet(sheet)]))
    expect(counts).toEqual({ l7160: 21, l7651: 65, l7163: 14, '62x29': 1 })
  })

  it.each(sheets)('%s stands in the middle of its page', (_name, sheet) => {
    const { page, columns, rows, label, gap, left, top } = sheet
    expect(2 * left + columns * label.width + (columns - 1) * gap).toBeCloseTo(page.width, 6)
    expect(2 * top + rows * label.height).toBeCloseTo(page.height, 6)
    expect(sheet.code + 2 * sheet.margin.y).toBeLessThanOrEqual(label.height + 1e-6)
  })

  it('are filled row by row', () => {
    const sheet = sheetOf('l7160')
    expect(cellOf(sheet, 0)).toEqual({ left: 7.25, top: 15.15 })
    expect(cellOf(sheet, 2).left).toBeCloseTo(7.25 + 2 * 66)
    expect(cellOf(sheet, 3)).toEqual({ left: 7.25, top: 15.15 + 38.1 })
  })

  it('are begun where the last one stopped', () => {
    const sheet = sheetOf('l7163')
    const labels = Array.from({ length: 13 }, (_, at) => `L${at}`)
    expect(onSheets(labels, sheet, 1)).toEqual([labels])
    const [first, second, ...more] = onSheets(labels, sheet, 4)
    expect(first).toEqual([null, null, null, ...labels.slice(0, 11)])
    expect([second, more]).toEqual([labels.slice(11), []])
  })
})

describe('the code on a label', () => {
  const address = 'https://loans.example-trust.nhs.uk/items/TAB-0001'

  it.each(sheets)('is the one that opens the address, on %s', (_name, sheet) => {
    const code = codePicture(address, sheet)
    expect(modulesDrawn(code!.viewBox, code!.path)).toBe(modulesOf(address, 'M'))
  })

  it('leaves the blank margin that readers need, in the picture itself', () => {
    const code = codePicture(address, sheetOf('l7160'))
    expect(code!.viewBox).toBe('-4 -4 41 41')
  })

  it('bears less damage rather than being too fine', () => {
    const long = `https://loans.example-trust.nhs.uk/items/${'A'.repeat(150)}`
    const code = codePicture(long, sheetOf('l7651'))
    expect(modulesDrawn(code!.viewBox, code!.path)).toBe(modulesOf(long, 'L'))
  })

  it('is left out where no phone could read it', () => {
    const long = `https://loans.example-trust.nhs.uk/items/${encodeURIComponent('漢'.repeat(60))}`
    expect(codePicture(long, sheetOf('l7651'))).toBeNull()
    expect(codePicture(long, sheetOf('l7163'))).not.toBeNull()
    expect(codePicture(`https://a.example/${'x'.repeat(4_000)}`, sheetOf('l7163'))).toBeNull()
  })
})

describe('the size of a tag', () => {
  it('is large, on one line where that can be read from a step away', () => {
    expect(fitTag('TAB-0001', sheetOf('l7163'))).toEqual({ size: 26, lines: 2 })
    expect(fitTag('TAB-0001', sheetOf('l7160'))).toEqual({ size: 12, lines: 2 })
    expect(fitTag('TAB-0001', sheetOf('l7651')).size).toBeGreaterThanOrEqual(10)
  })

  it('shrinks where there is more of it, and what else is said makes room in the end', () => {
    for (const [, sheet] of sheets) {
      const [short, long, longest] = [4, 20, 60].map((length) => fitTag('W'.repeat(length), sheet))
      expect(short!.size).toBeGreaterThan(long!.size)
      expect(long!.size).toBeGreaterThanOrEqual(longest!.size)
    }
    expect(fitTag('W'.repeat(60), sheetOf('l7651')).lines).toBe(0)
    expect(fitTag('W'.repeat(60), sheetOf('l7163')).lines).toBe(2)
  })
})

describe('the form', () => {
  const typed = (more: object) => parseLabelOrder({ sheet: 'l7160', first: '1', codes: '', ...more })

  it('takes one code a line, each once, whatever ends the line', () => {
    const codes = ' TAB-1 \r\nTAB/2\n\nTAB-1\tÅ 3\r'
    expect(typed({ codes }).value?.codes).toEqual(['TAB-1', 'TAB/2', 'Å 3'])
  })

  it('takes a sheet that is part used, and on a roll whatever number was left from before', () => {
    expect(typed({ first: '21' }).value?.first).toBe(21)
    expect(typed({ first: '' }).value?.first).toBe(1)
    expect(typed({ first: '40', sheet: '62x29' }).value?.first).toBe(1)
  })

  it.each(['0', '22', '-1', '1.5', 'one', '9999'])('refuses %s as the first label of 21', (first) => {
    expect(typed({ first }).errors).toEqual([
      {
        field: 'first',
        text: 'First label to use must be a number from 1 to 21, because Avery L7160 has 21 labels on a sheet',
      },
    ])
  })

  it.each(['', 'l7160,l7163', 'constructor', 'L7160'])('asks which labels there are when %p was chosen', (sheet) => {
    expect(typed({ sheet }).errors).toEqual([{ field: 'sheet', text: 'Choose the labels you have' }])
  })

  it('says into how many parts a list of 5,000 tags has to be split', () => {
    const codes = Array.from({ length: 5_000 }, (_, at) => `T${at}`).join('\n')
    expect(typed({ codes }).errors).toEqual([
      {
        field: 'codes',
        text: 'You entered 5,000 tags. Print at most 500 labels at a time: split your list into 10 parts',
      },
    ])
  })
})
