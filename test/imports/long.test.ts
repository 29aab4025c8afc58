import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { availableItems, model } from '../../seeds/factories.ts'
import { forgetOldImports } from '../../src/imports/tidying-actions.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { countJobs, doAllJobs } from '../support/jobs.ts'
import { csv } from './fixtures.ts'
import { bringIn, countOf, items, textOf, toPreview } from './journey.ts'

let app: TestApp
let champion: Visitor
let owner: pg.Client
let files = 0

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
})
afterEach(() => app.pool.query('delete from graphile_worker._private_jobs'))
afterAll(async () => {
  await owner.end()
  await app.close()
})

const ROWS = 1_001

/** A spreadsheet that is just long enough to be a job, with tags of its own. */
function longFile(): { tag: (at: number) => string; file: Buffer } {
  files += 1
  const name = `F${files}`
  const tag = (at: number) => `${name}-${at}`
  const rows = Array.from({ length: ROWS }, (_, at) => `${tag(at)},Charger,Plug ${name},Note ${at}`)
  return { tag, file: csv('Asset tag,Category,Model,Notes', ...rows) }
}

async function press(visitor: Visitor, file: Buffer): Promise<string> {
  const { path, seen } = await toPreview(visitor, file)
  const pressed = await visitor.post(`${path}/apply`, { seen })
  expect([pressed.status, pressed.headers.location]).toEqual([303, `${path}/progress`])
  return path
}

const page = async (path: string, visitor = champion) => textOf((await visitor.get(path)).text)

async function auditOf(path: string): Promise<string[]> {
  const id = Number(path.split('/').at(-1))
  const events = app.db.selectFrom('audit_events').select(['verb', 'staff_id']).where('subject_type', '=', 'import')
  const found = await events.where('subject_id', '=', id).orderBy('id').execute()
  expect(found.every(({ staff_id }) => staff_id === app.people.actors.champion.staffId)).toBe(true)
  return found.map(({ verb }) => verb)
}

async function expectStopped(path: string, why: string, start = '/items/import'): Promise<void> {
  const text = await page(`${path}/progress`)
  expect(text).toContain('Nothing was imported')
  expect(text).toContain(why)
  expect(await auditOf(path)).toContain('import:stopped')
  expect(await page(start)).toContain('Nothing was imported')
}

describe('A long spreadsheet', () => {
  it('comes in by itself after the button, and whoever comes back finds how far it is, and then the result', async () => {
    const { tag, file } = longFile()
    const path = await press(champion, file)
    expect((await items(app)).has(tag(0))).toBe(false)
    const waiting = await page(`${path}/progress`)
    expect(waiting).toContain('You can leave this page, or close it. It goes on by itself.')
    expect(waiting).toContain('It waits for its turn Rows in the spreadsheet 1,001 Started by HERE champion')
    const list = await (await app.signedInAs('administrator')).get('/items/import')
    expect(list.text).toContain(`href="${path}/progress"`)
    expect(textOf(list.text)).toContain('Being brought in')

    await doAllJobs(app)
    expect((await champion.get(`${path}/progress`)).headers.location).toBe(`${path}/result`)
    expect(await page(`${path}/result`)).toContain('1001 created, 0 updated, 0 unchanged, 0 errors')
    expect((await items(app)).get(tag(1_000))).toMatchObject({ notes: 'Note 1000' })
    expect(await auditOf(path)).toEqual(['import:uploaded', 'import:matched', 'import:asked', 'import:applied'])
    const created = app.db.selectFrom('audit_events').select('staff_id').distinct().where('verb', '=', 'item:created')
    expect(await created.execute()).toEqual([{ staff_id: app.people.actors.champion.staffId }])

    const again = await toPreview(champion, file)
    expect(again.text).toContain('New items 0 Items that will change 0 Items that stay as they are 1,001')
  })

  it('is asked for once, however often and by whomever the button is pressed', async () => {
    const { path, seen } = await toPreview(champion, longFile().file)
    const administrator = await app.signedInAs('administrator')
    const presses = [champion, champion, administrator].map((visitor) => visitor.post(`${path}/apply`, { seen }))
    const answers = await Promise.all(presses)
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
      Array.from({ length: 3 }, () => [303, `${path}/progress`]),
    )
    expect(await countJobs(app)).toBe(1)
    await doAllJobs(app)
    expect((await champion.post(`${path}/apply`, { seen })).headers.location).toBe(`${path}/result`)
    expect(await countJobs(app)).toBe(0)
  })

  it('is left alone by everything else until it is in', async () => {
    const path = await press(champion, longFile().file)
    for (const step of ['', '/sheet', '/words', '/preview', '/errors.csv']) {
      expect((await champion.get(`${path}${step}`)).headers.location).toBe(`${path}/progress`)
    }
    expect((await champion.get(`${path}/result`)).headers.location).toBe(`${path}/progress`)
    expect((await champion.post(path, { 'column-0': 'tag' })).headers.location).toBe(`${path}/progress`)
    for (const form of ['/words', '/discard']) {
      const refused = await champion.post(`${path}${form}`)
      expect([refused.status, textOf(refused.text).includes('This spreadsheet is being brought in.')]).toEqual([
        409,
        true,
      ])
    }
    await forgetOldImports(app.db, new Date(startOfTest.getTime() + 30 * 86_400_000))
    await doAllJobs(app)
    expect(await page(`${path}/result`)).toContain('1001 created')
  })

  it('says so when it is not done after a quarter of an hour', async () => {
    const path = await press(champion, longFile().file)
    app.setClock(new Date(startOfTest.getTime() + 16 * 60_000))
    expect(await page(`${path}/progress`)).toContain('This takes longer than it should. Nothing is half done.')
    app.setClock(startOfTest)
  })
})

describe('A long spreadsheet that does not come in', () => {
  it('names each row that somebody changed after the button, and writes nothing', async () => {
    const { tag, file } = longFile()
    const path = await press(champion, file)
    await bringIn(champion, csv('Asset tag,Category,Model,Notes', `${tag(7)},Charger,Other plug,Note 7`))
    const before = await countOf(app, 'items')
    await doAllJobs(app)
    expect(await countOf(app, 'items')).toBe(before)
    await expectStopped(path, 'Something changed after you looked. Nothing was imported.')
    const text = await page(`${path}/progress`)
    expect(text).toContain('1 row would not do what you saw any more.')
    expect(text).toContain(
      `9 Asset tag ${tag(7)} It was new. Somebody has added it meanwhile, and not as the spreadsheet has it`,
    )
    expect(await page(`${path}/preview`)).toContain('New items 1,000 Items that will change 1')
  })

  it('lets one of two with the same rows in, and says of the other that every row is there', async () => {
    const { file } = longFile()
    const [first, second] = [await press(champion, file), await press(champion, file)]
    // the second waits for the first, and a run of the worker ends when nothing can be taken up
    await doAllJobs(app)
    await doAllJobs(app)
    expect(await page(`${first}/result`)).toContain('1001 created')
    await expectStopped(second, '1,001 rows would not do what you saw any more.')
    expect(await page(`${second}/progress`)).toContain('Somebody has added it meanwhile, as the spreadsheet has it')
  })

  it.each([
    ['may not do this any more', { role: 'care-team' }, { role: 'champion' }],
    ['has no account any more', { disabled_at: startOfTest.toISOString() }, { disabled_at: null }],
  ])('is refused where whoever pressed the button %s, and waits for somebody who may', async (_, taken, given) => {
    const { file } = longFile()
    const path = await press(champion, file)
    const { staffId } = app.people.actors.champion
    await app.db.updateTable('staff').set(taken).where('id', '=', staffId).execute()
    await doAllJobs(app)
    await app.db.updateTable('staff').set(given).where('id', '=', staffId).execute()
    champion = await app.signedInAs('champion')
    await expectStopped(path, 'HERE champion may not bring in spreadsheets any more. Nothing was imported.')

    const { text } = await champion.get(`${path}/preview`)
    const seen = /name="seen" value="([^"]+)"/.exec(text)?.[1] ?? ''
    expect((await champion.post(`${path}/apply`, { seen })).headers.location).toBe(`${path}/progress`)
    await doAllJobs(app)
    expect(await page(`${path}/result`)).toContain('1001 created')
  })

  it('leaves nothing behind when it breaks off in the middle, and runs again by itself', async () => {
    const { tag, file } = longFile()
    const path = await press(champion, file)
    await owner.query(`create function break_off() returns trigger language plpgsql as $$
      begin raise exception 'terminating connection due to administrator command' using errcode = '57P01'; end $$;
      create trigger break_off before insert on items for each row when (new.tag = '${tag(1_000)}')
      execute function break_off()`)
    await doAllJobs(app)
    expect((await items(app)).has(tag(0))).toBe(false)
    expect(await countJobs(app)).toBe(1)
    expect(await page(`${path}/progress`)).toContain('Step 2 of 2: 1,000 of 1,001 rows brought in')
    await owner.query('drop trigger break_off on items')
    await doAllJobs(app)
    expect(await page(`${path}/result`)).toContain('1001 created')
    expect((await auditOf(path)).filter((verb) => verb === 'import:applied')).toHaveLength(1)
  })

  it('is given up after six tries, and says so', async () => {
    const path = await press(champion, longFile().file)
    await app.pool.query('update graphile_worker._private_jobs set attempts = 6')
    await doAllJobs(app)
    await expectStopped(path, 'It was tried several times and did not work. Nothing was imported.')
    expect(await countJobs(app)).toBe(0)
  })

  it('is not asked for when something changed before the button, or has errors', async () => {
    const { tag, file } = longFile()
    const { path, seen } = await toPreview(champion, file)
    await bringIn(champion, csv('Asset tag,Category,Model', `${tag(0)},Charger,Plug`))
    const refused = await champion.post(`${path}/apply`, { seen })
    expect([refused.status, textOf(refused.text).includes('Something changed after you looked')]).toEqual([409, true])
    expect(await countJobs(app)).toBe(0)
    expect((await champion.get(`${path}/progress`)).headers.location).toBe(`${path}/preview`)
  })
})

describe('A long spreadsheet of open loans', () => {
  async function loansFile() {
    const headset = await model(app.db, { organisation_id: app.people.organisationId, category: 'headset' })
    const lent = await availableItems(
      app.db,
      Array.from({ length: 101 }, () => ({ model: headset })),
    )
    const rows = lent.map(({ tag }) => `${tag},ash,1/7/2026,2/11/2026,For ${tag}`)
    return { lent, file: csv('Asset tag,Ward,Lent on,Review date,Notes', ...rows) }
  }
  const pressLoans = async (file: Buffer) => {
    const { path, seen } = await toPreview(champion, file, { to: '/loans/import' })
    expect((await champion.post(`${path}/apply`, { seen })).headers.location).toBe(`${path}/progress`)
    return path
  }

  it('comes in as a job, each loan lent by whoever pressed the button', async () => {
    const { lent, file } = await loansFile()
    const path = await pressLoans(file)
    await doAllJobs(app)
    expect(await page(`${path}/result`)).toContain('101 created, 0 updated, 0 unchanged, 0 errors')
    const lines = app.db.selectFrom('loan_lines').innerJoin('loans', 'loans.id', 'loan_lines.loan_id')
    const ids = lent.map(({ id }) => id)
    const lenders = lines.select('loans.lent_by').distinct().where('item_id', 'in', ids).execute()
    expect(await lenders).toEqual([{ lent_by: app.people.actors.champion.staffId }])
  })

  it('names the item that somebody else has by then', async () => {
    const { lent, file } = await loansFile()
    const path = await pressLoans(file)
    const tag = lent[5]?.tag ?? ''
    await bringIn(champion, csv('Asset tag,Ward,Lent on,Review date', `${tag},birch,2/7/2026,2/11/2026`), {
      to: '/loans/import',
    })
    await doAllJobs(app)
    await expectStopped(path, '1 row would not do what you saw any more.', '/loans/import')
    expect(await page(`${path}/progress`)).toContain(`7 Asset tag ${tag}`)
  })
})

describe('PostgreSQL', () => {
  it('keeps one run of an import at a time, lets it come in once, and an end stay', async () => {
    const path = await press(champion, longFile().file)
    const id = Number(path.split('/').at(-1))
    const again = `insert into import_runs (organisation_id, import_id, asked_by, asked_at, row_count, seen, seen_rows)
      select organisation_id, import_id, asked_by, asked_at, row_count, seen, '{}' from import_runs where import_id = $1
      limit 1`
    await expect(app.pool.query(again, [id])).rejects.toMatchObject({ constraint: 'one_run_of_an_import_at_a_time' })
    await doAllJobs(app)
    await app.pool.query(again, [id])
    const end = `update import_runs set ended_as = 'done', ended_at = now(), seen_rows = null
      where import_id = $1 and ended_at is null`
    await expect(app.pool.query(end, [id])).rejects.toMatchObject({ constraint: 'import_comes_in_once' })
    const open = `update import_runs set ended_as = null, ended_at = null, seen_rows = '{}'
      where import_id = $1 and ended_as = 'done'`
    await expect(app.pool.query(open, [id])).rejects.toMatchObject({ constraint: 'import_run_stays_over' })
  })
})
