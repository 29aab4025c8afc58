import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, model, placement } from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let foreignChampion: Visitor
let wardStaff: Visitor
let careTeam: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
  wardStaff = await app.signedInAs('ward-staff')
  careTeam = await app.signedInAs('care-team')
})
afterAll(() => app.close())

const key = () => crypto.randomUUID()
const here = () => ({ organisation_id: app.people.organisationId })

const iPad = {
  category: 'tablet',
  maker: 'Apple',
  name: 'iPad 10th generation',
  'operating-system': 'iPadOS 18',
  'support-ends-on-day': '31',
  'support-ends-on-month': '10',
  'support-ends-on-year': '2030',
  connector: 'usb-c',
  'cable-length': '',
  video: 'yes',
}

function idIn(location: string | undefined): number {
  return Number(/^\/models\/(\d+)$/.exec(location ?? '')?.[1])
}

async function storedModel(id: number) {
  return app.db.selectFrom('models').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

async function auditOf(id: number) {
  return app.db
    .selectFrom('audit_events')
    .innerJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'details', 'staff_id'])
    .where('subject_type', '=', 'model')
    .where('subject_id', '=', id)
    .orderBy('audit_events.id')
    .execute()
}

describe('adding a model', () => {
  it('keeps what was typed and shows it on the page of the model', async () => {
    const answer = await champion.post('/models', { ...iPad, key: key() })
    expect(answer.status).toBe(303)
    const id = idIn(answer.headers.location)
    expect(await storedModel(id)).toMatchObject({
      organisation_id: app.people.organisationId,
      category: 'tablet',
      maker: 'Apple',
      name: 'iPad 10th generation',
      operating_system: 'iPadOS 18',
      support_ends_on: '2030-10-31',
      connector: 'usb-c',
      cable_length_cm: null,
      is_suitable_for_video: true,
    })
    const page = await champion.get(`/models/${id}`)
    expect(page.text).toContain('Apple iPad 10th generation')
    expect(page.text).toContain('31 October 2030')
    expect(page.text).toContain('The model is added.')
    const [created] = await auditOf(id)
    expect(created).toMatchObject({ verb: 'model:created', staff_id: app.people.actors.champion.staffId })
  })

  it('says all that is wrong at once and keeps what was typed', async () => {
    const answer = await champion.post('/models', {
      key: key(),
      category: 'spoon',
      maker: 'M'.repeat(101),
      'support-ends-on-day': '31',
      'support-ends-on-month': '6',
      'support-ends-on-year': '2030',
      'cable-length': '1.5 m',
    })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('<title>Error: Add a model')
    expect(answer.text).toContain('Choose a category')
    expect(answer.text).toContain('Maker must be 100 characters or less')
    expect(answer.text).toContain('Enter the name of the model')
    expect(answer.text).toContain('Date security updates end must be a real date')
    expect(answer.text).toContain('Cable length must be a whole number of centimetres from 0 to 1,000')
    expect(answer.text).toContain('value="1.5 m"')
  })

  it('has one effect when the same form is sent twice', async () => {
    const form = { ...iPad, name: 'iPad Air', key: key() }
    const [first, second] = await Promise.all([champion.post('/models', form), champion.post('/models', form)])
    expect([first.status, second.status]).toEqual([303, 303])
    expect(second.headers.location).toBe(first.headers.location)
  })

  it('refuses a name its category has already, in other capitals too, and leads to the one that has it', async () => {
    const first = await champion.post('/models', { ...iPad, name: 'iPad mini', key: key() })
    const again = await champion.post('/models', { ...iPad, maker: 'APPLE', name: 'IPAD MINI', key: key() })
    expect(again.status).toBe(422)
    expect(again.text).toContain('Another model in this category has this maker and name')
    expect(again.text).toContain(`href="${first.headers.location}"`)
    const inAnother = await champion.post('/models', { ...iPad, category: 'accessory', name: 'iPad mini', key: key() })
    expect(inAnother.status).toBe(303)
  })

  it('lets one of two people who press together win, and tells the other at the field', async () => {
    const lead = await app.signedInAs('administrator')
    const form = { ...iPad, name: 'iPad Pro' }
    const answers = await Promise.all([
      champion.post('/models', { ...form, key: key() }),
      lead.post('/models', { ...form, key: key() }),
    ])
    expect(answers.map((answer) => answer.status).sort()).toEqual([303, 422])
    expect(answers.find((answer) => answer.status === 422)?.text).toContain('Another model in this category')
  })

  it('lets another organisation have a model of the same name', async () => {
    const answer = await foreignChampion.post('/models', { ...iPad, key: key() })
    expect(answer.status).toBe(303)
  })

  it.each(['ward-staff', 'care-team', 'information-governance', 'commissioner'] as const)(
    'is not for %s',
    async (role) => {
      const visitor = await app.signedInAs(role)
      expect((await visitor.get('/models/new')).status).toBe(403)
      expect((await visitor.post('/models', { ...iPad, name: role, key: key() })).status).toBe(403)
    },
  )
})

describe('changing a model', () => {
  it('saves, and keeps old and new values in the audit', async () => {
    const made = await model(app.db, { ...here(), maker: 'Old', name: 'Tab', support_ends_on: '2030-01-01' })
    const form = await champion.get(`/models/${made.id}/edit`)
    expect(form.text).toContain('value="Tab"')
    const answer = await champion.post(`/models/${made.id}`, { ...iPad, name: 'Tab 2', version: 1 })
    expect(answer.status).toBe(303)
    expect(await storedModel(made.id)).toMatchObject({ maker: 'Apple', name: 'Tab 2', version: 2 })
    expect(await auditOf(made.id)).toMatchObject([
      {
        verb: 'model:updated',
        details: {
          old: { maker: 'Old', name: 'Tab', support_ends_on: '2030-01-01' },
          new: { maker: 'Apple', name: 'Tab 2', support_ends_on: '2030-10-31' },
        },
      },
    ])
  })

  it('shows a form that somebody overtook with both versions, and saves it when it is sent again', async () => {
    const made = await model(app.db, { ...here(), maker: 'Apple', name: 'Stale' })
    await champion.post(`/models/${made.id}`, { ...iPad, name: 'Stale', maker: 'Somebody else', version: 1 })
    const overtaken = await champion.post(`/models/${made.id}`, { ...iPad, name: 'Mine', version: 1 })
    expect(overtaken.status).toBe(409)
    expect(overtaken.text).toContain('Someone changed this model after you opened it')
    expect(overtaken.text).toContain('Somebody else')
    expect(overtaken.text).toContain('value="Mine"')
    expect(overtaken.text).toContain('name="version" value="2"')
    expect(await storedModel(made.id)).toMatchObject({ maker: 'Somebody else' })
    const onPurpose = await champion.post(`/models/${made.id}`, { ...iPad, name: 'Mine', version: 2 })
    expect(onPurpose.status).toBe(303)
    expect(await storedModel(made.id)).toMatchObject({ name: 'Mine' })
  })

  it('refuses the name of another model at the field', async () => {
    const taken = await model(app.db, { ...here(), maker: 'Apple', name: 'Taken' })
    const made = await model(app.db, here())
    const answer = await champion.post(`/models/${made.id}`, { ...iPad, name: 'taken', version: 1 })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(`href="/models/${taken.id}"`)
    expect(answer.text).toContain('name="version" value="1"')
  })

  it('shows the form again when something in it is wrong', async () => {
    const made = await model(app.db, here())
    const answer = await champion.post(`/models/${made.id}`, { ...iPad, name: '', version: 1 })
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('Enter the name of the model')
  })

  it('takes the items along into another category', async () => {
    const made = await model(app.db, { ...here(), category: 'laptop' })
    const item = await availableItem(app.db, { model: made })
    const answer = await champion.post(`/models/${made.id}`, { ...iPad, name: 'Not a laptop', version: 1 })
    expect(answer.status).toBe(303)
    const { category } = await app.db
      .selectFrom('items')
      .select('category')
      .where('id', '=', item.id)
      .executeTakeFirstOrThrow()
    expect(category).toBe('tablet')
  })

  it("answers 404 to another organisation's, as to none at all", async () => {
    const made = await model(app.db, here())
    for (const id of [made.id, 999_999]) {
      expect((await foreignChampion.get(`/models/${id}`)).status).toBe(404)
      expect((await foreignChampion.get(`/models/${id}/edit`)).status).toBe(404)
      expect((await foreignChampion.post(`/models/${id}`, { ...iPad, version: 1 })).status).toBe(404)
    }
    expect((await champion.get('/models/abc')).status).toBe(404)
  })

  it('is not for ward staff, who may look', async () => {
    const made = await model(app.db, here())
    expect((await wardStaff.get(`/models/${made.id}`)).status).toBe(200)
    expect((await wardStaff.get(`/models/${made.id}`)).text).not.toContain('Change details')
    expect((await wardStaff.get(`/models/${made.id}/edit`)).status).toBe(403)
    expect((await wardStaff.post(`/models/${made.id}`, { ...iPad, version: 1 })).status).toBe(403)
    expect((await careTeam.get(`/models/${made.id}`)).status).toBe(403)
  })
})

describe('the list of models', () => {
  it('marks the models whose security updates have ended or end within 90 days', async () => {
    const maker = 'Marked'
    await model(app.db, { ...here(), maker, name: 'Over', support_ends_on: '2026-08-01' })
    await model(app.db, { ...here(), maker, name: 'Soon', support_ends_on: '2026-11-01' })
    await model(app.db, { ...here(), maker, name: 'Later', support_ends_on: '2026-11-02' })
    const page = await champion.get('/models?category=tablet')
    expect(rowOf(page.text, 'Marked Over')).toContain('Ended')
    expect(rowOf(page.text, 'Marked Soon')).toContain('Ends soon')
    expect(rowOf(page.text, 'Marked Later')).not.toMatch(/End/)
  })

  it('counts the items of each model, and leads to them', async () => {
    const made = await model(app.db, { ...here(), category: 'headset', maker: 'Counted', name: 'Headset' })
    await availableItem(app.db, { model: made })
    await availableItem(app.db, { model: made })
    const page = await champion.get('/models?category=headset')
    expect(rowOf(page.text, 'Counted Headset')).toContain(`href="/items?model=${made.id}"`)
    expect(rowOf(page.text, 'Counted Headset')).toMatch(/>2<span/)
  })

  it('counts for ward staff only what is kept at or placed with their wards', async () => {
    const { ward, otherWard, organisationId } = app.people
    const made = await model(app.db, { ...here(), category: 'hotspot', maker: 'Scoped', name: 'Hotspot' })
    await availableItem(app.db, { model: made, kept_at_ward_id: ward.id })
    await availableItem(app.db, { model: made, kept_at_ward_id: otherWard.id })
    await availableItem(app.db, { model: made })
    const placed = await availableItem(app.db, { model: made, kept_at_ward_id: otherWard.id })
    await placement(app.db, { ward: { id: ward.id, organisation_id: organisationId }, items: [placed] })
    const page = await wardStaff.get('/models?category=hotspot')
    expect(rowOf(page.text, 'Scoped Hotspot')).toMatch(/>2<span/)
    expect((await champion.get(`/models/${made.id}`)).text).toContain('See all 4 items')
    expect((await wardStaff.get(`/models/${made.id}`)).text).toContain('See all 2 items')
  })

  it('goes through every model once, page by page, and back', async () => {
    for (let number = 0; number < 60; number += 1) {
      await model(app.db, { ...here(), category: 'accessory', maker: 'Paged', name: `Stand ${number % 2}${number}` })
    }
    const first = await champion.get('/models?category=accessory')
    const next = /href="([^"]+)" rel="next"/.exec(plain(first.text))?.[1] ?? ''
    const second = await champion.get(next)
    const names = [...namesIn(first.text), ...namesIn(second.text)]
    expect(new Set(names).size).toBe(names.length)
    expect(names.filter((name) => name.startsWith('Paged'))).toHaveLength(60)
    const previous = /href="([^"]+)" rel="prev"/.exec(plain(second.text))?.[1] ?? ''
    expect(namesIn((await champion.get(previous)).text)).toEqual(namesIn(first.text))
  })

  it("shows no other organisation's models", async () => {
    await model(app.db, { organisation_id: app.people.otherOrganisationId, maker: 'Foreign', name: 'Tablet' })
    expect((await champion.get('/models?category=tablet')).text).not.toContain('Foreign Tablet')
    expect((await foreignChampion.get('/models?category=tablet')).text).toContain('Foreign Tablet')
  })

  it('says so when a category has none', async () => {
    expect((await foreignChampion.get('/models?category=locker-bay')).text).toContain('No models fit these filters.')
  })
})

function rowOf(html: string, name: string): string {
  return (
    plain(html)
      .split('<tr')
      .find((row) => row.includes(`>${name}<`)) ?? ''
  )
}

function namesIn(html: string): string[] {
  return [...html.matchAll(/href="\/models\/\d+">([^<]+)</g)].map((match) => match[1] ?? '')
}

/** With the characters back that Handlebars writes in its own way. */
function plain(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}
