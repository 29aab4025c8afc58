import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  examplePassword,
  type Item,
  itemInTurnaround,
  loanTo,
  missingFromTheShelf,
  organisation,
  serviceUser,
  staffMember,
  stolenOnLoan,
} from '../../seeds/factories.ts'
import { errorsOf, lendFields, loanIdIn, wordsOf } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { findHtmlMistakes } from '../support/html.ts'
import {
  changesOf,
  incidentIdIn,
  lineOf,
  openHold,
  reportFields,
  storedIncident,
  storedItem,
  storedLine,
  storedTasks,
  taskId,
} from './stories.ts'

let app: TestApp
let champion: Visitor
let administrator: Visitor
let foreignChampion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  administrator = await app.signedInAs('administrator')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
})
afterAll(() => app.close())
beforeEach(() => app.setClock(startOfTest))

const now = '2026-08-03 09:30:00+00'
const here = () => ({ organisation_id: app.people.organisationId })
const championId = () => app.people.actors.champion.staffId

/** A phone and a SIM, stolen three hours ago from somebody. */
async function theft(overrides: Parameters<typeof stolenOnLoan>[1] = {}) {
  const person = await serviceUser(app.db, { ...here(), name: 'Ines Example' })
  const incident = await stolenOnLoan(app.db, { serviceUser: person, reportedBy: championId(), ...overrides })
  const [phone, sim] = incident.items as [Item, Item]
  const url = `/incidents/${incident.id}`
  const taskUrl = async (name: string) => `${url}/tasks/${await taskId(app, incident.id, name)}`
  return { incident, person, phone, sim, url, taskUrl }
}

async function taskNamed(incidentId: number, name: string) {
  return (await storedTasks(app, incidentId)).find(({ task }) => task === name)
}

async function saidOn(visitor: Visitor, answer: { headers: Record<string, string> }): Promise<string> {
  return wordsOf((await visitor.get(answer.headers.location ?? '')).text)
}

describe('a task', () => {
  it('is done with a note, by whoever does it, and the page says so', async () => {
    const { incident, person, url, taskUrl } = await theft()
    const to = await taskUrl('suspend-sim')
    const page = await champion.get(to)
    expect(wordsOf(page.text)).toContain('Do it by Monday 3 August 2026 at 11:30am, in 1 hour')
    expect(await findHtmlMistakes(page.text)).toEqual([])

    const answer = await champion.post(to, { note: ' Asked Sam at the provider.\n\n\n\nRef 7. ' })
    expect([answer.status, answer.headers.location]).toEqual([303, url])
    expect(await taskNamed(incident.id, 'suspend-sim')).toMatchObject({
      done_at: now,
      done_by: championId(),
      note: 'Asked Sam at the provider.\n\nRef 7.',
    })
    const words = await saidOn(champion, answer)
    expect(words).toContain('Done.')
    expect(words).toContain('HERE champion, Monday 3 August 2026 at 10:30am. Asked Sam at the provider. Ref 7. Done')
    expect((await changesOf(app, incident.id)).at(-1)).toMatchObject({
      verb: 'incident:task-done',
      staff_id: championId(),
      service_user_id: person.id,
      details: { task: 'Suspend the SIM', note: 'Asked Sam at the provider.\n\nRef 7.' },
    })
    expect(await findHtmlMistakes((await champion.get(to)).text)).toEqual([])
  })

  it('stays with whoever did it first', async () => {
    const { incident, taskUrl } = await theft()
    const to = await taskUrl('lock')
    await champion.post(to, { note: 'First' })
    const second = await administrator.post(to, { note: 'Second' })
    expect(await saidOn(administrator, second)).toContain('Someone did this before you. Your note was not kept.')
    expect(await taskNamed(incident.id, 'lock')).toMatchObject({ done_by: championId(), note: 'First' })
    const verbs = (await changesOf(app, incident.id)).map(({ verb }) => verb)
    expect(verbs).toEqual(['incident:task-done'])
  })

  it('is taken back when it was not done after all, and the history keeps who had ticked it', async () => {
    const { incident, taskUrl } = await theft()
    const to = await taskUrl('report-governance')
    await champion.post(to, { note: 'Told them' })
    const back = await administrator.post(`${to}/undo`)
    expect([back.status, back.headers.location]).toEqual([303, to])
    expect(await taskNamed(incident.id, 'report-governance')).toMatchObject({ done_at: null, done_by: null, note: '' })
    expect(await saidOn(administrator, back)).toContain('It is to be done again.')
    const again = await administrator.post(`${to}/undo`)
    expect(await saidOn(administrator, again)).toContain('It was taken back before.')
    const page = wordsOf((await champion.get(`/incidents/${incident.id}`)).text)
    expect(page).toContain('HERE administrator took back “Tell information governance”.')
    expect(page).toContain('HERE champion ticked “Tell information governance”. Told them')
  })

  it('asks for the crime reference, and the incident keeps it', async () => {
    const { incident, taskUrl } = await theft()
    const to = await taskUrl('crime-reference')
    const empty = await champion.post(to, { note: '' })
    expect(empty.status).toBe(422)
    expect(errorsOf(empty.text)).toEqual({
      'crime-reference': 'Enter the crime reference, or say in the note why there is none',
    })
    expect(await findHtmlMistakes(empty.text)).toEqual([])
    const long = await champion.post(to, { 'crime-reference': '7'.repeat(61), note: 'x'.repeat(1001) })
    expect(errorsOf(long.text)).toEqual({
      'crime-reference': 'Crime reference must be 60 characters or less',
      note: 'Note must be 1,000 characters or less',
    })
    await champion.post(to, { 'crime-reference': ' CAD  1234 ', note: '' })
    expect(await storedIncident(app, incident.id)).toMatchObject({ crime_reference: 'CAD 1234', version: 2 })
    expect(wordsOf((await champion.get(`/incidents/${incident.id}`)).text)).toContain('Crime reference CAD 1234')
  })

  it('needs no crime reference from somebody who does not want the police', async () => {
    const { incident, taskUrl } = await theft()
    const answer = await champion.post(await taskUrl('crime-reference'), { note: 'They would rather not.' })
    expect(answer.status).toBe(303)
    expect(await storedIncident(app, incident.id)).toMatchObject({ crime_reference: '', version: 1 })
  })

  it('is given to a colleague, once for all who look at it', async () => {
    const { incident, taskUrl } = await theft()
    const colleague = await staffMember(app.db, { ...here(), name: 'Cleo Colleague' })
    const to = await taskUrl('replacement')
    const given = await champion.post(`${to}/owner`, { owner: colleague.id, from: championId() })
    expect([given.status, given.headers.location]).toEqual([303, to])
    expect(await taskNamed(incident.id, 'replacement')).toMatchObject({ owned_by: colleague.id })
    expect(await saidOn(champion, given)).toContain('Cleo Colleague does this now.')
    expect((await changesOf(app, incident.id)).at(-1)).toMatchObject({
      verb: 'incident:changed',
      details: { old: { owner: 'HERE champion' }, new: { owner: 'Cleo Colleague' } },
    })
    const page = wordsOf((await champion.get(`/incidents/${incident.id}`)).text)
    expect(page).toContain('HERE champion gave “Lend a replacement before the next appointment” to Cleo Colleague.')

    const twice = await champion.post(`${to}/owner`, { owner: colleague.id, from: championId() })
    expect(twice.status).toBe(303)
    const late = { owner: app.people.actors.administrator.staffId, from: championId() }
    const stale = await administrator.post(`${to}/owner`, late)
    expect(stale.status).toBe(409)
    expect(wordsOf(stale.text)).toContain('Someone gave this to Cleo Colleague after you opened the page.')
  })

  it('is given to nobody who cannot do it', async () => {
    const { incident, taskUrl } = await theft()
    const to = `${await taskUrl('lock')}/owner`
    const left = await staffMember(app.db, { ...here(), disabled_at: new Date('2026-01-01T00:00:00Z') })
    const foreign = app.people.foreignActors.champion.staffId
    for (const owner of [left.id, foreign, app.people.actors['ward-staff'].staffId, 999_999]) {
      expect((await champion.post(to, { owner, from: championId() })).status).toBe(404)
    }
    const none = await champion.post(to, { owner: '', from: championId() })
    expect(none.status).toBe(422)
    expect(errorsOf(none.text)).toEqual({ owner: 'Choose who does it' })
    expect(await taskNamed(incident.id, 'lock')).toMatchObject({ owned_by: championId() })
    await champion.post(await taskUrl('lock'), { note: '' })
    const done = await champion.post(to, { owner: app.people.actors.administrator.staffId, from: championId() })
    expect(done.status).toBe(409)
    expect(wordsOf(done.text)).toContain('HERE champion has done it already.')
  })

  it('is of one incident, of one organisation', async () => {
    const { incident, taskUrl } = await theft()
    const other = await theft()
    const to = await taskUrl('lock')
    const crossed = to.replace(`/incidents/${incident.id}/`, `/incidents/${other.incident.id}/`)
    for (const path of [crossed, `${to}0`, '/incidents/0/tasks/1', `/incidents/${incident.id}/tasks/lock`]) {
      expect((await champion.get(path)).status).toBe(404)
      for (const post of [path, `${path}/undo`, `${path}/owner`]) {
        expect((await champion.post(post, { note: '', owner: championId(), from: 1 })).status).toBe(404)
      }
    }
    for (const path of [to, `${to}/undo`, `${to}/owner`]) {
      expect((await foreignChampion.post(path, { owner: championId(), from: championId() })).status).toBe(404)
    }
    expect((await foreignChampion.get(to)).status).toBe(404)
    for (const role of ['ward-staff', 'care-team', 'information-governance', 'commissioner'] as const) {
      const visitor = await app.signedInAs(role)
      expect((await visitor.get(to)).status).toBe(403)
      expect((await visitor.post(to, { note: '' })).status).toBe(403)
    }
    expect(await changesOf(app, incident.id)).toEqual([])
  })
})

describe('what is found again', () => {
  it('is in the stock and on the bench; its loan stays lost; what was set going is turned round', async () => {
    const { incident, person, phone, sim, url, taskUrl } = await theft()
    await champion.post(await taskUrl('suspend-sim'), { note: '' })
    const answer = await champion.post(`${url}/found`, { item: [String(phone.id), String(sim.id)] })
    expect([answer.status, answer.headers.location]).toEqual([303, url])
    for (const [at, item] of [phone, sim].entries()) {
      expect(await storedItem(app, item)).toMatchObject({ left_at: null, left_as: null })
      expect(await openHold(app, item)).toMatchObject({ kind: 'turnaround', taken_at: now })
      expect(await storedLine(app, incident.lines[at]!.id)).toMatchObject({ ended_as: 'stolen' })
    }
    const tasks = await storedTasks(app, incident.id)
    const told = tasks.map(({ task, done_at, dropped_at, due_at }) => {
      return `${task} ${done_at ? 'done' : dropped_at ? 'dropped' : due_at}`
    })
    expect(told).toEqual([
      'reach-person 2026-08-03 08:30:00+00',
      'lock dropped',
      'suspend-sim done',
      'report-governance 2026-08-04 06:30:00+00',
      'crime-reference dropped',
      'replacement 2026-08-05 06:30:00+00',
      'unlock 2026-08-05 09:30:00+00',
      'resume-sim 2026-08-05 09:30:00+00',
      'tell-police 2026-08-05 09:30:00+00',
    ])
    expect((await changesOf(app, incident.id)).at(-1)).toMatchObject({
      verb: 'incident:found',
      service_user_id: person.id,
      details: { items: [phone.tag, sim.tag] },
    })
    const words = await saidOn(champion, answer)
    expect(words).toContain(`Found again: ${phone.tag}, ${sim.tag}.`)
    expect(words).toContain(`HERE champion marked ${phone.tag}, ${sim.tag} as found.`)
    expect(words).not.toContain('It is found')
    const history = wordsOf((await champion.get(`/items/${phone.tag}`)).text)
    expect(history).toContain(`HERE champion marked ${phone.tag}, ${sim.tag} as found.`)
  })

  it('can be one thing of several; the rest stays lost', async () => {
    const { incident, phone, sim, url } = await theft()
    const form = await champion.get(`${url}/found`)
    expect(form.text).not.toContain(' checked')
    expect(await findHtmlMistakes(form.text)).toEqual([])
    const nothing = await champion.post(`${url}/found`, {})
    expect([nothing.status, errorsOf(nothing.text).item]).toEqual([422, 'Choose what was found'])
    await champion.post(`${url}/found`, { item: phone.id })
    expect(await storedItem(app, phone)).toMatchObject({ left_as: null })
    expect(await storedItem(app, sim)).toMatchObject({ left_as: 'stolen' })
    expect(await taskNamed(incident.id, 'suspend-sim')).toMatchObject({ dropped_at: null })
    expect(await taskNamed(incident.id, 'tell-police')).toBeUndefined()
    const page = wordsOf((await champion.get(url)).text)
    expect(page).toMatch(new RegExp(`${phone.tag} .* Found again 3 Aug 2026, HERE champion .* ${sim.tag} .* Stolen`))
    await champion.post(`${url}/found`, { item: sim.id })
    expect(await taskNamed(incident.id, 'suspend-sim')).toMatchObject({ dropped_at: now })
    expect(await taskNamed(incident.id, 'tell-police')).toBeDefined()
  })

  it('tells in the history of each thing when that one was found, and not when the others were', async () => {
    const { phone, sim, url } = await theft()
    await champion.post(`${url}/found`, { item: phone.id })
    app.setClock(new Date(startOfTest.getTime() + 60_000))
    await champion.post(`${url}/found`, { item: sim.id })
    const history = wordsOf((await champion.get(`/items/${sim.tag}`)).text)
    expect(history).toContain(`HERE champion marked ${sim.tag} as found.`)
    expect(history).not.toContain(`HERE champion marked ${phone.tag} as found.`)
  })

  it('is found once, however often it is said', async () => {
    const { incident, phone, sim, url } = await theft()
    const both = { item: [String(phone.id), String(sim.id)] }
    const answers = await Promise.all([champion.post(`${url}/found`, both), administrator.post(`${url}/found`, both)])
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual([
      [303, url],
      [303, url],
    ])
    expect((await changesOf(app, incident.id)).map(({ verb }) => verb)).toEqual(['incident:found'])
    const page = await champion.get(`${url}/found`)
    expect([page.status, page.headers.location]).toEqual([303, url])
    expect(await saidOn(champion, page)).toContain('It was found before.')
  })

  it('is made ready anew when it went missing from the bench half done', async () => {
    const tablet = await itemInTurnaround(app.db, here())
    const { location } = (await champion.post('/incidents', reportFields(tablet))).headers
    const hold = await openHold(app, tablet)
    await champion.post(`${location}/found`, { item: tablet.id })
    expect(await openHold(app, tablet)).toEqual(hold)
    const steps = await app.db.selectFrom('turnaround_steps').selectAll().where('hold_id', '=', hold!.id).execute()
    expect(steps).toEqual([])
    expect((await champion.get('/turnaround')).text).toContain(tablet.tag)
  })

  it('can be lost again, as another incident', async () => {
    const { incident, phone, sim, url } = await theft()
    await champion.post(`${url}/found`, { item: [String(phone.id), String(sim.id)] })
    const again = await champion.post('/incidents', reportFields(phone, { seen: incident.id }))
    expect(again.status).toBe(303)
    const id = incidentIdIn(again.headers.location)
    expect(id).not.toBe(incident.id)
    expect(await storedIncident(app, id)).toMatchObject({ loan_id: null })
  })

  it('is nothing that was not lost in this incident', async () => {
    const { phone, url } = await theft()
    const other = await theft()
    const broken = await stolenOnLoan(app.db, { serviceUser: other.person, kind: 'damaged' })
    for (const [to, item] of [
      [url, other.phone.id],
      [url, 999_999],
      [`/incidents/${broken.id}`, broken.items[0]!.id],
      ['/incidents/999999', phone.id],
    ] as const) {
      expect((await champion.post(`${to}/found`, { item })).status).toBe(404)
    }
    expect((await champion.get(`/incidents/${broken.id}/found`)).status).toBe(404)
    expect((await foreignChampion.post(`${url}/found`, { item: phone.id })).status).toBe(404)
    const ward = await app.signedInAs('ward-staff')
    expect((await ward.post(`${url}/found`, { item: phone.id })).status).toBe(403)
    expect(await storedItem(app, phone)).toMatchObject({ left_as: 'stolen' })
  })

  it('needs no task that is taken back afterwards', async () => {
    const { incident, phone, sim, url, taskUrl } = await theft()
    const to = await taskUrl('lock')
    await champion.post(to, { note: '' })
    await champion.post(`${url}/found`, { item: [String(phone.id), String(sim.id)] })
    await champion.post(`${to}/undo`)
    expect(await taskNamed(incident.id, 'lock')).toMatchObject({ done_at: null, dropped_at: now })
    const done = await champion.post(to, { note: '' })
    expect(done.status).toBe(409)
    expect(wordsOf(done.text)).toContain('It was found again, so this need not be done any more.')
  })
})

describe('a replacement', () => {
  const toReplace = async (url: string) => {
    const { text } = await champion.get(url)
    return /href="(\/loans\/new[^"]*)"/.exec(text)?.[1]?.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
  }

  it('is offered to the same person with things like those that are gone, and kept with the incident', async () => {
    const { incident, person, phone, url } = await theft()
    const other = await availableItem(app.db, { ...here(), category: 'smartphone', tag: 'AAA-1' })
    const link = await toReplace(url)
    expect(link).toContain(`service-user=${person.id}`)
    expect(link).toContain(`item=${other.id}`)
    expect(link).not.toContain(`item=${phone.id}`)
    const page = await champion.get(link!)
    expect(page.status).toBe(200)
    expect(wordsOf(page.text)).toContain(`This replaces what was reported in incident ${incident.id}`)
    expect(page.text).toContain(`name="incident" value="${incident.id}"`)

    const fields = lendFields([other.id], {
      'service-user': person.id,
      incident: incident.id,
      'without-charger': 'yes',
    })
    const wrong = await champion.post('/loans', { ...fields, agreement: '' })
    expect([wrong.status, wrong.text.includes(`name="incident" value="${incident.id}"`)]).toEqual([422, true])
    const lent = await champion.post('/loans', fields)
    const loanId = loanIdIn(lent.headers.location)
    await champion.post('/loans', fields)
    expect(await storedIncident(app, incident.id)).toMatchObject({ replacement_loan_id: loanId, version: 2 })
    expect(await taskNamed(incident.id, 'replacement')).toMatchObject({ done_by: championId(), note: `Loan ${loanId}` })
    const words = wordsOf((await champion.get(url)).text)
    expect(words).toContain(`Replacement Loan ${loanId}`)
    expect(words).toContain(`HERE champion lent a replacement: loan ${loanId}.`)
    expect(await toReplace(url)).toBeUndefined()
  })

  it('for somebody else replaces nothing', async () => {
    const { incident } = await theft()
    const somebody = await serviceUser(app.db, here())
    const tablet = await availableItem(app.db, here())
    const fields = lendFields([tablet.id], {
      'service-user': somebody.id,
      incident: incident.id,
      'without-charger': 'yes',
    })
    expect((await champion.post('/loans', fields)).status).toBe(303)
    expect(await storedIncident(app, incident.id)).toMatchObject({ replacement_loan_id: null, version: 1 })
  })

  it('for an incident of another organisation is not lent at all', async () => {
    const theirs = await stolenOnLoan(app.db, { organisationId: app.people.otherOrganisationId })
    const person = await serviceUser(app.db, here())
    const tablet = await availableItem(app.db, here())
    for (const incident of [theirs.id, 999_999]) {
      const fields = lendFields([tablet.id], { 'service-user': person.id, incident, 'without-charger': 'yes' })
      expect((await champion.post('/loans', fields)).status).toBe(404)
    }
    expect(await openHold(app, tablet)).toBeUndefined()
  })
})

describe('what is known of it', () => {
  const details = (more = {}) => ({ story: 'By the canal', 'crime-reference': 'CAD 9', version: 1, ...more })

  it('is changed', async () => {
    const { incident, url } = await theft()
    const page = await champion.get(`${url}/edit`)
    expect(page.text).toContain('It was in a bag on the bus.')
    expect(await findHtmlMistakes(page.text)).toEqual([])
    const day = { 'happened-day': '3', 'happened-month': '8', 'happened-year': '2026' }
    const answer = await champion.post(`${url}/edit`, details(day))
    expect([answer.status, answer.headers.location]).toEqual([303, url])
    expect(await storedIncident(app, incident.id)).toMatchObject({
      story: 'By the canal',
      crime_reference: 'CAD 9',
      happened_on: '2026-08-03',
      version: 2,
      kind: 'stolen',
    })
    expect((await changesOf(app, incident.id)).at(-1)).toMatchObject({
      verb: 'incident:changed',
      details: {
        old: { story: 'It was in a bag on the bus.', crime_reference: '', happened_on: null },
        new: { story: 'By the canal', crime_reference: 'CAD 9', happened_on: '2026-08-03' },
      },
    })
  })

  it('is not changed over what somebody else changed: both are shown', async () => {
    const { incident, url } = await theft()
    await champion.post(`${url}/edit`, details())
    const stale = await administrator.post(`${url}/edit`, details({ story: 'By the river' }))
    expect(stale.status).toBe(409)
    expect(wordsOf(stale.text)).toMatch(/What is known .*By the canal .*By the river/)
    expect(stale.text).toContain('By the river')
    expect(stale.text).toContain('name="version" value="2"')
    expect(await findHtmlMistakes(stale.text)).toEqual([])
    expect(await storedIncident(app, incident.id)).toMatchObject({ story: 'By the canal', version: 2 })
    expect((await administrator.post(`${url}/edit`, details({ story: 'By the river', version: 2 }))).status).toBe(303)
  })

  it('is read with care', async () => {
    const { url } = await theft()
    const wrong = await champion.post(`${url}/edit`, details({ 'happened-day': '9', story: 'x'.repeat(2001) }))
    expect(wrong.status).toBe(422)
    expect(errorsOf(wrong.text)).toEqual({
      'happened-month': 'Day it happened must include a month and year',
      story: 'What happened must be 2,000 characters or less',
    })
    const broken = await stolenOnLoan(app.db, { organisationId: app.people.organisationId, kind: 'damaged' })
    const empty = await champion.post(`/incidents/${broken.id}/edit`, details({ story: ' ' }))
    expect(errorsOf(empty.text)).toEqual({ story: 'Say what is damaged' })
    await champion.post(`/incidents/${broken.id}/edit`, details({ story: 'Wet' }))
    expect(await storedIncident(app, broken.id)).toMatchObject({ story: 'Wet', crime_reference: '' })
  })

  it('is nobody else’s to change', async () => {
    const { incident, url } = await theft()
    expect((await foreignChampion.get(`${url}/edit`)).status).toBe(404)
    expect((await foreignChampion.post(`${url}/edit`, details())).status).toBe(404)
    expect((await foreignChampion.get(url)).status).toBe(404)
    const ward = await app.signedInAs('ward-staff')
    expect((await ward.post(`${url}/edit`, details())).status).toBe(403)
    expect(await storedIncident(app, incident.id)).toMatchObject({ version: 1 })
  })

  it('with the name of whoever had it, is part of that person’s record: who looks is kept', async () => {
    const { person, url, taskUrl } = await theft()
    const views = async () =>
      (
        await app.db
          .selectFrom('audit_events')
          .select('staff_id')
          .where('service_user_id', '=', person.id)
          .where('verb', '=', 'incident:viewed')
          .execute()
      ).length
    await champion.get(url)
    await champion.get(await taskUrl('lock'))
    expect(await views()).toBe(2)
    await administrator.get(url)
    expect(await views()).toBe(2)
  })
})

/** An organisation of its own, so that a list holds nothing but what its test put there. */
async function newTrust() {
  const { id: organisation_id } = await organisation(app.db)
  const staff = await staffMember(app.db, { organisation_id })
  return { organisation_id, staff, visitor: await app.visitor().signIn(staff.email, examplePassword) }
}

describe('the list', () => {
  it('has what is due first at the top, and what is over on a page of its own', async () => {
    const { db } = app
    const { organisation_id, staff, visitor } = await newTrust()
    expect(wordsOf((await visitor.get('/incidents')).text)).toContain('Nothing is left to do about anything')
    expect(wordsOf((await visitor.get('/incidents?show=finished')).text)).toContain('No incident is finished yet.')

    const lostAt = (hoursAgo: number) => new Date(startOfTest.getTime() - hoursAgo * 3_600_000)
    const late = await stolenOnLoan(db, { organisationId: organisation_id, reportedAt: lostAt(30) })
    const shelf = await missingFromTheShelf(db, {
      item: await availableItem(db, { organisation_id, category: 'charger' }),
    })
    const fresh = await stolenOnLoan(db, { organisationId: organisation_id, reportedAt: lostAt(1) })
    const over = await stolenOnLoan(db, { organisationId: organisation_id, reportedAt: lostAt(150), kind: 'damaged' })
    await db
      .updateTable('incident_tasks')
      .set({ done_at: startOfTest, done_by: staff.id })
      .where('incident_id', '=', over.id)
      .execute()

    const open = await visitor.get('/incidents')
    const order = [...open.text.matchAll(/href="\/incidents\/(\d+)"/g)].map(([, id]) => Number(id))
    expect(order).toEqual([late.id, fresh.id, shelf.id])
    expect(wordsOf(open.text)).toMatch(
      /Overdue Agree another way to reach the person 28 hours late\. 6 to do, 4 of them overdue|Agree another way to reach the person .*28 hours late\. 6 to do, 4 of them overdue/,
    )
    expect(open.text).toContain(`href="/incidents/${late.id}/tasks/${late.tasks[0]!.id}"`)
    expect(await findHtmlMistakes(open.text)).toEqual([])
    const finished = await visitor.get('/incidents?show=finished')
    expect([...finished.text.matchAll(/href="\/incidents\/(\d+)"/g)].map(([, id]) => Number(id))).toEqual([over.id])
  })

  it('goes on from page to page, forward and back, and loses nobody', async () => {
    const { db } = app
    const { organisation_id, staff, visitor } = await newTrust()
    const made: number[] = []
    for (let count = 0; count < 53; count += 1) {
      const item = await availableItem(db, { organisation_id, category: 'charger' })
      made.push((await missingFromTheShelf(db, { item, reportedBy: staff.id })).id)
    }
    const idsOn = (text: string) => [...text.matchAll(/href="\/incidents\/(\d+)"/g)].map(([, id]) => Number(id))
    const linkTo = (text: string, rel: string) =>
      new RegExp(`href="([^"]*)"[^>]*rel="${rel}"|rel="${rel}"[^>]*href="([^"]*)"`)
        .exec(text)
        ?.slice(1)
        .find((part) => part !== undefined)
        ?.replaceAll('&#x3D;', '=')
        .replaceAll('&amp;', '&')
    const walk = async (first: string) => {
      const one = await visitor.get(first)
      const two = await visitor.get(linkTo(one.text, 'next') ?? '/nowhere')
      const back = await visitor.get(linkTo(two.text, 'prev') ?? '/nowhere')
      expect(idsOn(back.text)).toEqual(idsOn(one.text))
      return [...idsOn(one.text), ...idsOn(two.text)]
    }
    expect(await walk('/incidents')).toEqual(made)
    await db
      .updateTable('incident_tasks')
      .set({ done_at: startOfTest, done_by: staff.id })
      .where('organisation_id', '=', organisation_id)
      .execute()
    expect(await walk('/incidents?show=finished')).toEqual(made.toReversed())
  })

  it.each(['x', '2026-02-31 10:00:00+00 1', "1'--", '9'.repeat(30), 'infinity 1', '-1'])(
    'takes a made-up place for none: %s',
    async (place) => {
      for (const query of [`after=${encodeURIComponent(place)}`, `show=finished&before=${encodeURIComponent(place)}`]) {
        expect((await champion.get(`/incidents?${query}`)).status).toBe(200)
      }
    },
  )
})

describe('the worklist', () => {
  it('has what is due within a day and what is overdue, first of all, with who sees to it', async () => {
    const { organisation_id, visitor } = await newTrust()
    const person = await serviceUser(app.db, { organisation_id, name: 'Ines Example' })
    const incident = await stolenOnLoan(app.db, { serviceUser: person })
    const [phone, sim] = incident.items as [Item, Item]
    const { text } = await visitor.get('/')
    const section = /<section id="incidents".*?<\/section>/s.exec(text)?.[0] ?? ''
    expect(text.indexOf('<section id="')).toBe(text.indexOf('<section id="incidents"'))
    const words = wordsOf(section)
    expect(words).toContain('Lost, stolen or damaged: what is due')
    expect(words).toMatch(
      new RegExp(`Ines Example Incident ${incident.id} About ${phone.tag}, ${sim.tag} When .*1 hour late`),
    )
    const hrefs = [...section.matchAll(new RegExp(`/incidents/${incident.id}/tasks/(\\d+)`, 'g'))].map(([, id]) =>
      Number(id),
    )
    const tasks = await storedTasks(app, incident.id)
    // what is due in two days is not today's work
    expect(hrefs).toEqual(tasks.slice(0, 4).map(({ id }) => id))
  })

  it('shows an administrator the same without names, and other roles nothing', async () => {
    await theft()
    const page = await administrator.get('/')
    expect(wordsOf(page.text)).toContain('Lost, stolen or damaged: what is due')
    expect(page.text).not.toContain('Ines')
    for (const role of ['ward-staff', 'care-team', 'information-governance', 'commissioner'] as const) {
      expect((await (await app.signedInAs(role)).get('/')).text).not.toContain('/incidents')
    }
  })
})

describe('a loan that was partly lost', () => {
  it('goes on with the rest, and each line says how it stands', async () => {
    const [phone, charger] = [
      await availableItem(app.db, { ...here(), category: 'smartphone' }),
      await availableItem(app.db, { ...here(), category: 'charger' }),
    ]
    const loan = await loanTo(app.db, { organisationId: app.people.organisationId, items: [phone, charger] })
    const line = lineOf(loan, phone)
    const { location } = (await champion.post('/incidents', reportFields(phone, { line }))).headers
    const { text } = await champion.get(`/loans/${loan.id}`)
    expect(wordsOf(text)).toMatch(/Partly returned .* Lost on 3 Aug 2026 .* On loan/)
    expect(text).toContain(`href="${location}"`)
    expect(text).toContain(`/incidents/new?line&#x3D;${lineOf(loan, charger)}`)
    expect(text).not.toContain(`/incidents/new?line&#x3D;${line}"`)
    expect(await findHtmlMistakes(text)).toEqual([])
  })
})
