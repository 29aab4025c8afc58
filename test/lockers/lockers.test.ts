import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, deposit, itemInRepair, model, serviceUser, staffMember } from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp
let nurse: Visitor

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())
afterEach(async () => {
  app.setClock(startOfTest)
})
const signIn = async () => {
  nurse = await app.signedInAs('ward-staff')
}

const ourWard = () => ({ id: app.people.ward.id, organisation_id: app.people.organisationId })

const bayOf = async (connector = 'usb-c', more: object = {}) => {
  const { organisationId: organisation_id, ward } = app.people
  const made = await model(app.db, { organisation_id, category: 'locker-bay', connector })
  return availableItem(app.db, { organisation_id, model: made, kept_at_ward_id: ward.id, ...more })
}
const lockers = () => `/wards/${app.people.ward.code}/lockers`
const form = (bay: { id: number }, more: Record<string, string> = {}) => ({
  key: crypto.randomUUID(),
  bay: bay.id,
  whose: 'initials',
  initials: 'JB',
  description: 'Black phone',
  connector: 'usb-c',
  hours: '2',
  'key-with': 'staff',
  ...more,
})
const errorsOn = (page: { text: string }) => {
  const summary = /nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(page.text)?.[1] ?? ''
  return [...summary.matchAll(/<li>(.*?)<\/li>/gs)].map((match) => plainText(match[1] ?? '').trim())
}
const deposited = async () => {
  await signIn()
  const { actors } = app.people
  return deposit(app.db, { ward: ourWard(), bay: await bayOf(), by: { id: actors['ward-staff'].staffId } })
}
const stored = (id: number) =>
  app.db.selectFrom('locker_deposits').selectAll().where('id', '=', id).executeTakeFirstOrThrow()

describe('putting a device in', () => {
  it('takes a bay once, however often it is sent, and the list says whose it is and until when', async () => {
    await signIn()
    const bay = await bayOf()
    const { ward, organisationId: organisation_id } = app.people
    const person = await serviceUser(app.db, {
      organisation_id,
      name: 'Inpatient Locker',
      state: 'admitted',
      ward_id: ward.id,
    })
    const page = await nurse.get(`${lockers()}/deposit?bay=${bay.id}`)
    expect(page.text).toContain('Inpatient Locker')
    const sent = form(bay, { whose: 'person', person: String(person.id), initials: '' })
    const answer = await nurse.post(lockers(), sent)
    expect(answer.status).toBe(303)
    expect((await nurse.post(lockers(), sent)).headers.location).toBe(answer.headers.location)
    const list = plainText((await nurse.get(lockers())).text)
    expect(list).toContain('Inpatient Locker')
    expect(list).toContain('Black phone')
    const second = await nurse.post(lockers(), form(bay))
    expect([second.status, errorsOn(second)[0]]).toEqual([409, expect.stringContaining('has something in it already')])
  })

  it('into a bay of the wrong connector is refused, and the nearest right one is one tap away', async () => {
    await signIn()
    const wrong = await bayOf('usb-c', { tag: 'NEAR-1' })
    const right = await bayOf('lightning', { tag: 'NEAR-2' })
    await bayOf('lightning', { tag: 'NEAR-3' })
    const sent = form(wrong, { connector: 'lightning' })
    const answer = await nurse.post(lockers(), sent)
    expect([answer.status, errorsOn(answer)]).toEqual([
      409,
      ['NEAR-1 has USB-C, not Lightning. The nearest one that does is NEAR-2.'],
    ])
    expect(answer.text).toContain(`name="instead" value="${right.id}"`)
    expect(answer.text).toContain('value="Black phone"')
    expect((await nurse.post(lockers(), { ...sent, instead: String(right.id) })).status).toBe(303)
  })

  it('says all at once what is missing, and keeps what was typed', async () => {
    await signIn()
    const answer = await nurse.post(lockers(), { key: crypto.randomUUID(), bay: (await bayOf()).id, description: ' ' })
    expect([answer.status, errorsOn(answer)]).toEqual([
      422,
      [
        'Choose whose it is',
        'Enter what it looks like',
        'Choose what it charges through',
        'Choose how long it charges',
        'Choose who has the key or the code',
      ],
    ])
  })

  it('is for somebody on this ward, in a bay of this ward that works', async () => {
    await signIn()
    const { organisationId: organisation_id } = app.people
    const outside = await serviceUser(app.db, { organisation_id, name: 'Outside Locker' })
    const notHere = await nurse.post(lockers(), form(await bayOf(), { whose: 'person', person: String(outside.id) }))
    expect([notHere.status, errorsOn(notHere)[0]]).toEqual([
      409,
      expect.stringContaining('This person is not on the ward any more'),
    ])
    const elsewhere = await availableItem(app.db, { organisation_id, category: 'locker-bay', kept_at_ward_id: null })
    expect((await nurse.post(lockers(), form(elsewhere))).status).toBe(404)
    const broken = await itemInRepair(app.db, {
      organisation_id,
      category: 'locker-bay',
      kept_at_ward_id: app.people.ward.id,
    })
    const answer = await nurse.post(lockers(), form({ id: broken.id }))
    expect([answer.status, errorsOn(answer)[0]]).toEqual([409, expect.stringContaining('is out of service')])
  })
})

describe('taking a device out', () => {
  it('by the owner happens once; a second time is refused in words', async () => {
    const { id } = await deposited()
    expect((await nurse.post(`/lockers/${id}/collection`, {})).headers.location).toBe(lockers())
    const again = await nurse.post(`/lockers/${id}/collection`, {})
    expect([again.status, errorsOn(again)[0]]).toEqual([
      409,
      `This device was collected already, on Monday 3 August 2026 at 10:30am. ${app.people.actors['ward-staff'].name} wrote it down.`,
    ])
    // the bay is free, and then has somebody else's: whoever pressed goes on from here
    const { bay_id } = await stored(id)
    expect(again.text).toContain(`href="${lockers()}/deposit?bay&#x3D;${bay_id}"`)
    const { headers } = await nurse.post(lockers(), form({ id: bay_id }))
    expect((await nurse.post(`/lockers/${id}/hand-over`, { 'handed-to': 'A', 'allowed-by': 'B' })).text).toContain(
      `href="${headers.location}"`,
    )
    expect(await stored(id)).toMatchObject({ ended_as: 'collected' })
  })

  it('by somebody else needs their name and who allowed it', async () => {
    const { id } = await deposited()
    const empty = await nurse.post(`/lockers/${id}/hand-over`, {})
    expect([empty.status, errorsOn(empty)]).toEqual([422, ['Enter who collects it', 'Enter who allowed it']])
    const sent = { 'handed-to': 'Their sister', 'allowed-by': 'Nurse in charge Example' }
    expect((await nurse.post(`/lockers/${id}/hand-over`, sent)).status).toBe(303)
    expect(await stored(id)).toMatchObject({ ended_as: 'handed-over', handed_to: 'Their sister' })
    expect(plainText((await nurse.get(`/lockers/${id}`)).text)).toContain('Nurse in charge Example')
  })

  it('by force needs a second member of staff, who is not the first and works there', async () => {
    const { id } = await deposited()
    const { organisationId: organisation_id, actors } = app.people
    const own = actors['ward-staff'].staffId
    const opened = (witness: number) =>
      nurse.post(`/lockers/${id}/opening`, { witness: String(witness), because: 'It is on fire' })
    expect(errorsOn(await opened(own))).toEqual(['Somebody else than you has to be there'])
    expect(errorsOn(await opened(actors.champion.staffId))).toEqual(['Choose a member of staff of this ward'])
    expect((await stored(id)).ended_at).toBeNull()
    const colleague = await staffMember(app.db, { organisation_id, role: 'ward-staff', wards: [app.people.ward] })
    expect((await opened(colleague.id)).status).toBe(303)
    expect(await stored(id)).toMatchObject({ ended_as: 'opened', ended_by: own, witnessed_by: colleague.id })
  })

  it('is missed after a while: the ward is told which bays', async () => {
    const { id } = await deposited()
    app.setClock(new Date(startOfTest.getTime() + 7 * 3_600_000))
    await signIn()
    const { tag } = await app.db
      .selectFrom('locker_deposits')
      .innerJoin('items', 'items.id', 'bay_id')
      .select('tag')
      .where('locker_deposits.id', '=', id)
      .executeTakeFirstOrThrow()
    const list = plainText((await nurse.get(lockers())).text)
    expect(list).toMatch(new RegExp(`Not collected 4 hours after it was ready: [^.]*${tag}`))
  })
})

it('the slip names nobody and no ward', async () => {
  await signIn()
  const { ward, organisationId: organisation_id, actors } = app.people
  const person = await serviceUser(app.db, {
    organisation_id,
    name: 'Secret Inpatient',
    state: 'admitted',
    ward_id: ward.id,
  })
  const { id } = await deposit(app.db, {
    ward: ourWard(),
    by: { id: actors['ward-staff'].staffId },
    bay: await bayOf(),
    for: { serviceUser: person },
  })
  const text = plainText((await nurse.get(`/lockers/${id}/slip`)).text)
  expect(text).toContain('Your device is charging')
  const { name } = await app.db.selectFrom('wards').select('name').where('id', '=', ward.id).executeTakeFirstOrThrow()
  for (const word of ['Secret', 'Inpatient', name, 'mental', 'health']) {
    expect(text.toLowerCase()).not.toContain(word.toLowerCase())
  }
})

it('staff of another ward and other roles find no lockers', async () => {
  const { id } = await deposited()
  const { organisationId: organisation_id, actors } = app.people
  const { id: staffId } = await staffMember(app.db, { organisation_id, role: 'ward-staff' })
  const stranger = await app.signedInAs({ ...actors['ward-staff'], staffId, wardIds: [] })
  const paths = [lockers(), `/lockers/${id}`, `/lockers/${id}/slip`]
  for (const path of paths) expect((await stranger.get(path)).status).toBe(404)
  expect((await stranger.post(`/lockers/${id}/collection`, {})).status).toBe(404)
  const care = await app.signedInAs('care-team')
  expect((await care.get(lockers())).status).toBe(403)
  expect((await care.post(`/lockers/${id}/collection`, {})).status).toBe(403)
})
