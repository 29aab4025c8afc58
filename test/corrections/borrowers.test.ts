import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { giveItems, returnItems } from '../../src/loans/line-actions.ts'
import { changesOf, errorsOf, loanIdIn, storedLines, storedLoan, wordsOf } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import {
  benchesOf,
  correctionFields,
  onOurShelf,
  onRecord,
  ourLoan,
  ourPerson,
  reason,
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

const correct = (loan: { id: number }, fields: object) =>
  champion.post(`/loans/${loan.id}/corrections/borrower`, fields as never)

const ourWard = () => ({ ...app.people.ward, organisation_id: app.people.organisationId })

/** A tablet and a charger with Ann, a week old. */
async function annsLoan() {
  const ann = await ourPerson(app, 'Ann Example')
  const items = [await onOurShelf(app), await onOurShelf(app, { category: 'charger' })]
  const loan = await ourLoan(app, { serviceUser: ann, items })
  return { ...loan, ann, items, lineIds: loan.lines.map(({ id }) => id) }
}

describe('finding who had it in truth', () => {
  it('begins with a search that leaves no name in an address', async () => {
    const loan = await annsLoan()
    const bea = await ourPerson(app, 'Bea Unmistakable')
    const asked = await champion.post(`/loans/${loan.id}/corrections/borrower/people`, { search: 'unmistak' })
    expect([asked.status, asked.headers.location]).toEqual([303, `/loans/${loan.id}/corrections/borrower/people`])
    const found = await champion.get(`/loans/${loan.id}/corrections/borrower/people`)
    expect(found.text).toContain(`/loans/${loan.id}/corrections/borrower?service-user&#x3D;${bea.id}`)
    const form = await champion.get(`/loans/${loan.id}/corrections/borrower?service-user=${bea.id}`)
    expect(wordsOf(form.text)).toMatch(/It really went to Bea Unmistakable \(.*\), and not to Ann Example/)
    const nobody = await champion.post(`/loans/${loan.id}/corrections/borrower/people`, { search: ' ' })
    expect(errorsOf(nobody.text)).toEqual({ search: 'Enter a name, an NHS number or a phone number' })
  })
})

describe('a wrong borrower of the whole loan', () => {
  it('is put right in the loan; both people’s histories and the loan’s tell it', async () => {
    const loan = await annsLoan()
    const bea = await ourPerson(app, 'Bea Example')
    const answer = await correct(loan, correctionFields(loan, loan.lineIds, { 'service-user': bea.id }))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    expect(await storedLoan(app, loan.id)).toMatchObject({ service_user_id: bea.id, version: 2 })
    expect(await onRecord(app, loan.id)).toMatchObject([
      { kind: 'borrower', reason, before: { service_user_id: loan.ann.id }, after: { service_user_id: bea.id } },
    ])
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(
      'corrected the borrower from Ann Example to Bea Example',
    )
    const history = async (id: number) => wordsOf((await champion.get(`/service-users/${id}/history`)).text)
    expect(await history(bea.id)).toContain('corrected a loan')
    expect(await history(loan.ann.id)).toContain('it was written down for the wrong person')
    expect((await champion.get(`/service-users/${loan.ann.id}`)).text).not.toContain(loan.items[0]!.tag)
    const verbs = (await changesOf(app, loan.id)).map(({ verb, service_user_id }) => [verb, service_user_id])
    expect(verbs).toEqual([
      ['loan:lent', null],
      ['loan:corrected', bea.id],
      ['loan:corrected-away', loan.ann.id],
    ])
  })

  it('may be a member of staff, and the item’s page says no name to who may not see people', async () => {
    const loan = await annsLoan()
    const staff = app.people.actors['care-team']
    expect((await correct(loan, correctionFields(loan, loan.lineIds, { staff: staff.staffId }))).status).toBe(303)
    expect(await storedLoan(app, loan.id)).toMatchObject({ service_user_id: null, staff_id: staff.staffId })
    const page = wordsOf((await (await app.signedInAs('administrator')).get(`/items/${loan.items[0]!.tag}`)).text)
    expect(page).toContain(`corrected the borrower from a service user to ${staff.name}`)
    expect(page).not.toContain('Ann Example')
  })

  it('is refused as the one who is written down, somebody elsewhere, and somebody who is not', async () => {
    const loan = await annsLoan()
    const same = await correct(loan, correctionFields(loan, loan.lineIds, { 'service-user': loan.ann.id }))
    expect([same.status, errorsOf(same.text)]).toEqual([409, { line: 'That is who is written down already.' }])
    const foreign = app.people.foreignActors.champion.staffId
    expect((await correct(loan, correctionFields(loan, loan.lineIds, { staff: foreign }))).status).toBe(404)
    const elsewhere = { ward: app.people.foreignWard.id }
    expect((await correct(loan, correctionFields(loan, loan.lineIds, elsewhere))).status).toBe(404)
    expect((await correct(loan, correctionFields(loan, loan.lineIds))).status).toBe(404)
  })

  it('sent twice is put right once', async () => {
    const loan = await annsLoan()
    const fields = correctionFields(loan, [loan.lineIds[0]!], { staff: app.people.actors['care-team'].staffId })
    const answers = [await correct(loan, fields), await correct(loan, fields)]
    expect(answers.map(({ status }) => status)).toEqual([303, 409])
  })
})

describe('a wrong borrower of some items', () => {
  it('splits them off into a loan of their own with the same dates; each loan names the other', async () => {
    const loan = await annsLoan()
    const bea = await ourPerson(app, 'Bea Example')
    const [tablet, charger] = loan.lines
    await app.changeAs('champion', (change) =>
      returnItems(change, loan.id, { lineIds: [tablet!.id], returnedOn: '2026-07-31', version: 1 }),
    )
    const fields = correctionFields({ version: 2 }, [tablet!.id], { 'service-user': bea.id })
    const answer = await correct(loan, fields)
    const otherId = loanIdIn(answer.headers.location)
    expect([answer.status, otherId > loan.id]).toEqual([303, true])
    const [moved] = await storedLines(app, otherId)
    expect(moved).toMatchObject({
      item_id: tablet!.item_id,
      taken_at: '2026-07-27 09:30:00+00',
      ended_at: '2026-07-31 11:00:00+00',
      ended_as: 'returned',
    })
    expect(await storedLine(app, tablet!.id)).toMatchObject({
      taken_at: null,
      ended_at: null,
      moved_to_line_id: moved!.id,
    })
    expect(await storedLine(app, charger!.id)).toMatchObject({ cancelled_at: null, ended_at: null })
    expect(await benchesOf(app, { id: tablet!.item_id })).toMatchObject([{ ended_at: null }])
    const words = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(words).toContain('Written down by mistake')
    expect(words).toContain(`it went to Bea Example and not to whom loan ${loan.id} was written down for`)
    expect((await champion.get(`/loans/${loan.id}`)).text).toContain(`/loans/${otherId}`)
    expect((await champion.get(`/loans/${otherId}`)).text).toContain(`/loans/${loan.id}`)
    expect(wordsOf((await champion.get(`/items/${loan.items[0]!.tag}`)).text)).toContain('Lent to Bea Example')
  })

  it('leaves the rest a loan of which nothing has come back', async () => {
    const loan = await annsLoan()
    const bea = await ourPerson(app, 'Bea Example')
    await correct(loan, correctionFields(loan, [loan.lineIds[0]!], { 'service-user': bea.id }))
    expect((await champion.get(`/loans/${loan.id}`)).text).not.toContain('Partly returned')
    const list = wordsOf((await champion.get('/loans?filter=all')).text)
    expect(list).toContain(`Loan ${loan.id} `)
    expect(list).not.toContain('Partly returned')
  })

  it('stays where it was given to keep', async () => {
    const loan = await annsLoan()
    const lineIds = [loan.lineIds[0]!]
    await app.changeAs('champion', (change) => giveItems(change, loan.id, { lineIds, version: 1 }))
    const bea = await ourPerson(app, 'Bea Example')
    const answer = await correct(loan, correctionFields({ version: 2 }, lineIds, { 'service-user': bea.id }))
    expect([answer.status, errorsOf(answer.text).line]).toEqual([409, expect.stringContaining('Undo the gift first')])
  })
})

describe('a ward on either side', () => {
  it('that had it in truth gets it into its pool, from the same day', async () => {
    const loan = await annsLoan()
    const answer = await correct(loan, correctionFields(loan, loan.lineIds, { ward: ourWard().id }))
    const otherId = loanIdIn(answer.headers.location)
    expect(await storedLoan(app, otherId)).toMatchObject({ ward_id: ourWard().id, agreement_version_id: null })
    for (const line of await storedLines(app, otherId)) {
      expect(line).toMatchObject({
        placed_with_ward_id: ourWard().id,
        taken_at: '2026-07-27 09:30:00+00',
        ended_at: null,
      })
    }
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain('Closed')
  })

  it('that never had it loses it from its pool to whoever did', async () => {
    const placed = await ourLoan(app, { ward: ourWard() })
    const bea = await ourPerson(app, 'Bea Example')
    const answer = await correct(placed, correctionFields(placed, [placed.lineId], { 'service-user': bea.id }))
    const [moved] = await storedLines(app, loanIdIn(answer.headers.location))
    expect(moved).toMatchObject({ placed_with_ward_id: null, taken_at: '2026-07-27 09:30:00+00' })
    const hold = await app.db.selectFrom('item_holds').select('ward_id').where('loan_line_id', '=', moved!.id).execute()
    expect(hold).toEqual([{ ward_id: null }])
  })

  it('is put right long after it came back, was made ready and was lent to somebody else', async () => {
    const placed = await ourLoan(app, { ward: ourWard() })
    const itemId = placed.item.id
    await app.changeAs('champion', (change) =>
      returnItems(change, placed.id, { lineIds: [placed.lineId], returnedOn: '2026-07-31', version: 1 }),
    )
    await tick(app, itemId)
    await ourLoan(app, { items: [placed.item], serviceUser: await ourPerson(app, 'Cy Example'), lentAt: app.clock() })
    const bea = await ourPerson(app, 'Bea Example')
    const fields = correctionFields({ version: 2 }, [placed.lineId], { 'service-user': bea.id })
    const answer = await correct(placed, fields)
    expect(answer.status).toBe(303)
    const [moved] = await storedLines(app, loanIdIn(answer.headers.location))
    expect(moved).toMatchObject({ placed_with_ward_id: null, ended_at: '2026-07-31 11:00:00+00', ended_as: 'returned' })
  })

  it('cannot have had it while another ward did', async () => {
    const placed = await ourLoan(app, { ward: ourWard() })
    const ann = await ourPerson(app, 'Ann Example')
    const onward = await ourLoan(app, {
      items: [placed.item],
      serviceUser: ann,
      lentAt: new Date('2026-07-28T09:30:00Z'),
    })
    await app.changeAs('champion', (change) =>
      returnItems(change, onward.id, { lineIds: [onward.lineId], returnedOn: '2026-07-31', version: 1 }),
    )
    const fields = correctionFields({ version: 2 }, [onward.lineId], { ward: app.people.otherWard.id })
    expect((await correct(onward, fields)).status).toBe(409)
    expect(await storedLine(app, onward.lineId)).toMatchObject({ moved_to_line_id: null, ended_as: 'returned' })
  })
})
