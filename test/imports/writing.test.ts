import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Kysely, PostgresDialect } from 'kysely'
import { makeChange } from '../../src/database/change.ts'
import type { Database } from '../../src/database/connection.ts'
import type { DB } from '../../src/database/schema.ts'
import { importFile, planImport } from '../../src/imports/actions.ts'
import type { ItemPlan } from '../../src/imports/item-plan-rules.ts'
import { writeItems } from '../../src/imports/item-write-actions.ts'
import { fileKinds } from '../../src/imports/kinds-rules.ts'
import { emptyMeanings } from '../../src/imports/mapping-rules.ts'
import { guessMapping, readSheet } from '../../src/imports/sheet-actions.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { csv } from './fixtures.ts'
import { countOf, items } from './journey.ts'

const kind = fileKinds.items
let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

async function bring(file: Buffer, db: Database = app.db) {
  const read = await readSheet(file, kind)
  if (read.error) throw new Error(read.error.text)
  const mapping = { columns: guessMapping(read.value, kind), meanings: emptyMeanings() }
  const by = app.people.actors.champion
  return await makeChange({ db, by, clock: app.clock }, (change) =>
    importFile(change, { kind, name: 'devices.csv', sheet: read.value, mapping }),
  )
}

describe('writing an import', () => {
  it('takes as many statements for 900 rows as for 3', async () => {
    let statements = 0
    const counting = new Kysely<DB>({
      dialect: new PostgresDialect({ pool: app.pool }),
      log: () => {
        statements += 1
      },
    })
    const count = async (rows: number, name: string) => {
      statements = 0
      const tags = Array.from({ length: rows }, (_, n) => `${name}-${n},Tablet,Tab A9,note ${n}`)
      await bring(csv('Asset tag,Category,Model,Notes', ...tags), counting)
      return statements
    }
    await count(1, 'FIRST')
    expect(await count(900, 'MANY')).toBe(await count(3, 'FEW'))
    expect(statements).toBeLessThan(20)
  })

  it('fills in what a model lacked, once, and tells the audit', async () => {
    const file = csv(
      'Asset tag,Category,Model,Security updates until,Connector',
      'W-1,Tablet,Tab B,,',
      'W-2,Tablet,Tab B,,',
    )
    await bring(file)
    const more = csv('Asset tag,Model,Security updates until,Connector', 'W-1,Tab B,30/9/2030,USB-C')
    expect(await bring(more)).toEqual({ created: 0, updated: 0, unchanged: 1, errors: 0 })
    const model = await app.db.selectFrom('models').selectAll().where('name', '=', 'Tab B').executeTakeFirstOrThrow()
    expect(model).toMatchObject({ support_ends_on: '2030-09-30', connector: 'usb-c', version: 2 })
    const told = await app.db
      .selectFrom('audit_events')
      .innerJoin('audit_details', 'audit_details.audit_event_id', 'audit_events.id')
      .select('details')
      .where('verb', '=', 'model:updated')
      .where('subject_id', '=', model.id)
      .execute()
    expect(told).toMatchObject([{ details: { new: { support_ends_on: '2030-09-30', connector: 'usb-c' } } }])
    await bring(more)
    const again = await app.db
      .selectFrom('models')
      .select('version')
      .where('id', '=', model.id)
      .executeTakeFirstOrThrow()
    expect(again.version).toBe(2)
  })

  it('moves an item to another model and its category, and keeps what was in the audit', async () => {
    await bring(csv('Asset tag,Category,Model', 'W-3,Tablet,Tab C'))
    await bring(csv('Asset tag,Category,Model', 'W-3,Laptop,Book C'))
    const moved = (await items(app)).get('W-3')
    expect(moved).toMatchObject({ category: 'laptop', model: 'Book C' })
    const told = await app.db
      .selectFrom('audit_events')
      .innerJoin('audit_details', 'audit_details.audit_event_id', 'audit_events.id')
      .select('details')
      .where('verb', '=', 'item:updated')
      .where('subject_id', '=', moved?.id ?? 0)
      .execute()
    expect(told).toMatchObject([{ details: { old: { category: 'tablet' }, new: { category: 'laptop' } } }])
  })

  it('leaves nothing behind when it breaks in the middle', async () => {
    const before = [
      await countOf(app, 'items'),
      await countOf(app, 'models'),
      await countOf(app, 'imports'),
      await countOf(app, 'audit_events'),
    ]
    const read = await readSheet(csv('Asset tag,Category,Model', 'X-1,Tablet,Tab D', 'X-2,Tablet,Tab D'), kind)
    if (read.error) throw new Error(read.error.text)
    const mapping = { columns: guessMapping(read.value, kind), meanings: emptyMeanings() }
    const broken = makeChange({ db: app.db, by: app.people.actors.champion, clock: app.clock }, async (change) => {
      await importFile(change, { kind, name: 'devices.csv', sheet: read.value, mapping })
      throw new Error('The power went out')
    })
    await expect(broken).rejects.toThrow('The power went out')
    expect([
      await countOf(app, 'items'),
      await countOf(app, 'models'),
      await countOf(app, 'imports'),
      await countOf(app, 'audit_events'),
    ]).toEqual(before)
  })
})

describe('an import beside other work', () => {
  it('refuses to write over what somebody changed since it was planned', async () => {
    await bring(csv('Asset tag,Category,Model,Notes', 'Y-1,Tablet,Tab E,before'))
    const file = csv('Asset tag,Notes', 'Y-1,after')
    const read = await readSheet(file, kind)
    if (read.error) throw new Error(read.error.text)
    const mapping = { columns: guessMapping(read.value, kind), meanings: emptyMeanings() }
    const plan = await planImport(
      app.db,
      app.people.actors.champion,
      { kind, sheet: read.value, mapping },
      { now: app.clock() },
    )
    await app.db.updateTable('items').set({ notes: 'meanwhile', version: 2 }).where('tag', '=', 'Y-1').execute()
    const late = app.changeAs('champion', (change) => writeItems(change, plan as ItemPlan, { importId: 1 }))
    await expect(late).rejects.toThrow('An item changed while the file came in. Nothing was imported.')
    expect((await items(app)).get('Y-1')?.notes).toBe('meanwhile')
  })

  it('keeps nobody waiting who has to do with items that stay as they are', async () => {
    const file = csv('Asset tag,Category,Model,Notes', 'Z-1,Tablet,Tab E,', 'Z-2,Tablet,Tab E,')
    await bring(file)
    const read = await readSheet(csv('Asset tag,Notes', 'Z-1,changed', 'Z-2,'), kind)
    if (read.error) throw new Error(read.error.text)
    const mapping = { columns: guessMapping(read.value, kind), meanings: emptyMeanings() }
    await makeChange({ db: app.db, by: app.people.actors.champion, clock: app.clock }, async (change) => {
      await importFile(change, { kind, name: 'devices.csv', sheet: read.value, mapping })
      const free = app.db.selectFrom('items').select('tag').where('tag', 'in', ['Z-1', 'Z-2']).forUpdate().skipLocked()
      expect(await free.execute()).toEqual([{ tag: 'Z-2' }])
    })
  })
})
