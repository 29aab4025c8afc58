import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  actorFor,
  appointment,
  contactAnswer,
  conversation,
  groupSession,
  serviceUser,
  staffMember,
  supporter,
  trainingSession,
} from '../../seeds/factories.ts'
import { writeWhatIsDue } from '../../src/messages/occasion-actions.ts'
import { readinessFacts } from '../../src/readiness/queries.ts'
import { parseGroup, parseSheet } from '../../src/training/group-form.ts'
import { type GroupFacts, groupState } from '../../src/training/group-rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const organisation_id = () => app.people.organisationId
const someone = (more: object = {}) => serviceUser(app.db, { organisation_id: organisation_id(), ...more })
const giver = () => staffMember(app.db, { organisation_id: organisation_id(), role: 'champion' })
const key = () => ({ key: crypto.randomUUID() })
const text = async (path: string) => plainText((await champion.get(path)).text)
const answer = (sent: { status: number; text: string }) => [sent.status, plainText(sent.text)]
const toCome = new Date('2026-08-12T10:00:00Z')
const halfAnHourAgo = new Date(startOfTest.getTime() - 1_800_000)

async function group(from = toCome, more: object = {}) {
  const by = await giver()
  const made = await groupSession(app.db, { champion: by, from, ...more })
  const id = made.diary_entry_id
  const invite = (person: { id: number }, fields: Record<string, string | number> = {}, who = champion) =>
    who.post(`/training/groups/${id}/people`, { person: person.id, ...key(), ...fields })
  const place = (person: { id: number }) => trainingSession(app.db, { champion: by, person, from, group: made })
  const places = async () =>
    await app.db
      .selectFrom('diary_entries')
      .selectAll()
      .where('group_entry_id', '=', id)
      .where('cancelled_at', 'is', null)
      .orderBy('id')
      .execute()
  return { id, by, made, url: `/training/groups/${id}`, invite, place, places }
}

describe('A session of a group', () => {
  it('is planned once however often it is sent, people are invited, and it stands once in the diary', async () => {
    const by = await giver()
    const fields = {
      ...{ 'on-day': '12', 'on-month': '8', 'on-year': '2026', at: '10:00', length: '60', way: 'face-to-face' },
      ...{
        place: 'The library',
        places: '4',
        topic: ['join', 'safe'],
        champion: by.id,
        materials: 'Tablets',
        ...key(),
      },
    }
    const made = await champion.post('/training/groups', fields)
    expect([made.status, (await champion.post('/training/groups', fields)).headers.location]).toEqual([
      303,
      made.headers.location,
    ])
    const url = String(made.headers.location)
    const person = await someone({ name: 'Gwen Grouped' })
    const found = await champion.post(`${url}/find`, { find: 'Gwen' })
    expect(plainText(found.text)).toContain('Invite Gwen Grouped')
    const once = { person: person.id, ...key() }
    expect((await champion.post(`${url}/people`, once)).status).toBe(303)
    expect((await champion.post(`${url}/people`, once)).status).toBe(303)
    const page = await text(url)
    expect(page).toMatch(/The library .*1 of 4 places taken .*Gwen Grouped/)
    expect(await text('/training')).toContain('1 of 4 places taken')
    const diary = await text(`/diary?show=day&champion=${by.id}&on=2026-08-12`)
    expect(diary.match(/Training session/g)).toHaveLength(1)
    const record = await text(`/service-users/${person.id}/training`)
    expect(record).toContain('in a group')
    expect(answer(await champion.post('/training/groups', { ...fields, ...key() }))).toEqual([
      409,
      expect.stringContaining('something else in their diary then'),
    ])
    expect((await champion.post('/training/groups', key())).status).toBe(422)
  })

  it('tells each thing that speaks against an invitation in its own words, and what follows', async () => {
    const { id, invite, by } = await group(toCome, { places: 2 })
    const [first, second, third] = [await someone(), await someone(), await someone()]
    expect((await invite(first)).status).toBe(303)
    const busy = await someone()
    await appointment(app.db, { person: busy, by, from: toCome })
    const spoken = await someone({ interpreter: 'spoken' })
    const call = await group(new Date('2026-08-12T15:00:00Z'), { way: 'video', place: '' })
    const unsafe = await someone()
    await contactAnswer(app.db, { person: unsafe, channel: 'call', answer: 'allowed', from_hour: 9, until_hour: 12 })
    const over = await group(new Date(startOfTest.getTime() - 86_400_000))
    const cases: [{ text: string; status: number }, RegExp][] = [
      [await invite(first), /on the list of this session already/],
      [await invite(busy), /They have an appointment then: .* If you go on, move that first/],
      [await invite(await someone({ state: 'died' })), /has died/],
      [await invite(spoken), /want an interpreter\. If you go on, one has to be booked for the group/],
      [await invite(await someone({ state: 'admitted' })), /on a ward now\. If you go on, ask the ward/],
      [await call.invite(unsafe), /not a safe time to reach them/],
      [await over.invite(third), /This session is over, so nobody is invited to it any more/],
    ]
    for (const [sent, words] of cases) expect(answer(sent)).toEqual([409, expect.stringMatching(words)])
    // what was seen is meant
    expect((await invite(spoken, { anyway: 'interpreter' })).status).toBe(303)
    expect(answer(await invite(second))).toEqual([409, expect.stringMatching(/All 2 places .* take them off first/)])
    const places = await app.db.selectFrom('diary_entries').select('id').where('group_entry_id', '=', id).execute()
    expect(places).toHaveLength(2)
    expect((await champion.post(`/training/${places[0]?.id}/cancellation`, { version: 1 })).headers.location).toBe(
      `/training/groups/${id}`,
    )
    expect((await invite(second)).status).toBe(303)
  })

  it('gives the last place to one of two champions who invite in the same moment', async () => {
    const { invite, places, place } = await group()
    await place(await someone())
    await place(await someone())
    const other = await app.signedInAs(await giver().then(({ id }) => ({ ...app.people.actors.champion, staffId: id })))
    const [one, two] = [await someone(), await someone()]
    const sent = await Promise.all([invite(one), invite(two, {}, other)])
    expect(sent.map(({ status }) => status).sort()).toEqual([303, 409])
    expect(await places()).toHaveLength(3)
  })

  it('is changed until it is over: nobody loses their place, whoever is invited comes to what it is now, the second to save is told', async () => {
    const { id, url, place } = await group(new Date('2026-08-12T12:00:00Z'), { places: 3 })
    const [one] = [await place(await someone()), await place(await someone())]
    const plan = { topic: ['safe', 'sound'], place: 'Canal Street library', places: '2', materials: 'Two tablets' }
    const save = (fields: object) => champion.post(url, { ...plan, version: 1, ...fields })
    const bad = await save({ topic: '', place: ' ', places: '31', materials: 'x'.repeat(501) })
    expect(answer(bad)).toEqual([
      422,
      expect.stringMatching(/Choose what it is about .*Enter where you meet .*2 to 30 places.*500 characters or fewer/),
    ])
    expect((await save({})).status).toBe(303)
    expect(await text(url)).toMatch(/Staying safe.*Canal Street library .*Two tablets .*2 of 2 places taken/i)
    const session = app.db.selectFrom('training_sessions').select(['topics', 'version'])
    expect(await session.where('diary_entry_id', '=', one.diary_entry_id).execute()).toEqual([
      { topics: ['safe', 'sound'], version: 2 },
    ])
    const second = await save({ place: 'The other library' })
    expect(answer(second)).toEqual([
      409,
      expect.stringMatching(/Someone changed this session .*Canal Street library What you typed The other library/),
    ])
    await place(await someone()).catch(() => {})
    expect((await save({ places: '3', version: 2 })).status).toBe(303)
    await place(await someone())
    expect(answer(await save({ places: '2', version: 3 }))).toEqual([
      409,
      expect.stringContaining('3 people are on the list. Enter 3 or more, or take somebody off the list first'),
    ])
    const over = await group(new Date(startOfTest.getTime() - 86_400_000))
    expect(answer(await champion.post(over.url, { ...plan, version: 1 }))).toEqual([
      409,
      expect.stringContaining('This session is over, so it stays as it was planned'),
    ])
    expect((await save({ version: 3, places: '4' })).status).toBe(303)
    const told = app.db.selectFrom('audit_events').select('verb').where('subject_id', '=', id)
    expect((await told.where('verb', '=', 'training:group-changed').execute()).length).toBe(3)
  })

  it('has a sheet from its beginning on, of who was invited and nobody else; and counts as training of each of them', async () => {
    const { url, place, by, invite } = await group(halfAnHourAgo)
    const [person, away, other] = [
      await someone({ name: 'Ada Came' }),
      await someone(),
      await someone({ name: 'Off List' }),
    ]
    await conversation(app.db, { person, by, answers: { confidence: 'not-sure', 'skill-join': 'not-yet' } })
    const meeting = await appointment(app.db, { person, by, from: new Date('2026-08-20T10:00:00Z') })
    const [came, absent, off] = [
      String((await place(person)).diary_entry_id),
      String((await place(away)).diary_entry_id),
      String((await place(other)).diary_entry_id),
    ]
    const sheet = (fields: Record<string, string | string[]>) => champion.post(`${url}/attendance`, fields)
    const elsewhere = { champion: await giver(), person: await someone(), from: halfAnHourAgo }
    const stranger = String((await trainingSession(app.db, elsewhere)).diary_entry_id)
    const uninvited = await sheet({
      place: [came, stranger],
      [`came-${came}`]: 'yes',
      [`came-${stranger}`]: 'yes',
    })
    expect(answer(uninvited)).toEqual([
      409,
      expect.stringContaining('was not invited to this session, so nothing is saved'),
    ])
    await champion.post(`/training/${off}/cancellation`, { version: 1 })
    const takenOff = await sheet({ place: off, [`came-${off}`]: 'yes' })
    expect(answer(takenOff)).toEqual([
      409,
      expect.stringContaining('Off List was taken off the list after you opened this sheet'),
    ])
    expect((await sheet({ place: came })).status).toBe(422)
    // whoever comes without an invitation is given one while it goes on
    expect((await invite(await someone())).status).toBe(303)
    const told = {
      place: [came, absent],
      ...{ [`came-${came}`]: 'yes', [`agreed-${came}`]: 'yes' },
      [`came-${absent}`]: 'no',
    }
    expect((await sheet(told)).status).toBe(303)
    const result = {
      came: 'yes',
      agreed: 'yes',
      before: '2',
      after: '4',
      'could-after': ['join'],
      note: 'Rings a friend',
    }
    expect((await champion.post(`/training/${came}/result`, { ...result, version: 2 })).status).toBe(303)
    const facts = (await readinessFacts(app.db, app.people.actors.champion, [meeting.id], startOfTest)).get(meeting.id)
    expect(facts?.trained).toEqual(['2026-08-03'])
    const record = await text(`/service-users/${person.id}`)
    expect(record).toMatch(/[Tt]rained/)
    expect(await text(`/service-users/${person.id}/training`)).toContain('2 of 5, then 4 of 5')
    expect((await champion.post(`${url}/cancellation`, { version: 1 })).status).toBe(409)
    const early = await group(new Date('2026-08-19T10:00:00Z'))
    const soon = await early.place(await someone())
    const tooSoon = await champion.post(`${early.url}/attendance`, {
      place: String(soon.diary_entry_id),
      [`came-${soon.diary_entry_id}`]: 'yes',
    })
    expect(answer(tooSoon)).toEqual([409, expect.stringContaining('Who came can be written down from then on')])
  })

  it('stands on the worklist of who gave it until its sheet is filled, and on nobody else’s', async () => {
    const { by, url, place } = await group(new Date(startOfTest.getTime() - 86_400_000))
    const person = await someone({ name: 'Not Named Here' })
    const { diary_entry_id: id } = await place(person)
    const theirs = await app.signedInAs(await actorFor(app.db, by))
    const worklist = async () => plainText((await theirs.get('/')).text)
    expect(await worklist()).toMatch(/Groups: who came .*1 person .*Write down who came/)
    expect(await worklist()).not.toContain('Not Named Here')
    expect(await text('/')).not.toContain('Groups: who came')
    expect((await theirs.post(`${url}/attendance`, { place: String(id), [`came-${id}`]: 'no' })).status).toBe(303)
    expect(await worklist()).not.toContain('Groups: who came')
  })

  it('is moved and cancelled with every place in it, and no place is moved alone', async () => {
    const { id, by, place, places, url } = await group(new Date('2026-08-13T10:00:00Z'))
    const [one] = [await place(await someone()), await place(await someone())]
    const move = { champion: by.id, 'on-day': 14, 'on-month': 8, 'on-year': 2026, at: '14:00', length: 60, travel: 0 }
    const alone = await champion.post(`/diary/entries/${one.diary_entry_id}/move`, { ...move, version: 1 })
    expect(answer(alone)).toEqual([409, expect.stringContaining('This is a place in a group')])
    expect((await champion.post(`/diary/entries/${id}/move`, { ...move, version: 1 })).status).toBe(303)
    expect((await places()).map(({ starts_at }) => starts_at)).toEqual(Array(2).fill('2026-08-14 13:00:00+00'))
    const busy = await someone({ name: 'Bea Busy' })
    await place(busy)
    await appointment(app.db, { person: busy, by, from: new Date('2026-08-17T13:00:00Z') })
    const clash = await champion.post(`/diary/entries/${id}/move`, { ...move, 'on-day': 17, version: 2 })
    expect(answer(clash)).toEqual([
      409,
      expect.stringContaining(
        'Of those invited, these have something else then: Bea Busy. Choose another time, or take',
      ),
    ])
    expect((await champion.post(`${url}/cancellation`, { version: 2 })).status).toBe(303)
    expect(await places()).toEqual([])
  })

  it('is written about to each who is invited and to nobody who supports them, until their place is free', async () => {
    const { place, by, made } = await group(new Date('2026-08-18T10:00:00Z'))
    const person = await someone({ email: 'invited@post.example' })
    const other = await someone({ email: 'other@post.example' })
    for (const one of [person, other]) await contactAnswer(app.db, { person: one, channel: 'email', answer: 'allowed' })
    const session = await place(person)
    const supporting = await supporter(app.db, { of: other, told: ['training'] })
    await trainingSession(app.db, {
      champion: by,
      person: other,
      from: toCome,
      group: made,
      supporter_id: supporting.id,
    })
    await writeWhatIsDue({ db: app.db, clock: app.clock, canText: false })
    const written = async () =>
      (
        await app.pool.query(
          `select service_user_id as who, kind, cause, occasion_holds(cause) as holds from messages
         where cause like 'session-%' and service_user_id = any($1::bigint[])`,
          [[person.id, other.id]],
        )
      ).rows
    expect(await written()).toMatchObject([{ who: person.id, kind: 'session-made', holds: true }])
    await champion.post(`/training/${session.diary_entry_id}/cancellation`, { version: 1 })
    expect(await written()).toMatchObject([{ who: person.id, holds: false }])
  })

  it('is nobody else’s, and tells nobody of who else is in it', async () => {
    const { url, invite, place } = await group(new Date('2026-08-14T10:00:00Z'))
    const [person, other] = [await someone({ name: 'Ivy Invited' }), await someone({ name: 'Olga Other' })]
    await contactAnswer(app.db, { person, channel: 'text', answer: 'not-allowed' })
    const session = await place(person)
    await place(other)
    // whoever tells them of it reads first what to do and leave
    expect(await text(url)).toMatch(/Ivy Invited .*No texts/)
    const care = await app.signedInAs('care-team')
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect([(await care.get(url)).status, (await foreign.get(url)).status]).toEqual([403, 404])
    expect((await invite(await someone(), {}, foreign)).status).toBe(404)
    for (const path of [
      `/service-users/${person.id}`,
      `/service-users/${person.id}/training`,
      `/training/${session.diary_entry_id}`,
    ]) {
      expect(await text(path)).not.toContain('Olga Other')
    }
  })
})

describe('A session for somebody who supports a person', () => {
  it('is theirs to come to once the person agreed, and is not taken for training of the person', async () => {
    const [person, by] = [await someone(), await giver()]
    const carer = await supporter(app.db, { of: person, told: ['training'], name: 'Cara Carer' })
    const untold = await supporter(app.db, { of: person, name: 'Una Untold' })
    const url = `/service-users/${person.id}/training`
    expect(await text(url)).toMatch(/Who is it for\? .*Cara Carer/)
    expect(await text(url)).not.toContain('Una Untold')
    const fields = {
      ...{ 'on-day': '17', 'on-month': '8', 'on-year': '2026', at: '10:00', length: '60', way: 'phone', topic: 'join' },
      champion: by.id,
    }
    const plan = (whom: number) => champion.post(url, { ...fields, for: whom, ...key() })
    expect(answer(await plan(untold.id))).toEqual([409, expect.stringContaining('has not agreed that this supporter')])
    const made = await plan(carer.id)
    expect(made.status).toBe(303)
    expect(await text(String(made.headers.location))).toContain('Cara Carer, who supports')
    const meeting = await appointment(app.db, { person, by, from: new Date('2026-08-20T10:00:00Z') })
    const facts = (await readinessFacts(app.db, app.people.actors.champion, [meeting.id], startOfTest)).get(meeting.id)
    expect([facts?.trained, facts?.training_planned]).toEqual([[], []])
    const { invite } = await group(new Date('2026-08-18T10:00:00Z'))
    expect(answer(await invite(person, { supporter: untold.id }))[0]).toBe(409)
    expect((await invite(person, { supporter: carer.id })).status).toBe(303)
  })
})

describe('A group, by SQL alone', () => {
  it('keeps to its size, to its time and to who was invited', async () => {
    const { id, by, made, place } = await group(new Date('2026-08-20T10:00:00Z'), { places: 2 })
    const [one] = [await place(await someone()), await place(await someone())]
    await expect(place(await someone())).rejects.toThrow(/is full/)
    const set = (table: 'group_sessions' | 'diary_entries', values: object, which: number) =>
      table === 'group_sessions'
        ? app.db.updateTable(table).set(values).where('diary_entry_id', '=', which).execute()
        : app.db.updateTable(table).set(values).where('id', '=', which).execute()
    await set('group_sessions', { places: 3 }, id)
    await place(await someone())
    await expect(set('group_sessions', { places: 2 }, id)).rejects.toThrow(/more people than places/)
    // whatever is written, a place is when its group is
    await set(
      'diary_entries',
      { starts_at: '2026-08-21T10:00:00Z', ends_at: '2026-08-21T11:00:00Z' },
      one.diary_entry_id,
    )
    const placed = await app.db
      .selectFrom('diary_entries')
      .select('starts_at')
      .where('id', '=', one.diary_entry_id)
      .execute()
    expect(placed).toEqual([{ starts_at: '2026-08-20 10:00:00+00' }])
    await expect(set('diary_entries', { group_entry_id: null }, one.diary_entry_id)).rejects.toThrow(
      /stays as it was made/,
    )
    const { id: somebody } = await someone()
    await expect(set('diary_entries', { service_user_id: somebody }, id)).rejects.toThrow(/stays as it was made/)
    // attendance has no other place than an invitation
    const nobody = app.db.insertInto('training_sessions').values({
      ...{ diary_entry_id: id, organisation_id: organisation_id(), topics: ['join'], came: true },
      ...{ told_at: new Date('2026-08-20T10:30:00Z'), told_by: by.id },
    })
    await expect(nobody.execute()).rejects.toThrow(/no training session with somebody/)
    const twice = await someone()
    await set('diary_entries', { cancelled_at: startOfTest, cancelled_by: by.id }, one.diary_entry_id)
    await place(twice)
    const told = { came: true, told_at: new Date('2026-08-20T10:30:00Z'), told_by: by.id }
    const offTheList = app.db
      .updateTable('training_sessions')
      .set(told)
      .where('diary_entry_id', '=', one.diary_entry_id)
    await expect(offTheList.execute()).rejects.toThrow(/was cancelled/)
    const last = await someone()
    await set('group_sessions', { places: 4 }, id)
    await expect(trainingSession(app.db, { champion: by, person: twice, from: toCome, group: made })).rejects.toThrow(
      /person_in_one_call/,
    )
    await expect(
      trainingSession(app.db, {
        champion: by,
        person: last,
        from: toCome,
        group: made,
        came: true,
        told_at: startOfTest,
        told_by: by.id,
      }),
    ).rejects.toThrow(/has not begun/)
  })

  it('gives its last place once, also when two take it in the same moment', async () => {
    const { place, places } = await group(new Date('2026-08-21T10:00:00Z'), { places: 2 })
    const people = await Promise.all([someone(), someone(), someone(), someone()])
    const taken = await Promise.allSettled(people.map((person) => place(person)))
    expect(taken.filter(({ status }) => status === 'fulfilled')).toHaveLength(2)
    expect(await places()).toHaveLength(2)
  })
})

describe('What a group asks for', () => {
  const body = {
    ...{ 'on-day': '12', 'on-month': '8', 'on-year': '2026', at: '10:00', length: '60', way: 'face-to-face' },
    ...{ place: 'The library', places: '4', topic: 'join', champion: '7' },
  }
  const errorsOf = (more: object) => parseGroup({ ...body, ...more }, startOfTest).errors?.map(({ field }) => field)

  it('is said at its field', () => {
    expect(errorsOf({})).toBeUndefined()
    expect(errorsOf({ places: '1' })).toEqual(['places'])
    expect(errorsOf({ places: '31' })).toEqual(['places'])
    expect(errorsOf({ place: '' })).toEqual(['place'])
    expect(errorsOf({ place: '', way: 'video' })).toBeUndefined()
    expect(errorsOf({ way: 'home-visit', topic: 'nothing', champion: '' })).toEqual(['topic', 'way', 'champion'])
    expect(errorsOf({ 'on-day': '1' })).toEqual(['on'])
    expect(parseSheet({ place: ['7', 'x'], 'came-7': 'maybe' }).value).toEqual({ ids: [7], rows: [] })
  })

  it('stands where its times, its places and its sheet put it', () => {
    const facts: GroupFacts = {
      ...{ starts_at: '2026-08-12 10:00:00+00', ends_at: '2026-08-12 11:00:00+00', cancelled_at: null },
      ...{ places: 2, taken: 1, untold: 1 },
    }
    const at = (time: string, more: Partial<GroupFacts> = {}) => groupState({ ...facts, ...more }, new Date(time))
    expect(at('2026-08-12T09:00:00Z')).toBe('to-come')
    expect(at('2026-08-12T09:00:00Z', { taken: 2 })).toBe('full')
    expect(at('2026-08-12T10:30:00Z')).toBe('under-way')
    expect(at('2026-08-12T11:00:00Z')).toBe('waiting')
    expect(at('2026-08-12T11:00:00Z', { untold: 0 })).toBe('told')
    expect(at('2026-08-12T11:00:00Z', { cancelled_at: '2026-08-01 10:00:00+00' })).toBe('cancelled')
  })
})
