import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { recordOpening, type Staff, staffMember } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql
let nurse: Staff
let governance: Staff

beforeAll(async () => {
  sql = await startBySql()
  nurse = await staffMember(sql.db, { ...here(), role: 'ward-staff' })
  governance = await staffMember(sql.db, { ...here(), role: 'information-governance' })
})
afterAll(() => sql.close())

const here = () => ({ organisation_id: sql.organisationId })
const openBy = (by: { id: number }) =>
  recordOpening(sql.db, { organisationId: sql.organisationId, by, serviceUser: sql.person })

describe('an opened record, by plain SQL', () => {
  it('is for ward staff, information governance and champions with a caseload, and nobody else', async () => {
    for (const role of ['administrator', 'champion', 'care-team', 'commissioner'] as const) {
      const by = await staffMember(sql.db, { ...here(), role })
      expect([role, await verdict(openBy(by))]).toEqual([role, '23514 opening_is_for_those_who_may'])
    }
    expect(await verdict(openBy(await staffMember(sql.db, { ...here(), caseload_only: true })))).toBe('accepted')
    const former = await staffMember(sql.db, { ...here(), role: 'ward-staff', disabled_at: new Date('2026-01-01') })
    expect(await verdict(openBy(former))).toBe('23514 opening_is_for_those_who_may')
  })

  it('has a reason and an end, and neither is changed', async () => {
    const insert = (ends: string) =>
      verdict(
        sql.run(
          `insert into record_openings (organisation_id, staff_id, service_user_id, opened_at, ends_at)
           values ($1, $2, $3, '2026-08-03 09:30Z', ${ends})`,
          [sql.organisationId, nurse.id, sql.person.id],
        ),
      )
    expect(await insert("'2026-08-03 10:30Z'")).toBe('23514 opening_needs_a_reason')
    expect(await insert("'2026-08-04 10:30Z'")).toBe('23514 opening_ends_by_itself')
    expect(await insert("'infinity'")).toBe('23514 opening_ends_by_itself')
    const { id } = await openBy(nurse)
    const change = (set: string) => verdict(sql.run(`update record_openings set ${set} where id = ${id}`))
    expect(await change("ends_at = ends_at + interval '1 hour'")).toBe('23514 opening_stays_as_it_was')
    expect(await change(`service_user_id = ${sql.otherPerson.id}`)).toBe('23514 opening_stays_as_it_was')
    expect(await verdict(sql.run(`update record_opening_words set reason = 'Another' where opening_id = ${id}`))).toBe(
      '23514 opening_reason_stays',
    )
    expect(await verdict(sql.run('delete from record_openings'))).toMatch(/^42501/)
  })

  it('is seen once, and by somebody else', async () => {
    const { id } = await openBy(governance)
    const see = (by: number) =>
      verdict(sql.run(`update record_openings set seen_at = opened_at, seen_by = ${by} where id = ${id}`))
    expect(await see(governance.id)).toBe('23514 opening_is_seen_by_somebody_else')
    const colleague = await staffMember(sql.db, { ...here(), role: 'information-governance' })
    expect(await see(colleague.id)).toBe('accepted')
    expect(await verdict(sql.run(`update record_openings set seen_at = null, seen_by = null where id = ${id}`))).toBe(
      '23514 opening_stays_as_it_was',
    )
  })
})
