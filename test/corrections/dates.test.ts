import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { giftLoan } from '../../seeds/factories.ts'
import { returnItems } from '../../src/loans/line-actions.ts'
import { changesOf, errorsOf, fieldValue, idsIn, storedLoan, wordsOf } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import {
  benchesOf,
  bookedOn,
  correctionFields,
  dateCorrection,
  onOurShelf,
  onRecord,
  ourLoan,
  ourPerson,
  reason,
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

const correct = (loan: { id: number }, fields: object, visitor = champion) =>
  visitor.post(`/loans/${loan.id}/corrections/date`, fields as never)

describe('the page of what can be wrong', () => {
  it('is reached from the loan and offers each kind in plain words', async () => {
    const loan = await ourLoan(app)
    const page = await champion.get(`/loans/${loan.id}`)
    expect(page.text).toContain(`href="/loans/${loan.id}/corrections"`)
    const choices = wordsOf((await champion.get(`/loans/${loan.id}/corrections`)).text)
    for (const words of ['The wrong person', 'A date is wrong', 'The wrong item', 'A return was logged by mistake']) {
      expect(choices).toContain(words)
    }
  })
})

describe('the day something was lent', () => {
  it('is corrected with a reason; the old day stays in the histories of the loan and of the item', async () => {
    const loan = await ourLoan(app)
    const answer = await correct(loan, dateCorrection(loan, [loan.lineId], 'lent', '2026-07-24'))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    expect(await storedLine(app, loan.lineId)).toMatchObject({
      from_at: '2026-07-24 11:00:00+00',
      taken_at: '2026-07-24 11:00:00+00',
    })
    expect(await storedLoan(app, loan.id)).toMatchObject({ lent_at: '2026-07-24 11:00:00+00', version: 2 })
    expect(await onRecord(app, loan.id)).toMatchObject([
      { kind: 'lent', reason, before: { taken_at: '2026-07-27T09:30:00+00:00' }, line_id: loan.lineId },
      { kind: 'lent', before: { lent_at: '2026-07-27T09:30:00+00:00' }, line_id: null },
    ])
    const told = `corrected the day ${loan.item.tag} was lent from 27 July 2026 to 24 July 2026. Because: ${reason}`
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(told)
    const ofItem = wordsOf((await champion.get(`/items/${loan.item.tag}`)).text)
    for (const words of told.split('. Because')) expect(ofItem).toContain(words)
    const [, event] = await changesOf(app, loan.id)
    expect(event).toMatchObject({ verb: 'loan:corrected', service_user_id: loan.service_user_id, details: { reason } })
  })

  it('is not told with its reason to who may not see people', async () => {
    const item = await onOurShelf(app, { kept_at_ward_id: app.people.ward.id })
    const loan = await ourLoan(app, { items: [item] })
    await correct(loan, dateCorrection(loan, [loan.lineId], 'lent', '2026-07-24'))
    const nurse = wordsOf((await (await app.signedInAs('ward-staff')).get(`/items/${item.tag}`)).text)
    expect(nurse).toContain(`corrected the day ${item.tag} was lent`)
    expect(nurse).not.toContain(reason)
  })

  it('cannot be within the time that somebody else had it, and says who and when', async () => {
    const item = await onOurShelf(app)
    const before = await ourPerson(app, 'Bea Before')
    const early = new Date('2026-07-01T09:00:00Z')
    const first = await ourLoan(app, { items: [item], serviceUser: before, lentAt: early })
    const back = { lineIds: [first.lineId], returnedOn: '2026-07-15', version: 1 }
    await app.changeAs('champion', (change) => returnItems(change, first.id, back))
    app.setClock(new Date('2026-07-16T09:30:00Z'))
    await tick(app, item.id)
    app.setClock(startOfTest)
    const second = await ourLoan(app, { items: [item] })
    const answer = await correct(second, dateCorrection(second, [second.lineId], 'lent', '2026-07-10'))
    expect(answer.status).toBe(409)
    expect(errorsOf(answer.text)).toEqual({ right: `Bea Before had ${item.tag} from 1 July 2026 until 15 July 2026.` })
    expect(await onRecord(app, second.id)).toEqual([])
  })

  it.each([
    ['after today', '2026-08-04', 'The day must be today or in the past.'],
    ['the one that is written down', '2026-07-27', '27 July 2026 is what is written down already.'],
  ])('cannot be %s', async (_what, day, error) => {
    const loan = await ourLoan(app)
    const answer = await correct(loan, dateCorrection(loan, [loan.lineId], 'lent', day))
    expect([answer.status, errorsOf(answer.text)]).toEqual([409, { right: error }])
  })

  it('moves what was given that day out of the stock on the true day', async () => {
    const item = await onOurShelf(app)
    const gift = await giftLoan(app.db, { organisationId: app.people.organisationId, items: [item] })
    await app.changeAs('champion', async (change) => change.audit({ verb: 'loan:given', subject: ['loan', gift.id] }))
    const answer = await correct(gift, dateCorrection(gift, [gift.lines[0]!.id], 'lent', '2026-07-24'))
    expect(answer.status).toBe(303)
    const stored = await app.db.selectFrom('items').select('left_at').where('id', '=', item.id).executeTakeFirst()
    expect(stored?.left_at).toBe('2026-07-24 11:00:00+00')
    expect(await storedLine(app, gift.lines[0]!.id)).toMatchObject({ ended_at: '2026-07-24 11:00:00+00' })
  })
})

describe('the day something came back', () => {
  it.each(['2026-07-29', '2026-08-02'])('is corrected to %s, and its turnaround begins with it', async (day) => {
    const loan = await returnedLoan(app)
    expect((await correct(loan, dateCorrection(loan, [loan.lineId], 'returned', day))).status).toBe(303)
    const at = `${day} 11:00:00+00`
    expect(await storedLine(app, loan.lineId)).toMatchObject({ ended_at: at })
    expect(await benchesOf(app, loan.item)).toMatchObject([{ taken_at: at, ended_at: null }])
  })

  it('is never after the first step of making it ready, nor before it was lent', async () => {
    const loan = await returnedLoan(app)
    app.setClock(new Date('2026-08-01T09:30:00Z'))
    await tick(app, loan.item.id, ['inspected'])
    app.setClock(startOfTest)
    const to = async (day: string) =>
      errorsOf((await correct(loan, dateCorrection(loan, [loan.lineId], 'returned', day))).text).right
    expect(await to('2026-08-02')).toMatch(/was on the bench on 1 August 2026/)
    expect(await to('2026-07-26')).toMatch(/was lent on 27 July 2026, after that day/)
    // at noon it was on the bench for hours already
    expect(await to('2026-08-01')).toBeUndefined()
    expect(await storedLine(app, loan.lineId)).toMatchObject({ ended_at: '2026-08-01 09:30:00+00' })
  })

  it('cannot be where nothing came back', async () => {
    const loan = await ourLoan(app)
    const answer = await correct(loan, dateCorrection(loan, [loan.lineId], 'returned', '2026-07-29'))
    expect(errorsOf(answer.text)).toEqual({ right: `${loan.item.tag} did not come back.` })
  })
})

describe('a review date', () => {
  it('is corrected to an earlier day, on a working day, and frees what comes after', async () => {
    const loan = await ourLoan(app)
    const answer = await correct(loan, dateCorrection(loan, [loan.lineId], 'review', '2026-08-15'))
    expect(answer.status).toBe(303)
    expect(await storedLine(app, loan.lineId)).toMatchObject({ due_on: '2026-08-17' })
    await expect(bookedOn(app, loan.item, 20)).resolves.toBeDefined()
  })

  it('is corrected to a later day, which is on record too, but not over what somebody else planned', async () => {
    const loan = await ourLoan(app, { dueOn: '2026-08-10' })
    await bookedOn(app, loan.item, 20)
    const refused = await correct(loan, dateCorrection(loan, [loan.lineId], 'review', '2026-08-21'))
    expect([refused.status, errorsOf(refused.text).right]).toEqual([
      409,
      `${loan.item.tag} is planned for someone else from Thursday 20 August 2026 at 9am until Thursday 20 August 2026 at 10am.`,
    ])
    expect((await correct(loan, dateCorrection(loan, [loan.lineId], 'review', '2026-08-12'))).status).toBe(303)
    expect(await onRecord(app, loan.id)).toMatchObject([
      { before: { due_on: '2026-08-10' }, after: { due_on: '2026-08-12' } },
    ])
  })
})

describe('the form', () => {
  it('says everything that is missing at once, each at its field, and keeps what was typed', async () => {
    const loan = await ourLoan(app)
    const nothing = await correct(loan, { version: 1, 'right-month': '13', 'right-day': '4', 'right-year': '2026' })
    expect(nothing.status).toBe(422)
    expect(errorsOf(nothing.text)).toEqual({
      which: 'Choose which date is wrong',
      line: 'Choose at least one item',
      'right-month': 'The right date must be a real date',
      reason: 'Say why it is corrected',
    })
    const long = await correct(loan, {
      ...dateCorrection(loan, [loan.lineId], 'lent', '2026-07-24'),
      reason: 'x'.repeat(501),
    })
    expect(errorsOf(long.text)).toEqual({ reason: 'Reason must be 500 characters or less' })
    expect([fieldValue(long.text, 'which'), fieldValue(long.text, 'right-day'), idsIn(long.text, 'line')]).toEqual([
      'lent',
      '24',
      [loan.lineId],
    ])
  })

  it('sent twice corrects once, and is shown again with what was typed', async () => {
    const loan = await ourLoan(app)
    const fields = dateCorrection(loan, [loan.lineId], 'lent', '2026-07-24')
    const answers = [await correct(loan, fields), await correct(loan, fields)]
    expect(answers.map(({ status }) => status)).toEqual([303, 409])
    expect(errorsOf(answers[1]!.text).right).toContain('Someone changed this loan after you opened it')
    expect(fieldValue(answers[1]!.text, 'version')).toBe('2')
    expect(await onRecord(app, loan.id)).toHaveLength(2)
  })

  it('is another organisation’s business where the loan or a line is, and only for who may lend', async () => {
    const loan = await ourLoan(app)
    const theirs = await ourLoan(app, {
      organisationId: app.people.otherOrganisationId,
      lentBy: { id: app.people.foreignActors.champion.staffId },
      items: [await onOurShelf(app, { organisation_id: app.people.otherOrganisationId })],
    })
    const fields = dateCorrection(loan, [loan.lineId], 'lent', '2026-07-24')
    expect((await correct(theirs, fields)).status).toBe(404)
    expect((await correct(loan, correctionFields(loan, [theirs.lineId], fields))).status).toBe(303)
    const withTheirs = { ...fields, line: [String(theirs.lineId)], version: 2 }
    expect((await correct(loan, withTheirs)).status).toBe(404)
    for (const role of [
      'administrator',
      'ward-staff',
      'care-team',
      'information-governance',
      'commissioner',
    ] as const) {
      expect((await correct(loan, fields, await app.signedInAs(role))).status).toBe(403)
    }
  })
})
