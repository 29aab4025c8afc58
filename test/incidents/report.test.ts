import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  closedLoan,
  giftLoan,
  type Item,
  itemBookedLater,
  itemInRepair,
  itemInTurnaround,
  itemInUse,
  loanTo,
  lostItem,
  placement,
  type ServiceUser,
  serviceUser,
  staffMember,
} from '../../seeds/factories.ts'
import { errorsOf, wordsOf } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { findHtmlMistakes } from '../support/html.ts'
import {
  changesOf,
  incidentIdIn,
  incidentsOf,
  lineOf,
  openHold,
  reportFields,
  storedIncident,
  storedItem,
  storedLine,
  storedTasks,
} from './stories.ts'

let app: TestApp
let champion: Visitor
let administrator: Visitor
let wardStaff: Visitor
let foreignChampion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  administrator = await app.signedInAs('administrator')
  wardStaff = await app.signedInAs('ward-staff')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
})
afterAll(() => app.close())
beforeEach(() => app.setClock(startOfTest))

const now = '2026-08-03 09:30:00+00'
const here = () => ({ organisation_id: app.people.organisationId })
const ash = () => ({ id: app.people.ward.id, ...here() })
const birch = () => ({ id: app.people.otherWard.id, ...here() })
const thing = (category: Item['category'] & string, more = {}) =>
  availableItem(app.db, { ...here(), category: category as never, ...more })

/** A phone with its SIM and charger, lent to somebody a week ago. */
async function lentPhone(person?: ServiceUser) {
  const [phone, sim, charger] = [
    await thing('smartphone', { imei: nextImei() }),
    await thing('sim'),
    await thing('charger'),
  ]
  const to = person ?? (await serviceUser(app.db, { ...here(), name: 'Ines Example' }))
  const loan = await loanTo(app.db, {
    serviceUser: to,
    items: [phone, sim, charger],
    lentBy: { id: app.people.actors.champion.staffId },
  })
  return { phone, sim, charger, loan, person: to }
}

/** IMEIs with the right check digit (Luhn), each once. */
let last = 0
function nextImei(): string {
  last += 1
  const body = `4901542032${String(last).padStart(4, '0')}`
  const sum = [...body].reverse().reduce((total, digit, at) => {
    const value = Number(digit) * (at % 2 === 0 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return `${body}${(10 - (sum % 10)) % 10}`
}

describe('a theft from somebody who has a loan', () => {
  it('ends their lines, takes the things out of the stock and begins the playbook, at once', async () => {
    const { phone, sim, charger, loan, person } = await lentPhone()
    const line = lineOf(loan, phone)
    const page = await champion.get(`/incidents/new?line=${line}`)
    expect(page.status).toBe(200)
    expect(wordsOf(page.text)).toContain('Ines Example has it.')
    expect(wordsOf(page.text)).toContain('Nobody pays for it, and everybody can borrow again.')

    const answer = await champion.post(
      '/incidents',
      reportFields(phone, {
        line,
        also: [String(sim.id)],
        kind: 'stolen',
        story: 'From a bag.\nOn the 43 bus.',
        'happened-day': '1',
        'happened-month': '8',
        'happened-year': '2026',
        'crime-reference': ' CAD 7 ',
      }),
    )
    expect(answer.status).toBe(303)
    const id = incidentIdIn(answer.headers.location)
    expect(await storedIncident(app, id)).toMatchObject({
      organisation_id: app.people.organisationId,
      kind: 'stolen',
      loan_id: loan.id,
      reported_at: now,
      reported_by: app.people.actors.champion.staffId,
      happened_on: '2026-08-01',
      story: 'From a bag.\nOn the 43 bus.',
      crime_reference: 'CAD 7',
    })
    for (const gone of [phone, sim]) {
      expect(await storedItem(app, gone)).toEqual({ left_at: now, left_as: 'stolen', version: gone.version + 1 })
      expect(await storedLine(app, lineOf(loan, gone))).toEqual({ ended_at: now, ended_as: 'stolen' })
      expect(await openHold(app, gone)).toBeUndefined()
    }
    expect(await storedItem(app, charger)).toMatchObject({ left_as: null })
    expect(await storedLine(app, lineOf(loan, charger))).toEqual({ ended_at: null, ended_as: null })

    const tasks = await storedTasks(app, id)
    expect(tasks.map(({ task, item_id, due_at }) => [task, item_id, due_at])).toEqual([
      ['reach-person', null, '2026-08-03 11:30:00+00'],
      ['lock', phone.id, '2026-08-03 11:30:00+00'],
      ['suspend-sim', sim.id, '2026-08-03 13:30:00+00'],
      ['report-governance', null, '2026-08-04 09:30:00+00'],
      ['report-imei', phone.id, '2026-08-04 09:30:00+00'],
      ['crime-reference', null, '2026-08-05 09:30:00+00'],
      ['replacement', null, '2026-08-05 09:30:00+00'],
    ])
    expect(new Set(tasks.map(({ owned_by }) => owned_by))).toEqual(new Set([app.people.actors.champion.staffId]))
    expect(await changesOf(app, id)).toEqual([
      {
        verb: 'incident:reported',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: person.id,
        details: {
          kind: 'Stolen',
          items: [phone.tag, sim.tag],
          story: 'From a bag.\nOn the 43 bus.',
          crime_reference: 'CAD 7',
        },
      },
    ])
  })

  it('shows what is due and what is overdue, the most urgent first, and who sees to it', async () => {
    const { phone, loan } = await lentPhone()
    const fields = reportFields(phone, { line: lineOf(loan, phone), kind: 'stolen' })
    const { location } = (await champion.post('/incidents', fields)).headers
    const fresh = wordsOf((await champion.get(location!)).text)
    expect(fresh).toContain(
      'Agree another way to reach the person HERE champion, by Monday 3 August 2026 at 12:30pm (in 2 hours)',
    )
    expect(fresh).not.toContain('Overdue')

    app.setClock(new Date('2026-08-03T14:00:00Z'))
    const late = await (await app.signedInAs('champion')).get(location!)
    expect(wordsOf(late.text)).toMatch(
      /at 12:30pm \(3 hours late\) Overdue Lock it remotely: .* \(3 hours late\) Overdue/,
    )
    expect(wordsOf(late.text)).toMatch(/Tell information governance .* \(in 20 hours\) To.do/)
    expect(await findHtmlMistakes(late.text)).toEqual([])
  })

  it('stands in the history of the loan and of each thing, with a way to the incident', async () => {
    const { phone, sim, loan } = await lentPhone()
    const fields = reportFields(phone, { line: lineOf(loan, phone), also: sim.id, kind: 'stolen' })
    const { location } = (await champion.post('/incidents', fields)).headers
    const told = `HERE champion reported ${phone.tag} and ${sim.tag}: stolen.`
    const loanPage = await champion.get(`/loans/${loan.id}`)
    expect(wordsOf(loanPage.text)).toContain(told)
    expect(loanPage.text).toContain(`href="${location}"`)
    for (const gone of [phone, sim]) {
      const page = await champion.get(`/items/${gone.tag}`)
      expect(wordsOf(page.text)).toContain('HERE champion reported it: stolen.')
      expect(wordsOf(page.text)).toContain('Stolen while with Ines Example.')
      expect(page.text).toContain(`href="${location}/found"`)
    }
  })

  it('makes whoever has the loan open in a form look again', async () => {
    const { phone, charger, loan } = await lentPhone()
    await champion.post('/incidents', reportFields(phone, { line: lineOf(loan, phone) }))
    const back = await champion.post(`/loans/${loan.id}/return`, { line: lineOf(loan, charger), version: 1 })
    expect(back.status).toBe(409)
    expect(wordsOf(back.text)).toContain(`reported ${phone.tag}: lost.`)
  })
})

describe('what follows from each kind of report', () => {
  it.each([
    ['lost', 'lost'],
    ['damaged', 'damaged'],
  ])('%s: the line ends so and the thing is gone', async (kind, endedAs) => {
    const { phone, loan } = await lentPhone()
    const line = lineOf(loan, phone)
    const answer = await champion.post('/incidents', reportFields(phone, { line, kind, story: 'Into the bath.' }))
    expect(answer.status).toBe(303)
    expect(await storedLine(app, line)).toEqual({ ended_at: now, ended_as: endedAs })
    expect(await storedItem(app, phone)).toMatchObject({ left_as: endedAs, left_at: now })
  })

  it('damaged, but to be put right: it came back, and waits on the bench with the damage noted', async () => {
    const { phone, loan } = await lentPhone()
    const line = lineOf(loan, phone)
    const fields = reportFields(phone, { line, kind: 'repairable', story: 'The screen is cracked.' })
    const { location } = (await champion.post('/incidents', fields)).headers
    expect(await storedLine(app, line)).toEqual({ ended_at: now, ended_as: 'returned' })
    expect(await storedItem(app, phone)).toMatchObject({ left_as: null })
    expect(await openHold(app, phone)).toMatchObject({ kind: 'turnaround', taken_at: now })
    expect(wordsOf((await champion.get(location!)).text)).toContain('What is known The screen is cracked.')
    expect((await champion.get('/turnaround')).text).toContain(phone.tag)
  })

  it('from a ward: it leaves the pool of that ward', async () => {
    const tablet = await thing('tablet')
    const loan = await placement(app.db, { ward: ash(), items: [tablet] })
    const line = lineOf(loan, tablet)
    const { location } = (await champion.post('/incidents', reportFields(tablet, { line }))).headers
    expect(await storedLine(app, line)).toEqual({ ended_at: now, ended_as: 'lost' })
    expect(await storedItem(app, tablet)).toMatchObject({ left_as: 'lost' })
    const page = wordsOf((await champion.get(location!)).text)
    expect(page).toContain('Find another way to reach people on the ward')
    expect(page).toContain('Who had it Ash Ward')
  })

  it('from a person to whom a ward lent it on: both have it no more, and both histories say so', async () => {
    const tablet = await thing('tablet')
    const pool = await placement(app.db, { ward: ash(), items: [tablet] })
    const person = await serviceUser(app.db, { ...here(), name: 'Lee Onward' })
    const loan = await loanTo(app.db, {
      serviceUser: person,
      items: [tablet],
      lentAt: new Date('2026-08-02T09:00:00Z'),
    })
    const fields = reportFields(tablet, { line: lineOf(loan, tablet) })
    const { location } = (await champion.post('/incidents', fields)).headers
    for (const line of [lineOf(loan, tablet), lineOf(pool, tablet)]) {
      expect(await storedLine(app, line)).toEqual({ ended_at: now, ended_as: 'lost' })
    }
    expect(await storedIncident(app, incidentIdIn(location))).toMatchObject({ loan_id: loan.id })
    for (const { id } of [loan, pool]) {
      expect(wordsOf((await champion.get(`/loans/${id}`)).text)).toContain(`reported ${tablet.tag}: lost.`)
    }
  })

  it('damaged on a ward, but to be put right: it goes to the bench and back to that ward', async () => {
    const tablet = await thing('tablet')
    const pool = await placement(app.db, { ward: ash(), items: [tablet] })
    await itemInUse(app.db, { item: tablet, ward: ash() })
    const line = lineOf(pool, tablet)
    await champion.post('/incidents', reportFields(tablet, { line, kind: 'repairable', story: 'It flickers.' }))
    expect(await storedLine(app, line)).toEqual({ ended_at: null, ended_as: null })
    expect(await openHold(app, tablet)).toMatchObject({ kind: 'turnaround' })
    expect(wordsOf((await champion.get(`/turnaround/${tablet.id}`)).text)).toContain('Goes back to Ash Ward')
  })

  it('while it is in use on a ward: the slot ends', async () => {
    const tablet = await itemInUse(app.db, { item: await thing('tablet') })
    await champion.post('/incidents', reportFields(tablet, { kind: 'stolen' }))
    expect(await openHold(app, tablet)).toBeUndefined()
    expect(await storedItem(app, tablet)).toMatchObject({ left_as: 'stolen' })
  })

  it('from the bench or the repairer: it is gone', async () => {
    const onBench = await itemInTurnaround(app.db, here())
    const inRepair = await itemInRepair(app.db, here())
    for (const item of [onBench, inRepair]) {
      expect((await champion.post('/incidents', reportFields(item))).status).toBe(303)
      expect(await storedItem(app, item)).toMatchObject({ left_as: 'lost' })
    }
    expect((await openHold(app, inRepair))?.kind).toBeUndefined()
    expect((await champion.get('/turnaround')).text).not.toContain(onBench.tag)
  })

  it('from the shelf: it leaves the stock, and nobody has to be reached', async () => {
    const charger = await thing('charger')
    const { location } = (await champion.post('/incidents', reportFields(charger))).headers
    expect(await storedItem(app, charger)).toMatchObject({ left_as: 'lost' })
    const tasks = await storedTasks(app, incidentIdIn(location))
    expect(tasks.map(({ task }) => task)).toEqual(['search'])
    expect(wordsOf((await champion.get(location!)).text)).toContain('Who had it Nobody')
  })

  it('promised to somebody: the plan stays, and the playbook says to find something else', async () => {
    const { item } = await itemBookedLater(app.db, { item: await thing('tablet') })
    const { location } = (await champion.post('/incidents', reportFields(item))).headers
    const words = wordsOf((await champion.get(location!)).text)
    expect(words).toContain('Find something else for whoever is to have it next')
    expect(words).toContain(`Somebody is to have ${item.tag} from Tuesday 4 August 2026 at 2pm.`)
  })

  it('a thing that was lost before anybody wrote incidents: it is found', async () => {
    const tablet = await lostItem(app.db, here())
    const page = await champion.get(`/incidents/new?item=${tablet.id}`)
    expect(wordsOf(page.text)).toContain('Found again')
    expect(page.text).not.toContain('value="stolen"')
    const answer = await champion.post('/incidents', reportFields(tablet, { kind: 'found' }))
    expect(await storedItem(app, tablet)).toMatchObject({ left_as: null, left_at: null })
    expect(await openHold(app, tablet)).toMatchObject({ kind: 'turnaround', taken_at: now })
    const tasks = await storedTasks(app, incidentIdIn(answer.headers.location))
    expect(tasks.map(({ task }) => task)).toEqual(['unlock'])
  })
})

describe('a report that cannot be read', () => {
  const send = async (fields: object) => {
    const item = await thing('tablet')
    const answer = await champion.post('/incidents', { ...reportFields(item), ...fields })
    return { item, answer, errors: errorsOf(answer.text) }
  }

  it.each<[string, object, string, string]>([
    ['does not say what happened', { kind: '' }, 'kind', 'Choose what happened'],
    ['names a kind there is not', { kind: 'sold' }, 'kind', 'Choose what happened'],
    ['names two kinds', { kind: ['lost', 'stolen'] }, 'kind', 'Choose what happened'],
    ['does not say what is damaged', { kind: 'damaged', story: ' ' }, 'story', 'Say what is damaged'],
    ['does not say what is to be mended', { kind: 'repairable' }, 'story', 'Say what is damaged'],
    [
      'is of tomorrow',
      { 'happened-day': '4', 'happened-month': '8', 'happened-year': '2026' },
      'happened',
      'Day it happened must be today or in the past',
    ],
    [
      'is of no day',
      { 'happened-day': '31', 'happened-month': '2', 'happened-year': '2026' },
      'happened',
      'Day it happened must be a real date',
    ],
    [
      'is of half a day',
      { 'happened-day': '3', 'happened-month': '', 'happened-year': '2026' },
      'happened-month',
      'Day it happened must include a month',
    ],
    ['tells too much', { story: 'x'.repeat(2001) }, 'story', 'What happened must be 2,000 characters or less'],
    [
      'has a crime reference that is none',
      { kind: 'stolen', 'crime-reference': '7'.repeat(61) },
      'crime-reference',
      'Crime reference must be 60 characters or less',
    ],
  ])('because it %s is shown again', async (_what, fields, field, text) => {
    const { item, answer, errors } = await send(fields)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain('<title>Error: Report')
    expect(errors[field]).toBe(text)
    expect(await incidentsOf(app, item)).toEqual([])
    expect(await findHtmlMistakes(answer.text)).toEqual([])
  })

  it('keeps what was typed and ticked', async () => {
    const { phone, sim, charger, loan } = await lentPhone()
    const fields = reportFields(phone, {
      line: lineOf(loan, phone),
      also: String(sim.id),
      kind: '',
      story: 'It was <b>there</b>',
      'happened-day': '2',
      'happened-month': 'Aug',
      'happened-year': '2026',
    })
    const { text } = await champion.post('/incidents', fields)
    expect(text).toContain('It was &lt;b&gt;there&lt;/b&gt;')
    expect(text).toContain(`value="${sim.id}" checked`)
    expect(text).not.toContain(`value="${charger.id}" checked`)
    expect(text).toContain('value="Aug"')
    expect(text).toContain(`name="line" value="${lineOf(loan, phone)}"`)
  })

  it('is of nothing, or of more than a van holds', async () => {
    for (const item of ['', '0', '-1', '1e3', '99999999999999999', 'abc', "1' or '1'='1"]) {
      expect((await champion.post('/incidents', { ...reportFields({ id: 0 }), item })).status).toBe(404)
      const page = await champion.get(`/incidents/new?item=${encodeURIComponent(item)}`)
      expect(page.status).toBe(200)
      expect(wordsOf(page.text)).toContain('Which item is it?')
    }
    const many = Array.from({ length: 41 }, (_, at) => String(900_000 + at))
    const { errors } = await send({ also: many })
    expect(errors.also).toBe('Report 40 items at most, and the rest by themselves')
  })

  it('leads ward staff to no page that is not theirs', async () => {
    const { text } = await wardStaff.get('/incidents/new')
    expect(text).toContain('<a class="nhsuk-back-link" href="/items">')
    expect(text).not.toContain('href="/incidents"')
  })

  it('names a thing by what stands on its label', async () => {
    const tablet = await thing('tablet')
    const found = await champion.get(`/incidents/new?code=${tablet.tag}`)
    expect([found.status, found.headers.location]).toEqual([303, `/incidents/new?item=${tablet.id}`])
    const none = await champion.get('/incidents/new?code=nothing-like-it')
    expect(none.status).toBe(422)
    expect(errorsOf(none.text).code).toBe('No item has the tag or number nothing-like-it. Check it against the label')
  })
})

describe('who may report', () => {
  it('ward staff, what is on their own ward, without learning who has it', async () => {
    const tablet = await thing('tablet')
    const pool = await placement(app.db, { ward: ash(), items: [tablet] })
    const person = await serviceUser(app.db, { ...here(), name: 'Nell Hidden' })
    const loan = await loanTo(app.db, {
      serviceUser: person,
      items: [tablet],
      lentAt: new Date('2026-08-02T09:00:00Z'),
    })
    const itemPage = await wardStaff.get(`/items/${tablet.tag}`)
    expect(itemPage.text).toContain(`href="/incidents/new?item&#x3D;${tablet.id}"`)
    const page = await wardStaff.get(`/incidents/new?item=${tablet.id}`)
    expect(wordsOf(page.text)).toContain('A service user has it.')
    expect(page.text).not.toContain('Nell Hidden')

    const key = crypto.randomUUID()
    const fields = reportFields(tablet, { key, line: lineOf(loan, tablet) })
    for (const answer of [await wardStaff.post('/incidents', fields), await wardStaff.post('/incidents', fields)]) {
      expect([answer.status, answer.headers.location]).toEqual([303, '/items'])
    }
    expect(wordsOf((await wardStaff.get('/items')).text)).toContain('the digital champions see to it now')
    expect(await storedLine(app, lineOf(pool, tablet))).toMatchObject({ ended_as: 'lost' })
    const [incident] = await incidentsOf(app, tablet)
    const tasks = await storedTasks(app, incident!.incident_id)
    // nobody is named as lender who still works here, so a champion of the organisation has them
    expect(new Set(tasks.map(({ owned_by }) => owned_by)).has(app.people.actors['ward-staff'].staffId)).toBe(false)
    expect((await wardStaff.get(`/incidents/${incident!.incident_id}`)).status).toBe(403)
    expect((await wardStaff.get('/incidents')).status).toBe(403)
    expect((await wardStaff.get('/')).text).not.toContain('href="/incidents"')
  })

  it('not ward staff, what is on another ward', async () => {
    const tablet = await thing('tablet')
    const loan = await placement(app.db, { ward: birch(), items: [tablet] })
    const line = lineOf(loan, tablet)
    expect((await wardStaff.get(`/incidents/new?item=${tablet.id}`)).status).toBe(404)
    expect((await wardStaff.get(`/incidents/new?line=${line}`)).status).toBe(404)
    expect((await wardStaff.post('/incidents', reportFields(tablet, { line }))).status).toBe(404)
    const own = await thing('tablet')
    const ours = await placement(app.db, { ward: ash(), items: [own] })
    const both = reportFields(own, { line: lineOf(ours, own), also: tablet.id })
    expect((await wardStaff.post('/incidents', both)).status).toBe(404)
    expect(await storedItem(app, tablet)).toMatchObject({ left_as: null })
    expect(await storedItem(app, own)).toMatchObject({ left_as: null })
  })

  it('an administrator, who sees no name', async () => {
    const { phone, loan } = await lentPhone()
    const line = lineOf(loan, phone)
    const page = await administrator.get(`/incidents/new?line=${line}`)
    expect(wordsOf(page.text)).toContain('A service user has it.')
    const { location } = (await administrator.post('/incidents', reportFields(phone, { line }))).headers
    for (const path of [location!, '/incidents', '/', `${location}/edit`, `${location}/found`]) {
      const { status, text } = await administrator.get(path)
      expect([path, status, text.includes('Ines')]).toEqual([path, 200, false])
    }
    const shown = await administrator.get(location!)
    expect(wordsOf(shown.text)).toContain('Who had it A service user')
    expect(shown.text).not.toContain(`href="/loans/${loan.id}"`)
    expect(shown.text).not.toContain('/loans/new')
    const tasks = await storedTasks(app, incidentIdIn(location))
    expect(tasks[0]?.owned_by).toBe(app.people.actors.administrator.staffId)
  })

  it('nobody else', async () => {
    const tablet = await thing('tablet')
    for (const role of ['care-team', 'information-governance', 'commissioner'] as const) {
      const visitor = await app.signedInAs(role)
      expect((await visitor.get(`/incidents/new?item=${tablet.id}`)).status).toBe(403)
      expect((await visitor.post('/incidents', reportFields(tablet))).status).toBe(403)
      expect((await visitor.get('/incidents')).status).toBe(403)
    }
    expect(await incidentsOf(app, tablet)).toEqual([])
  })

  it('no other organisation, in any field', async () => {
    const { phone, loan } = await lentPhone()
    const line = lineOf(loan, phone)
    expect((await foreignChampion.get(`/incidents/new?item=${phone.id}`)).status).toBe(404)
    expect((await foreignChampion.get(`/incidents/new?line=${line}`)).status).toBe(404)
    expect((await foreignChampion.post('/incidents', reportFields(phone, { line }))).status).toBe(404)
    const theirs = await availableItem(app.db, { organisation_id: app.people.otherOrganisationId })
    const both = reportFields(theirs, { also: phone.id })
    expect((await foreignChampion.post('/incidents', both)).status).toBe(404)
    expect(await storedItem(app, phone)).toMatchObject({ left_as: null })
    expect(await storedItem(app, theirs)).toMatchObject({ left_as: null })
  })

  it('gives the tasks of a ward to the champion who lent the things, or else to one who still works here', async () => {
    const lender = await staffMember(app.db, here())
    const gone = await staffMember(app.db, { ...here(), disabled_at: new Date('2026-01-01T00:00:00Z') })
    const ownerAfter = async (lentBy: { id: number }) => {
      const tablet = await thing('tablet')
      const loan = await placement(app.db, { ward: ash(), items: [tablet], lentBy })
      await wardStaff.post('/incidents', reportFields(tablet, { line: lineOf(loan, tablet) }))
      const [incident] = await incidentsOf(app, tablet)
      return (await storedTasks(app, incident!.incident_id))[0]?.owned_by
    }
    expect(await ownerAfter(lender)).toBe(lender.id)
    expect(await ownerAfter(gone)).not.toBe(gone.id)
  })
})

describe('one thing, reported twice', () => {
  it('by a double click is one incident', async () => {
    const { phone, loan } = await lentPhone()
    const fields = reportFields(phone, { line: lineOf(loan, phone) })
    const answers = await Promise.all([champion.post('/incidents', fields), champion.post('/incidents', fields)])
    const [one, other] = answers.map(({ status, headers }) => `${status} ${headers.location}`)
    expect(one).toMatch(/^303 \/incidents\/\d+$/)
    expect(other).toBe(one)
    expect(await incidentsOf(app, phone)).toHaveLength(1)
  })

  it.each(['lost', 'repairable'])('by two people at once is one incident: %s', async (kind) => {
    const { phone, loan } = await lentPhone()
    const colleague = await app.signedInAs('administrator')
    const report = (story: string) => reportFields(phone, { line: lineOf(loan, phone), kind, story })
    const answers = await Promise.all([
      champion.post('/incidents', report('Told at the desk.')),
      colleague.post('/incidents', report('Told by phone.')),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const [incident, ...others] = await incidentsOf(app, phone)
    expect(others).toEqual([])
    const second = answers.find(({ status }) => status === 409)!
    const words = wordsOf(second.text)
    expect(words).toContain(`${phone.tag} was reported before`)
    expect(words).toMatch(/What you wrote was not saved\. You can copy it from here: Told (at the desk|by phone)\./)
    expect(second.text).toContain(`href="/incidents/${incident!.incident_id}"`)
    expect(await findHtmlMistakes(second.text)).toEqual([])
  })

  it('by two of one ward at once: the second hears of the first, though the thing has left their ward', async () => {
    const tablet = await thing('tablet')
    const loan = await placement(app.db, { ward: ash(), items: [tablet] })
    const fields = () => reportFields(tablet, { line: lineOf(loan, tablet), story: 'It is gone.' })
    const answers = await Promise.all([wardStaff.post('/incidents', fields()), wardStaff.post('/incidents', fields())])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
    const second = answers.find(({ status }) => status === 409)!
    expect(wordsOf(second.text)).toContain(`${tablet.tag} was reported before HERE ward-staff reported it`)
    expect(second.text).not.toContain('/incidents')
    expect(second.text).not.toContain(`/items/${tablet.tag}`)
    expect(await incidentsOf(app, tablet)).toHaveLength(1)
    const stranger = await thing('tablet')
    const there = await placement(app.db, { ward: birch(), items: [stranger] })
    await champion.post('/incidents', reportFields(stranger, { line: lineOf(there, stranger) }))
    expect((await wardStaff.post('/incidents', reportFields(stranger))).status).toBe(404)
  })

  it('by forty people at once is one incident, and nobody meets a fault', async () => {
    const tablet = await thing('tablet')
    const answers = await Promise.all(
      Array.from({ length: 40 }, () => champion.post('/incidents', reportFields(tablet))),
    )
    const statuses = answers.map(({ status }) => status)
    expect(statuses.filter((status) => status === 303)).toHaveLength(1)
    expect(statuses.filter((status) => status >= 500 && status !== 503)).toEqual([])
    expect(await incidentsOf(app, tablet)).toHaveLength(1)
  })

  it('while somebody takes it back: one of the two, whole', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { phone, loan } = await lentPhone()
      const line = lineOf(loan, phone)
      const [report, back] = await Promise.all([
        champion.post('/incidents', reportFields(phone, { line })),
        champion.post(`/loans/${loan.id}/return`, { line, version: 1 }),
      ])
      expect([report.status, back.status].sort()).toEqual([
        303,
        back.status === 404 || report.status === 404 ? 404 : 409,
      ])
      const { ended_as } = await storedLine(app, line)
      const { left_as } = await storedItem(app, phone)
      expect([ended_as, left_as]).toEqual(report.status === 303 ? ['lost', 'lost'] : ['returned', null])
      expect(await incidentsOf(app, phone)).toHaveLength(report.status === 303 ? 1 : 0)
    }
  })
})

describe('what is not as it was', () => {
  it('came back before: the page says so, and offers to report it as it is now', async () => {
    const loan = await closedLoan(app.db, { organisationId: app.people.organisationId })
    const [line] = loan.lines
    const page = await champion.get(`/incidents/new?line=${line!.id}`)
    expect(page.status).toBe(409)
    expect(wordsOf(page.text)).toMatch(/is not in this loan any more It came back on 27 July 2026\./)
    expect(page.text).toContain(`href="/incidents/new?item&#x3D;${line!.item_id}"`)
    expect(await findHtmlMistakes(page.text)).toEqual([])
    const sent = await champion.post(
      '/incidents',
      reportFields({ id: line!.item_id }, { line: line!.id, story: 'Hm.' }),
    )
    expect(sent.status).toBe(409)
    expect(wordsOf(sent.text)).toContain('was lent or came back after you opened the page. Nothing was saved.')
    expect(await incidentsOf(app, { id: line!.item_id })).toEqual([])
  })

  it('was lent after the page was opened: nothing is taken from whoever has it now', async () => {
    const tablet = await thing('tablet')
    const loan = await loanTo(app.db, { organisationId: app.people.organisationId, items: [tablet] })
    const sent = await champion.post('/incidents', reportFields(tablet))
    expect(sent.status).toBe(409)
    expect(await storedLine(app, lineOf(loan, tablet))).toEqual({ ended_at: null, ended_as: null })
  })

  it('is lost already: the page leads to its incident, from wherever one comes', async () => {
    const { phone, loan } = await lentPhone()
    const line = lineOf(loan, phone)
    const { location } = (await champion.post('/incidents', reportFields(phone, { line }))).headers
    for (const query of [`item=${phone.id}`, `line=${line}`]) {
      const page = await champion.get(`/incidents/new?${query}`)
      expect(page.status).toBe(409)
      expect(wordsOf(page.text)).toContain(
        `${phone.tag} was reported before HERE champion reported it on Monday 3 August 2026 at 10:30am: lost.`,
      )
      expect(page.text).toContain(`href="${location}"`)
      expect(page.text).toContain(`href="${location}/found"`)
    }
    const again = await champion.post('/incidents', reportFields(phone, { kind: 'stolen', seen: 999_999 }))
    expect(again.status).toBe(409)
    expect(await incidentsOf(app, phone)).toHaveLength(1)
  })

  it('is no longer ours', async () => {
    const tablet = await thing('tablet')
    const loan = await giftLoan(app.db, { organisationId: app.people.organisationId, items: [tablet] })
    const page = await champion.get(`/incidents/new?item=${tablet.id}`)
    expect(page.status).toBe(409)
    expect(wordsOf(page.text)).toContain(`${tablet.tag} is no longer ours Given away on 27 July 2026.`)
    const line = await champion.get(`/incidents/new?line=${lineOf(loan, tablet)}`)
    expect(line.status).toBe(409)
    expect(line.text).not.toContain('as it is now')
    const sent = await champion.post('/incidents', reportFields(tablet))
    expect(sent.status).toBe(409)
    expect(wordsOf(sent.text)).toContain('is no longer ours: given away.')
  })

  it('is a room, which nobody loses', async () => {
    const room = await thing('private-room')
    const page = await champion.get(`/incidents/new?item=${room.id}`)
    expect(page.text).not.toContain('value="lost"')
    const sent = await champion.post('/incidents', reportFields(room))
    expect(sent.status).toBe(409)
    expect(wordsOf(sent.text)).toContain('It can be damaged, but not lost.')
    const broken = reportFields(room, { kind: 'repairable', story: 'The door does not lock.' })
    expect((await champion.post('/incidents', broken)).status).toBe(303)
  })

  it('is not lost, and so cannot be found', async () => {
    const tablet = await thing('tablet')
    const sent = await champion.post('/incidents', reportFields(tablet, { kind: 'found' }))
    expect(sent.status).toBe(409)
    expect(wordsOf(sent.text)).toContain(`${tablet.tag} is not lost.`)
  })

  it('was with somebody else than the rest of what is reported', async () => {
    const one = await lentPhone()
    const other = await lentPhone()
    const fields = reportFields(one.phone, { line: lineOf(one.loan, one.phone), also: other.phone.id })
    expect((await champion.post('/incidents', fields)).status).toBe(409)
    for (const { phone } of [one, other]) expect(await storedItem(app, phone)).toMatchObject({ left_as: null })
  })
})
