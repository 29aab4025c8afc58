import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  type Item,
  itemBookedLater,
  loanTo,
  overdueLoan,
  placement,
  serviceUser,
} from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { changesOf, errorsOf, type Fields, lendFields, loanIdIn, storedLines, storedLoan, wordsOf } from './forms.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

async function openLoan() {
  const items = [await availableItem(app.db, here()), await availableItem(app.db, { ...here(), category: 'charger' })]
  const person = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
  const loan = await loanTo(app.db, { serviceUser: person, items })
  return { ...loan, person, items: items as [Item, Item] }
}

const fieldsOf = (loan: { version: number }, lines: { id: number }[]): Fields => ({
  version: loan.version,
  line: lines.map((line) => String(line.id)),
})

const give = (loan: { id: number }, fields: Fields, visitor = champion) =>
  visitor.post(`/loans/${loan.id}/gift`, fields)

const endings = async (loan: { id: number }) => (await storedLines(app, loan.id)).map((line) => line.ended_as)

const leftAs = async (item: { id: number }) =>
  (await app.db.selectFrom('items').select('left_as').where('id', '=', item.id).executeTakeFirstOrThrow()).left_as

describe('giving what was lent', () => {
  it('says on the form what that means', async () => {
    const loan = await openLoan()
    const page = wordsOf((await champion.get(`/loans/${loan.id}/gift`)).text)
    expect(page).toContain('Give to Ann Example to keep')
    expect(page).toContain('What you give leaves the stock today. It is no longer ours to ask back.')
  })

  it('ends the line as given, takes the item out of the stock and keeps the rest', async () => {
    const loan = await openLoan()
    const [tablet, charger] = loan.items
    const answer = await give(loan, fieldsOf(loan, loan.lines.slice(0, 1)))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    expect(await endings(loan)).toEqual(['given', null])
    expect([await leftAs(tablet), await leftAs(charger)]).toEqual(['given', null])
    expect(await changesOf(app, loan.id)).toEqual([
      {
        verb: 'loan:given',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: loan.person.id,
        details: { items: [tablet.tag] },
      },
    ])
    const page = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(page).toContain('Given to keep.')
    expect(page).toContain(`HERE champion gave ${tablet.tag} to keep.`)
    const item = wordsOf((await champion.get(`/items/${tablet.tag}`)).text)
    expect(item).toContain('Given to Ann Example to keep.')
  })

  it('gives what is overdue', async () => {
    const loan = await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    expect((await give(loan, fieldsOf(loan, loan.lines))).status).toBe(303)
    expect(await endings(loan)).toEqual(['given', 'given'])
  })

  it('gives nothing that somebody else counts on, and says who that is', async () => {
    const loan = await openLoan()
    await itemBookedLater(app.db, {
      item: loan.items[0],
      from: new Date('2026-11-03T14:00:00Z'),
      until: new Date('2026-11-03T15:00:00Z'),
    })
    const page = await give(loan, fieldsOf(loan, loan.lines))
    expect(page.status).toBe(409)
    expect(errorsOf(page.text).line).toBe(
      `${loan.items[0].tag} is planned for someone else from Tuesday 3 November 2026 at 2pm until Tuesday 3 November 2026 at 3pm.`,
    )
    expect(await endings(loan)).toEqual([null, null])
    expect(await leftAs(loan.items[0])).toBeNull()
  })

  it('gives nothing out of a ward’s pool, nor what a ward has', async () => {
    const item = await availableItem(app.db, { ...here(), category: 'headset' })
    const home = await placement(app.db, { ward: { id: app.people.ward.id, ...here() }, items: [item] })
    const person = await serviceUser(app.db, here())
    const onward = await champion.post('/loans', lendFields([item.id], { 'service-user': person.id }))
    const theirs = await storedLoan(app, loanIdIn(onward.headers.location))
    const page = await give(theirs, fieldsOf(theirs, await storedLines(app, theirs.id)))
    expect(page.status).toBe(409)
    expect(errorsOf(page.text).line).toContain(`Ash Ward has ${item.tag} since 27 July 2026, until`)

    const words = 'What is lent to a ward stays ours. It cannot be given away.'
    expect(wordsOf((await champion.get(`/loans/${home.id}/gift`)).text)).toContain(words)
    expect(wordsOf((await champion.get(`/loans/${home.id}`)).text)).not.toContain('Give to keep')
    const refused = await give(home, fieldsOf(home, home.lines))
    expect(refused.status).toBe(409)
    expect(wordsOf(refused.text)).toContain(words)
    expect(await leftAs(item)).toBeNull()
  })

  it('asks which items, and refuses a form that somebody overtook', async () => {
    const loan = await openLoan()
    expect(errorsOf((await give(loan, fieldsOf(loan, []))).text)).toEqual({ line: 'Choose at least one item' })
    await give(loan, fieldsOf(loan, loan.lines.slice(1)))
    const page = await give(loan, fieldsOf(loan, loan.lines))
    expect(page.status).toBe(409)
    expect(errorsOf(page.text).line).toContain(`HERE champion gave ${loan.items[1].tag} to keep.`)
    expect(await endings(loan)).toEqual([null, 'given'])
  })

  it('has one effect when it is sent twice at once', async () => {
    const loan = await openLoan()
    const answers = await Promise.all([1, 2].map(() => give(loan, fieldsOf(loan, loan.lines))))
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 409])
    expect(await changesOf(app, loan.id)).toHaveLength(1)
  })

  it('keeps the moment it was given', async () => {
    const loan = await openLoan()
    await give(loan, fieldsOf(loan, loan.lines))
    const item = await app.db
      .selectFrom('items')
      .select(['left_at', 'version'])
      .where('id', '=', loan.items[0].id)
      .executeTakeFirstOrThrow()
    expect([new Date(item.left_at as unknown as string).toISOString(), item.version]).toEqual([
      startOfTest.toISOString(),
      loan.items[0].version + 1,
    ])
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const loan = await openLoan()
    expect((await visitor.get(`/loans/${loan.id}/gift`)).status).toBe(403)
    expect((await give(loan, fieldsOf(loan, loan.lines), visitor)).status).toBe(403)
    expect(await endings(loan)).toEqual([null, null])
  })

  it('answers another organisation’s loan like one nobody has', async () => {
    const foreign = await loanTo(app.db, { serviceUser: await serviceUser(app.db, there()) })
    for (const id of [foreign.id, 99_999_999]) {
      expect((await give({ id }, fieldsOf(foreign, foreign.lines))).status).toBe(404)
      expect((await give({ id }, {})).status).toBe(404)
    }
    expect(await endings(foreign)).toEqual([null, null])
  })
})
