import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { itemInRepair } from '../../seeds/factories.ts'
import { reportIncident } from '../../src/incidents/actions.ts'
import { lendItems } from '../../src/loans/actions.ts'
import { giveItems, returnItems } from '../../src/loans/line-actions.ts'
import { swapItem } from '../../src/loans/swap-actions.ts'
import { errorsOf, idsIn, storedLoan, wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import {
  benchesOf,
  bookedOn,
  correctionFields,
  onOurShelf,
  onRecord,
  ourLoan,
  returnedLoan,
  rulesBroken,
  storedLine,
  tick,
} from './stories.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(async () => {
  expect(await rulesBroken(app)).toEqual({})
  await app.close()
})

const correctItem = (loan: { id: number }, fields: object) =>
  champion.post(`/loans/${loan.id}/corrections/item`, fields as never)
const undo = (loan: { id: number }, fields: object) =>
  champion.post(`/loans/${loan.id}/corrections/return`, fields as never)

async function stateOf(item: { tag: string }): Promise<string> {
  const words = wordsOf((await champion.get(`/items/${item.tag}`)).text)
  return (
    /On loan|Being made ready|Available|Overdue|In repair|On a ward|Given/.exec(
      words.slice(words.indexOf(item.tag)),
    )?.[0] ?? ''
  )
}

describe('a wrong item', () => {
  it('gives way to the true one, and is what it was before, as if it had never gone', async () => {
    const loan = await ourLoan(app)
    const right = await onOurShelf(app)
    const answer = await correctItem(loan, correctionFields(loan, [loan.lineId], { code: right.tag.toLowerCase() }))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    expect(await storedLine(app, loan.lineId)).toMatchObject({ item_id: right.id, taken_at: '2026-07-27 09:30:00+00' })
    expect([await stateOf(loan.item), await stateOf(right)]).toEqual(['Available', 'On loan'])
    expect(await onRecord(app, loan.id)).toMatchObject([
      { kind: 'item', before: { item_id: loan.item.id }, after: { item_id: right.id } },
    ])
    const told = `corrected the item from ${loan.item.tag} to ${right.tag}, which is what was lent`
    for (const page of [`/loans/${loan.id}`, `/items/${loan.item.tag}`, `/items/${right.tag}`]) {
      expect(wordsOf((await champion.get(page)).text)).toContain(told)
    }
  })

  it('that came back takes its turnaround along: the true one is made ready, and the other is on the shelf', async () => {
    const loan = await returnedLoan(app)
    const right = await onOurShelf(app)
    const answer = await correctItem(loan, correctionFields(loan, [loan.lineId], { code: right.tag }))
    expect(answer.status).toBe(303)
    const back = '2026-07-31 11:00:00+00'
    expect(await benchesOf(app, loan.item)).toMatchObject([
      { taken_at: back, ended_at: back, ended_as: 'not-returned' },
    ])
    expect(await benchesOf(app, right)).toMatchObject([{ taken_at: back, ended_at: null }])
    expect([await stateOf(loan.item), await stateOf(right)]).toEqual(['Available', 'Being made ready'])
    expect(wordsOf((await champion.get(`/turnaround/${loan.item.id}`)).text)).not.toContain('It is ready')
  })

  it('stays where steps of making it ready are ticked', async () => {
    const loan = await returnedLoan(app)
    await tick(app, loan.item.id, ['inspected'])
    const right = await onOurShelf(app)
    const answer = await correctItem(loan, correctionFields(loan, [loan.lineId], { code: right.tag }))
    expect([answer.status, errorsOf(answer.text).code]).toEqual([
      409,
      `${loan.item.tag} came back, and some steps of making it ready are ticked. If that was a mistake too, take those steps back first.`,
    ])
  })

  it('does not give way to what somebody else had, was in repair, has left, is only booked or is the same', async () => {
    const loan = await ourLoan(app)
    const taken = await ourLoan(app)
    const broken = await itemInRepair(app.db, {
      organisation_id: app.people.organisationId,
      by: { id: app.people.actors.champion.staffId } as never,
    })
    const lost = await onOurShelf(app)
    await app.db.updateTable('items').set({ left_at: app.clock(), left_as: 'lost' }).where('id', '=', lost.id).execute()
    const room = await onOurShelf(app, { category: 'private-room' })
    const errorFor = async (code: string) => {
      const answer = await correctItem(loan, correctionFields(loan, [loan.lineId], { code }))
      expect([answer.status, idsIn(answer.text, 'line')]).toEqual([409, [loan.lineId]])
      return errorsOf(answer.text).code
    }
    expect(await errorFor(taken.item.tag)).toMatch(`had ${taken.item.tag} from 27 July 2026`)
    expect(await errorFor(broken.tag)).toMatch(`${broken.tag} was in repair`)
    expect(await errorFor(lost.tag)).toBe(`${lost.tag} is no longer ours.`)
    expect(await errorFor(room.tag)).toBe(`${room.tag} stays where it is. It can be booked but not lent.`)
    expect(await errorFor(loan.item.tag)).toBe(`${loan.item.tag} is what is written down already.`)
    expect(await onRecord(app, loan.id)).toEqual([])
  })

  it('is told at its field when no item has the code, or none was chosen', async () => {
    const loan = await ourLoan(app)
    const answer = await correctItem(loan, correctionFields(loan, [], { code: '' }))
    expect([answer.status, errorsOf(answer.text)]).toEqual([
      422,
      { line: 'Choose the item that is wrong', code: 'Scan or type the item they really have' },
    ])
    const theirs = await onOurShelf(app, { organisation_id: app.people.otherOrganisationId })
    const unknown = await correctItem(loan, correctionFields(loan, [loan.lineId], { code: theirs.tag }))
    expect(errorsOf(unknown.text).code).toBe(`No item has the tag or number ${theirs.tag}. Check it against the label`)
  })

  it('of a ward stays while the ward has lent it on, and moves to another pool otherwise', async () => {
    const item = await onOurShelf(app)
    const ward = { ...app.people.ward, organisation_id: app.people.organisationId }
    const placed = await ourLoan(app, { ward, items: [item] })
    const borrower = { staffId: app.people.actors['ward-staff'].staffId }
    const right = await onOurShelf(app)
    const fields = correctionFields(placed, [placed.lineId], { code: right.tag })
    const onward = { borrower, itemIds: [item.id], dueOn: '2026-08-10', agreement: null, withoutCharger: true }
    const order = { ...onward, unsupportedReason: null, notes: '' }
    const { id } = await app.changeAs('champion', (change) => lendItems(change, order))
    const [line] = await app.db.selectFrom('loan_lines').select('id').where('loan_id', '=', id).execute()
    expect((await correctItem(placed, fields)).status).toBe(409)
    // what was lent on comes back, and still it was in the ward's pool
    await app.changeAs('champion', (change) =>
      returnItems(change, id, { lineIds: [line!.id], returnedOn: null, version: 1 }),
    )
    const used = await correctItem(placed, fields)
    expect([used.status, errorsOf(used.text).code]).toEqual([
      409,
      expect.stringContaining('The ward lent it on or used it'),
    ])
    const other = await ourLoan(app, { ward, items: [await onOurShelf(app)] })
    expect((await correctItem(other, correctionFields(other, [other.lineId], { code: right.tag }))).status).toBe(303)
    expect([await stateOf(other.item), await stateOf(right)]).toEqual(['Available', 'On a ward'])
  })
})

describe('a return that was logged by mistake', () => {
  it('is undone: on loan as if it had never ended, with a turnaround that never began', async () => {
    const loan = await returnedLoan(app)
    const answer = await undo(loan, correctionFields(loan, [loan.lineId]))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    expect(await storedLine(app, loan.lineId)).toMatchObject({ ended_at: null, ended_as: null, due_on: '2026-10-19' })
    expect(await benchesOf(app, loan.item)).toMatchObject([{ ended_as: 'not-returned' }])
    expect(await stateOf(loan.item)).toBe('On loan')
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(
      `corrected that ${loan.item.tag} was not returned after all`,
    )
    // and it comes back once more, and is made ready then
    const back = { lineIds: [loan.lineId], returnedOn: null, version: loan.version + 1 }
    await app.changeAs('champion', (change) => returnItems(change, loan.id, back))
    await tick(app, loan.item.id)
    expect(await stateOf(loan.item)).toBe('Available')
  })

  it('sent twice is undone once', async () => {
    const loan = await returnedLoan(app)
    const fields = correctionFields(loan, [loan.lineId])
    expect([(await undo(loan, fields)).status, (await undo(loan, fields)).status]).toEqual([303, 409])
  })

  it('stays when the item has been made ready since, or lent on', async () => {
    const loan = await returnedLoan(app)
    await tick(app, loan.item.id)
    const answer = await undo(loan, correctionFields(loan, [loan.lineId]))
    expect([answer.status, errorsOf(answer.text)]).toEqual([
      409,
      { line: `${loan.item.tag} came back and has been made ready for the next person since.` },
    ])
    await ourLoan(app, { items: [loan.item], lentAt: app.clock() })
    expect((await undo(loan, correctionFields(loan, [loan.lineId]))).status).toBe(409)
  })

  it('stays when somebody else has planned the days that were given back, and says who', async () => {
    const loan = await returnedLoan(app)
    await bookedOn(app, loan.item, 20)
    const answer = await undo(loan, correctionFields(loan, [loan.lineId]))
    expect([answer.status, errorsOf(answer.text).line]).toEqual([
      409,
      `${loan.item.tag} is planned for someone else from Thursday 20 August 2026 at 9am until Thursday 20 August 2026 at 10am.`,
    ])
    expect(await benchesOf(app, loan.item)).toMatchObject([{ ended_at: null }])
  })

  it('that came with a report stays with it', async () => {
    const loan = await ourLoan(app)
    const report = { kind: 'repairable', itemIds: [loan.item.id], lineId: loan.lineId, seen: 0 } as const
    const more = { happened_on: null, story: 'The screen is cracked', crime_reference: '' }
    await app.changeAs('champion', (change) => reportIncident(change, { ...report, ...more, itemIds: [loan.item.id] }))
    const answer = await undo({ id: loan.id }, correctionFields({ version: 2 }, [loan.lineId]))
    expect([answer.status, errorsOf(answer.text).line]).toEqual([
      409,
      expect.stringMatching(/came back with the report of incident \d+/),
    ])
  })

  it('is nothing where nothing came back, and is asked for at its fields', async () => {
    const loan = await ourLoan(app)
    const page = await champion.get(`/loans/${loan.id}/corrections/return`)
    expect(wordsOf(page.text)).toContain('Nothing in this loan was logged as come back')
    const missing = await undo(loan, { version: 1 })
    expect([missing.status, errorsOf(missing.text)]).toEqual([
      422,
      { line: 'Choose at least one item', reason: 'Say why it is corrected' },
    ])
    const open = await undo(loan, correctionFields(loan, [loan.lineId]))
    expect(open.status).toBe(409)
  })
})

describe('a swap', () => {
  it('is one moment of two lines, which no correction pulls apart', async () => {
    const loan = await ourLoan(app)
    const fresh = await onOurShelf(app)
    const swap = { lineId: loan.lineId, itemId: fresh.id, version: 1, withoutCharger: true, unsupportedReason: null }
    const story = { old: 'returned', story: '' } as const
    const { id } = await app.changeAs('champion', (change) => swapItem(change, loan.id, { ...swap, ...story }))
    const [next] = await app.db
      .selectFrom('loan_lines')
      .select('id')
      .where('follows_line_id', '=', loan.lineId)
      .execute()
    const { version } = await storedLoan(app, loan.id)
    const undone = await undo(loan, correctionFields({ version }, [loan.lineId]))
    const swapped = 'was part of a swap in this loan, so this cannot be corrected by itself.'
    expect([undone.status, errorsOf(undone.text).line]).toEqual([409, `${loan.item.tag} ${swapped}`])
    const other = await onOurShelf(app)
    const corrected = await correctItem(loan, correctionFields({ version }, [next!.id], { code: other.tag }))
    expect([corrected.status, errorsOf(corrected.text).code, id]).toEqual([
      409,
      `${fresh.tag} ${swapped}`,
      expect.anything(),
    ])
  })
})

describe('a gift that was logged by mistake', () => {
  it('is ours again, and on loan until its review', async () => {
    const loan = await ourLoan(app)
    await app.changeAs('champion', (change) => giveItems(change, loan.id, { lineIds: [loan.lineId], version: 1 }))
    expect((await undo(loan, correctionFields({ version: 2 }, [loan.lineId]))).status).toBe(303)
    expect(await stateOf(loan.item)).toBe('On loan')
  })

  it('from the first day needs a review date', async () => {
    const item = await onOurShelf(app)
    const order = {
      itemIds: [item.id],
      dueOn: null,
      agreement: null,
      withoutCharger: true,
      unsupportedReason: null,
      notes: '',
    }
    const borrower = { staffId: app.people.actors['care-team'].staffId }
    const { id } = await app.changeAs('champion', (change) => lendItems(change, { ...order, borrower }))
    const [line] = await app.db.selectFrom('loan_lines').select('id').where('loan_id', '=', id).execute()
    const fields = correctionFields({ version: 1 }, [line!.id])
    expect(errorsOf((await undo({ id }, fields)).text)).toEqual({ due: 'Enter the review date' })
    const dated = { ...fields, 'due-day': '15', 'due-month': '8', 'due-year': '2026' }
    expect((await undo({ id }, dated)).status).toBe(303)
    expect(await storedLine(app, line!.id)).toMatchObject({ ended_at: null, due_on: '2026-08-17' })
    expect(await stateOf(item)).toBe('On loan')
  })
})
