import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { onCaseload, staffMember } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql

beforeAll(async () => {
  sql = await startBySql()
})
afterAll(() => sql.close())

const here = () => ({ organisation_id: sql.organisationId })

describe('a caseload, by plain SQL', () => {
  it('is for champions alone, and never for who leads them', async () => {
    const limited = (more: object) => verdict(staffMember(sql.db, { ...here(), caseload_only: true, ...more }))
    expect(await limited({})).toBe('accepted')
    expect(await limited({ role: 'ward-staff' })).toBe('23514 only_a_champion_has_a_caseload')
    expect(await limited({ is_lead_champion: true })).toBe('23514 only_a_champion_has_a_caseload')
    const put = async (more: object) =>
      verdict(
        onCaseload(sql.db, {
          organisationId: sql.organisationId,
          champion: await staffMember(sql.db, { ...here(), ...more }),
          serviceUser: sql.person,
        }),
      )
    expect(await put({ role: 'administrator' })).toBe('23514 caseload_is_of_a_champion')
    expect(await put({ disabled_at: new Date('2026-01-01') })).toBe('23514 caseload_is_of_a_champion')
  })

  it('holds a person once, and what was is not rewritten', async () => {
    const { organisationId, champion, person } = sql
    const { id } = await onCaseload(sql.db, { organisationId, champion, serviceUser: person })
    const second = await staffMember(sql.db, here())
    expect(await verdict(onCaseload(sql.db, { organisationId, champion: second, serviceUser: person }))).toBe(
      '23505 one_champion_a_person',
    )
    const change = (set: string) => verdict(sql.run(`update caseload_entries set ${set} where id = ${id}`))
    expect(await change(`staff_id = ${second.id}`)).toBe('23514 caseload_entry_only_ends')
    expect(await change("began_at = '2020-01-01'")).toBe('23514 caseload_entry_only_ends')
    expect(await change("ended_at = '2020-01-01'")).toBe('23514 caseload_entry_ends_after_it_begins')
    expect(await change("ended_at = '2026-08-03'")).toBe('accepted')
    expect(await change('ended_at = null')).toBe('23514 caseload_entry_only_ends')
    expect(await verdict(sql.run('delete from caseload_entries'))).toMatch(/^42501/)
  })
})
