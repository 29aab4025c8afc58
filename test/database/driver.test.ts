import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { LAST_OF_TRANSACTION } from '../../src/database/driver.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { openTestPool } from '../support/database.ts'

let app: TestApp
let db: Database

beforeAll(async () => {
  app = await startApp()
  db = openDatabase(openTestPool({ url: app.ownerUrl, applicationName: 'driver', connections: 1 }))
  await sql`
    create table kept (word text primary key);
    create table kept_later (word text references kept deferrable initially deferred);
  `.execute(db)
})
afterAll(async () => {
  await db.destroy()
  await app.close()
})

const last = (statement: string) => sql`${sql.raw(`${LAST_OF_TRANSACTION} ${statement}`)}`
const words = async () =>
  (await sql<{ word: string }>`select word from kept order by 1`.execute(db)).rows.map((row) => row.word)

describe('a transaction whose COMMIT goes off with its last statement', () => {
  it('keeps what was done in it', async () => {
    await db.transaction().execute(async (trx) => {
      await sql`insert into kept values ('first')`.execute(trx)
      await last(`insert into kept values ('second')`).execute(trx)
    })
    expect(await words()).toEqual(['first', 'second'])
  })

  it('keeps nothing when the last statement fails, and says why', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await sql`insert into kept values ('third')`.execute(trx)
      await last(`insert into kept values ('first')`).execute(trx)
    })
    await expect(failing).rejects.toMatchObject({ code: '23505', constraint: 'kept_pkey' })
    expect(await words()).toEqual(['first', 'second'])
  })

  it('keeps nothing when COMMIT itself is refused, and says why', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await sql`insert into kept values ('fourth')`.execute(trx)
      await last(`insert into kept_later values ('nobody')`).execute(trx)
    })
    await expect(failing).rejects.toMatchObject({ code: '23503' })
    expect(await words()).toEqual(['first', 'second'])
  })

  it('keeps nothing when an earlier statement failed and was passed over', async () => {
    const failing = db.transaction().execute(async (trx) => {
      await sql`insert into kept values ('first')`.execute(trx).catch(() => {})
      await last(`insert into kept values ('fifth')`).execute(trx)
    })
    await expect(failing).rejects.toMatchObject({ code: '25P02' })
    expect(await words()).toEqual(['first', 'second'])
  })

  it('outside a transaction the mark says nothing', async () => {
    await last(`insert into kept values ('sixth')`).execute(db)
    expect(await words()).toContain('sixth')
  })
})

describe('a transaction that begins with its first statement', () => {
  it('is one when that fails, and the connection goes on', async () => {
    const failing = db.transaction().execute((trx) => sql`insert into kept values ('first')`.execute(trx))
    await expect(failing).rejects.toMatchObject({ code: '23505' })
    await db
      .transaction()
      .execute(async (trx) => {
        await sql`insert into kept values ('seventh')`.execute(trx)
        throw new Error('Not after all')
      })
      .catch(() => {})
    expect(await words()).not.toContain('seventh')
  })

  it('is as isolated as it was asked for', async () => {
    const { rows } = await db
      .transaction()
      .setIsolationLevel('serializable')
      .execute((trx) => sql<{ level: string }>`select current_setting('transaction_isolation') as level`.execute(trx))
    expect(rows[0]?.level).toBe('serializable')
  })
})
