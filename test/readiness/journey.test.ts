import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import {
  appointment,
  availableItem,
  conversation,
  kit,
  meetingPreference,
  model,
  referralFor,
  serviceUser,
} from '../../seeds/factories.ts'
import { startOfTest } from '../support/app.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site

beforeAll(async () => {
  site = await startSite()
})
afterAll(() => site.close())

const main = (page: Page) => page.getByRole('main')
const link = (page: Page, name: string) =>
  arrive(page, () => main(page).getByRole('link', { name, exact: true }).first().click())
const press = (page: Page, name: string) =>
  arrive(page, () => main(page).getByRole('button', { name, exact: true }).click())
const words = async (page: Page) => ((await main(page).textContent()) ?? '').replace(/\s+/g, ' ')
const champion = () => site.app.people.actors.champion
const by = () => ({ id: champion().staffId })

/** Somebody who was referred and talked with: they want video, have no device, and never made a video call. */
async function referred(name: string, from: Date) {
  const { db, people } = site.app
  const organisation_id = people.organisationId
  const person = await serviceUser(db, {
    ...{ organisation_id, name, team_id: people.ward.id, needs_asked: 'none', interpreter: 'no' },
    call_back_number: '07700 900 321',
  })
  await referralFor(db, { person, by: by(), asks: ['device'], first_appointment_on: '2026-08-12' })
  const said = {
    device: 'none',
    confidence: 'not-sure',
    connection: 'well',
    affordability: 'yes',
    'private-place': 'always',
    'in-person': ['none'],
  }
  await conversation(db, { person, by: by(), heldOn: '2026-08-01', answers: said })
  await meetingPreference(db, { person, by: by(), purpose: 'assessment', ways: ['video', 'phone'] })
  const first = { is_first: true, purpose: 'assessment', extra_minutes: 15, minutes: 65 }
  return { person, one: await appointment(db, { ...first, person, by: by(), from }) }
}

async function signedIn(role: 'champion' | 'care-team'): Promise<Page> {
  return await site.signedInAs(site.app.people.actors[role])
}

describe('With a first appointment, following nothing but what the app suggests', () => {
  it('somebody is lent a device, tries it out, is ready and attends; champion and care team see how far it is', async () => {
    const { person, one } = await referred('Ada Ninedays', new Date('2026-08-12T13:30:00Z'))
    const { db, people } = site.app
    const of = await model(db, { organisation_id: people.organisationId, support_ends_on: '2029-01-31' })
    const items = [
      await availableItem(db, { model: of }),
      await availableItem(db, { organisation_id: people.organisationId, category: 'charger' }),
    ]
    const box = await kit(db, { organisation_id: people.organisationId, tag: 'KIT-NINE', name: 'Tablet kit', items })
    let page = await signedIn('champion')
    let care = await signedIn('care-team')
    const appointmentPage = `${site.address}/appointments/${one.id}`
    await care.goto(`${site.address}/people/${person.id}`)
    expect(await words(care)).toMatch(/Appointments to come .* to do/)

    await page.goto(appointmentPage)
    expect(await words(page)).toContain('They can be done in time')
    await link(page, 'Lend a device, with its charger')
    await main(page).getByLabel('Scan or type an item or a kit').fill(box.tag)
    await press(page, 'Add')
    await main(page).getByLabel('On paper').check()
    await press(page, 'Lend')

    await page.goto(appointmentPage)
    await link(page, 'Write down how they get in')
    await main(page).getByLabel('Link to join (optional)').fill('https://meet.example/ada')
    await main(page).getByLabel('We call them by phone').check()
    await press(page, 'Save')
    expect(await words(page)).toContain('3 things are still to do')

    await link(page, 'Give them the letter with its guides')
    await main(page).getByLabel('Given by hand').check()
    await press(page, 'Write down that they were told')
    expect(await words(page)).toContain('2 things are still to do')

    await link(page, 'Plan a training session')
    await main(page).getByLabel('Joining a call').check()
    await main(page).getByLabel('A phone call').check()
    await main(page).getByLabel('Day', { exact: true }).fill('3')
    await main(page).getByLabel('At what time?').fill('11:00')
    await press(page, 'Plan the session')
    const session = page.url()
    site.app.setClock(new Date('2026-08-03T10:30:00Z'))
    page = await signedIn('champion')
    await page.goto(session)
    await main(page).getByRole('group', { name: 'Did they come?' }).getByLabel('Yes').check()
    await main(page)
      .getByRole('group', { name: /before/ })
      .getByLabel('2')
      .check()
    await main(page).getByRole('group', { name: /now/ }).getByLabel('4').check()
    await press(page, 'Save how it went')
    expect(await words(page)).toContain('Before: 2 of 5')
    await page.goto(appointmentPage)
    expect(await words(page)).toContain('1 thing is still to do')

    await link(page, 'Arrange a trial-run call')
    await main(page).getByLabel('At what time?').fill('14:00')
    await press(page, 'Arrange the call')
    const call = page.url()
    // nobody stays signed in that long
    site.app.setClock(new Date('2026-08-03T13:10:00Z'))
    page = await signedIn('champion')
    care = await signedIn('care-team')
    await page.goto(call)
    for (const group of await main(page)
      .getByRole('group')
      .filter({ has: page.getByLabel('Not tried') })
      .all()) {
      await group.getByLabel('Yes', { exact: true }).check()
    }
    await press(page, 'Save how it went')
    expect(await words(page)).toContain('It worked')

    for (const visitor of [page, care]) {
      await visitor.goto(appointmentPage)
      expect(await words(visitor)).toContain('Everything that this appointment needs is there.')
    }
    await page.goto(`${site.address}/service-users/${person.id}`)
    expect(await words(page)).toMatch(
      /Referred .* > Talked 1 Aug 2026 > Lent 3 Aug 2026 .* Trained 3 Aug 2026 > Trial call 3 Aug 2026 > Ready: yes/,
    )

    site.app.setClock(new Date('2026-08-12T13:50:00Z'))
    care = await signedIn('care-team')
    await care.goto(appointmentPage)
    await link(care, 'Write down how it went')
    await main(care).getByLabel('They met', { exact: true }).check()
    await main(care).getByRole('group', { name: 'How did they meet in the end?' }).getByLabel('A video call').check()
    await main(care).getByLabel('Nothing', { exact: true }).check()
    await press(care, 'Save')
    await care.goto(`${site.address}/people/${person.id}`)
    expect(await words(care)).toContain('Attended 12 Aug 2026')
    site.app.setClock(startOfTest)
  })

  it('somebody whose device cannot come in time takes face to face, in one click and with no reason asked', async () => {
    const { person, one } = await referred('Bo Tomorrow', new Date('2026-08-04T13:30:00Z'))
    const page = await signedIn('care-team')
    expect(await words(page)).toMatch(/get them ready .*Bo Tomorrow.*A device in hand, up to date.*Not in time/)
    await link(page, 'Get it ready with Bo Tomorrow')
    expect(await words(page)).toMatch(/The appointment stands\. .*in their own order .*A phone call .*Face to face/)
    expect(await main(page).getByRole('textbox').count()).toBe(0)
    await press(page, 'Face to face')
    for (const visitor of [page, await signedIn('champion')]) {
      await visitor.goto(`${site.address}/appointments/${one.id}`)
      expect(await words(visitor)).toContain('Face to face, Tuesday 4 August 2026 at 2:30pm')
      expect(await words(visitor)).not.toContain('A device in hand')
    }
    const row = await site.app.db
      .selectFrom('appointments')
      .selectAll()
      .where('service_user_id', '=', person.id)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ way: 'face-to-face', starts_at: '2026-08-04 13:30:00+00' })
  })
})
