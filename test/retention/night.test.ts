import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import {
  availableItem,
  emailTo,
  insertOne,
  loanTo,
  type ServiceUserOverrides,
  serviceUser,
} from '../../seeds/factories.ts'
import { emptyRecord, emptyWhatIsDue } from '../../src/retention/emptying-actions.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { asRetention } from '../support/retention.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const longAgo = '2000-03-01T10:00:00Z'
const somebody = (more: ServiceUserOverrides = {}) =>
  serviceUser(app.db, { organisation_id: app.people.organisationId, created_at: longAgo, ...more })
const night = () => asRetention(app, (db) => emptyWhatIsDue({ db, clock: app.clock }))
const nameOf = async ({ id }: { id: number }) =>
  (await app.pool.query('select name from service_user_details where service_user_id = $1', [id])).rows[0].name
const hold = (id: number) =>
  insertOne(app.db, 'legal_holds', {
    ...{ organisation_id: app.people.organisationId, service_user_id: id, reason: 'A court asks for it' },
    ...{ placed_at: app.clock(), placed_by: app.people.actors.champion.staffId },
  })

describe('Each night', () => {
  it('empties what is kept no longer, and leaves what is held, lent, asked for or not so old', async () => {
    const due = await somebody({ name: 'Due Example-Person' })
    const held = await somebody({ name: 'Held Example-Person' })
    await hold(held.id)
    const recent = await somebody({ name: 'Recent Example-Person' })
    const seen = { at: '2020-01-01', organisation_id: app.people.organisationId, service_user_id: recent.id }
    await insertOne(app.db, 'audit_events', { ...seen, verb: 'service-user:updated' })
    const lookedAt = await somebody({ name: 'Looked-at Example-Person' })
    await insertOne(app.db, 'audit_events', { ...seen, service_user_id: lookedAt.id, verb: 'service-user:viewed' })
    const lender = await somebody({ name: 'Lent Example-Person' })
    const item = await availableItem(app.db, { organisation_id: app.people.organisationId })
    await loanTo(app.db, { organisationId: app.people.organisationId, serviceUser: lender, items: [item] })
    const elsewhere = await serviceUser(app.db, { created_at: longAgo })

    await night()

    expect(await nameOf(due)).toBe('Anonymised')
    expect(await nameOf(lookedAt)).toBe('Anonymised')
    expect(await nameOf(elsewhere)).toBe('Anonymised')
    for (const kept of [held, recent, lender]) expect(await nameOf(kept)).toBe(kept.name)
    // nobody finds what is empty, also not by the word that stands in place of the name
    const champion = await app.signedInAs('champion')
    const list = (await champion.get('/service-users')).text
    expect(list).toContain('Held Example-Person')
    expect(list).not.toContain('Anonymised')
    await champion.post('/service-users/search', { search: 'Anonymised' })
    expect((await champion.get('/service-users/search')).text).toContain('Nobody here fits')
    const { rows } = await app.pool.query('select people_count from retention_runs where organisation_id = $1', [
      app.people.organisationId,
    ])
    expect(rows).toEqual([{ people_count: 2 }])
    await night()
    expect((await app.pool.query('select count(*)::int from anonymisations')).rows).toEqual([{ count: 3 }])
  })

  it('takes the words out of messages of long ago to people who are with us still', async () => {
    const person = await somebody({ created_at: '2026-01-01' })
    const message = await emailTo(app.db, { organisation_id: app.people.organisationId })
    await app.pool.query(
      `update messages set created_at = '2010-01-01', staff_id = null, service_user_id = $1, purpose = 'information'
       where id = $2`,
      [person.id, message.id],
    )
    await night()
    const { rows } = await app.pool.query('select body, to_name from message_contents where message_id = $1', [
      message.id,
    ])
    expect(rows).toEqual([{ body: null, to_name: null }])
    expect(await nameOf(person)).toBe(person.name)
  })
})

describe('Whoever goes round the app', () => {
  it('cannot empty as the app’s role, nor say that a record is emptied', async () => {
    const run = (text: string) => verdict(app.pool.query(text))
    expect(await run(`update audit_details set details = '{}'`)).toBe('42501')
    expect(await run(`update contact_risk_notes set note = ''`)).toBe('42501')
    expect(await run(`update service_user_merge_values set before = '{}'`)).toBe('42501')
    expect(await run(`insert into anonymisations values (1, 1, '2026-08-03', 'death')`)).toBe('42501')
  })

  it('cannot read a name or a note as the role that empties, add anybody, or take a row away', async () => {
    const run = (text: string) => asRetention(app, (db) => verdict(sql.raw(text).execute(db)))
    for (const text of [
      'select name from service_user_details',
      'select note from contact_risk_notes',
      'select body from message_contents',
      'select * from staff',
      'delete from service_user_details',
      `insert into service_users (organisation_id, created_at) values (1, '2026-08-03')`,
      `update service_users set state = 'died'`,
    ]) {
      expect([text, await run(text)]).toEqual([text, '42501'])
    }
  })

  it('cannot empty a record that is held, whatever was said before', async () => {
    const held = await somebody()
    await hold(held.id)
    const who = { id: held.id, organisationId: app.people.organisationId, because: 'death' as const }
    expect(await asRetention(app, (db) => emptyRecord({ db, clock: app.clock }, who))).toBe(false)
    expect(await nameOf(held)).toBe(held.name)
  })

  it('cannot rewrite a hold, nor lift it twice', async () => {
    const { id } = await hold((await somebody()).id)
    expect(await verdict(app.pool.query(`update legal_holds set reason = 'Another' where id = $1`, [id]))).toBe(
      '23514 legal_hold_stays',
    )
  })
})
