import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { appointment, serviceUser, supporter } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const at = (time: string) => new Date(`2026-08-05T${time}:00Z`)
const goesOn = '23514 appointment_goes_on'

async function made(more: object = {}) {
  const person = await serviceUser(by.db, { organisation_id: by.organisationId })
  const one = await appointment(by.db, { person, by: by.champion, from: at('10:00'), ...more })
  const set = (change: string) => verdict(by.run(`update appointments set ${change} where id = $1`, [one.id]))
  return { person, one, set }
}

describe('an appointment, by SQL alone', () => {
  it('has its person to itself, unless it was cancelled', async () => {
    const { person, set } = await made()
    const other = (time: string) => verdict(appointment(by.db, { person, by: by.champion, from: at(time) }))
    expect(await other('10:49')).toBe('23P01 person_in_one_appointment_at_a_time')
    expect(await other('10:50')).toBe('accepted')
    await set(`cancelled_at = '2026-08-04T10:00Z', cancelled_by = 'person'`)
    expect(await other('09:30')).toBe('accepted')
  })

  it('keeps each way of meeting, and who chose it', async () => {
    const { one, set } = await made()
    const wayBy = by.champion.id
    expect(await set(`way = 'phone', way_since = '2026-08-04T10:00Z', way_by = ${wayBy}`)).toBe('accepted')
    expect(await by.run('select way from appointment_ways where appointment_id = $1 order by id', [one.id])).toEqual([
      { way: 'video' },
      { way: 'phone' },
    ])
    expect(await set(`way = 'video', way_since = '2026-08-01T10:00Z'`)).toBe(goesOn)
    expect(
      await verdict(by.run(`update appointment_ways set way = 'text' where appointment_id = $1`, [one.id])),
    ).toMatch(/^42501/)
  })

  it('is over when it is over, and has an outcome only after it began', async () => {
    const { set } = await made()
    const outcome = (time: string) =>
      `outcome = 'could-not-connect', outcome_at = '2026-08-05T${time}Z', outcome_by = ${by.champion.id}`
    expect(await set(outcome('09:59'))).toBe('23514 outcome_comes_after_the_beginning')
    expect(await set(`${outcome('11:00')}, met_by = 'phone'`)).toBe('23514 who_attended_met_in_a_way')
    expect(await set(outcome('11:00'))).toBe('accepted')
    expect(await set(`starts_at = '2026-08-05T09:00Z'`)).toBe(goesOn)
    expect(await set(`outcome = null, outcome_at = null, outcome_by = null`)).toBe(goesOn)
    expect(await set(`cancelled_at = '2026-08-05T12:00Z', cancelled_by = 'team'`)).toBe(goesOn)
    expect(await set(`outcome = 'did-not-attend'`)).toBe('accepted')
  })

  it('is joined by this person’s own supporters alone, and by those they agreed to', async () => {
    const { person, set } = await made()
    const mine = await supporter(by.db, { of: person, consent: 'given' })
    const refused = await supporter(by.db, { of: person, consent: 'refused' })
    const { person: other } = await made()
    const theirs = await supporter(by.db, { of: other, consent: 'given' })
    const joined = '23514 supporters_of_appointment_are_theirs'
    expect(await set(`supporter_ids = '{${theirs.id}}'`)).toBe(joined)
    expect(await set(`supporter_ids = '{${refused.id}}'`)).toBe(joined)
    expect(await set(`supporter_ids = '{${mine.id}}'`)).toBe('accepted')
  })

  it('is to come when it is made, ends the same day, and is joined by https alone', async () => {
    const past = verdict(made({ made_at: at('10:00') }))
    expect(await past).toBe('23514 appointment_is_to_come_when_it_is_made')
    expect(await verdict(made({ minutes: 4 }))).toBe('23514 appointment_has_a_length')
    expect(await verdict(made({ join_link: 'http://meet.example/1' }))).toBe('23514 join_link_is_https')
    expect(await verdict(made({ join_link: 'https://meet.example/1' }))).toBe('accepted')
  })
})
