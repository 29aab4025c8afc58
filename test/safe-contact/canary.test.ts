import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { contactAddress, contactAnswer, privateNote } from '../../seeds/factories.ts'
import { roles } from '../../src/lib/actor.ts'
import { queueEmailToPerson } from '../../src/messages/actions.ts'
import { makeModels, makeRecords, type Records } from '../security/records.ts'
import { exampleOf, getNames, isFor } from '../security/route-table.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

/**
 * A word that stands in a private note and nowhere else is looked for in everything that the app shows or sends: every page,
 * print and download, as every role there is, the lead champion too.
 */
const canary = 'zzcanary'
const words = new RegExp(`${canary}|may be a risk`, 'i')
const instruction = 'Do not ring the home number.'

let app: TestApp
let records: Records
let visitors: Record<string, Visitor>

beforeAll(async () => {
  app = await startApp()
  const by = app.people.actors.champion
  const models = await makeModels(app.db, by, 'zzhere')
  records = await makeRecords(app.db, { by, ward: app.people.ward, mark: 'zzhere', models })
  const person = { id: records.serviceUserId, organisation_id: app.people.organisationId }
  await privateNote(app.db, { person, by: { id: by.staffId }, note: `Somebody at home may be a risk: ${canary}` })
  const details = app.db.updateTable('service_user_details').where('service_user_id', '=', person.id)
  await details.set({ contact_instruction: instruction, email: 'kim@post.example' }).execute()
  // whoever is on the ward, and with a team of the care team
  const onWard = { id: records.wardPersonId, organisation_id: app.people.organisationId }
  await privateNote(app.db, { person: onWard, by: { id: by.staffId }, note: `Also at home: ${canary}` })
  await app.pool.query('update service_user_details set contact_instruction = $2 where service_user_id = $1', [
    onWard.id,
    instruction,
  ])
  await contactAnswer(app.db, { person, channel: 'email' })
  visitors = {}
  for (const role of roles) visitors[role] = await app.signedInAs(role)
})
afterAll(() => app.close())

/** Where the note itself is shown, and where it is asked for. */
const isPrivate = (name: string) => name.includes('/safe-contact/private')
const pages = getNames.filter((name) => !isPrivate(name))

describe('That somebody at home may be a risk', () => {
  it.each(roles)('stands on no page, print or download that a person who is %s opens', async (role) => {
    const visitor = visitors[role]!
    const seen: string[] = []
    for (const name of pages) {
      const example = exampleOf(name)
      if (example.first && isFor(example, role)) await example.first(visitor, records)
      const answer = await visitor.get(example.path(records)).buffer(true)
      const all = `${answer.text ?? ''} ${JSON.stringify(answer.body)} ${JSON.stringify(answer.headers)}`
      if (words.test(all)) seen.push(name)
    }
    expect(pages.length).toBeGreaterThan(60)
    expect(seen).toEqual([])
  })

  it('is not asked for, nor told, by who may not read it', async () => {
    const url = `/service-users/${records.serviceUserId}/safe-contact`
    expect((await visitors.champion!.get(`${url}/private`)).text).toContain(canary)
    for (const role of roles.filter((one) => one !== 'champion')) {
      const answer = await visitors[role]!.get(`${url}/private`)
      expect([role, answer.status, words.test(answer.text)]).toEqual([role, 403, false])
    }
  })

  it('stands in no message, log, audit or form that was sent, nor in any other table', async () => {
    const person = { id: records.serviceUserId, organisation_id: app.people.organisationId }
    await contactAddress(app.db, { person, address: 'kim@post.example', isSafe: true })
    await app.changeAs('champion', async (change) => {
      change.audit({ verb: 'service-user:viewed' })
      await queueEmailToPerson(change, {
        cause: 'test:canary',
        kind: 'review-reminder',
        to: { serviceUserId: person.id, supporterId: null },
        purpose: 'information',
        write: (how) => ({ subject: 'Hello', body: JSON.stringify(how) }),
        sendUntil: new Date(startOfTest.getTime() + 86_400_000),
      })
    })
    const note = { note: `Again: ${canary}`, key: crypto.randomUUID() }
    const url = `/service-users/${person.id}/safe-contact/private`
    expect((await visitors.champion!.post(url, note)).status).toBe(303)
    expect((await visitors.champion!.post(url, { ...note, note: `${canary} `.repeat(400) })).status).toBe(422)
    expect(app.logged()).not.toMatch(words)
    const tables = await app.pool.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema in ('public', 'graphile_worker') and table_type = 'BASE TABLE'`,
    )
    const holding: string[] = []
    for (const { name } of tables.rows) {
      const found = await app.pool.query(`select from ${name} as one where to_jsonb(one)::text ~* $1 limit 1`, [
        words.source,
      ])
      if (found.rowCount) holding.push(name)
    }
    expect(holding).toEqual(['public.contact_risk_notes'])
  })

  it('is not what those on the ward and in the care team are told: they are told what to do', async () => {
    for (const role of ['ward-staff', 'care-team'] as const) {
      const { status, text } = await visitors[role]!.get(`/people/${records.wardPersonId}`)
      expect([role, status, text.includes(instruction), words.test(text)]).toEqual([role, 200, true, false])
    }
  })

  it('is not what others are told: they are told what to do', async () => {
    const champion = visitors.champion!
    for (const rest of ['', '/print', '/print?print=large', '/safe-contact']) {
      expect((await champion.get(`/service-users/${records.serviceUserId}${rest}`)).text).toContain(instruction)
    }
  })
})
