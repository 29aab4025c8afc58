import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  acceptedRisk,
  appointment,
  availableItem,
  booking,
  insertOne,
  organisation,
  placement,
  platform,
  referralFor,
  serviceUser,
  staffMember,
  supporter,
  trialCall,
} from '../../seeds/factories.ts'
import { may } from '../../src/web/access.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let champion: Visitor
let care: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  care = await app.signedInAs('care-team')
})
afterAll(() => app.close())

const key = () => ({ key: crypto.randomUUID() })
/** Somebody of the care team, since it works with the ward. */
const someone = (more: object = {}) =>
  serviceUser(app.db, { organisation_id: app.people.organisationId, team_id: app.people.ward.id, ...more })
const order = (more: object = {}) => ({
  ...{ first: 'yes', way: 'video', purpose: 'assessment', at: '14:30', length: '50', clinician: 'Dr Ana Example' },
  ...{ 'on-day': '5', 'on-month': '8', 'on-year': '2026' },
  // everybody in these tests meets the same clinician
  anyway: 'clinician',
  ...more,
})
const make = (id: number, more: object = {}, visitor = care) =>
  visitor.post(`/service-users/${id}/appointments`, { ...order(more), ...key() })
const appointmentsOf = (id: number) =>
  app.db.selectFrom('appointments').selectAll().where('service_user_id', '=', id).orderBy('id').execute()
const text = async (path: string, visitor = care) => plainText((await visitor.get(path)).text)
const booked = async (more: object = {}) => {
  const person = await someone()
  const by = { id: app.people.actors.champion.staffId }
  return { person, one: await appointment(app.db, { person, by, from: new Date('2026-08-05T10:00:00Z'), ...more }) }
}

describe('A care team', () => {
  it('makes a first appointment; the champion sees it, with what is still to be agreed', async () => {
    const person = await someone({ name: 'Noor Example' })
    const form = await care.get(`/service-users/${person.id}/appointments/new`)
    expect(form.text.indexOf('value="face-to-face"')).toBeLessThan(form.text.indexOf('value="video"'))
    const made = await make(person.id)
    const [one] = await appointmentsOf(person.id)
    expect([made.status, made.headers.location]).toEqual([303, `/appointments/${one?.id}/details`])
    expect(one).toMatchObject({ way: 'video', is_first: true, extra_minutes: 15, team_id: null })
    const page = await text(`/appointments/${one?.id}`, champion)
    expect(page).toContain('A video call, Wednesday 5 August 2026 at 2:30pm, until 3:35pm')
    expect(page).toMatch(/Still to do .*How to get in .*What to do when it fails .*A number to call back on/)
    expect(await text('/appointments', champion)).toContain('Noor Example')
  })

  it('reaches its own people and nobody else', async () => {
    const stranger = await serviceUser(app.db, { organisation_id: app.people.organisationId, name: 'Far Away' })
    const by = { id: app.people.actors.champion.staffId }
    const theirs = await appointment(app.db, { person: stranger, by, from: new Date('2026-08-06T10:00:00Z') })
    expect((await make(stranger.id)).status).toBe(404)
    expect((await care.get(`/appointments/${theirs.id}`)).status).toBe(404)
    expect((await care.post(`/appointments/${theirs.id}/way`, { way: 'phone', version: 1 })).status).toBe(404)
    expect(await text('/appointments')).not.toContain('Far Away')
    expect(await text('/appointments', champion)).toContain('Far Away')
    const team = await make((await someone()).id, { team: app.people.otherWard.id })
    expect(team.status).toBe(404)
  })

  it('is told what to do when it contacts somebody, and no number of theirs', async () => {
    const person = await someone({ contact_instruction: 'Text before you call', phone: '07700 900 444' })
    await make(person.id)
    const [one] = await appointmentsOf(person.id)
    const page = await text(`/appointments/${one?.id}`)
    expect(page).toContain('Before you contact them Text before you call')
    expect(page).not.toContain('900 444')
  })
})

describe('An appointment', () => {
  it('is made once however often its form is sent, and says what is wrong with it', async () => {
    const person = await someone()
    const body = { ...order(), ...key() }
    const url = `/service-users/${person.id}/appointments`
    const [first, second] = [await care.post(url, body), await care.post(url, body)]
    expect(second.headers.location).toBe(first.headers.location)
    expect(await appointmentsOf(person.id)).toHaveLength(1)
    const wrong = await make(person.id, { 'on-day': '3', way: '', clinician: 'Dr Typed' })
    expect(wrong.status).toBe(422)
    expect(wrong.text).toContain('Choose how they want to meet')
    expect(wrong.text).toContain('Dr Typed')
  })

  it('is not at the same time as another of theirs; nor of somebody who has died', async () => {
    const person = await someone()
    await make(person.id)
    const clash = await make(person.id, { at: '15:00', way: 'phone' })
    expect(clash.status).toBe(409)
    expect(plainText(clash.text)).toContain(
      'They have an appointment then: Wednesday 5 August 2026 at 2:30pm, until 3:35pm. Choose another time, or cancel that first. The nearest time that fits is Wednesday 5 August 2026 at 3:45pm',
    )
    const both = await Promise.all([make(person.id, { at: '09:00' }), make(person.id, { at: '09:15' })])
    expect(both.map(({ status }) => status).sort()).toEqual([303, 409])
    expect((await make((await someone({ state: 'died' })).id)).status).toBe(409)
  })

  it('is not at the time of a call of ours, which is named with its time; of one clinician’s two, only when it is meant', async () => {
    const [person, other] = [await someone(), await someone()]
    const caller = await staffMember(app.db, { organisation_id: app.people.organisationId, role: 'champion' })
    await trialCall(app.db, { champion: caller, person, from: new Date('2026-08-05T13:45:00Z') })
    const clash = await make(person.id)
    expect([clash.status, plainText(clash.text)]).toEqual([
      409,
      expect.stringMatching(
        /They have a trial-run call then: Wednesday 5 August 2026 at 2:45pm, until 3:15pm.*The nearest time that fits is/,
      ),
    ])
    const who = { clinician: 'Dr Twice Example', anyway: '', at: '11:00' }
    expect((await make(person.id, who)).status).toBe(303)
    const twice = await make(other.id, { ...who, clinician: 'dr twice example', at: '11:30' })
    expect([twice.status, plainText(twice.text)]).toEqual([
      409,
      expect.stringContaining('has another appointment then: Wednesday 5 August 2026 at 11am, until 12:05pm'),
    ])
    expect(twice.text).toContain('name="anyway" value="clinician"')
    expect((await make(other.id, { ...who, at: '11:30', purpose: 'group' })).status).toBe(303)
    expect((await make((await someone()).id, { ...who, at: '11:30', anyway: 'clinician' })).status).toBe(303)
  })

  it('moved before its trial-run call says what has to be rearranged, and goes on when it is meant', async () => {
    const { person, one } = await booked({ from: new Date('2026-08-12T10:00:00Z') })
    const caller = await staffMember(app.db, { organisation_id: app.people.organisationId, role: 'champion' })
    const call = { champion: caller, person, appointment: one, from: new Date('2026-08-10T10:00:00Z') }
    const { diary_entry_id: id } = await trialCall(app.db, call)
    const move = (anyway: string) =>
      champion.post(`/appointments/${one.id}/edit`, { ...order({ 'on-day': '7', anyway }), version: 1 })
    const asked = await move('clinician')
    expect([asked.status, plainText(asked.text)]).toEqual([
      409,
      expect.stringContaining('Their trial-run call is on Monday 10 August 2026 at 11am, which is after it then'),
    ])
    expect((await move('clinician call')).status).toBe(303)
    expect(await text(`/trial-calls/${id}`, champion)).toContain('This call comes too late')
    expect(await text('/', champion)).toContain('Trial-run call after its appointment')
  })

  it('changes to another way in one step, without a reason, and keeps the way before and how to get in', async () => {
    const { one } = await booked({ join_link: 'https://meet.example/secret' })
    const url = `/appointments/${one.id}`
    const changed = await care.post(`${url}/way`, { way: 'face-to-face', version: 1 })
    expect([changed.status, changed.headers.location]).toEqual([303, `${url}/details`])
    expect((await care.post(`${url}/details`, { place: 'Room 4', version: 2 })).status).toBe(303)
    const page = await text(url)
    expect(page).toMatch(/Face to face, Wednesday.*Each way of meeting.*A video call Since .*Face to face Since /)
    expect(page).not.toContain('meet.example')
    expect((await care.post(`${url}/way`, { way: 'video', version: 3 })).status).toBe(303)
    expect((await care.get(url)).text).toContain('href="https://meet.example/secret"')
    expect((await care.post(`${url}/way`, { way: 'phone', version: 3 })).status).toBe(409)
    expect((await care.post(`${url}/way`, { version: 4 })).status).toBe(422)
  })

  it('keeps its link out of lists, the audit and the log', async () => {
    const { person, one } = await booked()
    const url = `/appointments/${one.id}`
    const bad = await care.post(`${url}/details`, { 'join-link': 'http://meet.example/a', version: 1 })
    expect([bad.status, plainText(bad.text)]).toEqual([422, expect.stringContaining('must begin with https://')])
    const secret = 'https://meet.example/kept-to-itself'
    expect((await care.post(`${url}/details`, { 'join-link': secret, version: 1 })).status).toBe(303)
    expect((await care.get(url)).text).toContain(secret)
    const { rows } = await app.pool.query('select details::text from audit_details')
    const told = [
      JSON.stringify(rows),
      app.logged(),
      (await care.get('/appointments')).text,
      (await care.get(`/service-users/${person.id}/appointments`)).text,
    ]
    expect(told.filter((one_) => one_.includes('kept-to-itself'))).toEqual([])
  })

  it('is moved, and whoever was slower is told and keeps what they typed', async () => {
    const { one } = await booked()
    const url = `/appointments/${one.id}/edit`
    const moved = await care.post(url, { ...order({ first: 'no', at: '16:00' }), version: 1 })
    expect(moved.status).toBe(303)
    const late = await champion.post(url, { ...order({ at: '17:00' }), version: 1 })
    expect(late.status).toBe(409)
    expect(late.text).toContain('value="17:00"')
    expect(plainText(late.text)).toContain('Somebody changed this appointment after you opened it')
    const [now] = await appointmentsOf(one.service_user_id)
    expect(now).toMatchObject({ version: 2, extra_minutes: 0 })
    expect(new Date(now?.starts_at ?? '')).toEqual(new Date('2026-08-05T15:00:00Z'))
  })

  it('is cancelled, says by whom, and is over', async () => {
    const { person, one } = await booked()
    const url = `/appointments/${one.id}`
    expect((await care.post(`${url}/cancellation`, { version: 1 })).status).toBe(422)
    expect((await care.post(`${url}/cancellation`, { by: 'person', version: 1 })).status).toBe(303)
    expect(await text(url)).toMatch(/Cancelled .*by the person/)
    expect((await care.post(`${url}/way`, { way: 'phone', version: 2 })).status).toBe(409)
    expect((await care.get(`${url}/edit`)).status).toBe(409)
    expect((await make(person.id, { at: '11:00' })).status).toBe(303)
  })
})

describe('Somebody who cannot get in', () => {
  const soon = {
    from: new Date('2026-08-03T09:45:00Z'),
    minutes: 50,
    back_up: 'phone',
    back_up_number: '01632 960 101',
  }
  const during = async (work: () => Promise<void>) => {
    app.setClock(new Date('2026-08-03T09:52:00Z'))
    try {
      await work()
    } finally {
      app.setClock(startOfTest)
    }
  }

  it('is found from the worklist by whoever picks up, with what helps them in and nobody out of reach', async () => {
    const stranger = await serviceUser(app.db, { organisation_id: app.people.organisationId, name: 'Other Caller' })
    const by = { id: app.people.actors.champion.staffId }
    await appointment(app.db, { person: stranger, by, from: soon.from })
    const person = await someone({ name: 'Kit Waiting', contact_instruction: 'Text before you call' })
    const one = await appointment(app.db, { person, by, ...soon, join_link: 'https://meet.example/let-me-in' })
    expect((await care.get('/')).text).toContain('href="/appointments/now"')
    const list = await care.get('/appointments/now')
    expect(list.text).toContain(`href="/appointments/${one.id}/now"`)
    expect(list.text).not.toMatch(/Other Caller|let-me-in/)
    expect(await text('/appointments/now', champion)).toContain('Other Caller')
    const page = await care.get(`/appointments/${one.id}/now`)
    expect(page.text).toContain('href="https://meet.example/let-me-in"')
    expect(plainText(page.text)).toMatch(
      /Before you contact them Text before you call.*01632 960 101.*It has not begun yet/,
    )
    expect((await care.get(`/appointments/${one.id}/call-sheet`)).text).not.toContain('let-me-in')
  })

  it('has it written down in one press, and nothing that was typed is wiped out', async () => {
    const { one } = await booked({ ...soon, persons_words: 'I like it by phone', outcome_note: 'Bad signal at home' })
    const url = `/appointments/${one.id}/now`
    expect((await care.post(url, { what: 'got-in', version: 1 })).status).toBe(409)
    await during(async () => {
      expect((await care.post(url, { what: 'sold', version: 1 })).status).toBe(409)
      expect((await care.post(url, { what: 'back-up', version: 1 })).status).toBe(303)
      const late = await champion.post(url, { what: 'could-not-connect', version: 1 })
      expect([late.status, plainText(late.text)]).toEqual([409, expect.stringContaining('Somebody changed this')])
      expect((await champion.post(url, { what: 'could-not-connect', version: 2 })).status).toBe(409)
      const page = await text(`/appointments/${one.id}`)
      expect(page).toMatch(/How they met A phone call .*I like it by phone .*Bad signal at home/)
    })
  })

  it('is called back on no number that turned out not to be safe, and nobody is told why', async () => {
    const { person, one } = await booked({ ...soon, call_back_number: '07700 900 555' })
    const by = app.people.actors.champion.staffId
    await insertOne(app.db, 'contact_address_answers', {
      ...{ organisation_id: app.people.organisationId, service_user_id: person.id, address: '+44 7700 900555' },
      ...{ is_safe: false, at: startOfTest, recorded_by: by, pause_id: null },
    })
    for (const part of ['', '/now', '/call-sheet']) {
      const page = await text(`/appointments/${one.id}${part}`)
      expect(page).not.toContain('900 555')
      expect(page).toContain('Do not use the number that was agreed')
    }
  })

  it('is told of the crisis line that the organisation wrote down', async () => {
    const { one } = await booked(soon)
    const admin = await app.signedInAs('administrator')
    const url = '/admin/settings/numbers'
    expect(await text(`/appointments/${one.id}/call-sheet`)).toMatch(
      /call 111 and choose the mental health option.* 999/i,
    )
    const shown = /name="shown" value="([^"]*)"/.exec((await admin.get(url)).text)?.[1] ?? ''
    expect((await admin.post(url, { 'crisis-line': ' ', shown })).status).toBe(422)
    const line = { 'crisis-line': 'Call 01632 960 333 by day\nCall 111, option 2, at night', shown }
    expect((await admin.post(url, line)).status).toBe(303)
    const late = await admin.post(url, { ...line, 'crisis-line': 'Mine' })
    expect([late.status, late.text]).toEqual([409, expect.stringContaining('Mine')])
    expect(await text(`/appointments/${one.id}/call-sheet`)).toMatch(/01632 960 333 by day.*option 2.* 999/)
  })

  it('is told in their letter what to ring when it does not work, and no name with it', async () => {
    const { one } = await booked(soon)
    const admin = await app.signedInAs('administrator')
    const url = '/admin/settings/numbers'
    const letter = () => text(`/appointments/${one.id}/letter`)
    expect(await letter()).toContain('Ring us: ____')
    const page = (await admin.get(url)).text
    const crisis = /<textarea[^>]*>([^<]*)/.exec(page)?.[1] ?? ''
    const shown = /name="shown" value="([^"]*)"/.exec(page)?.[1] ?? ''
    const typed = (helpLine: string) => ({ 'crisis-line': crisis, 'help-line': helpLine, shown })
    for (const [wrong, words] of [
      ['Crisis team, 01632 960 100', 'no name of a service'],
      ['Ask at the desk', 'Enter a phone number'],
    ] as const) {
      const answer = await admin.post(url, typed(wrong))
      expect([answer.status, answer.text]).toEqual([422, expect.stringContaining(words)])
    }
    expect((await admin.post(url, typed('01632 960 100, 9am to 5pm'))).status).toBe(303)
    expect(await letter()).toContain('Ring us: 01632 960 100, 9am to 5pm')
  })
})

describe('A ward', () => {
  it('sees today’s appointments of who is on it: when, how, where and what to do; not why, with whom, nor the way in', async () => {
    const { organisationId: organisation_id, ward, otherWard, actors } = app.people
    const by = { id: actors.champion.staffId }
    const on = (ward_id: number, name: string, more: object = {}) =>
      serviceUser(app.db, { organisation_id, state: 'admitted', state_on: '2026-08-01', ward_id, name, ...more })
    const here = await on(ward.id, 'Ola Here', { contact_instruction: 'Ask for Sam', phone: '07700 900 881' })
    const today = {
      by,
      from: new Date('2026-08-03T13:00:00Z'),
      clinician: 'Dr Hidden',
      join_link: 'https://meet.example/w',
    }
    const said = { purpose: 'therapy', others: 'Aunt Secret', call_back_number: '07700 900 882' }
    await appointment(app.db, { person: here, ...today, ...said })
    await appointment(app.db, { person: await on(otherWard.id, 'Una There'), ...today })
    await appointment(app.db, { person: here, by, from: new Date('2026-08-04T13:00:00Z'), place: 'Tomorrow Hall' })
    await appointment(app.db, { person: await someone({ name: 'Pat Home' }), ...today })
    const room = await availableItem(app.db, { organisation_id, category: 'private-room', tag: 'ROOM 9' })
    await placement(app.db, { ward: { ...ward, organisation_id }, items: [room], lentBy: by })
    const slot = { from: new Date('2026-08-03T12:30:00Z'), until: new Date('2026-08-03T14:30:00Z') }
    const nurse = await app.signedInAs('ward-staff')
    expect(await text('/appointments/today', nurse)).toMatch(/2pm to 2:50pm: Ola Here .*No private room is booked/)
    await booking(app.db, {
      ward: { id: ward.id, organisation_id },
      items: [room],
      by,
      for: { serviceUser: here },
      ...slot,
    })
    const page = await text('/appointments/today', nurse)
    expect(page).toMatch(/Ola Here Ask for Sam .*A video call .*Private room ROOM 9/)
    expect(page).not.toMatch(/Una|Pat|Tomorrow|Hidden|meet\.example|Therapy|Secret|900 88|No private room/)
    expect((await nurse.get('/appointments')).status).toBe(403)
    const onTablet = {
      role: 'ward-staff',
      caseloadOnly: false,
      tablet: { id: 1, name: 'One', wardName: 'Ash' },
    } as const
    expect([may(onTablet, 'appointment:today'), may(onTablet, 'appointment:read')]).toEqual([true, false])
  })
})

describe('Around an appointment', () => {
  it('a platform that is not approved is a note, with who took the risk, and never a stop', async () => {
    const { one } = await booked()
    const here = { organisation_id: app.people.organisationId }
    const chosen = await platform(app.db, { ...here, name: 'Family Video', approval: 'not-approved' })
    await acceptedRisk(app.db, { platform: chosen, by: { id: app.people.actors.champion.staffId } })
    const url = `/appointments/${one.id}`
    expect(await text(`${url}/details`)).toContain('Family Video (not approved)')
    expect((await care.post(`${url}/details`, { platform: chosen.id, version: 1 })).status).toBe(303)
    for (const part of ['', '/now']) {
      expect(await text(`${url}${part}`)).toMatch(
        /Family Video is not approved\. .* accepted the risk .*: They know it/,
      )
    }
    const elsewhere = await platform(app.db, { organisation_id: (await organisation(app.db)).id })
    expect((await care.post(`${url}/details`, { platform: elsewhere.id, version: 2 })).status).toBe(404)
  })

  it('a supporter joins whom the person agreed to, nobody else’s, and is said to be unsure while contact is paused', async () => {
    const { person, one } = await booked()
    const of = (id: number, consent: string) =>
      supporter(app.db, { of: { id, organisation_id: app.people.organisationId }, name: `Sup ${consent}`, consent })
    const [mum, ex, strange] = [
      await of(person.id, 'given'),
      await of(person.id, 'refused'),
      await of((await someone()).id, 'given'),
    ]
    const url = `/appointments/${one.id}`
    const form = await text(`${url}/details`)
    expect([form.includes('Sup given'), form.includes('Sup refused')]).toEqual([true, false])
    const save = (supporters: number, version: number) => care.post(`${url}/details`, { supporters, version })
    expect((await save(strange.id, 1)).status).toBe(404)
    const refused = await save(ex.id, 1)
    expect([refused.status, plainText(refused.text)]).toEqual([409, expect.stringContaining('has not agreed')])
    expect((await save(mum.id, 1)).status).toBe(303)
    expect(await text(url)).toContain('Their supporters Sup given')
    await insertOne(app.db, 'contact_pauses', {
      ...{ organisation_id: app.people.organisationId, service_user_id: person.id, began_at: startOfTest },
      ...{ began_by: app.people.actors.champion.staffId },
    })
    expect(await text(`${url}/call-sheet`)).toContain(
      'Sup given: ask the person first, alone, whether they are to join',
    )
  })

  it('an open referral follows the first appointment that is made, moved and cancelled', async () => {
    const person = await someone()
    const by = { id: app.people.actors.champion.staffId }
    const referral = await referralFor(app.db, { person, by, referred_on: '2026-07-20' })
    const day = async () => {
      const row = await app.db
        .selectFrom('referrals')
        .select('first_appointment_on')
        .where('id', '=', referral.id)
        .executeTakeFirstOrThrow()
      return row.first_appointment_on
    }
    await make(person.id, { first: 'no', at: '09:00' })
    expect(await day()).toBeNull()
    await make(person.id)
    expect(await day()).toBe('2026-08-05')
    const [, one] = await appointmentsOf(person.id)
    const url = `/appointments/${one?.id}`
    expect(await text(url)).toContain('16 days from 20 July 2026, when it was asked for')
    expect(await text('/appointments')).toContain('16 days after it was asked for')
    expect((await care.post(`${url}/edit`, { ...order({ 'on-day': '12' }), version: 1 })).status).toBe(303)
    expect(await day()).toBe('2026-08-12')
    expect((await care.post(`${url}/cancellation`, { by: 'team', version: 2 })).status).toBe(303)
    expect(await day()).toBeNull()
  })
})

describe('How it went', () => {
  it('is written down from its beginning on; that they could not connect is no absence', async () => {
    const { one } = await booked({ from: new Date('2026-08-03T09:45:00Z'), minutes: 5 })
    const url = `/appointments/${one.id}/outcome`
    const outcome = { outcome: 'could-not-connect', 'persons-words': 'The wheel went round and round', version: 1 }
    const early = await care.post(url, outcome)
    expect([early.status, plainText(early.text)]).toEqual([409, expect.stringContaining('It has not begun yet')])
    app.setClock(new Date('2026-08-03T09:52:00Z'))
    try {
      expect(await text('/appointments?show=waiting')).toContain('How did it go?')
      expect((await care.post(url, { version: 1 })).status).toBe(422)
      expect((await care.post(url, outcome)).status).toBe(303)
      const page = await text(`/appointments/${one.id}`)
      expect(page).toContain('Agree another time or way with them')
      expect(page).toMatch(/What happened They could not connect.*wheel went round/)
      expect((await care.post(url, outcome)).status).toBe(409)
      const put = { outcome: 'attended', 'met-by': 'phone', disruption: 'back-up', version: 2 }
      expect((await care.post(url, put)).status).toBe(303)
      expect(await text(`/appointments/${one.id}`)).toMatch(/How they met A phone call What went wrong It failed/)
    } finally {
      app.setClock(startOfTest)
    }
  })
})
