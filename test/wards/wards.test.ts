import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  closedWard,
  enrolledTablet,
  openStockCheck,
  placement,
  serviceUser,
  site,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let administrator: Visitor
let foreigner: Visitor
let champion: Visitor
let siteId: number

beforeAll(async () => {
  app = await startApp()
  administrator = await app.signedInAs('administrator')
  foreigner = await app.signedInAs(app.people.foreignActors.administrator)
  champion = await app.signedInAs('champion')
  siteId = (await site(app.db, { ...here(), name: 'Oak House' })).id
})
afterAll(() => app.close())

const key = () => crypto.randomUUID()
const here = () => ({ organisation_id: app.people.organisationId })
const by = () => ({ id: app.people.actors.administrator.staffId })
const willow = () => ({ name: 'Willow Ward', code: 'willow', kind: 'inpatient ward', site: siteId })
const plain = (html: string) =>
  html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&').replaceAll('&#x27;', "'").replaceAll('&quot;', '"')

function idIn(location: string | undefined): number {
  return Number(/^\/admin\/wards\/(\d+)$/.exec(location ?? '')?.[1])
}

function stored(id: number) {
  return app.db.selectFrom('wards').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

async function verbsOf(id: number, type = 'ward') {
  const rows = await app.db
    .selectFrom('audit_events')
    .select('verb')
    .where('subject_type', '=', type)
    .where('subject_id', '=', id)
    .orderBy('id')
    .execute()
  return rows.map(({ verb }) => verb)
}

describe('adding a ward', () => {
  it('keeps what was typed, once however often the form is sent, and offers it from then on', async () => {
    const form = { ...willow(), code: 'Willow', key: key() }
    const [first, second] = await Promise.all([
      administrator.post('/admin/wards', form),
      administrator.post('/admin/wards', form),
    ])
    expect([first.status, second.status]).toEqual([303, 303])
    expect(second.headers.location).toBe(first.headers.location)
    const id = idIn(first.headers.location)
    expect(await stored(id)).toMatchObject({ ...here(), name: 'Willow Ward', code: 'willow', site_id: siteId })
    expect(await verbsOf(id)).toEqual(['ward:added'])
    expect((await administrator.get(`/admin/wards/${id}`)).text).toContain('Oak House')
    expect((await champion.get('/loans/new')).text).toContain('Willow Ward')
    expect((await administrator.get('/admin/wards')).text).toContain('Willow Ward')
  })

  it('says all that is wrong at once and keeps what was typed', async () => {
    const answer = await administrator.post('/admin/wards', { name: '', code: 'two words', kind: 'cave', key: key() })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('<title>Error: Add a ward, team or hub')
    for (const text of ['Enter the name', 'Code must be 2 to 30', 'Choose what kind', 'Choose the site']) {
      expect(answer.text).toContain(text)
    }
    expect(answer.text).toContain('value="two words"')
    const reserved = await administrator.post('/admin/wards', { ...willow(), code: 'export', key: key() })
    expect(reserved.text).toContain('This word has another meaning')
  })

  it('refuses a name and a code that others have at their fields, leads to them, and leaves other organisations alone', async () => {
    const elm = await ward(app.db, { ...here(), name: 'Elm Ward', code: 'elm' })
    const shut = await closedWard(app.db, { ...here(), name: 'Old Elm', code: 'old-elm', by: by() })
    const taken = { ...willow(), name: 'ELM WARD', code: 'old-elm' }
    const answer = await administrator.post('/admin/wards', { ...taken, key: key() })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Another ward, team or hub has this name')
    expect(answer.text).toContain('Another ward, team or hub has this code')
    expect(answer.text).toContain(`href="/admin/wards/${elm.id}"`)
    expect(answer.text).toContain(`href="/admin/wards/${shut.id}"`)
    const there = await site(app.db, { organisation_id: app.people.otherOrganisationId })
    expect((await foreigner.post('/admin/wards', { ...taken, site: there.id, key: key() })).status).toBe(303)
  })

  it('lets one of two people who press together win, and tells the other at the field', async () => {
    const form = { ...willow(), name: 'Race Ward', code: 'race' }
    const answers = await Promise.all([1, 2].map(() => administrator.post('/admin/wards', { ...form, key: key() })))
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
  })

  it('is at a site of our own', async () => {
    const there = await site(app.db, { organisation_id: app.people.otherOrganisationId })
    const form = { ...willow(), name: 'Far Ward', code: 'far', site: there.id, key: key() }
    expect((await administrator.post('/admin/wards', form)).status).toBe(404)
  })
})

describe('changing a ward', () => {
  it('saves what was changed; a form that somebody overtook shows both versions first', async () => {
    const made = await ward(app.db, { ...here(), name: 'Beech', code: 'beech' })
    const form = { ...willow(), name: 'Beech Ward', code: 'beech', kind: 'hub' }
    expect((await administrator.post(`/admin/wards/${made.id}`, { ...form, version: 1 })).status).toBe(303)
    expect(await stored(made.id)).toMatchObject({ name: 'Beech Ward', kind: 'hub', site_id: siteId, version: 2 })
    const late = await administrator.post(`/admin/wards/${made.id}`, { ...form, name: 'Beech House', version: 1 })
    expect(late.status).toBe(409)
    expect(late.text).toContain('Someone changed this after you opened it')
    expect(late.text).toContain('Beech Ward')
    expect(late.text).toContain('value="Beech House"')
    const bad = await administrator.post(`/admin/wards/${made.id}`, { ...form, name: '', version: 2 })
    expect(bad.status).toBe(422)
    const taken = await administrator.post(`/admin/wards/${made.id}`, { ...form, name: 'ash ward', version: 2 })
    expect(taken.text).toContain('Another ward, team or hub has this name')
  })

  it('is 404 for another organisation', async () => {
    const { id } = app.people.ward
    for (const path of [`/admin/wards/${id}`, `/admin/wards/${id}/edit`]) {
      expect((await foreigner.get(path)).status).toBe(404)
    }
    for (const path of ['', '/closure', '/opening']) {
      const form = { ...willow(), version: 1 }
      expect((await foreigner.post(`/admin/wards/${id}${path}`, form)).status).toBe(404)
    }
    expect((await foreigner.post(`/admin/sites/${siteId}`, { name: 'Ours', version: 1 })).status).toBe(404)
  })
})

describe('closing a ward', () => {
  it('is refused, in plain words with counts and links, while anything is there', async () => {
    const full = await ward(app.db, { ...here(), name: 'Full Ward' })
    await availableItem(app.db, { ...here(), kept_at_ward_id: full.id })
    await placement(app.db, { ward: full, lentBy: { id: app.people.actors.champion.staffId } })
    const nurse = await staffMember(app.db, { ...here(), role: 'ward-staff', name: 'Only Here', wards: [full] })
    await staffMember(app.db, { ...here(), role: 'ward-staff', name: 'Also There', wards: [full, app.people.ward] })
    const tablet = await enrolledTablet(app.db, { ward: full, by: { ...by(), ...here() }, name: 'Full tablet' })
    const check = await openStockCheck(app.db, { ward: full, startedBy: by() })
    const page = plain((await administrator.get(`/admin/wards/${full.id}`)).text)
    expect(page).not.toContain('>Close it<')
    const answer = await administrator.post(`/admin/wards/${full.id}/closure`, {})
    expect(answer.status).toBe(409)
    const said = plain(answer.text)
    expect(said).toContain('Full Ward cannot be closed yet')
    expect(said).toContain('1 item is kept here')
    expect(said).toContain('on loan to it. A digital champion takes')
    expect(said).toContain('Only Here works nowhere else')
    expect(said).not.toContain('Also There')
    for (const link of [
      `/items?ward=${full.id}`,
      `/admin/staff/${nurse.id}`,
      `/admin/tablets/${tablet.id}`,
      `/stock-checks/${check.id}`,
    ]) {
      expect(said).toContain(`href="${link}"`)
    }
    expect((await stored(full.id)).closed_at).toBeNull()
  })

  it('takes it off every list to choose from, keeps what was, and can be undone; a second click changes nothing', async () => {
    const name = 'Birchwood Ward'
    const shut = await ward(app.db, { ...here(), name, code: 'birchwood' })
    const lists = ['/loans/new', '/items', '/items/labels', '/stock-checks/new', '/stock-checks', '/service-users/new']
    const [first, second] = await Promise.all([
      administrator.post(`/admin/wards/${shut.id}/closure`, {}),
      administrator.post(`/admin/wards/${shut.id}/closure`, {}),
    ])
    expect([first.status, second.status]).toEqual([303, 303])
    expect(await verbsOf(shut.id)).toEqual(['ward:closed'])
    for (const path of lists) expect([path, (await champion.get(path)).text.includes(name)]).toEqual([path, false])
    for (const path of ['/admin/staff/new', '/admin/tablets/new', '/admin/wards']) {
      expect([path, (await administrator.get(path)).text.includes(name)]).toEqual([path, false])
    }
    expect((await administrator.get('/admin/wards?show=closed')).text).toContain(name)
    const page = await administrator.get(`/admin/wards/${shut.id}`)
    expect(page.text).toContain('HERE administrator')
    expect((await champion.get(`/items?ward=${shut.id}`)).text).toContain('Another place')

    expect((await administrator.post(`/admin/wards/${shut.id}/opening`, {})).status).toBe(303)
    expect((await administrator.post(`/admin/wards/${shut.id}/opening`, {})).status).toBe(303)
    expect(await verbsOf(shut.id)).toEqual(['ward:closed', 'ward:opened'])
    expect((await champion.get('/loans/new')).text).toContain(name)
  })

  it('keeps on somebody’s record that they were there, and offers it to nobody else', async () => {
    const team = await ward(app.db, { ...here(), name: 'Brook Team', kind: 'community team' })
    const [there, other] = [
      await serviceUser(app.db, { ...here(), team_id: team.id }),
      await serviceUser(app.db, here()),
    ]
    await administrator.post(`/admin/wards/${team.id}/closure`, {})
    const care = (id: number) => `/service-users/${id}/sections/care`
    expect((await champion.get(`/service-users/${there.id}`)).text).toContain('Brook Team')
    expect((await champion.get(care(there.id))).text).toContain('Brook Team (closed)')
    expect((await champion.get(care(other.id))).text).not.toContain('Brook Team')
  })

  it('says so to a form that was open meanwhile', async () => {
    const shut = await closedWard(app.db, { ...here(), by: by() })
    const form = { name: 'Late', ward: shut.id, key: key() }
    const tablet = await administrator.post('/admin/tablets', form)
    expect(tablet.status).toBe(409)
    expect(tablet.text).toContain('is closed, and takes nothing new')
    const check = await champion.post('/stock-checks', { ward: shut.id, key: key() })
    expect(check.status).toBe(409)
  })
})

describe('sites', () => {
  it('are added once, and named once', async () => {
    const form = { name: 'Mill House', key: key() }
    const [first, second] = await Promise.all([
      administrator.post('/admin/sites', form),
      administrator.post('/admin/sites', form),
    ])
    expect([first.status, second.status]).toEqual([303, 303])
    const again = await administrator.post('/admin/sites', { name: 'MILL HOUSE', key: key() })
    expect(again.status).toBe(422)
    expect(again.text).toContain('Another site has this name')
    expect((await administrator.post('/admin/sites', { name: ' ', key: key() })).text).toContain('Enter the name')
    expect((await administrator.get('/admin/sites')).text.split('Mill House')).not.toHaveLength(1)
  })

  it('are renamed, with both names shown to whoever was overtaken', async () => {
    const { id } = await site(app.db, { ...here(), name: 'Old name' })
    expect((await administrator.post(`/admin/sites/${id}`, { name: 'New name', version: 1 })).status).toBe(303)
    const late = await administrator.post(`/admin/sites/${id}`, { name: 'Third name', version: 1 })
    expect(late.status).toBe(409)
    expect(late.text).toContain('New name')
    expect(late.text).toContain('value="Third name"')
    const taken = await administrator.post(`/admin/sites/${id}`, { name: 'oak house', version: 2 })
    expect(taken.status).toBe(422)
    expect(await verbsOf(id, 'site')).toEqual(['site:renamed'])
  })
})

describe('the list of wards', () => {
  it('goes through every ward once, site by site, page by page, and back', async () => {
    const { organisationId: organisation_id } = app.people.foreignActors.administrator
    for (const name of ['Zeta', 'alpha']) {
      const { id } = await site(app.db, { organisation_id, name })
      for (let at = 0; at < 30; at += 1) await ward(app.db, { organisation_id, site_id: id })
    }
    const first = plain((await foreigner.get('/admin/wards')).text)
    const next = /href="([^"]+)" rel="next"/.exec(first)?.[1] ?? ''
    const second = plain((await foreigner.get(next)).text)
    const ids = (html: string) => [...html.matchAll(/href="\/admin\/wards\/(\d+)"/g)].map(([, id]) => id)
    const { length } = await app.db
      .selectFrom('wards')
      .select('id')
      .where('organisation_id', '=', organisation_id)
      .execute()
    expect(new Set([...ids(first), ...ids(second)]).size).toBe(length)
    expect(first.indexOf('alpha')).toBeLessThan(first.indexOf('Main site'))
    const back = /href="([^"]+)" rel="prev"/.exec(second)?.[1] ?? ''
    expect(ids(plain((await foreigner.get(back)).text))).toEqual(ids(first))
  })
})
