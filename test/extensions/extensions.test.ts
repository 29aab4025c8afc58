import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItems, itemBookedLater, loanTo, overdueLoan, placement, serviceUser } from '../../seeds/factories.ts'
import {
  changesOf,
  dateFields,
  errorsOf,
  type Fields,
  lastVerb,
  storedLines,
  storedLoan,
  wordsOf,
} from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** Items out since 27 July until 19 October, with somebody of this name. */
async function lent(name: string, count = 1) {
  const person = await serviceUser(app.db, { ...here(), name })
  const items = await availableItems(
    app.db,
    Array.from({ length: count }, () => here()),
  )
  const loan = await loanTo(app.db, { serviceUser: person, items, isWithoutCharger: true })
  return { ...loan, person, items, tags: items.map((item) => item.tag) }
}

type Line = { id: number; due_on: string | null }

const fieldsOf = (lines: Line[], more: Fields = {}): Fields => ({
  key: crypto.randomUUID(),
  show: 'open',
  line: lines.map(({ id, due_on }) => `${id}.${due_on}`),
  until: 'again',
  ...dateFields('due', ''),
  ...more,
})

const untilDay = (day: string): Fields => ({ until: 'date', ...dateFields('due', day) })
const send = (fields: Fields, visitor = champion) => visitor.post('/loans/extensions', fields)
const dueDates = async (loan: { id: number }) => (await storedLines(app, loan.id)).map((line) => line.due_on)
/** The lines whose boxes are ticked on this page. */
const tickedOn = (html: string) =>
  [...html.matchAll(/<input\b[^>]*name="line"[^>]*>/g)].flatMap(([tag]) =>
    tag.includes(' checked') ? Number(/value="(\d+)\./.exec(tag)?.[1]) : [],
  )

describe('what can be extended', () => {
  it('is listed by when its review is, or by who has it, with everything ticked', async () => {
    const late = await overdueLoan(app.db, {
      serviceUser: await serviceUser(app.db, { ...here(), name: 'Late Example' }),
    })
    const ann = await lent('Ann Example', 2)
    const overdue = await champion.get('/loans/extensions?show=overdue')
    expect(tickedOn(overdue.text).sort()).toEqual(late.lines.map(({ id }) => id).sort())
    expect(wordsOf(overdue.text)).toMatch(/Late Example: .*? Review Monday 6 July 2026/)
    const hers = await champion.get(`/loans/extensions?service-user=${ann.person.id}`)
    expect(tickedOn(hers.text)).toEqual(ann.lines.map(({ id }) => id))
    expect(wordsOf(hers.text)).toContain('Extend for Ann Example')
    const none = await champion.get('/loans/extensions?show=week')
    expect(wordsOf(none.text)).toContain('Nothing on loan is due then')
    expect((await champion.get('/loans?show=overdue')).text).toContain('/loans/extensions?show&#x3D;overdue')
  })
})

describe('extending several', () => {
  it('until a day, across loans: each is audited by itself, and a weekend moves on', async () => {
    const [ann, ben] = [await lent('Ann Example', 2), await lent('Ben Example')]
    const answer = await send(fieldsOf([...ann.lines, ...ben.lines], untilDay('2026-12-12')))
    expect([answer.status, answer.headers.location]).toEqual([303, '/loans?show=open'])
    expect([...(await dueDates(ann)), ...(await dueDates(ben))]).toEqual(Array(3).fill('2026-12-14'))
    expect(wordsOf((await champion.get('/loans')).text)).toContain('Extended: 3 items of 2 loans.')
    expect(await changesOf(app, ann.id)).toEqual([
      {
        verb: 'loan:extended',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: ann.person.id,
        details: { items: ann.tags, dueOn: '2026-12-14', before: ['2026-10-19', '2026-10-19'] },
      },
    ])
    expect((await storedLoan(app, ann.id)).version).toBe(2)
    expect(wordsOf((await champion.get(`/loans/${ben.id}`)).text)).toContain('extended')
  })

  it('as long again: from its own review date, or from today where that has gone by', async () => {
    const ann = await lent('Ann Example')
    const late = await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    await send(fieldsOf([...ann.lines, ...late.lines]))
    expect(await dueDates(ann)).toEqual(['2027-01-11'])
    expect(await dueDates(late)).toEqual(['2026-10-26', '2026-10-26'])
  })

  it('extends nothing while somebody stands in the way: says whose and when, takes those ticks off, and goes on', async () => {
    const [ann, ben] = [await lent('Ann Example', 2), await lent('Ben Example')]
    await itemBookedLater(app.db, {
      item: ann.items[0]!,
      from: new Date('2026-11-02T14:00:00Z'),
      until: new Date('2026-11-02T15:00:00Z'),
    })
    const page = await send(fieldsOf([...ann.lines, ...ben.lines], untilDay('2026-12-14')))
    expect(page.status).toBe(409)
    const reason = `${ann.tags[0]} is planned for someone else from Monday 2 November 2026 at 2pm until Monday 2 November 2026 at 3pm`
    expect(Object.values(errorsOf(page.text))).toEqual([reason])
    expect(wordsOf(page.text)).toContain(`Not extended: ${reason}.`)
    expect(await dueDates(ann)).toEqual(['2026-10-19', '2026-10-19'])
    const ticked = tickedOn(page.text)
    expect(ticked).toEqual(expect.arrayContaining([ann.lines[1]!.id, ben.lines[0]!.id]))
    expect(ticked).not.toContain(ann.lines[0]!.id)
    expect(await lastVerb(app)).toBe('refused:rule-broken')
    expect((await send(fieldsOf([ann.lines[1]!, ...ben.lines], untilDay('2026-12-14')))).status).toBe(303)
    expect(await dueDates(ann)).toEqual(['2026-10-19', '2026-12-14'])
  })

  it('leaves a ward’s own bookings be, and says what others have planned there', async () => {
    const ward = { id: app.people.ward.id, ...here() }
    const items = await availableItems(app.db, [here(), here()])
    const home = await placement(app.db, { ward, items, isWithoutCharger: true, dueOn: '2026-10-19' })
    const november = { from: new Date('2026-11-02T14:00:00Z'), until: new Date('2026-11-02T15:00:00Z') }
    await itemBookedLater(app.db, {
      item: items[0]!,
      ward,
      from: new Date('2026-09-02T14:00:00Z'),
      until: new Date('2026-09-02T15:00:00Z'),
    })
    await itemBookedLater(app.db, { item: items[1]!, ...november })
    const page = await send(fieldsOf(home.lines, untilDay('2026-12-14')))
    expect(Object.values(errorsOf(page.text)).join()).toContain(`${items[1]!.tag} is planned for`)
    expect(page.text).not.toContain(`${items[0]!.tag} is planned for`)
    expect((await send(fieldsOf([home.lines[0]!], untilDay('2026-12-14')))).status).toBe(303)
  })

  it('says what is theirs until then already, and what came back or was extended since the page was shown', async () => {
    const [ann, ben, cat] = [await lent('Ann Example'), await lent('Ben Example'), await lent('Cat Example')]
    const fields = fieldsOf([...ann.lines, ...ben.lines, ...cat.lines], untilDay('2026-10-19'))
    await champion.post('/loans/returns', { key: crypto.randomUUID(), codes: ann.tags.join() })
    await send(fieldsOf(ben.lines))
    const page = await send(fields)
    expect(page.status).toBe(409)
    const reasons = wordsOf(page.text)
    expect(reasons).toContain(`${ann.tags[0]} is no longer with them: returned`)
    expect(reasons).toContain(`Someone else has just changed the review of ${ben.tags[0]} to 11 January 2027`)
    expect(reasons).toContain(`${cat.tags[0]} is theirs until 19 October 2026 already`)
    expect(await dueDates(cat)).toEqual(['2026-10-19'])
  })

  it('says what is wrong with the form, all at once', async () => {
    const ann = await lent('Ann Example')
    const empty = await send(fieldsOf([], { until: '' }))
    expect([empty.status, errorsOf(empty.text)]).toEqual([
      422,
      { line: 'Choose at least one item', until: 'Choose until when they keep them' },
    ])
    const past = await send(fieldsOf(ann.lines, untilDay('2026-08-03')))
    expect(errorsOf(past.text)).toEqual({ due: 'The review date must be after today' })
    expect(errorsOf((await send(fieldsOf(ann.lines, untilDay('')))).text)).toEqual({ due: 'Enter the new review date' })
  })

  it('counts once when it is sent twice at once', async () => {
    const ann = await lent('Ann Example')
    const fields = fieldsOf(ann.lines)
    const answers = await Promise.all([send(fields), send(fields)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(await dueDates(ann)).toEqual(['2027-01-11'])
    expect(await changesOf(app, ann.id)).toHaveLength(1)
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const ann = await lent('Ann Example')
    expect((await visitor.get('/loans/extensions')).status).toBe(403)
    expect((await send(fieldsOf(ann.lines), visitor)).status).toBe(403)
    expect(await dueDates(ann)).toEqual(['2026-10-19'])
  })

  it('knows nothing of another organisation’s lines', async () => {
    const person = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const foreign = await loanTo(app.db, { serviceUser: person })
    const ann = await lent('Ann Example')
    expect((await send(fieldsOf([...ann.lines, foreign.lines[0]!]))).status).toBe(404)
    expect((await send(fieldsOf([{ id: 99_999_999, due_on: '2026-10-19' }]))).status).toBe(404)
    expect([...(await dueDates(foreign)), ...(await dueDates(ann))]).toEqual(Array(3).fill('2026-10-19'))
    expect(tickedOn((await champion.get(`/loans/extensions?service-user=${person.id}`)).text)).toEqual([])
  })
})
