import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import {
  availableItem,
  availableItems,
  itemBookedLater,
  loanTo,
  overdueLoan,
  placement,
  serviceUser,
  unsupportedModel,
} from '../../seeds/factories.ts'
import { brokenRules } from '../holds/invariants.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { changesOf, errorsOf, type Fields, fieldValue, storedLines, storedLoan, wordsOf } from './forms.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** A tablet and a charger with Ann Example until 19 October, and another tablet on the shelf. */
async function lent() {
  const person = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
  const [old, fresh] = await availableItems(app.db, [here(), here()])
  const charger = await availableItem(app.db, { ...here(), category: 'charger' })
  const loan = await loanTo(app.db, { serviceUser: person, items: [old!, charger] })
  return { loan, person, old: old!, fresh: fresh!, charger, line: loan.lines[0]! }
}

type Lent = Awaited<ReturnType<typeof lent>>

const fieldsOf = (loan: { version: number }, code: string, more: Fields = {}): Fields => ({
  key: crypto.randomUUID(),
  version: loan.version,
  'new-item': code,
  old: 'returned',
  story: '',
  ...more,
})
const send = (loan: { id: number }, line: { id: number }, fields: Fields, visitor = champion) =>
  visitor.post(`/loans/${loan.id}/lines/${line.id}/swap`, fields)

const instant = (at: Date | string | null | undefined) => (at ? new Date(at).toISOString() : null)

async function stays({ loan, line }: Pick<Lent, 'loan' | 'line'>, fields: Fields, status: number) {
  const before = [await storedLoan(app, loan.id), await storedLines(app, loan.id)]
  const page = await send(loan, line, fields)
  expect(page.status).toBe(status)
  expect([await storedLoan(app, loan.id), await storedLines(app, loan.id)]).toEqual(before)
  return page
}

describe('swapping an item', () => {
  it('ends one line and begins another at that very moment, in the same loan until the same day', async () => {
    const { loan, person, old, fresh, line } = await lent()
    const form = await champion.get(`/loans/${loan.id}/lines/${line.id}/swap?code=${fresh.tag}`)
    expect(fieldValue(form.text, 'new-item')).toBe(fresh.tag)
    expect(wordsOf((await champion.get(`/loans/${loan.id}`)).text)).toContain(`Swap ${old.tag}`)
    const answer = await send(loan, line, fieldsOf(loan, fresh.tag))
    expect([answer.status, answer.headers.location]).toEqual([303, `/loans/${loan.id}`])
    const lines = await storedLines(app, loan.id)
    const [before, charger, after] = lines
    expect([before?.ended_as, charger?.ended_as, after?.ended_as]).toEqual(['returned', null, null])
    expect(instant(before?.ended_at)).toBe(startOfTest.toISOString())
    expect(instant(after?.taken_at)).toBe(startOfTest.toISOString())
    expect([after?.item_id, after?.due_on, after?.follows_line_id]).toEqual([fresh.id, line.due_on, line.id])
    expect(await changesOf(app, loan.id)).toEqual([
      {
        verb: 'loan:swapped',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: person.id,
        details: { items: [old.tag], with: [fresh.tag], dueOn: line.due_on },
      },
    ])
    const words = wordsOf((await champion.get(`/loans/${loan.id}`)).text)
    expect(words).toContain(`HERE champion swapped ${old.tag} for ${fresh.tag}.`)
    expect(words).toContain(`In place of ${old.tag}`)
    expect(wordsOf((await champion.get(`/items/${old.tag}`)).text)).toContain(
      `Came back from Ann Example, swapped for ${fresh.tag}.`,
    )
    expect(wordsOf((await champion.get(`/items/${old.tag}`)).text)).toContain('Being made ready')
    expect(wordsOf((await champion.get(`/items/${fresh.tag}`)).text)).toContain(
      `Lent to Ann Example in place of ${old.tag}`,
    )
  })

  it('reports what came back broken, and counts as its replacement', async () => {
    const { loan, old, fresh, line } = await lent()
    expect(
      (await send(loan, line, fieldsOf(loan, fresh.tag, { old: 'broken', story: 'The screen is cracked' }))).status,
    ).toBe(303)
    const incident = await app.db
      .selectFrom('incidents')
      .selectAll()
      .where('loan_id', '=', loan.id)
      .executeTakeFirstOrThrow()
    expect([incident.kind, incident.story]).toEqual(['repairable', 'The screen is cracked'])
    expect((await storedLines(app, loan.id)).map(({ ended_as }) => ended_as)).toEqual(['returned', null, null])
    expect(wordsOf((await champion.get(`/items/${old.tag}`)).text)).toContain('Being made ready')
  })

  it('within a ward’s loan: the new one joins the pool and the old one leaves it, broken or not', async () => {
    const items = await availableItems(app.db, [here(), here(), here(), here()])
    const [one, two, three, four] = items as [Lent['old'], Lent['old'], Lent['old'], Lent['old']]
    const home = await placement(app.db, {
      ward: { id: app.people.ward.id, ...here() },
      items: [one, two],
      isWithoutCharger: true,
    })
    expect((await send(home, home.lines[0]!, fieldsOf(home, three.tag))).status).toBe(303)
    const version = (await storedLoan(app, home.id)).version
    const broken = fieldsOf({ version }, four.tag, { old: 'broken', story: 'It does not charge' })
    expect((await send(home, home.lines[1]!, broken)).status).toBe(303)
    const open = (await storedLines(app, home.id)).filter(({ ended_at }) => ended_at === null)
    expect(open.map(({ item_id, placed_with_ward_id }) => [item_id, placed_with_ward_id])).toEqual([
      [three.id, app.people.ward.id],
      [four.id, app.people.ward.id],
    ])
  })

  it('is reviewed today where the review has gone by', async () => {
    const late = await overdueLoan(app.db, { serviceUser: await serviceUser(app.db, here()) })
    const fresh = await availableItem(app.db, here())
    expect((await send(late, late.lines[0]!, fieldsOf(late, fresh.tag))).status).toBe(303)
    expect((await storedLines(app, late.id)).at(-1)?.due_on).toBe('2026-08-03')
    expect(Object.keys(await brokenRules(app.db))).toEqual(['a loan that nobody in the audit lent'])
  })
})

describe('a swap that is wrong', () => {
  it('is refused of what the ward has lent on, and of what is on the bench: broken or not, it comes back first', async () => {
    const ward = { id: app.people.ward.id, ...here() }
    const [lentOn, onBench, fresh] = await availableItems(app.db, [here(), here(), here()])
    const home = await placement(app.db, { ward, items: [lentOn!, onBench!], isWithoutCharger: true })
    await loanTo(app.db, { serviceUser: await serviceUser(app.db, here()), items: [lentOn!] })
    await app.db
      .insertInto('item_holds')
      .values({ ...here(), item_id: onBench!.id, kind: 'turnaround', taken_at: startOfTest })
      .execute()
    for (const line of home.lines) {
      for (const old of ['returned', 'broken']) {
        await stays({ loan: home, line }, fieldsOf(home, fresh!.tag, { old, story: 'The screen is cracked' }), 409)
      }
    }
  })

  it('says everything at once, and keeps what was typed', async () => {
    const { loan, line } = await lent()
    const page = await stays({ loan, line }, fieldsOf(loan, 'NOBODYS', { old: '' }), 422)
    expect(errorsOf(page.text)).toEqual({
      'new-item': 'No item has the tag or number NOBODYS',
      old: 'Choose what became of the old one',
    })
    expect(fieldValue(page.text, 'new-item')).toBe('NOBODYS')
    const silent = await stays({ loan, line }, fieldsOf(loan, '', { old: 'broken' }), 422)
    expect(errorsOf(silent.text)).toEqual({
      'new-item': 'Scan or type what they get',
      story: 'Say what is wrong with it',
    })
  })

  it('asks about a charger and about updates, as lending does', async () => {
    const { loan, charger } = await lent()
    const model = await unsupportedModel(app.db, { ...here(), support_ends_on: '2026-09-01' })
    const oldModel = await availableItem(app.db, { ...here(), model })
    const line = loan.lines.find(({ item_id }) => item_id === charger.id)!
    const page = await stays({ loan, line }, fieldsOf(loan, oldModel.tag), 422)
    expect(errorsOf(page.text)).toEqual({
      'without-charger': 'Confirm that they have a charger',
      'unsupported-reason': `Say why you lend ${oldModel.tag} although its security updates end`,
    })
    const meant = { 'without-charger': 'yes', 'unsupported-reason': 'Nothing newer is free' }
    expect((await send(loan, line, fieldsOf(loan, oldModel.tag, meant))).status).toBe(303)
    expect((await storedLines(app, loan.id)).at(-1)?.unsupported_reason).toBe('Nothing newer is free')
    expect((await storedLoan(app, loan.id)).lent_without_charger).toBe(true)
  })

  it('says who has the new one, or has booked it', async () => {
    const [one, other] = [await lent(), await lent()]
    const taken = await stays(one, fieldsOf(one.loan, other.old.tag), 409)
    expect(errorsOf(taken.text)['new-item']).toContain(`Ann Example has ${other.old.tag}`)
    await itemBookedLater(app.db, { item: one.fresh })
    const booked = await stays(one, fieldsOf(one.loan, one.fresh.tag), 409)
    expect(errorsOf(booked.text)['new-item']).toContain(`${one.fresh.tag} is planned for someone else`)
  })

  it('is refused when somebody changed the loan meanwhile, and counts once when sent twice', async () => {
    const { loan, fresh, line } = await lent()
    const fields = fieldsOf(loan, fresh.tag)
    const answers = await Promise.all([send(loan, line, fields), send(loan, line, fields)])
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
      Array(2).fill([303, `/loans/${loan.id}`]),
    )
    expect(await storedLines(app, loan.id)).toHaveLength(3)
    const another = await lent()
    const overtaken = await stays(another, fieldsOf({ version: 7 }, another.fresh.tag), 409)
    expect(errorsOf(overtaken.text)['new-item']).toContain('Someone changed this loan after you opened it')
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const { loan, fresh, line } = await lent()
    expect((await visitor.get(`/loans/${loan.id}/lines/${line.id}/swap`)).status).toBe(403)
    expect((await send(loan, line, fieldsOf(loan, fresh.tag), visitor)).status).toBe(403)
    expect(await storedLines(app, loan.id)).toHaveLength(2)
  })

  it('knows no other organisation’s loan or item, and no line of another loan', async () => {
    const mine = await lent()
    const foreignItem = await availableItem(app.db, { organisation_id: app.people.otherOrganisationId })
    const foreign = await loanTo(app.db, {
      serviceUser: await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId }),
    })
    expect((await send(foreign, foreign.lines[0]!, fieldsOf(foreign, mine.fresh.tag))).status).toBe(404)
    expect((await send(mine.loan, foreign.lines[0]!, fieldsOf(mine.loan, mine.fresh.tag))).status).toBe(404)
    await stays(mine, fieldsOf(mine.loan, foreignItem.tag), 422)
  })
})

describe('PostgreSQL', () => {
  it('lets a line go on from another only where one ends as the other begins, in one loan or with one item', async () => {
    const { loan, fresh, line } = await lent()
    const follow = (loanId: number, itemId: number, from: Date) =>
      sql`insert into loan_lines (organisation_id, loan_id, item_id, from_at, taken_at, due_on, follows_line_id)
        values (${app.people.organisationId}, ${loanId}, ${itemId}, ${from}, ${from}, '2026-10-19', ${line.id})`.execute(
        app.db,
      )
    await expect(follow(loan.id, fresh.id, startOfTest)).rejects.toMatchObject({
      constraint: 'line_goes_on_from_another',
    })
    await send(loan, line, fieldsOf(loan, fresh.tag))
    const [another] = await availableItems(app.db, [here()])
    await expect(follow(loan.id, another!.id, new Date('2026-08-03T10:00:00Z'))).rejects.toMatchObject({
      constraint: 'line_goes_on_from_another',
    })
    await expect(follow(loan.id, another!.id, startOfTest)).rejects.toMatchObject({
      constraint: 'one_line_follows_another',
    })
    const person = await serviceUser(app.db, here())
    const stranger = await loanTo(app.db, { serviceUser: person })
    await expect(follow(stranger.id, another!.id, startOfTest)).rejects.toMatchObject({
      constraint: 'line_goes_on_from_another',
    })
  })
})
