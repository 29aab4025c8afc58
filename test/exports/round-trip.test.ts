import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  availableItem,
  availableItems,
  closedLoan,
  giftLoan,
  type ItemOverrides,
  itemInRepair,
  itemInTurnaround,
  loanTo,
  lostItem,
  model,
  overdueLoan,
  partlyReturnedLoan,
  placement,
  retiredItem,
  serviceUser,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { makeIccid, makeImei } from '../../seeds/identifiers.ts'
import { cleanCode, cleanText } from '../../src/lib/text.ts'
import { bringIn, toPreview } from '../imports/journey.ts'
import { digestOf } from '../security/digest.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { downloadBytes, downloadCsv } from './files.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const formats = ['csv', 'xlsx']

/** Whatever the forms would have kept of what somebody typed: signs of formulas, quotes, lines, other scripts. */
const typed = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({ unit: fc.constantFrom(...'=+-@\'"<>&;,\t\r\n _x0D é😀＝'), maxLength: 12 }),
  fc.constantFrom('=1+1', "'=1", "''", '-', 'n/a', '1E5', '00042', '3/4/2025', 'TRUE', '#N/A', '_x000D_', 'sep=;'),
)
const note = typed.filter((text) => text.isWellFormed()).map(cleanText)
const code = typed.filter((text) => text.isWellFormed()).map(cleanCode)

const anyItem = fc.record({
  serial: fc.option(code.filter((text) => text !== '')),
  order_number: code,
  notes: note,
  cost_pence: fc.option(fc.integer({ min: 0, max: 10_000_000 })),
  bought_on: fc.option(fc.date({ min: new Date('1950-01-01'), max: new Date('2026-08-03'), noInvalidDate: true })),
  hasNumbers: fc.boolean(),
  place: fc.constantFrom('none', 'ash', 'strange'),
})

let made = 0

describe('items that were downloaded', () => {
  it.each(formats)('and brought in again as %s change nothing, whatever is written about them', async (format) => {
    const strange = await ward(app.db, { ...here(), name: format === 'csv' ? 'n/a' : 'none' })
    await fc.assert(
      fc.asyncProperty(fc.array(anyItem, { minLength: 1, maxLength: 12 }), async (items) => {
        const copy = await model(app.db, { ...here(), maker: '@maker', name: `=Tab ${made}` })
        const rows = items.map(({ hasNumbers, place, bought_on, ...item }): ItemOverrides => {
          made += 1
          const wardId = place === 'ash' ? app.people.ward.id : place === 'strange' ? strange.id : null
          return {
            ...item,
            model: copy,
            tag: `=T-${made}`,
            bought_on: bought_on === null ? null : bought_on.toISOString().slice(0, 10),
            kept_at_ward_id: wardId,
            ...(hasNumbers && { imei: makeImei(made), iccid: makeIccid(made) }),
          }
        })
        await availableItems(app.db, rows)
        await expectNothingToDo('/items', format)
      }),
      { numRuns: 8 },
    )
  })

  it.each(formats)('change nothing as %s, wherever they are', async (format) => {
    const by = { id: app.people.actors.champion.staffId }
    await availableItem(app.db, here())
    await lostItem(app.db, here())
    await retiredItem(app.db, { ...here(), by })
    await itemInTurnaround(app.db, here())
    await itemInRepair(app.db, { ...here(), by })
    await loanTo(app.db, { organisationId: app.people.organisationId, lentBy: by })
    await expectNothingToDo('/items', format)
  })
})

describe('loans that were downloaded', () => {
  beforeAll(async () => {
    const organisationId = app.people.organisationId
    const lentBy = { id: app.people.actors.champion.staffId }
    const who = (more: object) => serviceUser(app.db, { ...here(), ...more })
    const ash = { id: app.people.ward.id, ...here() }
    const colleague = await staffMember(app.db, here())
    await loanTo(app.db, { organisationId, lentBy, notes: '=1+1\nand "more"' })
    await overdueLoan(app.db, { serviceUser: await who({ nhs_number: null, date_of_birth: '1984-02-29' }), lentBy })
    // of whom we know no more than a name; and one who has the same
    await loanTo(app.db, {
      serviceUser: await who({ name: "-O'Neill", nhs_number: null, date_of_birth: null }),
      lentBy,
    })
    await loanTo(app.db, {
      serviceUser: await who({ name: "-O'Neill", nhs_number: null, date_of_birth: null }),
      lentBy,
    })
    await loanTo(app.db, { staff: colleague, lentBy })
    await placement(app.db, { ward: ash, lentBy })
    await partlyReturnedLoan(app.db, { organisationId, lentBy })
    await closedLoan(app.db, { organisationId, lentBy })
    await giftLoan(app.db, { organisationId, lentBy })
  })

  it.each(formats)('and brought in again as %s change nothing', async (format) => {
    expect((await downloadCsv(champion, '/loans/export?format=csv&show=all')).length).toBeGreaterThan(8)
    await expectNothingToDo('/loans', format, '&show=all')
  })
})

/** What is brought in says that every row stays as it is, and nothing but who looked is written. */
async function expectNothingToDo(list: string, format: string, filters = ''): Promise<void> {
  const bytes = await downloadBytes(champion, `${list}/export?format=${format}${filters}`)
  const without = ['imports', 'audit_events', 'audit_details', 'sessions', 'submissions']
  const before = await digestOf(app.db, { except: without })
  const { text } = await toPreview(champion, bytes, { to: `${list}/import` })
  expect(text).toMatch(/There is nothing to import/)
  expect(text).not.toContain('What is wrong')
  await bringIn(champion, bytes, { to: `${list}/import` })
  expect(await digestOf(app.db, { except: without })).toEqual(before)
}
