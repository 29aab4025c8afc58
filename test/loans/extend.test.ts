import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  closedLoan,
  itemBookedLater,
  loanTo,
  overdueLoan,
  placement,
  serviceUser,
} from '../../seeds/factories.ts'
import { londonInstant } from '../../src/lib/dates.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import {
  changesOf,
  dateFields,
  errorsOf,
  type Fields,
  fieldValue,
  idsIn,
  lastVerb,
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
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** A tablet and a charger, out since 27 July until 19 October. */
async function openLoan() {
  const person = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
  const loan = await loanTo(app.db, { serviceUser: person })
  const [tablet, charger] = loan.lines
  if (!tablet || !charger) throw new Error('a loan of two')
  const items = await app.db
    .selectFrom('items')
    .select(['id', 'tag'])
    .where('id', 'in', [tablet.item_id, charger.item_id])
    .orderBy('id')
    .execute()
  return { ...loan, person, tablet, charger, tags: items.map((item) => item.tag) }
}

type Open = Awaited<ReturnType<typeof openLoan>>

const fieldsOf = (loan: { version: number }, lines: { id: number }[], date: string, more: Fields = {}): Fields => ({
  version: loan.version,
  line: lines.map((line) => String(line.id)),
  ...dateFields('due', date),
  ...more,
})

const extend = (loan: { id: number }, fields: Fields, visitor = champion) =>
  visitor.post(`/loans/${loan.id}/extension`, fields)

const dueDates = async (loan: { id: number }) => (await storedLines(app, loan.id)).map((line) => line.due_on)

async function stays(loan: Open, fields: Fields, status: number) {
  const before = await storedLoan(app, loan.id)
  const dates = await dueDates(loan)
  const page = await extend(loan, fields)
  expect(page.status).toBe(status)
  expect(await dueDates(loan)).toEqual(dates)
  expect(await storedLoan(app, loan.id)).toEqual(before)
  return page
}

describe('the form to extend a loan', () => {
  it('begins with every open line ticked and with as long again, counted from the last review', async () => {
    const loan = await openLoan()
    const page = await champion.get(`/loans/${loan.id}/extension`)
    expect(page.status).toBe(200)
    expect(idsIn(page.text, 'line')).toEqual(loan.lines.map((line) => line.id))
    expect(['day', 'month', 'year'].map((part) => fieldValue(page.text, `due-${part}`))).toEqual(['11', '1', '2027'])
    expect(wordsOf(page.text)).toContain('Extend for Ann Example')
    expect(wordsOf(page.text)).toContain(`${loan.tags[0]}, Example Model`)
    expect(wordsOf(page.text)).toContain('Review Monday 19 October 2026, in 77 days')
  })

  it('counts from today where the review has gone by', async () => {
    const loan = await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    const page = await champion.get(`/loans/${loan.id}/extension`)
    expect(['day', 'month', 'year'].map((part) => fieldValue(page.text, `due-${part}`))).toEqual(['26', '10', '2026'])
  })

  it('says so when nothing is out any more', async () => {
    const loan = await closedLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    for (const form of ['extension', 'return', 'gift']) {
      const page = await champion.get(`/loans/${loan.id}/${form}`)
      expect(page.status).toBe(200)
      expect(wordsOf(page.text)).toContain('Nothing in this loan is with them any more.')
      expect(page.text).not.toContain(`action="/loans/${loan.id}/${form}"`)
    }
  })

  it('counts as a view of the person’s record', async () => {
    const loan = await openLoan()
    for (const form of ['extension', 'return', 'gift']) await champion.get(`/loans/${loan.id}/${form}`)
    const views = await app.db
      .selectFrom('audit_events')
      .select(['verb', 'service_user_id'])
      .where('subject_type', '=', 'loan')
      .where('subject_id', '=', loan.id)
      .execute()
    expect(views).toEqual(Array(3).fill({ verb: 'loan:viewed', service_user_id: loan.person.id }))
  })
})

describe('extending', () => {
  it('extends one line and leaves the rest', async () => {
    const loan = await openLoan()
    const answer = await extend(loan, fieldsOf(loan, [loan.tablet], '2026-12-07'))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    expect(await dueDates(loan)).toEqual(['2026-12-07', '2026-10-19'])
    expect(await changesOf(app, loan.id)).toEqual([
      {
        verb: 'loan:extended',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: loan.person.id,
        details: { items: [loan.tags[0]], dueOn: '2026-12-07', before: ['2026-10-19'] },
      },
    ])
    const page = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(page).toContain('Extended. The review is on Monday 7 December 2026.')
    expect(page).toContain(`HERE champion extended ${loan.tags[0]} until 7 December 2026 (it was 19 October 2026).`)
  })

  it('extends all of it, also what is overdue', async () => {
    const loan = await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    expect((await extend(loan, fieldsOf(loan, loan.lines, '2026-09-07'))).status).toBe(303)
    expect(await dueDates(loan)).toEqual(['2026-09-07', '2026-09-07'])
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).not.toContain('Overdue')
  })

  it('moves a weekend to the next working day and says so', async () => {
    const loan = await openLoan()
    await extend(loan, fieldsOf(loan, loan.lines, '2026-12-26'))
    expect(await dueDates(loan)).toEqual(['2026-12-29', '2026-12-29'])
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(
      'Extended. Saturday 26 December 2026 is not a working day, so the review is on Tuesday 29 December 2026.',
    )
  })

  it('goes up to what somebody planned, and no further: it says whose that is and when', async () => {
    const loan = await openLoan()
    const item = await app.db
      .selectFrom('items')
      .selectAll()
      .where('id', '=', loan.charger.item_id)
      .executeTakeFirstOrThrow()
    const [from, until] = ['14:00', '15:00'].map((time) => londonInstant('2026-11-09', time).value)
    await itemBookedLater(app.db, { item, from, until })
    // the Saturday before moves to the Monday of the booking
    const page = await stays(loan, fieldsOf(loan, loan.lines, '2026-11-07'), 409)
    const why = `${item.tag} is planned for someone else from Monday 9 November 2026 at 2pm until Monday 9 November 2026 at 3pm.`
    expect(errorsOf(page.text)).toEqual({ due: why })
    expect(idsIn(page.text, 'line')).toEqual(loan.lines.map((line) => line.id))
    expect(fieldValue(page.text, 'due-day')).toBe('7')
    expect(fieldValue(page.text, 'version')).toBe(String(loan.version))
    expect(await lastVerb(app)).toBe('refused:taken')
    expect((await extend(loan, fieldsOf(loan, loan.lines, '2026-11-06'))).status).toBe(303)
    const loanPage = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(loanPage).toContain('Wanted from Monday 9 November 2026 at 2pm')
  })

  it('names the ward whose booking it is, and lets a placement go past its own ward’s bookings', async () => {
    const bookingFor = async (wardId: number) => {
      const item = await availableItem(app.db, { ...here(), category: 'headset' })
      const home = await placement(app.db, {
        ward: { id: app.people.ward.id, ...here() },
        items: [item],
        dueOn: '2026-10-05',
      })
      const [from, until] = ['14:00', '15:00'].map((time) => londonInstant('2026-09-07', time).value)
      await itemBookedLater(app.db, { item, ward: { id: wardId }, from, until })
      return { item, home }
    }
    const { item, home } = await bookingFor(app.people.ward.id)
    expect((await extend(home, fieldsOf(home, home.lines, '2026-12-07'))).status).toBe(303)

    const onward = await champion.post('/loans', {
      ...fieldsOf(home, [], '2026-09-04', { key: crypto.randomUUID(), keep: 'loan', agreement: 'paper' }),
      item: String(item.id),
      'service-user': (await serviceUser(app.db, here())).id,
    })
    const id = Number(onward.headers.location?.slice('/loans/'.length))
    const page = await extend({ id }, fieldsOf(await storedLoan(app, id), await storedLines(app, id), '2026-09-08'))
    expect(page.status).toBe(409)
    expect(errorsOf(page.text).due).toContain(`${item.tag} is planned for Ash Ward from Monday 7 September 2026 at 2pm`)
  })
})

describe('an extension that is wrong', () => {
  it.each([
    ['', 'due', 'Enter the new review date'],
    ['2026-08-03', 'due', 'The review date must be after today'],
    ['2036-09-01', 'due', 'The review date must be within 10 years'],
  ])('refuses “%s”', async (date, field, text) => {
    const loan = await openLoan()
    const page = await stays(loan, fieldsOf(loan, [loan.tablet], date), 422)
    expect(errorsOf(page.text)).toEqual({ [field]: text })
    expect(idsIn(page.text, 'line')).toEqual([loan.tablet.id])
  })

  it.each(['2026-10-19', '2026-09-07', '2026-10-17'])('refuses %s, which is not later', async (date) => {
    const loan = await openLoan()
    const page = await stays(loan, fieldsOf(loan, loan.lines, date), 422)
    expect(errorsOf(page.text).due).toMatch(
      /^New review date must be after 19 October 2026: (TAB|CHA)-\d+ is theirs until then already$/,
    )
  })

  it('says everything at once, and keeps what was typed', async () => {
    const loan = await openLoan()
    const page = await stays(loan, fieldsOf(loan, [], '', { 'due-day': '31', 'due-month': 'feb' }), 422)
    expect(errorsOf(page.text)).toEqual({
      line: 'Choose at least one item',
      'due-year': 'New review date must include a year',
    })
    expect([fieldValue(page.text, 'due-day'), fieldValue(page.text, 'due-month')]).toEqual(['31', 'feb'])
    expect(page.text).toContain('<title>Error: Extend: loan')
  })

  it('is refused once when somebody changed the loan meanwhile: it says who and what, and can be sent again', async () => {
    const loan = await openLoan()
    await champion.post(`/loans/${loan.id}/return`, { version: loan.version, line: String(loan.charger.id) })
    const stale = fieldsOf(loan, loan.lines, '2026-12-07')
    const page = await stays(loan, stale, 409)
    expect(errorsOf(page.text).line).toBe(
      `Someone changed this loan after you opened it: HERE champion took back ${loan.tags[1]}. Check what is ticked and send it again.`,
    )
    expect(idsIn(page.text, 'line')).toEqual([loan.tablet.id])
    expect(fieldValue(page.text, 'due-month')).toBe('12')
    expect(await lastVerb(app)).toBe('refused:stale')
    const again = { ...stale, line: String(loan.tablet.id), version: fieldValue(page.text, 'version') ?? '' }
    expect((await extend(loan, again)).status).toBe(303)
    expect(await dueDates(loan)).toEqual(['2026-12-07', '2026-10-19'])
  })

  it('stays stale when the form was wrong as well, until its sender heard of the change', async () => {
    const loan = await openLoan()
    await extend(loan, fieldsOf(loan, [loan.charger], '2026-11-02'))
    const now = await storedLoan(app, loan.id)
    const page = await extend(loan, fieldsOf(loan, loan.lines, ''))
    expect(page.status).toBe(422)
    expect(fieldValue(page.text, 'version')).toBe(String(loan.version))
    expect((await extend(loan, fieldsOf(loan, loan.lines, '2026-12-07'))).status).toBe(409)
    expect(await storedLoan(app, loan.id)).toEqual(now)
  })

  it('changes nothing twice: the second of two clicks is told what the first one did', async () => {
    const loan = await openLoan()
    const fields = fieldsOf(loan, loan.lines, '2026-12-07')
    const answers = await Promise.all([extend(loan, fields), extend(loan, fields)])
    const [first, second] = answers.map((answer) => answer.status).sort()
    expect(first).toBe(303)
    expect([409, 422]).toContain(second)
    expect(await changesOf(app, loan.id)).toHaveLength(1)
  })

  it('takes no line of another loan, none that has ended, and none that is made up', async () => {
    const loan = await openLoan()
    const other = await openLoan()
    await champion.post(`/loans/${loan.id}/return`, { version: loan.version, line: String(loan.charger.id) })
    const current = await storedLoan(app, loan.id)
    for (const line of [other.tablet.id, loan.charger.id, 99_999_999]) {
      expect((await extend(loan, fieldsOf(current, [{ id: line }], '2026-12-07'))).status).toBe(404)
    }
    for (const line of ['x', '-1', '0']) {
      expect((await extend(loan, { ...fieldsOf(current, [], '2026-12-07'), line })).status).toBe(422)
    }
    expect(await dueDates(other)).toEqual(['2026-10-19', '2026-10-19'])
    expect(await storedLoan(app, loan.id)).toEqual(current)
  })
})

describe('who may extend', () => {
  it('answers another organisation’s loan like one nobody has', async () => {
    const foreign = await loanTo(app.db, { serviceUser: await serviceUser(app.db, there()) })
    for (const id of [foreign.id, 99_999_999]) {
      for (const form of ['', '/extension', '/return', '/gift', '/agreement']) {
        expect((await champion.get(`/loans/${id}${form}`)).status).toBe(404)
      }
      expect((await extend({ id }, fieldsOf(foreign, foreign.lines, '2026-12-07'))).status).toBe(404)
    }
    expect(await dueDates(foreign)).toEqual(['2026-10-19', '2026-10-19'])
  })

  it.each(otherRoles)('refuses %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const loan = await openLoan()
    expect((await visitor.get(`/loans/${loan.id}/extension`)).status).toBe(403)
    expect((await extend(loan, fieldsOf(loan, loan.lines, '2026-12-07'), visitor)).status).toBe(403)
    expect(await dueDates(loan)).toEqual(['2026-10-19', '2026-10-19'])
  })
})
