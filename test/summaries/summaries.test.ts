import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  conversation,
  loanTo,
  meetingPreference,
  mergedRecord,
  type ServiceUserOverrides,
  serviceUser,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor
let carer: Visitor
let team: { id: number }

beforeAll(async () => {
  app = await startApp()
  nurse = await app.signedInAs('ward-staff')
  carer = await app.signedInAs('care-team')
  const organisation_id = app.people.organisationId
  team = await ward(app.db, { organisation_id, name: 'North Team', kind: 'community team' })
  const link = { organisation_id, staff_id: app.people.actors['care-team'].staffId, ward_id: team.id }
  await app.db.insertInto('staff_wards').values(link).execute()
})
afterAll(() => app.close())

const person = (more: ServiceUserOverrides = {}) =>
  serviceUser(app.db, { organisation_id: app.people.organisationId, ...more })
const admitted = (more: ServiceUserOverrides = {}) =>
  person({ state: 'admitted', ward_id: app.people.ward.id, ...more })
const read = async (visitor: Visitor, { id }: { id: number }) => plainText((await visitor.get(`/people/${id}`)).text)
const status = async (visitor: Visitor, { id }: { id: number }) => (await visitor.get(`/people/${id}`)).status

/** What leads to somebody, or is nobody's business on a ward. */
const canaries = {
  phone: '07700 900601',
  email: 'canary@post.example',
  address: '1 Canary Street',
  local_id: 'CANARY-1',
  emergency_name: 'Canary Contact',
  agreement_note: 'Canary Note',
  call_back_number: '07700 900602',
  needs_shared: 'Canary Surgery',
  housing: 'rough',
}

describe('ward staff', () => {
  it('see who is on their wards, and what they must know: needs, language, who agrees, and not to ring a parent', async () => {
    const { name } = await admitted({ name: 'Willa Onward', known_as: 'Bill' })
    const list = plainText((await nurse.get('/people')).text)
    expect(list).toMatch(/Willa Onward .*Likes to be called Bill .*Ash Ward/)
    const known = await admitted({
      ...{ name, needs_asked: 'some', needs: ['lip-reading'], needs_met: 'Face the light', interpreter: 'spoken' },
      ...{ language: 'Somali', agrees: 'with-support', parent_contact: 'not-safe', state_on: '2026-08-01' },
    })
    const text = await read(nurse, known)
    for (const words of [
      'Contact no parent',
      'Interpreter needed: Somali',
      'To see the face of whoever speaks',
      'Face the light',
      'Ash Ward, since 1 August 2026',
      'They do, with support to decide',
    ])
      expect(text).toContain(words)
  })

  it('see nothing that leads to somebody, no number, no loan and no answer that is only for counts', async () => {
    const kept = await admitted({ ...canaries, name: 'Plain Person' })
    await loanTo(app.db, { serviceUser: kept })
    const page = (await nurse.get(`/people/${kept.id}`)).text
    expect(/.{0,60}(?:canary|07700|Outdoors|Something on loan).{0,60}/i.exec(page)?.[0]).toBeUndefined()
    expect(plainText(page)).not.toContain('NHS number')
    expect(page).not.toMatch(/<title>[^<]*Plain Person/)
  })

  it('see nobody of another ward, nobody who left, nobody else’s patients, and no record but these', async () => {
    const elsewhere = await admitted({ ward_id: app.people.otherWard.id })
    const left = await admitted({ state: 'discharged' })
    const inTeam = await person({ team_id: team.id })
    const foreign = await serviceUser(app.db, {
      ...{ organisation_id: app.people.otherOrganisationId, state: 'admitted', ward_id: app.people.foreignWard.id },
    })
    for (const other of [elsewhere, left, inTeam, foreign, { id: 9_999_999 }])
      expect(await status(nurse, other)).toBe(404)
    const list = (await nurse.get('/people')).text
    for (const other of [elsewhere, left, inTeam, foreign]) expect(list).not.toContain(`/people/${other.id}"`)
    expect((await nurse.get(`/service-users/${left.id}`)).status).toBe(403)
  })
})

describe('a care team', () => {
  it('sees the people it cares for, with their number, and that something is on loan, not what', async () => {
    const own = await person({
      ...canaries,
      local_id: 'CANARY-2',
      name: 'Tess Ofteam',
      team_id: team.id,
      clinician: 'Dr Example',
    })
    expect(await read(carer, own)).toContain('Something on loan to them No')
    const loan = await loanTo(app.db, { serviceUser: own })
    const { tag } = await app.db
      .selectFrom('items')
      .select('tag')
      .where('id', '=', loan.lines[0]!.item_id)
      .executeTakeFirstOrThrow()
    const text = await read(carer, own)
    expect(text).toContain('Something on loan to them Yes')
    expect(text).toContain('NHS number 999')
    expect(text).toContain('Dr Example')
    // plain text for the clinical record, to be selected without any script
    const [, record = ''] = /For the clinical record.*?Select all(.*)/s.exec(text) ?? []
    expect(record).toMatch(/Name: Tess Ofteam.*NHS number: 999.*Something on loan to them: Yes/)
    expect(text).not.toMatch(/canary|07700/i)
    expect(text).not.toContain(tag)
    expect(await status(carer, await person())).toBe(404)
  })

  it('finds a record that became part of another under its old address', async () => {
    const kept = await person({ team_id: team.id, name: 'Merged Into' })
    const by = { id: app.people.actors.champion.staffId }
    const { merged_id } = await mergedRecord(app.db, { kept, by })
    expect(await read(carer, { id: merged_id })).toContain('Merged Into')
    expect((await carer.get('/people')).text).not.toContain(`/people/${merged_id}"`)
  })
})

describe('a look at somebody’s part', () => {
  it('is in the audit, and is for nobody else', async () => {
    const seen = await admitted()
    await nurse.get(`/people/${seen.id}`)
    const events = await app.db
      .selectFrom('audit_events')
      .select(['verb', 'staff_id'])
      .where('service_user_id', '=', seen.id)
      .execute()
    expect(events).toEqual([{ verb: 'service-user:viewed', staff_id: app.people.actors['ward-staff'].staffId }])
    for (const role of ['administrator', 'commissioner', 'information-governance', 'champion'] as const) {
      const visitor = await app.signedInAs(role)
      expect([await status(visitor, seen), (await visitor.get('/people')).status]).toEqual([403, 403])
    }
  })

  it('says so where nobody is there yet', async () => {
    const newcomer = await staffMember(app.db, {
      ...{ organisation_id: app.people.organisationId, role: 'care-team', password: 'a pot of tea for two' },
    })
    const visitor = await app.visitor().signIn(newcomer.email, 'a pot of tea for two')
    expect(plainText((await visitor.get('/people')).text)).toContain('is helped by the digital champions.')
  })
})

describe('what somebody said in a conversation', () => {
  it('is told as what to do: to the care team with how they want to meet, to the ward what it must act on', async () => {
    const known = await admitted({ team_id: team.id })
    const answers = { 'private-place': 'no', confidence: 'not-sure', 'in-person': ['step-free'], messages: 'not-alone' }
    await conversation(app.db, { person: known, answers })
    await meetingPreference(app.db, { person: known, ways: ['home-visit', 'phone'], camera: 'off', joins: 'my sister' })
    const [told, onWard] = [await read(carer, known), await read(nurse, known)]
    expect(told).toContain('Ask first whether it is a good moment to talk. Offer a private room.')
    expect(told).toContain('First meeting: a visit at home, then a phone call, camera off, joined by my sister')
    expect(onWard).toContain('Offer a private room and a headset for calls.')
    expect(onWard).not.toContain('my sister')
    for (const page of [told, onWard]) {
      expect(page).toContain('For meeting in person A way in without steps')
      expect(page).not.toMatch(/overheard|not feel sure|alone|Barrier/)
    }
  })
})
