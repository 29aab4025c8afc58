import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  appointment,
  availableItem,
  availableItems,
  dataAllowance,
  dataStock,
  itemBookedLater,
  itemInRepair,
  itemInTurnaround,
  loanTo,
  overdueLoan,
  partlyReturnedLoan,
  placement,
  serviceUser,
  staffMember,
  unsupportedModel,
} from '../../seeds/factories.ts'
import { londonInstant } from '../../src/lib/dates.ts'
import { presentWorklist } from '../../src/worklist/presenter.ts'
import { readWorklist } from '../../src/worklist/queries.ts'
import { presentQuietWorklist } from '../../src/worklist/quiet-presenter.ts'
import { wordsOf } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const ourWard = () => ({ id: app.people.ward.id, ...here() })
const person = (name: string) => serviceUser(app.db, { ...here(), name })
const actor = () => app.people.actors.champion

const nobodyToTalkTo = {
  data: [],
  lowStock: [],
  reviews: [],
  suggestions: [],
  notTalkedTo: [],
  barriers: [],
}

/** The words of one part of the page. */
async function section(id: string, visitor = champion): Promise<string> {
  const { text } = await visitor.get('/')
  return wordsOf(new RegExp(`<section id="${id}".*?</section>`, 's').exec(text)?.[0] ?? '').trim()
}

describe('the worklist', () => {
  it('says so when nothing needs doing, with the day', async () => {
    const words = wordsOf((await champion.get('/')).text)
    expect(words).toContain('Monday 3 August 2026')
    expect(words).toContain('Nothing needs doing today.')
  })

  it('asks kindly for what somebody who died had, and chases nobody who is on a ward', async () => {
    const gone = await person('Gil Gone')
    const alone = await person('Ali Alone')
    const admitted = await person('Ada Admitted')
    for (const serviceUser of [gone, alone, admitted]) await overdueLoan(app.db, { serviceUser, dueOn: '2026-07-01' })
    const set = (id: number, state: string, on: string | null) =>
      app.pool.query('update service_users set state = $2, state_on = $3 where id = $1', [id, state, on])
    await app.pool.query(
      `update service_user_details set emergency_name = 'Jo Example', emergency_relation = 'Sister'
       where service_user_id = $1`,
      [gone.id],
    )
    await set(gone.id, 'died', '2026-07-20')
    await set(alone.id, 'died', null)
    await set(admitted.id, 'admitted', null)
    expect(await section('kindly')).toMatch(
      /Gil Gone .* Died 20 Jul 2026 .*Ask through Jo Example \(sister\).*Nothing is owed.*Ali Alone .*Ask through the care team/,
    )
    const all = wordsOf((await champion.get('/')).text)
    expect(all).not.toContain('Ada Admitted')
    expect(await section('overdue')).toBe('')
    await set(admitted.id, 'community', null)
    expect(await section('overdue')).toContain('Ada Admitted')
    await app.pool.query(`update loan_lines set ended_at = taken_at, ended_as = 'returned' where ended_at is null`)
  })

  it('lists data that runs out before an appointment or ends, until it is topped up, each a click from its page', async () => {
    const by = { id: actor().staffId }
    const whose = await person('Una Out')
    const readings = [{ at: new Date('2026-08-03T08:00:00Z'), left: 10 }]
    const given = await dataAllowance(app.db, { ...here(), by, person: whose, period: 'once', readings })
    await appointment(app.db, { person: whose, by, from: new Date('2026-08-10T09:00:00Z') })
    const ends = { ends_on: '2026-08-12', megabytes: null }
    await dataAllowance(app.db, { ...here(), by, person: await person('Enid Ends'), ...ends })
    const died = await person('Dee Died')
    await dataAllowance(app.db, { ...here(), by, person: died, ...ends })
    await app.pool.query(`update service_users set state = 'died' where id = $1`, [died.id])
    const left = await loanTo(app.db, { serviceUser: await person('Lin Left') })
    const [line] = (await app.pool.query(`select id from loan_lines where loan_id = $1 order by id`, [left.id])).rows
    const borrower = { service_user_id: left.service_user_id, loan_line_id: line.id, megabytes: null }
    await dataAllowance(app.db, { ...here(), by, ...borrower })
    await app.pool.query(`update loan_lines set ended_at = taken_at, ended_as = 'returned' where loan_id = $1`, [
      left.id,
    ])
    const others = await serviceUser(app.db, there())
    const stranger = { id: app.people.foreignActors.champion.staffId }
    await dataAllowance(app.db, { ...there(), by: stranger, person: others, ...ends })
    const idle = [4, 0].map((weeks) => ({
      at: new Date(app.clock().getTime() - (weeks * 8 + 1) * 86_400_000),
      left: 5_000,
    }))
    const old = { made_at: new Date('2026-06-01T09:00:00Z'), starts_on: '2026-06-01', period: 'once' }
    await dataAllowance(app.db, { ...here(), by, person: await person('Ivy Idle'), ...old, readings: idle })
    const words = await section('data')
    expect(words).toMatch(
      /Lin Left .*still running, though .*Una Out .*Does not last for the video appointment .* Top it up.*Enid Ends .* 12 Aug 2026 .*Extend it, or find a cheaper tariff.*Ivy Idle .*Replace the SIM/i,
    )
    expect(words).not.toContain('Dee Died')
    expect((await champion.get('/')).text).toContain(`href="/data-allowances/${given.id}?do&#x3D;top-ups"`)
    await dataStock(app.db, { ...here(), by, provider: 'Nearly Gone' })
    expect(await section('data-stock')).toMatch(/SIM card, Nearly Gone, O2: 20 GB each month 1 left .*Bring in more/)
    const topUp = { added: '20', 'added-unit': 'gb', key: crypto.randomUUID() }
    expect((await champion.post(`/data-allowances/${given.id}/top-ups`, topUp)).status).toBe(303)
    expect(await section('data')).not.toContain('Una Out')
  })

  it('lists overdue loans, the oldest first, one line a loan, each a click from its page', async () => {
    const newer = await overdueLoan(app.db, { serviceUser: await person('Ann Newer'), dueOn: '2026-07-31' })
    const older = await overdueLoan(app.db, { serviceUser: await person('Bea Older'), dueOn: '2026-07-03' })
    await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, there()) })
    const words = await section('overdue')
    expect(words).toMatch(
      /With Bea Older About TAB-\d+, CHA-\d+ When 3 Jul 2026 31 days late What to do Review the loan to Bea Older With Ann Newer .* 3 days late/,
    )
    const { text } = await champion.get('/')
    expect(text).toContain(`href="/loans/${older.id}"`)
    expect(text).toContain(`href="/loans/${newer.id}"`)
    expect(words.match(/Review/g)).toHaveLength(2)
  })

  it('lists what is to be reviewed from today until this day next week', async () => {
    const lineOn = async (name: string, dueOn: string) => loanTo(app.db, { serviceUser: await person(name), dueOn })
    await lineOn('Due Today', '2026-08-03')
    await lineOn('Due Monday', '2026-08-10')
    await lineOn('Due Tuesday', '2026-08-11')
    const words = await section('due')
    expect(words).toContain('Due Today')
    expect(words).toContain('3 Aug 2026 today')
    expect(words).toContain('Due Monday')
    expect(words).not.toContain('Due Tuesday')
  })

  it('lists devices without a charger until one is lent, in whatever loan', async () => {
    const cam = await person('Cam Charge')
    const part = await partlyReturnedLoan(app.db, {
      serviceUser: cam,
      items: [
        await availableItem(app.db, { ...here(), category: 'charger' }),
        await availableItem(app.db, { ...here(), tag: 'FLAT-1' }),
      ],
      dueOn: '2026-12-01',
    })
    expect(await section('no-charger')).toMatch(/Cam Charge About FLAT-1 Example Model \d+ When Lent 8 Jun 2026/)
    expect((await champion.get('/')).text.replaceAll('&#x3D;', '=')).toContain(
      `href="/loans/new?service-user=${cam.id}"`,
    )
    expect((await champion.get('/')).text).toContain(`href="/loans/${part.id}"`)
    const charger = await availableItem(app.db, { ...here(), category: 'charger' })
    await loanTo(app.db, { serviceUser: cam, items: [charger], dueOn: '2026-12-01' })
    expect(await section('no-charger')).not.toContain('FLAT-1')
  })

  it('lists no charger for what needs none, nor for what came back', async () => {
    const headset = await availableItem(app.db, { ...here(), category: 'headset' })
    await loanTo(app.db, { serviceUser: await person('Dee Headset'), items: [headset], dueOn: '2026-12-01' })
    expect(await section('no-charger')).not.toContain('Dee Headset')
  })

  it('lists devices whose security updates end within 90 days, the soonest first', async () => {
    const lend = async (name: string, support_ends_on: string) => {
      const model = await unsupportedModel(app.db, { ...here(), support_ends_on })
      const items = [
        await availableItem(app.db, { model }),
        await availableItem(app.db, { ...here(), category: 'charger' }),
      ]
      return loanTo(app.db, { serviceUser: await person(name), items, dueOn: '2026-12-01' })
    }
    await lend('Eve Ends', '2026-11-01')
    await lend('Fay Ended', '2026-08-03')
    await lend('Gil Goes-On', '2026-11-02')
    const words = await section('support')
    expect(words).toMatch(/Fay Ended .* Ended 3 Aug 2026 .* Eve Ends .* Ends 1 Nov 2026/)
    expect(words).not.toContain('Gil Goes-On')
  })

  it('lists plans that what is out now puts at risk, until the end of the next working day', async () => {
    const headset = async () => availableItem(app.db, { ...here(), category: 'headset' })
    const at = (date: string) => ({
      from: londonInstant(date, '14:00').value,
      until: londonInstant(date, '15:00').value,
    })
    const [late, lateLater, out] = [await headset(), await headset(), await headset()]
    const loan = await overdueLoan(app.db, {
      serviceUser: await person('Hal Late'),
      items: [late],
      dueOn: '2026-07-31',
    })
    await overdueLoan(app.db, { serviceUser: await person('Ida Late'), items: [lateLater], dueOn: '2026-07-31' })
    await loanTo(app.db, { serviceUser: await person('Jo Intime'), items: [out], dueOn: '2026-08-03' })
    const notReady = await itemInTurnaround(app.db, { ...here(), category: 'headset' })
    await itemBookedLater(app.db, { item: late, ...at('2026-08-04') })
    await itemBookedLater(app.db, { item: lateLater, ...at('2026-08-05') })
    await itemBookedLater(app.db, { item: out, ...at('2026-08-04') })
    await itemBookedLater(app.db, { item: notReady, ...at('2026-08-03') })
    const words = await section('at-risk')
    expect(words).toContain(`${notReady.tag} Still being made ready When Wanted Monday 3 August 2026 at 2pm`)
    expect(words).toContain(`Make it ready ${notReady.tag}`)
    expect(words).toContain(`${late.tag} 3 days late When Wanted Tuesday 4 August 2026 at 2pm`)
    expect(words).toContain(`Ask for it back ${late.tag}`)
    expect((await champion.get('/')).text).toContain(`href="/loans/${loan.id}"`)
    for (const tag of [lateLater.tag, out.tag]) expect(words).not.toContain(tag)
  })

  it('shows ward staff what their own wards have to give back, and no more', async () => {
    const ward = await app.signedInAs('ward-staff')
    await placement(app.db, { ward: ourWard(), dueOn: '2026-07-31' })
    await placement(app.db, { ward: { id: app.people.otherWard.id, ...here() }, dueOn: '2026-07-31' })
    const { text } = await ward.get('/')
    expect(wordsOf(text)).toContain('Ash Ward')
    for (const other of ['Birch Ward', 'Bea Older', 'FLAT-1', 'Fay Ended']) expect(text).not.toContain(other)
    for (const id of ['due', 'no-charger', 'support', 'at-risk']) expect(text).not.toContain(`<section id="${id}"`)
  })

  it.each(['administrator', 'care-team', 'information-governance'] as const)(
    'shows %s nothing of loans',
    async (role) => {
      const page = await (await app.signedInAs(role)).get('/')
      expect(page.status).toBe(200)
      expect(page.text).not.toContain('<section')
      expect(wordsOf(page.text)).toContain('Nothing needs doing today.')
    },
  )
})

describe('the home of an administrator', () => {
  it('lists what is expected back from repair, and nothing of who has what', async () => {
    const repair = { reason: 'Broken', place: 'Example Repairs', cost_pence: null, expected_back_on: '2026-08-01' }
    const by = { id: actor().staffId }
    await itemInRepair(app.db, { ...here(), tag: 'LATE-BACK', by, repair })
    await itemInRepair(app.db, { ...here(), by, repair: { ...repair, expected_back_on: '2026-08-04' } })
    await itemInRepair(app.db, { ...there(), by: { id: app.people.foreignActors.champion.staffId }, repair })
    const administrator = await app.signedInAs('administrator')
    const words = await section('repairs', administrator)
    expect(words).toMatch(/With Example Repairs About LATE-BACK When .* Ask after it, or take it back/)
    expect(words.match(/Ask after it/g)).toHaveLength(1)
    expect((await administrator.get('/')).text.match(/<section/g)).toHaveLength(1)
  })
})

describe('the question behind it', () => {
  const until = new Date('2026-08-05T00:00:00Z')
  const asked = (lines: number, rows: number, supportUntil = '2026-11-01') => ({
    ...{
      role: actor().role,
      organisationId: actor().organisationId,
      wardIds: [],
      staffId: 0,
      caseloadOnly: false,
      openedIds: [],
      isLeadChampion: false,
      lines,
      rows,
      supportUntil,
    },
    ...{ now: startOfTest, today: '2026-08-03', yesterday: '2026-08-02', soonUntil: '2026-08-10' },
    ...{
      reviewsUntil: '2026-08-31',
      plansUntil: until,
      tasksUntil: until,
      visitsUntil: until,
      collectedUntil: startOfTest,
    },
  })

  it('asks for no more lines than it may, the most urgent', async () => {
    const all = await readWorklist(app.db, asked(100, 100))
    expect(all.overdue.length).toBeGreaterThan(4)
    const few = await readWorklist(app.db, asked(2, 1))
    expect(few.overdue).toEqual(all.overdue.slice(0, 2))
    expect(few.worries.filter((line) => line.worry === 'support')).toHaveLength(1)
    expect(few.atRisk).toHaveLength(1)
  })

  it('counts a charger for the whole of a ward and for a member of staff', async () => {
    const staff = await staffMember(app.db, here())
    const [phone, laptop] = await availableItems(app.db, [
      { ...here(), category: 'smartphone', tag: 'NOCHA-1' },
      { ...here(), category: 'laptop', tag: 'NOCHA-2' },
    ])
    if (!phone || !laptop) throw new Error('two devices')
    await loanTo(app.db, { staff, items: [phone], isWithoutCharger: true })
    await placement(app.db, {
      ward: { id: app.people.otherWard.id, ...here() },
      items: [laptop],
      isWithoutCharger: true,
    })
    const tags = async () =>
      (await readWorklist(app.db, asked(100, 100, '2020-01-01'))).worries
        .map((line) => line.tag)
        .filter((tag) => /^NOCHA/.test(tag))
    // the other ward was lent a tablet with its charger above
    expect(await tags()).toEqual(['NOCHA-1'])
    await loanTo(app.db, { staff, items: [await availableItem(app.db, { ...here(), category: 'charger' })] })
    expect(await tags()).toEqual([])
  })
})

const noAppointments = { soon: [], waiting: [], trials: [], moreComes: null }

describe('a long list', () => {
  const line = (n: number) => ({
    loan_id: n,
    tag: `TAB-${n}`,
    due_on: '2026-08-01',
    service_user_id: n,
    service_user: `Person ${n}`,
    ward_id: null,
    ward: null,
    staff_id: null,
    staff_member: null,
  })
  const lines = (count: number) => Array.from({ length: count }, (_, n) => line(n + 1))
  const shown = (count: number, limit = 100) =>
    presentWorklist({
      meetsPeople: false,
      overdue: lines(count),
      due: [],
      worries: [],
      atRisk: [],
      tasks: [],
      repairs: [],
      toPlan: [],
      visits: [],
      contacts: [],
      troubles: [],
      carePlans: [],
      groups: [],
      cables: [],
      referrals: [],
      concerns: [],
      uncollected: [],
      waits: [],
      waitItems: [],
      kindly: [],
      ...nobodyToTalkTo,
      ...noAppointments,
      now: startOfTest,
      today: '2026-08-03',
      limit,
    }).sections[0]

  it.each([
    [5, 5, undefined],
    [6, 5, 'These are the first 5. 1 more comes after them.'],
    [40, 5, 'These are the first 5. 35 more come after them.'],
    [100, 5, 'These are the first 5. Many more come after them.'],
  ])('of %i is cut to %i', (count, rows, text) => {
    expect(shown(count)?.table.rows).toHaveLength(rows)
    expect(shown(count)?.more?.text).toBe(text)
  })

  it('is told in short above, and led to, heading by heading, where there are many of them', async () => {
    const { text } = await champion.get('/')
    const headings = [...text.matchAll(/<section id="([^"]+)" class="app-worklist">/g)].map(([, id]) => id)
    const links = [...text.matchAll(/<li><a href="#([^"]+)">([^<]+)/g)]
    expect(headings.length).toBeGreaterThan(4)
    expect(text).toContain(`Go to one of ${headings.length} kinds of things to do`)
    expect(links.map(([, id]) => id)).toEqual(headings)
    expect(links.find(([, id]) => id === 'overdue')?.[2]).toMatch(
      /^Overdue: find out what they need \(\d+( or more)?\)$/,
    )
  })

  it('says that more come where all the lines that were read are of one loan', () => {
    const ofOneLoan = lines(40).map((due) => ({ ...due, loan_id: 1 }))
    const none = { due: [], worries: [], atRisk: [], tasks: [], repairs: [], toPlan: [], visits: [] }
    const nothing = {
      ...none,
      ...noAppointments,
      ...nobodyToTalkTo,
      contacts: [],
      troubles: [],
      carePlans: [],
      groups: [],
      cables: [],
      referrals: [],
      concerns: [],
      uncollected: [],
      waits: [],
      waitItems: [],
      kindly: [],
    }
    const [overdue] = presentWorklist({
      meetsPeople: false,
      ...nothing,
      overdue: ofOneLoan,
      now: startOfTest,
      today: '2026-08-03',
      limit: 40,
    }).sections
    expect(overdue?.table.rows).toHaveLength(1)
    expect(overdue?.more?.text).toBe('This is the first. Many more come after it.')
  })

  it('leads to all of them', () => {
    expect(shown(16)?.more?.link).toEqual({ href: '/loans?show=overdue', text: 'See all overdue loans' })
  })

  it('is not there for those whose work is not lending', () => {
    const nothing = {
      tasks: [],
      repairs: [],
      openings: [],
      meetsPeople: false,
      concerns: [],
      words: [],
      carePlans: [],
      ...noAppointments,
      now: startOfTest,
      today: '2026-08-03',
      limit: 100,
    }
    expect(presentQuietWorklist(nothing)).toMatchObject({ sections: [], today: 'Monday 3 August 2026' })
  })
})
