import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  appointment,
  attendedAppointment,
  closedLoan,
  groupSession,
  loanTo,
  onCaseload,
  type ServiceUserOverrides,
  serviceUser,
  staffMember,
  trainingSession,
} from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { findCarerOf } from '../../src/caseloads/queries.ts'
import { mergeRecords, undoMerge } from '../../src/service-users/merge-actions.ts'
import { fingerprint, tablesOfPeople, units, valuesOf } from '../../src/service-users/merge-rules.ts'
import { findRecord } from '../../src/service-users/section-queries.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const by = () => ({ id: app.people.actors.champion.staffId })

let numbers = 70_000
function newNhsNumber(): string {
  numbers += 1
  return makeTestNhsNumber(numbers)
}

const person = (more: ServiceUserOverrides = {}) => serviceUser(app.db, { ...here(), ...more })

async function merge(keptId: number, mergedId: number, choices: Record<string, string> = {}, visitor = champion) {
  const path = `/service-users/${keptId}/merge/${mergedId}`
  const page = await visitor.get(path)
  const version = /name="version" value="(\d+)"/.exec(page.text)?.[1] ?? ''
  return visitor.post(path, { version, ...choices })
}

async function mergeOf(mergedId: number) {
  return app.db
    .selectFrom('service_user_merges')
    .selectAll()
    .where('merged_id', '=', mergedId)
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
}

async function undo(keptId: number, mergedId: number, visitor = champion) {
  return visitor.post(`/service-users/${keptId}/merges/${(await mergeOf(mergedId)).id}/undo`)
}

const borrowerOf = async (loanId: number) =>
  (await app.db.selectFrom('loans').select('service_user_id').where('id', '=', loanId).executeTakeFirstOrThrow())
    .service_user_id

const answersOf = async (id: number) => {
  const record = await findRecord(app.db, app.people.actors.champion, id)
  return valuesOf(units, record!)
}

describe('two records of one person', () => {
  it('are found, compared and made one: nothing that happened is lost, and the old address leads to the new one', async () => {
    const kept = await person({ name: 'Maryam Example', date_of_birth: '1961-05-04', nhs_number: null, phone: '' })
    const other = await person({ name: 'Mariam Exampel', date_of_birth: '1961-05-04', phone: '07700 900321' })
    const loan = await loanTo(app.db, { serviceUser: other })
    const past = await closedLoan(app.db, { serviceUser: other })
    await champion.get(`/service-users/${other.id}`)

    const candidates = await champion.get(`/service-users/${kept.id}/merge`)
    expect(candidates.text).toContain(`href="/service-users/${kept.id}/merge/${other.id}"`)
    const compared = plainText((await champion.get(`/service-users/${kept.id}/merge/${other.id}`)).text)
    expect(compared).toMatch(/Choose what is right Name .*Maryam Example .*Mariam Exampel/)
    expect(compared).toMatch(/The other record adds .*NHS number .*Phone number 07700 900321/)

    const answer = await merge(kept.id, other.id, { 'choice-name': 'merged' })
    expect([answer.status, answer.headers.location]).toEqual([303, `/service-users/${kept.id}`])
    expect(await answersOf(kept.id)).toMatchObject({
      name: 'Mariam Exampel',
      nhs_number: other.nhs_number,
      phone: '07700 900321',
    })
    expect([await borrowerOf(loan.id), await borrowerOf(past.id)]).toEqual([kept.id, kept.id])
    const record = await champion.get(`/service-users/${kept.id}`)
    expect(record.text).toContain(`href="/loans/${loan.id}"`)
    expect(plainText(record.text)).toContain(
      `Record ${other.id} (Mariam Exampel) is part of this one since 3 August 2026.`,
    )
    const old = await champion.get(`/service-users/${other.id}`)
    expect([old.status, old.headers.location]).toEqual([303, `/service-users/${kept.id}`])
    const history = plainText((await champion.get(`/service-users/${kept.id}/history?views=yes`)).text)
    expect(history).toContain('HERE champion made another record part of this record.')
    expect(history).toContain('Name: was Maryam Example, now Mariam Exampel')
  })

  it('are one in the list, the search and the borrowers, and the number is free of the old one', async () => {
    const kept = await person({ name: 'Onceonly Testerly' })
    const other = await person({ name: 'Onceonly Testerly' })
    await merge(kept.id, other.id)
    await champion.post('/service-users/search', { search: 'onceonly' })
    const found = await champion.get('/service-users/search')
    expect(found.text).toContain(`/service-users/${kept.id}"`)
    expect(found.text).not.toContain(`/service-users/${other.id}"`)
    const lending = await champion.get(`/loans/new?service-user=${other.id}`)
    expect(lending.status).toBe(200)
  })

  it('are two again after an undo, each with what it had', async () => {
    const kept = await person({ phone: '' })
    const other = await person({ phone: '07700 900444' })
    const loan = await loanTo(app.db, { serviceUser: other })
    const own = await loanTo(app.db, { serviceUser: kept })
    const before = [await answersOf(kept.id), await answersOf(other.id)]
    await merge(kept.id, other.id, { 'choice-nhs-number': 'merged' })
    const page = await champion.get(`/service-users/${kept.id}/merges/${(await mergeOf(other.id)).id}`)
    expect(plainText(page.text)).toContain('It can be undone until Wednesday 2 September 2026.')
    expect((await undo(kept.id, other.id)).status).toBe(303)
    expect([await answersOf(kept.id), await answersOf(other.id)]).toEqual(before)
    expect([await borrowerOf(loan.id), await borrowerOf(own.id)]).toEqual([other.id, kept.id])
    expect((await champion.get(`/service-users/${other.id}`)).status).toBe(200)
    const history = plainText((await champion.get(`/service-users/${other.id}/history`)).text)
    expect(history).toContain('undid a merge: this record stands by itself again.')
  })

  it('undone after further changes: what was written since stays where it was written', async () => {
    const kept = await person({ phone: '', email: '' })
    const other = await person({ phone: '07700 900555', email: 'old@post.example' })
    const old = await loanTo(app.db, { serviceUser: other })
    await merge(kept.id, other.id)
    const since = await loanTo(app.db, { serviceUser: kept })
    const section = await champion.get(`/service-users/${kept.id}/sections/contact`)
    const version = /name="version" value="(\d+)"/.exec(section.text)![1]!
    const fields = { phone: '07700 900556', email: 'old@post.example', version }
    expect((await champion.post(`/service-users/${kept.id}/sections/contact`, fields)).status).toBe(303)
    await undo(kept.id, other.id)
    expect(await answersOf(kept.id)).toMatchObject({ phone: '07700 900556', email: '' })
    expect(await answersOf(other.id)).toMatchObject({ phone: '07700 900555', email: 'old@post.example' })
    expect([await borrowerOf(old.id), await borrowerOf(since.id)]).toEqual([other.id, kept.id])
  })

  it('are looked after by whoever looked after one of them, and by each as before after an undo', async () => {
    const [kept, other] = [await person(), await person()]
    const carer = await staffMember(app.db, { ...here(), role: 'champion' })
    await onCaseload(app.db, { organisationId: app.people.organisationId, champion: carer, serviceUser: other })
    const carerOf = async (id: number) => (await findCarerOf(app.db, app.people.actors.champion, id))?.staff_id
    await merge(kept.id, other.id)
    expect([await carerOf(kept.id), await carerOf(other.id)]).toEqual([carer.id, undefined])
    await undo(kept.id, other.id)
    expect([await carerOf(kept.id), await carerOf(other.id)]).toEqual([undefined, carer.id])
  })

  it('what is lent to the record that went, from a page that was still open, is lent to the person', async () => {
    const [kept, other] = [await person(), await person()]
    await merge(kept.id, other.id)
    const loan = await loanTo(app.db, { serviceUser: other })
    expect(await borrowerOf(loan.id)).toBe(kept.id)
  })
})

describe('a merge', () => {
  it('with itself, across organisations or with nobody is refused', async () => {
    const own = await person()
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const post = (id: number, other: number) => champion.post(`/service-users/${id}/merge/${other}`, { version: 1 })
    expect((await post(own.id, own.id)).status).toBe(409)
    for (const [id, other] of [
      [own.id, foreign.id],
      [foreign.id, own.id],
      [own.id, 9_999_999],
    ] as const) {
      expect((await post(id, other)).status).toBe(404)
      expect((await champion.get(`/service-users/${id}/merge/${other}`)).status).toBe(404)
    }
    expect((await champion.get(`/service-users/${own.id}/merge/${own.id}`)).status).toBe(303)
  })

  it('is not for other roles', async () => {
    const [kept, other] = [await person(), await person()]
    for (const role of ['administrator', 'ward-staff', 'information-governance'] as const) {
      const visitor = await app.signedInAs(role)
      expect((await visitor.post(`/service-users/${kept.id}/merge/${other.id}`, { version: 1 })).status).toBe(403)
    }
  })

  it('of records that somebody changed meanwhile is shown again, with what was chosen', async () => {
    const [kept, other] = [await person({ name: 'Ann Raced' }), await person({ name: 'Anne Raced' })]
    const path = `/service-users/${kept.id}/merge/${other.id}`
    const version = /name="version" value="(\d+)"/.exec((await champion.get(path)).text)![1]!
    await app.db
      .updateTable('service_user_details')
      .set({ phone: '07700 900777' })
      .where('service_user_id', '=', other.id)
      .execute()
    const late = await champion.post(path, { version, 'choice-name': 'merged' })
    expect(late.status).toBe(409)
    expect(plainText(late.text)).toContain('Somebody changed one of these records after you opened this page.')
    expect(late.text).toMatch(/name="choice-name" type="radio" value="merged" checked/)
    const again = /name="version" value="(\d+)"/.exec(late.text)![1]!
    expect((await champion.post(path, { version: again })).status).toBe(303)
  })

  it('are not made one while both have something at the same time: each is named, and what is over is no obstacle', async () => {
    const [kept, other] = [await person({ name: 'Twice Planned' }), await person({ name: 'Twice Plannedd' })]
    const from = new Date('2026-08-12T10:00:00Z')
    const meetings = [
      await appointment(app.db, { person: kept, by: by(), from }),
      await appointment(app.db, { person: other, by: by(), from }),
    ]
    const begun = new Date(startOfTest.getTime() - 86_400_000)
    for (const one of [kept, other]) {
      await attendedAppointment(app.db, { person: one, by: by(), from: begun })
    }
    const giver = await staffMember(app.db, { ...here(), role: 'champion' })
    const day = new Date('2026-08-13T10:00:00Z')
    const group = await groupSession(app.db, { champion: giver, from: day })
    const session = (one: typeof kept) => trainingSession(app.db, { champion: giver, person: one, from: day, group })
    const places = [await session(kept), await session(other)]
    const refused = await merge(kept.id, other.id)
    expect(refused.status).toBe(409)
    for (const { id } of meetings) expect(refused.text).toContain(`/appointments/${id}`)
    for (const { diary_entry_id: id } of places) expect(refused.text).toContain(`/diary/entries/${id}`)
    expect(plainText(refused.text)).toMatch(/Both records have something at the same time.* Nothing is merged yet/)
    await champion.post(`/training/${places[1]?.diary_entry_id}/cancellation`, { version: 1 })
    expect(
      (await champion.post(`/appointments/${meetings[1]?.id}/cancellation`, { by: 'team', version: 1 })).status,
    ).toBe(303)
    expect((await merge(kept.id, other.id)).status).toBe(303)
    const held = await app.db.selectFrom('appointments').select('id').where('service_user_id', '=', kept.id).execute()
    expect(held).toHaveLength(4)
    expect((await undo(kept.id, other.id)).status).toBe(303)
  })

  it('pressed twice, or by two people, happens once', async () => {
    const [kept, other] = [await person(), await person()]
    const path = `/service-users/${kept.id}/merge/${other.id}`
    const version = /name="version" value="(\d+)"/.exec((await champion.get(path)).text)![1]!
    const colleague = await staffMember(app.db, { ...here(), password: 'a pot of tea for two' })
    const second = await app.visitor().signIn(colleague.email, 'a pot of tea for two')
    const answers = await Promise.all([champion, champion, second].map((one) => one.post(path, { version })))
    expect(answers.map(({ status }) => status)).toEqual([303, 303, 303])
    const merges = await app.db.selectFrom('service_user_merges').select('id').where('kept_id', '=', kept.id).execute()
    expect(merges.length).toBe(1)
  })

  it('crosswise by two people at once makes one record, not none', async () => {
    const [one, other] = [await person(), await person()]
    const answers = await Promise.all([merge(one.id, other.id), merge(other.id, one.id)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    const left = await app.db
      .selectFrom('service_users')
      .select('id')
      .where('id', 'in', [one.id, other.id])
      .where('merged_into', 'is', null)
      .execute()
    expect(left.length).toBe(1)
  })

  it('is undone for 30 days, the last first, and once', async () => {
    const [one, two, three] = [await person(), await person(), await person()]
    await merge(two.id, one.id)
    await merge(three.id, two.id)
    const { id: inner } = await mergeOf(one.id)
    // the record in between answers as the last one, whose merge this is not
    expect((await champion.post(`/service-users/${two.id}/merges/${inner}/undo`)).status).toBe(404)
    const direct = app.changeAs('champion', (change) => undoMerge(change, inner))
    await expect(direct).rejects.toThrow('Undo that first.')
    const { id: outer } = await mergeOf(two.id)
    try {
      app.setClock(new Date('2026-09-02T22:59:00Z'))
      const late = await app.signedInAs('champion')
      expect((await late.post(`/service-users/${three.id}/merges/${outer}/undo`)).status).toBe(303)
      expect((await late.post(`/service-users/${three.id}/merges/${outer}/undo`)).status).toBe(404)
      app.setClock(new Date('2026-09-02T23:01:00Z'))
      const tooLate = await app.signedInAs('champion')
      expect((await tooLate.post(`/service-users/${two.id}/merges/${inner}/undo`)).status).toBe(409)
      expect((await tooLate.get(`/service-users/${two.id}`)).text).not.toContain('undo this')
    } finally {
      app.setClock(startOfTest)
    }
  })

  it('is not undone while somebody else has the number', async () => {
    const number = newNhsNumber()
    const [kept, other] = [await person({ nhs_number: newNhsNumber() }), await person({ nhs_number: number })]
    await merge(kept.id, other.id)
    await person({ nhs_number: number })
    const answer = await undo(kept.id, other.id)
    expect(answer.status).toBe(409)
    expect(plainText(answer.text)).toContain('Somebody else has an NHS or hospital number of that record by now.')
  })
})

describe('merging and undoing', () => {
  const text = fc.constantFrom('', 'One', 'Another')
  const details = fc.record({
    known_as: text,
    phone: text,
    address: text,
    emergency_name: text,
    language: text,
    needs_words: text,
    state: fc.constantFrom('community', 'admitted', 'died'),
    has_no_address: fc.boolean(),
    gender: fc.constantFrom(null, 'woman', 'prefer-not'),
    housing: fc.constantFrom(null, 'rough'),
    needs: fc.constantFrom<readonly string[]>([], ['audio'], ['audio', 'braille']),
    loans: fc.nat(2),
  })

  it('gives the same data back, whatever was in the two records and whatever was chosen', async () => {
    const choices = fc.uniqueArray(fc.constantFrom(...units.map(({ id }) => id)))
    await fc.assert(
      fc.asyncProperty(details, details, choices, async (one, other, chosen) => {
        const make = async ({ loans, state, ...facts }: typeof one) => {
          const needs = [...facts.needs]
          const made = await person({ ...facts, needs, needs_asked: needs.length > 0 ? 'some' : null })
          for (let n = 0; n < loans; n += 1) await closedLoan(app.db, { serviceUser: made })
          // last: nothing is lent to somebody who died
          await app.db.updateTable('service_users').set({ state }).where('id', '=', made.id).execute()
          return made.id
        }
        const ids = [await make(one), await make(other)] as const
        const all = async () => [
          await answersOf(ids[0]),
          await answersOf(ids[1]),
          await app.db
            .selectFrom('loans')
            .select(['id', 'service_user_id', 'version'])
            .where('service_user_id', 'in', [...ids])
            .orderBy('id')
            .execute(),
        ]
        const before = await all()
        const records = await Promise.all(ids.map((id) => findRecord(app.db, app.people.actors.champion, id)))
        const seen = fingerprint(records[0]!, records[1]!)
        const asked = { keptId: ids[0], mergedId: ids[1], seen, chosen: new Set<string>(chosen) }
        const mergeId = await app.changeAs('champion', (change) => mergeRecords(change, asked))
        await app.changeAs('champion', (change) => undoMerge(change, mergeId))
        expect(await all()).toEqual(before)
      }),
      { numRuns: 25 },
    )
  })
})

describe('by plain SQL', () => {
  const set = (id: number, merged_into: number | null) =>
    verdict(app.db.updateTable('service_users').set({ merged_into }).where('id', '=', id).execute())

  it('no record leads to itself, in a circle, to one that is gone, or to another organisation', async () => {
    const [one, two, three] = [await person(), await person(), await person()]
    const foreign = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    expect(await set(one.id, one.id)).toBe('23514 nobody_is_merged_into_themselves')
    expect(await set(one.id, foreign.id)).toMatch(/^23503 /)
    expect(await set(one.id, two.id)).toBe('accepted')
    expect(await set(two.id, one.id)).toBe('23514 merge_leads_to_a_record')
    expect(await set(three.id, one.id)).toBe('23514 merge_leads_to_a_record')
    expect(await set(one.id, three.id)).toBe('23514 merge_leads_to_a_record')
  })

  it('a loan changes hands by a merge or a correction, and by nothing else', async () => {
    const [one, two] = [await person(), await person()]
    const loan = await loanTo(app.db, { serviceUser: one })
    const move = app.db.updateTable('loans').set({ service_user_id: two.id }).where('id', '=', loan.id).execute()
    expect(await verdict(move)).toBe('23514 correction_has_its_reason')
  })

  it('a merge is undone once, in time, and stays as it was', async () => {
    const [kept, other] = [await person(), await person()]
    await merge(kept.id, other.id)
    const { id, merged_at } = await mergeOf(other.id)
    const change = (row: object) =>
      verdict(app.db.updateTable('service_user_merges').set(row).where('id', '=', id).execute())
    const late = new Date(new Date(merged_at).getTime() + 32 * 24 * 60 * 60 * 1000)
    expect(await change({ merged_by: by().id })).toBe('23514 merge_is_undone_once')
    expect(await change({ undone_at: late, undone_by: by().id })).toBe('23514 merge_is_undone_within_a_month')
    expect(await change({ undone_at: app.clock(), undone_by: by().id })).toBe('accepted')
    expect(await change({ undone_at: null, undone_by: null })).toBe('23514 merge_is_undone_once')
    expect(await verdict(app.pool.query('delete from service_user_merge_moves'))).toMatch(/^42501/)
  })
})

describe('every table that is about a person', () => {
  it('is one somebody decided about, and what moves follows a merge', async () => {
    const { rows } = await app.pool.query(`
      select conrelid::regclass::text as name, exists (
        select from pg_trigger where tgrelid = conrelid and tgname = 'follow_merge'
      ) as follows
      from pg_constraint where confrelid = 'service_users'::regclass and contype = 'f'`)
    const tables = new Map(rows.map(({ name, follows }): [string, boolean] => [name, follows]))
    expect([...tables.keys()].sort()).toEqual(Object.keys(tablesOfPeople).sort())
    for (const [name, follows] of tables) expect([name, follows]).toEqual([name, tablesOfPeople[name] !== 'stays'])
  })
})
