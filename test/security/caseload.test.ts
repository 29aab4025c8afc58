import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Response } from 'supertest'
import { actorFor, onCaseload, staffMember } from '../../seeds/factories.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { nameIds, spreadIds } from './ids.ts'
import { allNames, type Models, makeModels, makeRecords, noRecords, type RecordName, type Records } from './records.ts'
import { askInParts, isAboutOneRecord, partsOf, recordNamesOf, recordPlaces } from './request-parts.ts'
import { ask, exampleOf, freshWord, isFor, routeNames } from './route-table.ts'

/** Stand in every name of the people on a champion's caseload, and of everybody else. */
const marks = { within: 'zzwithin', outside: 'zzoutside' }

let app: TestApp
let limited: Actor
let visitor: Visitor
let models: Models
let within: Records
let outside: Records

beforeAll(async () => {
  app = await startApp()
  await spreadIds(app.ownerUrl)
  const { actors, organisationId: organisation_id } = app.people
  const champion = await staffMember(app.db, { organisation_id, name: 'Lim Ited', caseload_only: true })
  limited = await actorFor(app.db, champion)
  visitor = await app.signedInAs(limited)
  models = await makeModels(app.db, actors.champion, 'shared')
  within = await recordsWithin()
  outside = await makeRecords(app.db, { by: actors.champion, ward: app.people.ward, mark: marks.outside, models })
})
afterAll(() => app.close())

const theirPeople = ['serviceUserId', 'otherServiceUserId', 'wardPersonId', 'leaverId', 'restrictedId'] as const

async function recordsWithin(names: readonly RecordName[] = allNames): Promise<Records> {
  const { actors, ward, organisationId } = app.people
  const wanted = [...new Set([...theirPeople, ...names])]
  const records = await makeRecords(app.db, { by: actors.champion, ward, mark: marks.within, models }, wanted)
  for (const name of theirPeople) {
    const serviceUser = { id: records[name] }
    await onCaseload(app.db, { organisationId, champion: { id: limited.staffId }, serviceUser })
  }
  return records
}

const prepared = new Map<string, Records>()

/** Records of their own that stay as they are until a request goes through. */
async function unchanged(name: string): Promise<Records> {
  if (name.startsWith('GET ')) return within
  const records = prepared.get(name) ?? (await recordsWithin(recordNamesOf(name)))
  prepared.set(name, records)
  return records
}

/** What of the records is about a person; the rest is the organisation's, and open to every champion. */
const personal = [
  'serviceUserId',
  'otherServiceUserId',
  'loanId',
  'lineId',
  'incidentId',
  'taskId',
  'plannedLoanId',
  'visitLoanId',
  'visitLineId',
  'wardPersonId',
  'leaverId',
  'referralId',
  'declinedReferralId',
  'concernId',
  'restrictedId',
  'restrictionId',
  'appointmentId',
  'pastAppointmentId',
  'diaryEntryId',
  'trialCallId',
  'trainingId',
  'begunTrainingId',
  'placeId',
  'toInviteId',
  'begunTrialCallId',
  'freeAppointmentId',
  'dataAllowanceId',
  'suspendedDataId',
  'overdueDataId',
] as const satisfies (keyof Records)[]

/** The records of one's own people with what is about a person taken from others. */
function withPeopleOf(records: Records): Records {
  return { ...within, ...Object.fromEntries(personal.map((name) => [name, records[name]])) }
}

/** Nothing by which the person could be known: a name, what was written about them, how to reach them. */
function expectNothingPersonal(answer: Response): void {
  const all = `${answer.text} ${JSON.stringify(answer.headers)}`
  const said = ['Person', 'Admitted', 'Story', 'Street', 'Notes'].filter((word) =>
    all.includes(`${word} ${marks.outside}`),
  )
  expect(said).toEqual([])
  expect(new RegExp(`${marks.outside}\\.\\d`).test(all)).toBe(false)
}

function steady({ status, text, headers }: Response): string {
  const id = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g
  return `${status} ${headers.location ?? ''}\n${text.replace(id, 'an id').replace(/[0-9a-f]{256}/g, 'a token')}`
}

const forChampions = routeNames.filter((name) => isFor(exampleOf(name), 'champion') && !exampleOf(name).endsSession)
const pages = forChampions.filter((name) => name.startsWith('GET '))
const ofEverybody = [
  '/caseloads',
  '/appointments/import',
  '/caseload-counts/import',
  '/data-allowances/readings/import',
  '/data-allowances/stock/import',
  '/loans/import',
  '/service-users/import',
  '/champion',
  '/wards/:code/report',
  '/sites/:id/report',
]
const isOfEverybody = (name: string) => ofEverybody.some((part) => name.includes(part))

/** A concern is read by the champion who raised it, and not by those who look after the person. */
const isOfWhoeverWrote = (name: string) => name === 'GET /concerns/:id'

describe('A champion who is limited to a caseload', () => {
  it.each(pages)('%s: is told nothing of anybody else', async (name) => {
    for (const records of [within, outside]) {
      const { first } = exampleOf(name)
      if (first) await first(visitor, records)
      expectNothingPersonal(await ask(visitor, name, records))
    }
  })

  it.each(pages.filter((name) => isAboutOneRecord(name) && !isOfEverybody(name) && !isOfWhoeverWrote(name)))(
    '%s: is there for their own people',
    async (name) => {
      const { first, status } = exampleOf(name)
      if (first) await first(visitor, within)
      expect((await ask(visitor, name, within)).status).toBe(status)
    },
  )

  it.each(forChampions.filter(isOfEverybody))('%s: is refused, since it reaches everybody', async (name) => {
    expect((await ask(visitor, name, within)).status).toBe(403)
  })

  it('finds their own people by a search, in the list and in the file of it, and nobody else', async () => {
    for (const path of [
      '/service-users',
      '/service-users/export?format=csv',
      '/loans?show=all',
      '/loans/export?format=csv',
    ]) {
      const page = await visitor.get(path)
      expect(page.text).toContain(`Person ${marks.within}`)
      expectNothingPersonal(page)
    }
    await visitor.post('/service-users/search', { search: `Person ${marks.outside}` })
    const found = await visitor.get('/service-users/search')
    expect(found.text).not.toContain(`Person ${marks.outside} `)
    expect(found.text).toContain('Nobody here fits')
  })

  it('is not told by a cursor where somebody else would stand', async () => {
    const theirs = await visitor.get(`/service-users?after=${outside.serviceUserId}`)
    const nobodys = await visitor.get(`/service-users?after=${noRecords.serviceUserId}`)
    expect(theirs.status).toBe(404)
    expect(steady(theirs)).toBe(steady(nobodys))
  })
})

const places = forChampions
  .filter((name) => !isOfEverybody(name))
  .flatMap((name) => {
    const [theirs, nobodys] = [partsOf(name, noRecords, 'x'), partsOf(name, { ...noRecords, ...otherIds() }, 'x')]
    return recordPlaces(name)
      .filter((at) => theirs[at]?.value !== nobodys[at]?.value)
      .map((at) => [name, theirs[at]!.name, at] as const)
  })

function otherIds(): Partial<Records> {
  return Object.fromEntries(personal.map((name) => [name, Number(`${noRecords[name]}0`)]))
}

describe('somebody else’s person, loan or incident in one place of an otherwise good request', () => {
  it.each(places)('%s, in %s: is taken as one that nobody has', async (name, _place, at) => {
    const askWith = async (records: Records, fresh: string) => {
      const parts = partsOf(name, await unchanged(name), fresh)
      const { value } = partsOf(name, records, fresh)[at]!
      parts[at]!.value = value
      const answer = await askInParts(visitor, name, parts, fresh)
      if (answer.status === 303) await visitor.get('/help')
      if (answer.status === 303) prepared.delete(name)
      const alone = new RegExp(`(?<!\\w)${RegExp.escape(value)}(?!\\w)`, 'g')
      const said = nameIds(steady(answer).replaceAll(alone, 'theirs').replaceAll(fresh, 'new'))
      // the records are made anew each time, with a number of their own
      return said.replaceAll(/zzwithin[ -]\d+/g, 'zzwithin')
    }
    const theirs = await askWith(withPeopleOf(outside), freshWord())
    expect(theirs).toBe(await askWith(withPeopleOf(noRecords), freshWord()))
    expect(theirs).toMatch(/^[234]/)
    expect(theirs).not.toContain(`Person ${marks.outside}`)
  })

  it('has changed nothing of theirs', async () => {
    const { rows } = await app.pool.query(
      'select version, (select count(*)::int from loan_lines where loan_id = loans.id and ended_at is null) as open from loans where id = any($1) order by id',
      [[outside.loanId, outside.plannedLoanId, outside.visitLoanId]],
    )
    expect(rows).toEqual([
      { version: 1, open: 2 },
      { version: 1, open: 1 },
      { version: 1, open: 1 },
    ])
  })
})
