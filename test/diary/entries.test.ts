import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { appointment, diaryEntry, type Staff, serviceUser, staffMember } from '../../seeds/factories.ts'
import { cancelEntry, makeEntry, moveEntry } from '../../src/diary/entry-actions.ts'
import type { EntryOrder } from '../../src/diary/entry-rules.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
let champion: Staff

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const at = (time: string) => new Date(`2026-08-05T${time}:00Z`)
const organisation = () => ({ organisation_id: app.people.organisationId })
const newChampion = () => staffMember(app.db, { ...organisation(), role: 'champion' })
const newPerson = () => serviceUser(app.db, organisation())

/** Two champions and two people whom nobody else in this file plans anything with. */
async function four() {
  champion = await newChampion()
  return { champion, other: await newChampion(), person: await newPerson(), somebody: await newPerson() }
}

function order(more: Partial<EntryOrder> & Pick<EntryOrder, 'championId'>): EntryOrder {
  return {
    ...{ serviceUserId: null, appointmentId: null, kind: 'other', way: 'video', note: '', travelMinutes: 0 },
    ...{ startsAt: at('10:00'), endsAt: at('10:30'), ...more },
  }
}

const make = (more: Parameters<typeof order>[0]) => app.changeAs('champion', (change) => makeEntry(change, order(more)))

describe('an entry of a diary, by SQL alone', () => {
  it('keeps its champion, and the way there and back, and its person from two places at once', async () => {
    const { champion, other, person, somebody } = await four()
    const entry = (more: object) => verdict(diaryEntry(app.db, { champion, from: at('10:00'), ...more } as never))
    expect(await entry({ person, travel_minutes: 30, kind: 'visit' })).toBe('accepted')
    expect(await entry({ person: somebody, from: at('10:59') })).toBe('23P01 champion_in_one_place_at_a_time')
    expect(await entry({ person: somebody, from: at('11:00') })).toBe('accepted')
    expect(await entry({ champion: other, person, from: at('10:29') })).toBe('23P01 person_in_one_call_at_a_time')
    expect(await entry({ champion: other, person, from: at('10:30') })).toBe('accepted')
  })

  it('is never over an appointment of its person, nor an appointment over it, unless one is cancelled', async () => {
    const { champion, person, other } = await four()
    const elsewhere = '23P01 person_in_one_place_at_a_time'
    const by = { id: champion.id }
    const first = await appointment(app.db, { person, by, from: at('10:00') })
    const entry = (from: Date) => verdict(diaryEntry(app.db, { champion: other, person, from }))
    expect(await entry(at('10:49'))).toBe(elsewhere)
    expect(await entry(at('10:50'))).toBe('accepted')
    expect(await verdict(appointment(app.db, { person, by, from: at('11:00') }))).toBe(elsewhere)
    const move = `update appointments set ends_at = '2026-08-05T11:00Z' where id = $1`
    expect(await verdict(app.pool.query(move, [first.id]))).toBe(elsewhere)
    await app.pool.query(`update appointments set cancelled_at = made_at, cancelled_by = 'team' where id = $1`, [
      first.id,
    ])
    expect(await entry(at('10:00'))).toBe('accepted')
  })

  it('keeps somebody’s appointment and a call apart when both are made in the same moment', async () => {
    const { champion, person } = await four()
    const both = await Promise.all([
      verdict(diaryEntry(app.db, { champion, person, from: at('14:00') })),
      verdict(appointment(app.db, { person, by: champion, from: at('14:10') })),
    ])
    expect(both.filter((one) => one === 'accepted')).toHaveLength(1)
  })

  it('has beside it the hours of its champion, which are in a day, do not overlap, and are a champion’s of the same trust', async () => {
    const { champion } = await four()
    const at = (weekday: number, from: number, until: number, who = champion.id) =>
      verdict(
        app.pool.query(
          `insert into diary_hours (organisation_id, champion_id, weekday, from_minute, until_minute) values ($1, $2, $3, $4, $5)`,
          [champion.organisation_id, who, weekday, from, until],
        ),
      )
    expect(await at(1, 540, 720)).toBe('accepted')
    expect(await at(1, 700, 800)).toBe('23P01 hours_of_a_day_do_not_overlap')
    expect(await at(1, 720, 800)).toBe('accepted')
    expect(await at(2, 720, 720)).toBe('23514 hours_are_in_a_day')
    expect(await at(2, 720, 1441)).toBe('23514 hours_are_in_a_day')
    expect(await at(8, 540, 720)).toBe('23514 diary_hours_weekday_check')
    const stranger = app.people.foreignActors.champion.staffId
    expect(await at(3, 540, 720, stranger)).toBe('23503 diary_hours_organisation_id_champion_id_fkey')
  })

  it('stays as it was made, is over once it is cancelled, and is a champion’s', async () => {
    const { champion, person } = await four()
    const made = await diaryEntry(app.db, { champion, person, from: at('10:00') })
    const set = (change: string) =>
      verdict(app.pool.query(`update diary_entries set ${change} where id = $1`, [made.id]))
    const nurse = app.people.actors['ward-staff'].staffId
    expect(await set(`champion_id = ${nurse}`)).toBe('23514 diary_is_of_a_champion')
    expect(await set(`made_by = ${nurse}`)).toBe('23514 diary_entry_goes_on')
    expect(await set(`leaves_at = '2026-08-05T09:30Z'`)).toBe('23514 travel_is_on_both_sides')
    expect(await set(`cancelled_at = made_at, cancelled_by = ${nurse}`)).toBe('accepted')
    expect(await set(`cancelled_at = null, cancelled_by = null`)).toBe('23514 diary_entry_goes_on')
    expect(await set(`note = ''`)).toBe('accepted')
  })
})

describe('an entry of a diary', () => {
  it('is made, moved to another champion and cancelled, and says plainly who is elsewhere', async () => {
    const { champion, other, person, somebody } = await four()
    const { id } = await make({ championId: champion.id, serviceUserId: person.id, kind: 'trial-run-call' })
    await expect(make({ championId: champion.id, serviceUserId: somebody.id })).rejects.toThrow(
      /champion has something/,
    )
    await expect(make({ championId: other.id, serviceUserId: person.id })).rejects.toThrow(/another call or visit/)
    await appointment(app.db, { person, by: champion, from: at('12:00') })
    const to = { startsAt: at('12:00'), endsAt: at('12:30'), travelMinutes: 0 }
    const move = (version: number, more: object = {}) =>
      app.changeAs('champion', (change) => moveEntry(change, id, version, { ...to, ...more }))
    await expect(move(1)).rejects.toThrow(/appointment, a call or a visit at that time/)
    await move(1, { startsAt: at('11:00'), endsAt: at('11:30'), championId: other.id })
    await expect(move(1)).rejects.toThrow(/changed this after/)
    await make({ championId: champion.id, serviceUserId: somebody.id })
    await app.changeAs('champion', (change) => cancelEntry(change, id, 2))
    await expect(app.changeAs('champion', (change) => cancelEntry(change, id, 3))).rejects.toThrow(/cancelled/)
    await make({ championId: other.id, serviceUserId: person.id, startsAt: at('11:00'), endsAt: at('11:30') })
  })

  it('is not made for a time that is over, somebody who died, somebody else’s appointment or another organisation', async () => {
    const { champion, person, somebody } = await four()
    const championId = champion.id
    const past = { startsAt: new Date('2026-08-03T08:00:00Z'), endsAt: new Date('2026-08-03T08:30:00Z') }
    await expect(make({ championId, ...past })).rejects.toThrow(/over/)
    const dead = await serviceUser(app.db, { ...organisation(), state: 'died' })
    await expect(make({ championId, serviceUserId: dead.id })).rejects.toThrow(/died/)
    const theirs = await appointment(app.db, { person, by: champion, from: at('10:00') })
    const ofAnother = { serviceUserId: somebody.id, appointmentId: theirs.id }
    await expect(make({ championId, ...ofAnother })).rejects.toThrow('')
    const elsewhere = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    await expect(make({ championId, serviceUserId: elsewhere.id })).rejects.toMatchObject({ status: 404 })
    await expect(make({ championId: app.people.actors['ward-staff'].staffId })).rejects.toThrow(/no champion/)
  })
})
