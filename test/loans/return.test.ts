import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, loanTo, overdueLoan, placement, serviceUser } from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import {
  changesOf,
  dateFields,
  errorsOf,
  type Fields,
  fieldValue,
  idsIn,
  lendFields,
  loanIdIn,
  storedLines,
  storedLoan,
  wordsOf,
} from './forms.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** A tablet and a charger, lent on Monday 27 July. */
async function openLoan() {
  const person = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
  const loan = await loanTo(app.db, { serviceUser: person })
  const [tablet, charger] = loan.lines
  if (!tablet || !charger) throw new Error('a loan of two')
  return { ...loan, person, tablet, charger }
}

const tagOf = async (line: { item_id: number }) =>
  (await app.db.selectFrom('items').select('tag').where('id', '=', line.item_id).executeTakeFirstOrThrow()).tag

const fieldsOf = (loan: { version: number }, lines: { id: number }[], day = ''): Fields => ({
  version: loan.version,
  line: lines.map((line) => String(line.id)),
  ...dateFields('returned', day),
})

const takeBack = (loan: { id: number }, fields: Fields, visitor = champion) =>
  visitor.post(`/loans/${loan.id}/return`, fields)

const instant = (at: Date | string | null | undefined) => (at ? new Date(at).toISOString() : null)

const turnaroundsOf = (line: { item_id: number }) =>
  app.db
    .selectFrom('item_holds')
    .select(['kind', 'taken_at', 'ended_at'])
    .where('item_id', '=', line.item_id)
    .where('kind', '=', 'turnaround')
    .execute()

async function stays(loan: { id: number }, fields: Fields, status: number) {
  const before = [await storedLoan(app, loan.id), await storedLines(app, loan.id)]
  const page = await takeBack(loan, fields)
  expect(page.status).toBe(status)
  expect([await storedLoan(app, loan.id), await storedLines(app, loan.id)]).toEqual(before)
  return page
}

describe('taking back', () => {
  it('takes one back and leaves the rest: the item is made ready before it is lent again', async () => {
    const loan = await openLoan()
    const tag = await tagOf(loan.charger)
    const answer = await takeBack(loan, fieldsOf(loan, [loan.charger]))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    const [tablet, charger] = await storedLines(app, loan.id)
    expect([tablet?.ended_as, charger?.ended_as]).toEqual([null, 'returned'])
    expect(instant(charger?.ended_at)).toBe(startOfTest.toISOString())
    expect(await turnaroundsOf(loan.tablet)).toEqual([])
    const [turnaround] = await turnaroundsOf(loan.charger)
    expect([instant(turnaround?.taken_at), turnaround?.ended_at]).toEqual([startOfTest.toISOString(), null])
    expect(await changesOf(app, loan.id)).toEqual([
      {
        verb: 'loan:returned',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: loan.person.id,
        details: { items: [tag], returnedAt: startOfTest.toISOString() },
      },
    ])
    const page = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(page).toContain('Taken back. Make each item ready before it is lent again.')
    expect(page).toContain('Partly returned')
    expect(page).toContain(`HERE champion took back ${tag}.`)
    const item = wordsOf((await champion.get(`/items/${tag}`)).text)
    expect(item).toContain('Being made ready')
    expect(item).toContain('Came back from Ann Example.')
  })

  it('closes the loan with its last line, and not before', async () => {
    const loan = await openLoan()
    await takeBack(loan, fieldsOf(loan, [loan.tablet]))
    expect(wordsOf((await champion.get('/loans?show=closed')).text)).not.toContain(`Loan ${loan.id} `)
    await takeBack(loan, fieldsOf(await storedLoan(app, loan.id), [loan.charger]))
    const page = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(page).toContain('Closed')
    expect(page).not.toContain('Take back')
    expect(wordsOf((await champion.get('/loans?show=closed')).text)).toContain(`Loan ${loan.id} `)
  })

  it('takes back what is overdue, on the day it really came back', async () => {
    const loan = await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    expect((await takeBack(loan, fieldsOf(loan, loan.lines, '2026-07-30'))).status).toBe(303)
    const lines = await storedLines(app, loan.id)
    expect(lines.map((line) => instant(line.ended_at))).toEqual(Array(2).fill('2026-07-30T11:00:00.000Z'))
    const [turnaround] = await turnaroundsOf(lines[0] as { item_id: number })
    expect(instant(turnaround?.taken_at)).toBe('2026-07-30T11:00:00.000Z')
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(', which came back on 30 July 2026.')
  })

  it('takes back on the very day it was lent, and never before that moment', async () => {
    const loan = await loanTo(app.db, {
      serviceUser: await serviceUser(app.db, here()),
      lentAt: new Date('2026-07-30T14:00:00Z'),
    })
    await takeBack(loan, fieldsOf(loan, loan.lines, '2026-07-30'))
    const [line] = await storedLines(app, loan.id)
    expect(instant(line?.ended_at)).toBe('2026-07-30T14:00:00.000Z')
  })

  it('lets the days given back be planned by others', async () => {
    const loan = await openLoan()
    await takeBack(loan, fieldsOf(loan, loan.lines, '2026-07-30'))
    const { plan } = await app.db
      .selectFrom('item_holds')
      .select('plan')
      .where('loan_line_id', '=', loan.tablet.id)
      .executeTakeFirstOrThrow()
    expect(plan).toContain('2026-07-30 11:00:00+00')
  })

  it('takes a ward’s items back when nobody has them, and says who has one', async () => {
    const [tablet, headset] = [
      await availableItem(app.db, here()),
      await availableItem(app.db, { ...here(), category: 'headset' }),
    ]
    const home = await placement(app.db, {
      ward: { id: app.people.ward.id, ...here() },
      items: [tablet, headset],
      isWithoutCharger: true,
    })
    const ann = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
    const onward = await champion.post('/loans', lendFields([headset.id], { 'service-user': ann.id }))
    const page = await stays(home, fieldsOf(home, home.lines), 409)
    expect(errorsOf(page.text)).toEqual({
      line: `Ann Example has ${headset.tag} since 3 August 2026, until 26 October 2026.`,
    })
    const theirs = { id: loanIdIn(onward.headers.location) }
    await takeBack(theirs, fieldsOf(await storedLoan(app, theirs.id), await storedLines(app, theirs.id)))
    const stillMadeReady = await stays(home, fieldsOf(home, home.lines), 409)
    expect(errorsOf(stillMadeReady.text).line).toBe(
      `${headset.tag} came back and is being made ready since 3 August 2026.`,
    )
    expect((await takeBack(home, fieldsOf(home, [home.lines[0] as { id: number }]))).status).toBe(303)
  })
})

describe('a return that is wrong', () => {
  it('says everything at once, and keeps what was typed', async () => {
    const loan = await openLoan()
    const page = await stays(loan, { ...fieldsOf(loan, []), 'returned-day': '45', 'returned-month': '7' }, 422)
    expect(errorsOf(page.text)).toEqual({
      line: 'Choose at least one item',
      'returned-year': 'Day it came back must include a year',
    })
    expect(fieldValue(page.text, 'returned-day')).toBe('45')
    expect(idsIn(page.text, 'line')).toEqual([])
  })

  it('refuses a day to come', async () => {
    const loan = await openLoan()
    const page = await stays(loan, fieldsOf(loan, loan.lines, '2026-08-04'), 422)
    expect(errorsOf(page.text)).toEqual({ returned: 'Day it came back must be today or in the past' })
  })

  it('refuses a day before it was lent, at the field', async () => {
    const loan = await openLoan()
    const page = await stays(loan, fieldsOf(loan, [loan.tablet], '2026-07-26'), 422)
    expect(errorsOf(page.text)).toEqual({
      returned: `Day it came back must be 27 July 2026 or later: ${await tagOf(loan.tablet)} was lent that day`,
    })
    expect(fieldValue(page.text, 'returned-day')).toBe('26')
  })

  it('is refused when somebody changed the loan meanwhile, with what they did', async () => {
    const loan = await openLoan()
    await takeBack(loan, fieldsOf(loan, [loan.tablet]))
    const page = await stays(loan, fieldsOf(loan, loan.lines), 409)
    expect(errorsOf(page.text).line).toContain(
      `Someone changed this loan after you opened it: HERE champion took back ${await tagOf(loan.tablet)}`,
    )
    expect(idsIn(page.text, 'line')).toEqual([loan.charger.id])
    await takeBack(loan, fieldsOf(await storedLoan(app, loan.id), [loan.charger]))
    const closed = await stays(loan, fieldsOf(loan, loan.lines), 409)
    expect(wordsOf(closed.text)).toContain('Nothing in this loan is with them any more.')
  })

  it('has one effect when it is sent twice at once', async () => {
    const loan = await openLoan()
    const answers = await Promise.all([1, 2].map(() => takeBack(loan, fieldsOf(loan, loan.lines))))
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 409])
    expect(await turnaroundsOf(loan.tablet)).toHaveLength(1)
    expect(await changesOf(app, loan.id)).toHaveLength(1)
  })

  it('takes back nothing that is not open in this very loan', async () => {
    const loan = await openLoan()
    const other = await openLoan()
    await takeBack(loan, fieldsOf(loan, [loan.tablet]))
    const now = await storedLoan(app, loan.id)
    for (const line of [loan.tablet.id, other.tablet.id, 99_999_999]) {
      await stays(loan, fieldsOf(now, [{ id: line }]), 404)
    }
    await stays(loan, fieldsOf(now, [loan.charger, other.charger]), 404)
    expect((await storedLines(app, other.id)).map((line) => line.ended_at)).toEqual([null, null])
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const loan = await openLoan()
    expect((await visitor.get(`/loans/${loan.id}/return`)).status).toBe(403)
    expect((await takeBack(loan, fieldsOf(loan, loan.lines), visitor)).status).toBe(403)
    expect((await storedLines(app, loan.id)).map((line) => line.ended_at)).toEqual([null, null])
  })

  it('answers another organisation’s loan like one nobody has', async () => {
    const person = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const foreign = await loanTo(app.db, { serviceUser: person })
    for (const id of [foreign.id, 99_999_999]) {
      expect((await takeBack({ id }, fieldsOf(foreign, foreign.lines))).status).toBe(404)
      expect((await takeBack({ id }, {})).status).toBe(404)
    }
    expect((await storedLines(app, foreign.id)).map((line) => line.ended_at)).toEqual([null, null])
  })
})
