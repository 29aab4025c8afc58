import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { columnsOf } from '../../src/database/personal-data/declared.ts'
import { emptyRecord } from '../../src/retention/emptying-actions.ts'
import { makeModels, makeRecords, type Records } from '../security/records.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { fillRecord } from '../support/canaries.ts'
import { asRetention, declaredNames, dump } from '../support/retention.ts'

let app: TestApp
let records: Records

beforeAll(async () => {
  app = await startApp()
  const by = app.people.actors.champion
  const models = await makeModels(app.db, by, 'here')
  records = await makeRecords(app.db, { by, ward: app.people.ward, mark: 'here', models })
})
afterAll(() => app.close())

describe('Emptying a record', () => {
  it('leaves no personal value anywhere in the database, and every row where it was', async () => {
    const canaries = await fillRecord(app, records)
    const before = await dump(app)
    const text = [...before.values()].flat().join('\n')
    const isCanary = (name: string) => !/is_emptied|taken_back_at|\.agrees$|\.parent_contact$/.test(name)
    const declared = declaredNames.flatMap((table) =>
      columnsOf(table, ({ retention }) => retention !== 'kept').map(([column]) => `${table}.${column}`),
    )
    expect([...canaries.keys()].sort()).toEqual(declared.filter(isCanary).sort())
    expect([...canaries].filter(([, canary]) => !text.includes(canary))).toEqual([])

    const who = { id: records.serviceUserId, organisationId: app.people.organisationId }
    const emptied = asRetention(app, (db) => emptyRecord({ db, clock: app.clock }, { ...who, because: 'last-contact' }))
    expect(await emptied).toBe(true)

    const after = await dump(app)
    const left = [...after].flatMap(([table, rows]) =>
      rows.flatMap((row) =>
        [...canaries.values()].filter((canary) => row.toLowerCase().includes(canary)).map((canary) => [table, canary]),
      ),
    )
    expect(left).toEqual([])
    for (const [table, rows] of after) {
      // the record, and the one that became part of it
      const more = table === 'audit_events' || table === 'anonymisations' ? 2 : 0
      expect([table, rows.length]).toEqual([table, (before.get(table)?.length ?? 0) + more])
    }
  })
})
