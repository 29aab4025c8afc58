import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { actorFor, appointment, serviceUser, staffMember } from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { appointmentCells } from '../../src/imports/appointment-cells-rules.ts'
import { appointmentTemplate } from '../../src/imports/appointment-fields-rules.ts'
import { AppointmentPlanner } from '../../src/imports/appointment-plan-rules.ts'
import { rowReader } from '../../src/imports/rows-rules.ts'
import { Places } from '../../src/imports/words-rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { toPreview } from './journey.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const heading = 'NHS number,Full name,DOB,Date,Time,Minutes,Way,First,Purpose,Clinician,Team,Link\n'
const look = (rows: string) => toPreview(champion, Buffer.from(heading + rows), { to: '/appointments/import' })
const apply = ({ path, seen }: { path: string; seen: string }) => champion.post(`${path}/apply`, { seen })
const all = () => app.db.selectFrom('appointments').selectAll().orderBy('id').execute()
const someone = (more: object) => serviceUser(app.db, { organisation_id: app.people.organisationId, ...more })

describe('a spreadsheet of appointments', () => {
  it('makes them, shown first and all or nothing, and changes nothing when it comes again', async () => {
    const number = makeTestNhsNumber(84_001)
    const [one, two] = [
      await someone({ name: 'Ida Import', nhs_number: number }),
      await someone({ name: 'Jon Import', date_of_birth: '1984-02-29' }),
    ]
    const { email, name } = await staffMember(app.db, {
      ...{ organisation_id: app.people.organisationId, role: 'care-team', email: 'ana.import@trust.example' },
    })
    const rows = [
      `${number},,,5/8/2026,14:30,50,Video,Yes,Assessment,${email},${app.people.ward.code},https://meet.example/in`,
      ',Jon Import,29/2/1984,6/8/2026,9.15,,In person,no,,,,',
    ].join('\n')
    const seen = await look(rows)
    expect(seen.text).toContain('New appointments 2 Rows that change nothing 0 Errors 0')
    expect(seen.text).toMatch(/Ida Import 5 Aug 2026 at 2:30pm A video call/)
    expect(seen.text).not.toContain('meet.example/in')
    expect((await apply(seen)).headers.location).toBe(`${seen.path}/result`)
    const made = await all()
    expect(made.map((row) => [row.service_user_id, row.way, row.is_first, row.purpose, row.extra_minutes])).toEqual([
      [one.id, 'video', true, 'assessment', 15],
      [two.id, 'face-to-face', false, 'other', 0],
    ])
    const details = await app.db.selectFrom('appointment_details').selectAll().orderBy('appointment_id').execute()
    expect(details.map(({ clinician, join_link }) => [clinician, join_link])).toEqual([
      [name, 'https://meet.example/in'],
      ['', ''],
    ])
    // sent twice, and the whole file once more
    await apply(seen)
    const again = await look(rows)
    expect(again.text).toContain('New appointments 0 Rows that change nothing 2 Errors 0')
    expect(await all()).toEqual(made)
  })

  it('makes none while one row is wrong: somebody with no time for it, or two at once', async () => {
    const number = makeTestNhsNumber(84_002)
    const person = await someone({ name: 'Kim Busy', nhs_number: number })
    const by = { id: app.people.actors.champion.staffId }
    await appointment(app.db, { person, by, from: new Date('2026-08-07T10:00:00Z') })
    const before = await all()
    const row = (day: string, time: string) => `${number},,,${day},${time},30,Phone,No,,,,`
    const { text } = await look(
      [row('7/8/2026', '11:15'), row('8/8/2026', '10:00'), row('8/8/2026', '10:15')].join('\n'),
    )
    expect(text).toContain('They have another appointment then: Friday 7 August 2026 at 11am, until 11:50am')
    expect(text).toContain('Line 3 has the same person at this time. Leave one, or change its time')
    expect(text).not.toMatch(/Import \d+ appointment/)
    expect(await all()).toEqual(before)
  })

  it('does nothing that nobody has seen: what was made meanwhile is shown first', async () => {
    const number = makeTestNhsNumber(84_003)
    const person = await someone({ nhs_number: number })
    const seen = await look(`${number},,,9/8/2026,10:00,30,Phone,No,,,,\n`)
    const by = { id: app.people.actors.champion.staffId }
    await appointment(app.db, { person, by, from: new Date('2026-08-09T09:10:00Z') })
    const before = await all()
    expect((await apply(seen)).status).toBe(409)
    expect(await all()).toEqual(before)
  })

  it('is for champions who see everybody, and for nobody else', async () => {
    const limited = await staffMember(app.db, { organisation_id: app.people.organisationId, caseload_only: true })
    const others = [await app.signedInAs(await actorFor(app.db, limited)), await app.signedInAs('care-team')]
    for (const visitor of others) expect((await visitor.get('/appointments/import')).status).toBe(403)
    expect((await champion.get('/appointments')).text).toContain('href="/appointments/import"')
  })
})

describe('a row of appointments', () => {
  const person = { id: 1, name: 'Ann Known', date_of_birth: '1980-01-01', nhs_number: '9990000018' }
  const gone = { id: 2, name: 'Dan Gone', date_of_birth: '1980-01-01', nhs_number: '9990000026' }
  const member = { id: 5, email: 'ana@trust.example', name: 'Dr Ana', has_left: false }
  const left = { ...member, email: 'left@trust.example', name: 'Dr Lea', has_left: true }

  function problemsOf(row: Partial<Record<(typeof appointmentTemplate)[number], string>>): string[] {
    const headings = [...appointmentTemplate]
    const columns = new Map(headings.map((field) => [field, field]))
    const meanings = { categories: new Map(), places: new Map() }
    const vocabulary = { places: new Places([]), meanings, today: '2026-08-03' }
    const plain = { nhsNumber: '9990000018', day: '5/8/2026', time: '14:30', way: 'Phone', first: 'no', ...row }
    const read = rowReader(appointmentCells, headings, columns, vocabulary)
    const planner = new AppointmentPlanner(
      {
        people: new Map([person, gone].map((one) => [one.nhs_number, one])),
        alike: new Map(),
        staff: new Map([member, left].map((one) => [one.email, one])),
        died: new Set([gone.id]),
        meetings: [
          {
            ...{ service_user_id: 1, is_appointment: false },
            ...{ starts_at: '2026-08-06 13:00:00+00', ends_at: '2026-08-06 14:00:00+00' },
          },
        ],
      },
      startOfTest,
    )
    planner.add(read({ line: 2, cells: headings.map((field) => (plain as Record<string, string>)[field] ?? '') }))
    return planner.finish().problems.map(({ column, text }) => `${column}: ${text}`)
  }

  it.each([
    [{}, null],
    [{ time: '0.604166667' }, null],
    [{ nhsNumber: '9990000034' }, /^nhsNumber: We have nobody with this NHS number\. Bring in the people/],
    [
      { nhsNumber: '', name: 'New One', dateOfBirth: '1/1/1990' },
      /^name: We have nobody of this name, born on that day/,
    ],
    [{ nhsNumber: '', name: 'Ann Known' }, /^dateOfBirth: Enter the date of birth or the NHS number/],
    [{ nhsNumber: '9990000026' }, /^name: Dan Gone has died/],
    [{ clinician: 'nobody@trust.example' }, /^clinician: No member of staff has this email/],
    [{ clinician: 'left@trust.example' }, /^clinician: Dr Lea has left/],
    [{ clinician: 'Dr Ana' }, /^clinician: Write the work email/],
    [{ day: '3/8/2026', time: '10:00' }, /^day: The appointment must be in the future/],
    [{ day: '28/3/2027', time: '01:30' }, /^time: 1:30am is left out/],
    [{ day: '25/10/2026', time: '01:30' }, /^time: 1:30am comes twice/],
    [{ day: '29/2/2027' }, /^day: /],
    [{ day: '29/2/2028' }, null],
    [{ time: 'soon' }, /^time: Time must be like/],
    [{ time: '23:30' }, /^time: The appointment must end before midnight/],
    [{ day: '6/8/2026', time: '14:30' }, /^time: They have a call or visit of ours then: Thursday 6 August/],
    [{ joinLink: 'http://meet.example/1' }, /^joinLink: The link to join must begin with https/],
    [{ way: 'pigeon' }, /^way: Write Face to face/],
    [{ first: 'perhaps' }, /^first: Write Yes or No/],
    [{ minutes: '7' }, /^minutes: Write 15, 20/],
    [{ team: 'Nowhere' }, /^team: No ward, team or hub has this name or code/],
    [{ day: '', time: '', way: '', first: '' }, /^day: Enter the day/],
  ])('%j is told so at its own cell', (row, told) => {
    const problems = problemsOf(row)
    if (told === null) expect(problems).toEqual([])
    else expect(problems[0]).toMatch(told)
  })
})
