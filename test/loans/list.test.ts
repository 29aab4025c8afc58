import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItems,
  closedLoan,
  giftLoan,
  loanTo,
  overdueLoan,
  partlyReturnedLoan,
  placement,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { wordsOf } from './forms.ts'

let app: TestApp
let champion: Visitor
let ward: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  ward = await app.signedInAs('ward-staff')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const person = (name: string) => serviceUser(app.db, { ...here(), name })

/** The loans on a page, by number, in the order they stand. */
const numbersOn = (html: string) => [...html.matchAll(/href="\/loans\/(\d+)"/g)].map(([, id]) => Number(id))

describe('the list of loans', () => {
  it('says so when nothing is on loan, and how to begin', async () => {
    const page = await champion.get('/loans')
    expect(wordsOf(page.text)).toContain('Nothing is on loan. Lend something')
    for (const [show, words] of [
      ['overdue', 'Nothing is overdue.'],
      ['due', 'No loan is due for review in the next 4 weeks.'],
      ['closed', 'No loan is closed yet.'],
      ['all', 'Nothing was ever lent.'],
    ]) {
      expect(wordsOf((await champion.get(`/loans?show=${show}`)).text)).toContain(words)
    }
  })

  describe('with loans in every state', () => {
    let ids: Record<string, number>

    beforeAll(async () => {
      const open = await loanTo(app.db, { serviceUser: await person('Ann Open') })
      const soon = await loanTo(app.db, { serviceUser: await person('Bea Soon'), dueOn: '2026-08-31' })
      const later = await loanTo(app.db, { serviceUser: await person('Col Later'), dueOn: '2026-09-01' })
      const late = await overdueLoan(app.db, { serviceUser: await person('Dee Late') })
      const part = await partlyReturnedLoan(app.db, { serviceUser: await person('Eve Part'), dueOn: '2026-12-01' })
      const closed = await closedLoan(app.db, { serviceUser: await person('Fay Closed') })
      const gift = await giftLoan(app.db, { serviceUser: await person('Gil Gift') })
      const staff = await loanTo(app.db, {
        staff: await staffMember(app.db, { ...here(), name: 'Hal Staff' }),
        dueOn: '2026-12-01',
      })
      const placed = await placement(app.db, { ward: { id: app.people.ward.id, ...here() }, dueOn: '2026-12-01' })
      const elsewhere = await placement(app.db, {
        ward: { id: app.people.otherWard.id, ...here() },
        dueOn: '2026-12-01',
      })
      await loanTo(app.db, { serviceUser: await serviceUser(app.db, there()) })
      const all = { open, soon, later, late, part, closed, gift, staff, placed, elsewhere }
      ids = Object.fromEntries(Object.entries(all).map(([name, loan]) => [name, loan.id]))
    })

    it.each([
      ['', ['elsewhere', 'placed', 'staff', 'part', 'late', 'later', 'soon', 'open']],
      ['?show=overdue', ['late']],
      ['?show=due', ['soon']],
      ['?show=closed', ['gift', 'closed']],
      ['?show=all', ['elsewhere', 'placed', 'staff', 'gift', 'closed', 'part', 'late', 'later', 'soon', 'open']],
      ['?show=nonsense', ['elsewhere', 'placed', 'staff', 'part', 'late', 'later', 'soon', 'open']],
    ])('“%s” shows the right ones, the newest first, and none of another organisation', async (query, names) => {
      const page = await champion.get(`/loans${query}`)
      expect(numbersOn(page.text)).toEqual(names.map((name) => ids[name]))
    })

    it('says who has what, since when, until when, and how it stands', async () => {
      const words = wordsOf((await champion.get('/loans?show=all')).text)
      expect(words).toMatch(
        /Dee Late Loan \d+ Items TAB-\d+, CHA-\d+ Lent 13 Apr 2026 Next review 6 Jul 2026 28 days late State Overdue/,
      )
      expect(words).toMatch(/Eve Part Loan \d+ .*? State Partly returned/)
      expect(words).toMatch(/Fay Closed Loan \d+ .*? State Closed/)
      expect(words).toMatch(/Gil Gift Loan \d+ .*? State Closed/)
      expect(words).toContain('Hal Staff')
      expect(words).toContain('Ash Ward')
    })

    it('shows ward staff what their own wards have, and nobody’s name', async () => {
      const page = await ward.get('/loans?show=all')
      expect(numbersOn(page.text)).toEqual([ids.placed])
      expect(page.text).not.toContain('Lend something')
      const loan = await ward.get(`/loans/${ids.placed}`)
      expect(loan.status).toBe(200)
      expect(wordsOf(loan.text)).toContain('Ash Ward')
      expect(wordsOf(loan.text)).not.toMatch(/Take back|Extend|Give to keep|Print the agreement/)
      for (const name of ['elsewhere', 'open', 'staff']) {
        for (const page of ['', '/agreement', '/extension', '/return', '/gift']) {
          const { status } = await ward.get(`/loans/${ids[name]}${page}`)
          expect(status).toBe(page === '' ? 404 : 403)
        }
      }
    })

    it.each(['administrator', 'care-team', 'information-governance', 'commissioner'] as const)(
      'is not for %s',
      async (role) => {
        const visitor = await app.signedInAs(role)
        expect((await visitor.get('/loans')).status).toBe(403)
        expect((await visitor.get(`/loans/${ids.open}`)).status).toBe(403)
      },
    )

    it('asks a visitor to sign in', async () => {
      const answer = await app.visitor().get('/loans?show=overdue')
      expect(answer.headers.location).toBe('/sign-in?return=%2Floans%3Fshow%3Doverdue')
    })
  })

  it('shows 50 a page, there and back, and takes a made-up cursor for the first page', async () => {
    const crowd = await startApp()
    try {
      const visitor = await crowd.signedInAs('champion')
      const ours = { organisation_id: crowd.people.organisationId }
      const borrower = await serviceUser(crowd.db, ours)
      const items = await availableItems(
        crowd.db,
        Array.from({ length: 101 }, () => ({ ...ours, category: 'headset' as const })),
      )
      const lentBy = { id: crowd.people.actors.champion.staffId }
      for (const item of items) await loanTo(crowd.db, { serviceUser: borrower, items: [item], lentBy })
      const link = (html: string, rel: string) =>
        new RegExp(`href="([^"]*)" rel="${rel}"`).exec(html)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
      const pages = [await visitor.get('/loans?show=all')]
      while (link(pages.at(-1)?.text ?? '', 'next'))
        pages.push(await visitor.get(link(pages.at(-1)?.text ?? '', 'next') ?? ''))
      const numbers = pages.map((page) => numbersOn(page.text))
      expect(numbers.map((list) => list.length)).toEqual([50, 50, 1])
      expect(numbers.flat()).toEqual([...numbers.flat()].sort((a, b) => b - a))
      const back = await visitor.get(link(pages[2]?.text ?? '', 'prev') ?? '')
      expect(numbersOn(back.text)).toEqual(numbers[1])
      expect(link(back.text, 'next')).toMatch(/show=all/)
      for (const cursor of ['after=zebra', 'before=-1', 'after=1e9']) {
        expect(numbersOn((await visitor.get(`/loans?show=all&${cursor}`)).text)).toEqual(numbers[0])
      }
    } finally {
      await crowd.close()
    }
  })

  it('shortens a long list of items', async () => {
    const items = await availableItems(
      app.db,
      Array.from({ length: 7 }, () => ({ ...here(), category: 'headset' as const })),
    )
    await loanTo(app.db, { serviceUser: await person('Ida Many'), items })
    const words = wordsOf((await champion.get('/loans')).text)
    const tags = items.slice(0, 4).map((item) => item.tag)
    expect(words).toContain(`${tags.join(', ')} and 3 more`)
  })
})

describe('a loan', () => {
  it('counts as part of a person’s record, so who looks is kept; a ward’s does not', async () => {
    const ann = await person('Ann Looked-At')
    const loan = await loanTo(app.db, { serviceUser: ann })
    const placed = await placement(app.db, { ward: { id: app.people.ward.id, ...here() } })
    await champion.get(`/loans/${loan.id}`)
    await champion.get(`/loans/${loan.id}/agreement`)
    await champion.get(`/loans/${placed.id}`)
    const views = await app.db
      .selectFrom('audit_events')
      .select(['verb', 'service_user_id', 'staff_id'])
      .where('subject_type', '=', 'loan')
      .where('subject_id', 'in', [loan.id, placed.id])
      .execute()
    const view = { verb: 'loan:viewed', service_user_id: ann.id, staff_id: app.people.actors.champion.staffId }
    expect(views).toEqual([view, view])
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).not.toContain('viewed')
  })

  it('keeps a person’s name out of the title, the addresses and the log', async () => {
    const loan = await loanTo(app.db, { serviceUser: await person('Canary Featherstone') })
    for (const page of ['', '/extension', '/return', '/gift', '/agreement']) {
      const { text } = await champion.get(`/loans/${loan.id}${page}`)
      expect(wordsOf(text)).toContain('Canary Featherstone')
      expect(/<title>.*?<\/title>/.exec(text)?.[0]).not.toContain('Canary')
    }
    expect(app.logged()).not.toContain('Canary')
  })

  it.each(['0', '-1', 'x', '1e3', '99999999999999999999', '%00'])(
    'answers loan “%s” like one nobody has',
    async (id) => {
      for (const page of ['', '/extension', '/return', '/gift', '/agreement']) {
        expect((await champion.get(`/loans/${id}${page}`)).status).toBe(404)
      }
    },
  )
})
