import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { availableItem, itemBookedLater, loanTo, overdueLoan, placement, serviceUser } from '../../seeds/factories.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import {
  changesOf,
  countLoans,
  errorsOf,
  type Fields,
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

/** A tablet and a charger with Ann Example until 19 October, and her son Ben. */
async function family() {
  const ann = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
  const ben = await serviceUser(app.db, { ...here(), name: 'Ben Example' })
  const loan = await loanTo(app.db, { serviceUser: ann })
  return { ann, ben, loan }
}

type Sent = { id: number; version: number; lines: { id: number }[] }

const fieldsOf = (loan: Sent, more: Fields = {}): Fields => ({
  key: crypto.randomUUID(),
  version: loan.version,
  line: loan.lines.map(({ id }) => String(id)),
  agreement: 'paper',
  witness: '',
  'unwiped-reason': 'Her son uses it with her and she agrees',
  'unsupported-reason': '',
  ...more,
})
const send = (loan: { id: number }, fields: Fields, visitor = champion) =>
  visitor.post(`/loans/${loan.id}/transfer`, fields)
const instant = (at: Date | string | null | undefined) => (at ? new Date(at).toISOString() : null)

async function stays(loan: Sent, fields: Fields, status: number) {
  const before = [await storedLoan(app, loan.id), await storedLines(app, loan.id), await countLoans(app)]
  const page = await send(loan, fields)
  expect(page.status).toBe(status)
  expect([await storedLoan(app, loan.id), await storedLines(app, loan.id), await countLoans(app)]).toEqual(before)
  return page
}

describe('transferring a loan', () => {
  it('moves what is open to a new loan for the other, from now until the same day, with the reason it was not wiped', async () => {
    const { ann, ben, loan } = await family()
    await champion.post(`/loans/${loan.id}/transfer/people`, { search: 'Ben Example' })
    expect((await champion.get(`/loans/${loan.id}/transfer/people`)).text).toContain(
      `/loans/${loan.id}/transfer?service-user&#x3D;${ben.id}`,
    )
    const form = await champion.get(`/loans/${loan.id}/transfer?service-user=${ben.id}`)
    expect(wordsOf(form.text)).toContain('Transfer from Ann Example to Ben Example')
    const answer = await send(loan, fieldsOf(loan, { 'service-user': ben.id }))
    const id = loanIdIn(answer.headers.location)
    expect(answer.status).toBe(303)
    const [before, after] = [await storedLines(app, loan.id), await storedLines(app, id)]
    expect(before.map((line) => [line.ended_as, instant(line.ended_at)])).toEqual(
      Array(2).fill(['returned', startOfTest.toISOString()]),
    )
    expect(after.map((line) => [line.follows_line_id, line.due_on, instant(line.taken_at)])).toEqual(
      before.map((line) => [line.id, line.due_on, startOfTest.toISOString()]),
    )
    const made = await storedLoan(app, id)
    expect([made.service_user_id, made.agreement_how, made.unwiped_reason]).toEqual([
      ben.id,
      'paper',
      'Her son uses it with her and she agrees',
    ])
    expect((await changesOf(app, loan.id)).map(({ verb, service_user_id }) => [verb, service_user_id])).toEqual([
      ['loan:transferred', ann.id],
    ])
    expect((await changesOf(app, id)).map(({ verb, service_user_id }) => [verb, service_user_id])).toEqual([
      ['loan:taken-over', ben.id],
    ])
    const theirs = wordsOf((await champion.get(`/loans/${id}`)).text)
    expect(theirs).toContain('Her son uses it with her and she agrees')
    expect(theirs).toContain(`here from loan ${loan.id}.`)
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(`and went on to loan ${id}`)
    const { tag } = await app.db
      .selectFrom('items')
      .select('tag')
      .where('id', '=', before[0]!.item_id)
      .executeTakeFirstOrThrow()
    const item = wordsOf((await champion.get(`/items/${tag}`)).text)
    expect(item).toContain(`Went on from Ann Example, to loan ${id}.`)
    expect(item).toContain('Lent to Ben Example')
    expect(Object.keys(await brokenRules(app.db))).toEqual(['a loan that nobody in the audit lent'])
  })

  it('moves a part and leaves the rest; what has to be wiped asks why not, a charger does not', async () => {
    const { ben, loan } = await family()
    const [tablet, charger] = loan.lines
    const part = { ...loan, lines: [charger!] }
    expect((await send(loan, fieldsOf(part, { 'service-user': ben.id, 'unwiped-reason': '' }))).status).toBe(303)
    const open = (await storedLines(app, loan.id)).filter(({ ended_at }) => ended_at === null)
    expect(open.map(({ id }) => id)).toEqual([tablet!.id])
  })

  it('moves a ward’s items to another ward’s pool, without an agreement or a wipe', async () => {
    const tablet = await availableItem(app.db, here())
    const home = await placement(app.db, {
      ward: { id: app.people.ward.id, ...here() },
      items: [tablet],
      isWithoutCharger: true,
    })
    const toWard = { ward: app.people.otherWard.id, agreement: '', 'unwiped-reason': '', 'without-charger': 'yes' }
    const answer = await send(home, fieldsOf(home, toWard))
    expect(answer.status).toBe(303)
    const [line] = await storedLines(app, loanIdIn(answer.headers.location))
    expect([line?.placed_with_ward_id, line?.ended_at]).toEqual([app.people.otherWard.id, null])
  })

  it('says whose booking in the ward’s pool is in the way, and to whom the ward lent it on', async () => {
    const ward = { id: app.people.ward.id, ...here() }
    const [booked, lentOn] = [
      await availableItem(app.db, { ...here(), category: 'headset' }),
      await availableItem(app.db, { ...here(), category: 'headset' }),
    ]
    const home = await placement(app.db, { ward, items: [booked, lentOn] })
    await itemBookedLater(app.db, { item: booked, ward })
    const ann = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
    await champion.post('/loans', lendFields([lentOn.id], { 'service-user': ann.id }))
    const toWard = { ward: app.people.otherWard.id, agreement: '' }
    const first = await stays(home, fieldsOf({ ...home, lines: [home.lines[0]!] }, toWard), 409)
    expect(errorsOf(first.text).line).toContain(
      `${booked.tag} is planned for Ash Ward from Tuesday 4 August 2026 at 2pm`,
    )
    const second = await stays(home, fieldsOf({ ...home, lines: [home.lines[1]!] }, toWard), 409)
    expect(errorsOf(second.text).line).toContain(`Ann Example has ${lentOn.tag}`)
  })

  it('is reviewed today where the review has gone by', async () => {
    const ann = await serviceUser(app.db, here())
    const late = await overdueLoan(app.db, { serviceUser: ann })
    const ben = await serviceUser(app.db, here())
    const answer = await send(late, fieldsOf(late, { 'service-user': ben.id }))
    const lines = await storedLines(app, loanIdIn(answer.headers.location))
    expect(lines.map(({ due_on }) => due_on)).toEqual(['2026-08-03', '2026-08-03'])
  })
})

describe('a transfer that is wrong', () => {
  it('says everything at once', async () => {
    const { ben, loan } = await family()
    const [tablet] = loan.lines
    const page = await stays(
      loan,
      fieldsOf({ ...loan, lines: [tablet!] }, { 'service-user': ben.id, agreement: '', 'unwiped-reason': ' ' }),
      422,
    )
    expect(Object.keys(errorsOf(page.text)).sort()).toEqual(['agreement', 'unwiped-reason', 'without-charger'])
    const none = await stays(loan, fieldsOf({ ...loan, lines: [] }, { 'service-user': ben.id }), 422)
    expect(errorsOf(none.text)).toEqual({ line: 'Choose at least one item' })
  })

  it('is refused to who has it already, and when somebody changed the loan meanwhile', async () => {
    const { ann, ben, loan } = await family()
    const same = await stays(loan, fieldsOf(loan, { 'service-user': ann.id }), 409)
    expect(errorsOf(same.text)).toEqual({ line: 'They have it already. Choose somebody else.' })
    const stale = await stays(loan, fieldsOf({ ...loan, version: 7 }, { 'service-user': ben.id }), 409)
    expect(errorsOf(stale.text).line).toContain('Someone changed this loan after you opened it')
  })

  it('counts once when it is sent twice at once', async () => {
    const { ben, loan } = await family()
    const fields = fieldsOf(loan, { 'service-user': ben.id })
    const answers = await Promise.all([send(loan, fields), send(loan, fields)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(answers[0]?.headers.location).toBe(answers[1]?.headers.location)
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const { ben, loan } = await family()
    expect((await visitor.get(`/loans/${loan.id}/transfer`)).status).toBe(403)
    expect((await send(loan, fieldsOf(loan, { 'service-user': ben.id }), visitor)).status).toBe(403)
  })

  it('knows no other organisation’s loan or person', async () => {
    const { ben, loan } = await family()
    const stranger = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const foreign = await loanTo(app.db, { serviceUser: stranger })
    await stays(loan, fieldsOf(loan, { 'service-user': stranger.id }), 404)
    expect((await send(foreign, fieldsOf(foreign, { 'service-user': ben.id }))).status).toBe(404)
    expect((await champion.get(`/loans/${foreign.id}/transfer`)).status).toBe(404)
  })
})

describe('PostgreSQL', () => {
  it('lets no device go on from one person to the next unwiped without a reason, whoever asks', async () => {
    const { ben, loan } = await family()
    const goOn = (reason: string | null) =>
      app.db.transaction().execute(async (trx) => {
        const [tablet] = loan.lines
        await sql`update loan_lines set ended_at = ${startOfTest}, ended_as = 'returned' where id = ${tablet!.id}`.execute(
          trx,
        )
        const { rows } = await sql<{ id: number }>`
          insert into loans (organisation_id, service_user_id, lent_at, lent_by, unwiped_reason)
          values (${app.people.organisationId}, ${ben.id}, ${startOfTest}, ${app.people.actors.champion.staffId}, ${reason})
          returning id`.execute(trx)
        await sql`insert into loan_lines (organisation_id, loan_id, item_id, from_at, taken_at, due_on, follows_line_id)
          values (${app.people.organisationId}, ${rows[0]!.id}, ${tablet!.item_id}, ${startOfTest}, ${startOfTest},
                  '2026-10-19', ${tablet!.id})`.execute(trx)
      })
    await expect(goOn(null)).rejects.toMatchObject({ constraint: 'wiped_between_two_borrowers' })
    await goOn('They share it')
  })
})
