import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactAddress, contactAnswer, privateNote, serviceUser, supporter } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql

beforeAll(async () => {
  sql = await startBySql()
})
afterAll(() => sql.close())

const someone = (more: object = {}) => serviceUser(sql.db, { organisation_id: sql.organisationId, ...more })
let causes = 0

/** A message put there by hand, past every check of the app, and an attempt to say that it is being sent. */
async function trySending(
  person: { id: number; email: string },
  more: { supporter_id?: number; purpose?: string; to?: string } = {},
) {
  causes += 1
  const { to = person.email, ...columns } = more
  const { id } = await sql.db
    .insertInto('messages')
    .values({
      ...{ organisation_id: sql.organisationId, cause: `by-sql:${causes}`, kind: 'reminder', channel: 'email' },
      ...{ service_user_id: person.id, purpose: 'appointment', is_secret: false },
      ...columns,
      created_at: new Date('2026-08-03'),
      send_until: new Date('2026-08-04'),
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  await sql.db.insertInto('message_contents').values({ message_id: id, to_address: to }).execute()
  const delivery = {
    organisation_id: sql.organisationId,
    message_id: id,
    at: new Date('2026-08-03'),
    outcome: 'trying',
  }
  return verdict(sql.db.insertInto('deliveries').values(delivery).execute())
}

const REFUSED = '23514 message_respects_safe_contact'

describe('a message to a person, by plain SQL', () => {
  it('goes out to somebody who said yes, and to nobody who was not asked or said no', async () => {
    const person = await someone()
    expect(await trySending(person)).toBe(REFUSED)
    await contactAnswer(sql.db, { person, channel: 'text' })
    expect(await trySending(person)).toBe(REFUSED)
    await contactAnswer(sql.db, { person, channel: 'email' })
    expect(await trySending(person)).toBe('accepted')
    await contactAnswer(sql.db, { person, channel: 'email', answer: 'not-allowed' })
    expect(await trySending(person)).toBe(REFUSED)
  })

  it('goes nowhere once they died, and asks nothing back from a ward', async () => {
    const dead = await someone({ state: 'died' })
    await contactAnswer(sql.db, { person: dead, channel: 'email' })
    expect(await trySending(dead)).toBe(REFUSED)
    const admitted = await someone({ state: 'admitted' })
    await contactAnswer(sql.db, { person: admitted, channel: 'email' })
    expect(await trySending(admitted, { purpose: 'chase' })).toBe(REFUSED)
    expect(await trySending(admitted)).toBe('accepted')
  })

  it('goes to no address that was ruled out, however it is typed, nor to a paused one until it is confirmed', async () => {
    const person = await someone({ email: 'Kim@Post.example' })
    await contactAnswer(sql.db, { person, channel: 'email' })
    await contactAddress(sql.db, { person, address: 'kim@post.example', isSafe: false })
    expect(await trySending(person)).toBe(REFUSED)
    await contactAddress(sql.db, { person, address: ' KIM@post.example', isSafe: true })
    expect(await trySending(person)).toBe('accepted')
    await privateNote(sql.db, { person })
    expect(await trySending(person)).toBe(REFUSED)
    await contactAddress(sql.db, { person, address: 'kim@post.example', isSafe: true })
    expect(await trySending(person)).toBe('accepted')
    expect(await trySending(person, { to: 'new@post.example' })).toBe(REFUSED)
    await privateNote(sql.db, { person })
    expect(await trySending(person)).toBe(REFUSED)
  })

  it('goes to a supporter with consent alone, and is paused to them too', async () => {
    const person = await someone()
    const to = async (more: object) => {
      const made = await supporter(sql.db, { of: person, email: 'sal@post.example', ...more })
      await contactAnswer(sql.db, { person, channel: 'email', supporter_id: made.id })
      return trySending(person, { supporter_id: made.id, to: 'sal@post.example' })
    }
    expect(await to({})).toBe('accepted')
    expect(await to({ consent: 'refused' })).toBe(REFUSED)
    expect(await to({ told: ['devices'] })).toBe(REFUSED)
    await sql.run(`update service_users set parent_contact = 'not-known' where id = ${person.id}`)
    expect(await to({})).toBe(REFUSED)
    await sql.run(`update service_users set parent_contact = 'safe' where id = ${person.id}`)
    await privateNote(sql.db, { person })
    expect(await to({})).toBe(REFUSED)
  })

  it('is for staff or for a person, never for nobody or both', async () => {
    const values = {
      ...{ organisation_id: sql.organisationId, kind: 'reminder', channel: 'email', is_secret: false },
      created_at: new Date('2026-08-03'),
      send_until: new Date('2026-08-04'),
    }
    const write = (more: object) =>
      verdict(
        sql.db
          .insertInto('messages')
          .values({ ...values, cause: `by-sql:for-${causes++}`, ...more })
          .execute(),
      )
    expect(await write({})).toBe('23514 message_is_for_somebody')
    const both = { staff_id: sql.champion.id, service_user_id: sql.person.id, purpose: 'information' }
    expect(await write(both)).toBe('23514 message_is_for_somebody')
  })
})

describe('what was written down about contact, by plain SQL', () => {
  it('stays as it was, whatever is tried, and goes along whole to another record', async () => {
    const person = await someone()
    const other = await someone()
    await contactAnswer(sql.db, { person, channel: 'email', answer: 'not-allowed' })
    await contactAddress(sql.db, { person, address: '1 Invented Street', isSafe: false })
    await privateNote(sql.db, { person })
    const change = (table: string, set: string) =>
      verdict(sql.run(`update ${table} set ${set} where service_user_id = ${person.id}`))
    const stays = '23514 contact_fact_stays'
    expect(await change('contact_answers', "answer = 'allowed'")).toBe(stays)
    expect(await change('contact_address_answers', 'is_safe = true')).toBe(stays)
    expect(await change('contact_pauses', "began_at = '2030-01-01'")).toBe(stays)
    expect(await change('contact_risks', "cleared_at = '2026-08-03'")).toBe('23514 risk_is_cleared_by_somebody')
    const cleared = `cleared_at = '2026-08-03', cleared_by = ${sql.champion.id}`
    expect(await change('contact_risks', cleared)).toBe('accepted')
    expect(await change('contact_risks', 'cleared_at = null, cleared_by = null')).toBe(stays)
    for (const table of ['contact_answers', 'contact_address_answers', 'contact_pauses', 'contact_risks']) {
      expect(await verdict(sql.run(`delete from ${table}`))).toMatch(/^42501/)
      expect(await change(table, `service_user_id = ${other.id}`)).toBe('accepted')
    }
  })

  it('is a no that no yes takes back by itself', async () => {
    const person = await someone()
    await contactAnswer(sql.db, { person, channel: 'text', answer: 'not-allowed' })
    const yes = (more: object) =>
      verdict(contactAnswer(sql.db, { person, channel: 'text', asked_again: false, ...more }))
    expect(await yes({})).toBe('23514 no_is_taken_back_by_asking')
    expect(await yes({ channel: 'email' })).toBe('accepted')
    expect(await yes({ asked_again: true })).toBe('accepted')
  })

  it('is an answer that can be kept: hours in order, and a no without conditions', async () => {
    const person = await someone()
    const answer = (more: object) => verdict(contactAnswer(sql.db, { person, ...more }))
    expect(await answer({ from_hour: 12, until_hour: 10 })).toBe('23514 contact_hours_begin_before_they_end')
    expect(await answer({ from_hour: 12 })).toBe('23514 contact_hours_are_two')
    expect(await answer({ days: [8] })).toBe('23514 contact_days_are_days')
    expect(await answer({ answer: 'not-allowed', names_service: true })).toBe('23514 no_means_no')
    expect(await answer({ answer: 'not-asked' })).toBe('23514 contact_answer_word')
  })
})
