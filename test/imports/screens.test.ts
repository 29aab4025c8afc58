import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { kit } from '../../seeds/factories.ts'
import { forgetOldImports } from '../../src/imports/tidying-actions.ts'
import type { Role } from '../../src/lib/actor.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'
import { csv, fixture } from './fixtures.ts'
import { bringIn, countOf, fieldsOf, items, preview, textOf, toPreview, upload } from './journey.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

describe('a spreadsheet of items', () => {
  const file = csv(
    'Asset tag,Category,Maker,Model,Serial number,IMEI,Kept at,Bought on,Cost,Notes',
    'A-1,Tablet,Apple,iPad 9,S1,490154203237518,Ash Ward,3/2/2025,£349.00,Blue case',
    'A-2,Tablet,Apple,iPad 9,S2,,birch,3/2/2025,349,',
  )

  it('comes in by three pages: columns, preview, done', async () => {
    const path = await upload(champion, file)
    const columns = await champion.get(path)
    expect(columns.status).toBe(200)
    expect(textOf(columns.text)).toContain('The file has 2 rows')
    expect(fieldsOf(columns.text)).toMatchObject({ 'column-0': 'tag', 'column-5': 'imei', 'column-9': 'notes' })

    const matched = await champion.post(path, fieldsOf(columns.text))
    expect([matched.status, matched.headers.location]).toEqual([303, `${path}/preview`])
    const { text, seen } = await preview(champion, path)
    expect(text).toContain('New items 2 Items that will change 0 Items that stay as they are 0 Errors 0')
    expect(text).toContain('1 model will be added')

    const applied = await champion.post(`${path}/apply`, { seen })
    expect([applied.status, applied.headers.location]).toEqual([303, `${path}/result`])
    expect(textOf((await champion.get(`${path}/result`)).text)).toContain('2 created, 0 updated, 0 unchanged, 0 errors')
    expect((await items(app)).get('A-1')).toMatchObject({
      category: 'tablet',
      maker: 'Apple',
      model: 'iPad 9',
      serial: 'S1',
      imei: '490154203237518',
      ward: 'ash',
      bought_on: '2025-02-03',
      cost_pence: 34_900,
      notes: 'Blue case',
    })
  })

  it('changes nothing when it comes again', async () => {
    const before = await countOf(app, 'audit_events')
    const { text, seen } = await toPreview(champion, file)
    expect(text).toContain('New items 0 Items that will change 0 Items that stay as they are 2 Errors 0')
    expect(text).toContain('Every item is already as the spreadsheet has it')
    expect(seen).toBe('')
    expect((await countOf(app, 'audit_events')) - before).toBe(2)
  })

  it('is told in the audit: the import, the model and each item, by whom, and with what', async () => {
    const events = await app.db
      .selectFrom('audit_events')
      .leftJoin('audit_details', 'audit_details.audit_event_id', 'audit_events.id')
      .select(['verb', 'staff_id', 'subject_type', 'details'])
      .where('verb', 'in', ['import:applied', 'model:created', 'item:created'])
      .orderBy('id')
      .execute()
    expect(events.map(({ verb }) => verb)).toEqual(['import:applied', 'model:created', 'item:created', 'item:created'])
    expect(events.every(({ staff_id }) => staff_id === app.people.actors.champion.staffId)).toBe(true)
    expect(events[3]?.details).toMatchObject({ new: { tag: 'A-2', serial: 'S2', cost_pence: 34_900 } })
  })

  it('is let go once it is in', async () => {
    const done = await app.db.selectFrom('imports').selectAll().where('applied_at', 'is not', null).execute()
    expect(done).toHaveLength(1)
    expect(done[0]?.bytes).toBeNull()
  })

  it('changes only what its columns say, and an empty cell changes nothing', async () => {
    const text = await bringIn(champion, csv('Asset tag,Serial number,Notes', 'a-1,S1-new,', 'A-2,,Green case'))
    expect(text).toContain('0 created, 2 updated, 0 unchanged, 0 errors')
    const now = await items(app)
    expect(now.get('A-1')).toMatchObject({
      serial: 'S1-new',
      notes: 'Blue case',
      ward: 'ash',
      cost_pence: 34_900,
      version: 2,
    })
    expect(now.get('A-2')).toMatchObject({ serial: 'S2', notes: 'Green case', version: 2 })
  })

  it('says in the preview what will change, from what to what', async () => {
    const { text } = await toPreview(champion, csv('Asset tag,Kept at,Bought on,Cost', 'A-1,birch,4/2/2025,£350.50'))
    expect(text).toContain(
      'Kept at: from Ash Ward to Birch Ward. Bought on: from 3 February 2025 to 4 February 2025. Cost: from £349 to £350.50',
    )
    expect(text).toContain('An empty cell changes nothing')
  })

  it('says what is chosen for a column that is chosen twice, and keeps the choices', async () => {
    const path = await upload(champion, csv('Asset tag,Serial number,Other', 'A-1,S1,S2'))
    const again = await champion.post(path, { 'column-0': 'tag', 'column-1': 'serial', 'column-2': 'serial' })
    expect(again.status).toBe(422)
    expect(textOf(again.text)).toContain('You chose Serial number for “Serial number” and for “Other”')
    expect(again.text).toContain('<a href="#column-2">')
    expect(fieldsOf(again.text)).toMatchObject({ 'column-0': 'tag', 'column-1': 'serial', 'column-2': 'serial' })
    const none = await champion.post(path, { 'column-1': 'serial' })
    expect([none.status, textOf(none.text).includes('Choose which column holds the asset tag')]).toEqual([422, true])
  })

  it('may have any words at all for headings', async () => {
    const naughty = [
      '__proto__',
      '<script>alert(1)</script>',
      '{{page.title}}',
      '../../etc/passwd',
      "'; drop table items;--",
    ]
    const columns = Object.fromEntries(naughty.map((_, at) => [`column-${at}`, '']))
    const chosen = { columns: { ...columns, 'column-0': 'tag', 'column-1': 'notes' } }
    const { text, html } = await toPreview(champion, csv(naughty.join(','), 'A-1,<b>x</b>,,,'), chosen)
    expect(text).toContain('Items that will change 1')
    expect(html).toContain('&lt;b&gt;x&lt;/b&gt;')
    expect(html).not.toContain('<b>x</b>')
  })

  it('comes back as it was from a file of ours, where a formula has a mark in front', async () => {
    await bringIn(champion, csv('Asset tag,Notes', "A-1,'=1+1"))
    expect((await items(app)).get('A-1')?.notes).toBe('=1+1')
  })

  it('refuses a tag that a kit has', async () => {
    await kit(app.db, { organisation_id: app.people.organisationId, tag: 'KIT-77', items: [] })
    const { text } = await toPreview(champion, csv('Asset tag,Category,Model', 'kit-77,Tablet,iPad 9'))
    expect(text).toContain('A kit has this tag. Use another asset tag')
  })
})

describe('words that are not ours', () => {
  const file = csv(
    'Tag,Category,Model,Location',
    'W-1,Handsets,Phone X,Store',
    'W-2,Handsets,Phone X,Ash Ward shelf 2',
    'W-3,Gadgets,Thing,ash',
  )

  it('are asked for once each, with a good guess, and then mean that in every row', async () => {
    const path = await upload(champion, file)
    const matched = await champion.post(path, fieldsOf((await champion.get(path)).text))
    expect(matched.headers.location).toBe(`${path}/words`)
    const words = await champion.get(`${path}/words`)
    expect(fieldsOf(words.text)).toEqual({
      'category-0-word': 'Handsets',
      'category-0': 'smartphone',
      'category-1-word': 'Gadgets',
      'category-1': '',
      'place-0-word': 'Store',
      'place-0': '',
      'place-1-word': 'Ash Ward shelf 2',
      'place-1': 'ash',
    })
    expect(textOf(words.text)).toContain('Handsets 2 rows')

    const said = { ...fieldsOf(words.text), 'category-1': 'accessory', 'place-0': 'birch' }
    expect((await champion.post(`${path}/words`, said)).headers.location).toBe(`${path}/preview`)
    const { seen } = await preview(champion, path)
    await champion.post(`${path}/apply`, { seen })
    const now = await items(app)
    expect(now.get('W-1')).toMatchObject({ category: 'smartphone', ward: 'birch' })
    expect(now.get('W-2')).toMatchObject({ category: 'smartphone', ward: 'ash' })
    expect(now.get('W-3')).toMatchObject({ category: 'accessory', ward: 'ash' })
  })

  it('are errors of their rows where they stay open', async () => {
    const { text } = await toPreview(champion, file, { words: { 'category-1': '', 'place-0': '' } })
    expect(text).toContain('2 errors in 2 rows. Nothing can be imported until all are put right')
    expect(text).toContain('2 Location Store This is not one of our places')
    expect(text).toContain('4 Category Gadgets This is not one of our categories')
  })

  it('cannot be made to mean a place of another organisation', async () => {
    const { code } = app.people.foreignWard
    await app.db
      .updateTable('wards')
      .set({ code: `only-${code}` })
      .where('id', '=', app.people.foreignWard.id)
      .execute()
    const { text } = await toPreview(champion, file, {
      words: { 'category-1': 'accessory', 'place-0': `only-${code}` },
    })
    expect(text).toContain('2 Location Store This is not one of our places')
  })
})

describe('a row that is wrong', () => {
  const file = csv(
    'Asset tag,Category,Model,IMEI,Bought on,Cost,Serial number',
    'B-1,Tablet,Tab A9,,,,',
    'B-2,Tablet,Tab A9,3.5E+14,,,',
    'B-3,Tablet,Tab A9,490154203237519,,,',
    'B-4,Tablet,Tab A9,,3/8/25,,',
    'B-5,Tablet,Tab A9,,12/25/2025,,',
    'B-1,Tablet,Tab A9,,,,',
    'B-6,Tablet,Tab A9,,,about 20,',
    `B-7,Tablet,Tab A9,,,=cmd|calc,${'x'.repeat(101)}`,
  )

  it('says row, column, value and what to do, and nothing of the file comes in', async () => {
    const before = await countOf(app, 'items')
    const { path, text, seen } = await toPreview(champion, file)
    expect(seen).toBe('')
    for (const line of [
      '3 IMEI 3.5E+14 IMEI 3.5E+14 is not complete: the spreadsheet shortened it',
      '4 IMEI 490154203237519 IMEI has a wrong digit',
      '5 Bought on 3/8/25 3/8/25 has a year with 2 numbers',
      '6 Bought on 12/25/2025 12/25/2025 has the month first',
      '7 Asset tag B-1 Lines 2 and 7 have the same asset tag',
      '8 Cost about 20 Cost must be an amount of money',
      '9 Serial number xxxx',
    ]) {
      expect(text).toContain(line)
    }
    const applied = await champion.post(`${path}/apply`, { seen: 'whatever' })
    expect(applied.status).toBe(409)
    expect(await countOf(app, 'items')).toBe(before)
  })

  it('is in the list of errors to download, where nothing can run', async () => {
    const { path } = await toPreview(champion, file)
    const answer = await champion.get(`${path}/errors.csv`)
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8')
    expect(answer.headers['content-disposition']).toMatch(/^attachment; filename="?import-\d+-errors\.csv"?$/)
    const lines = answer.text.replace('\ufeff', '').split('\r\n')
    expect(lines[0]).toBe('Line,Column,What it says,What to do')
    expect(lines[2]).toBe('4,IMEI,490154203237519,IMEI has a wrong digit. Check it against the device: key in *#06#')
    expect(lines).toContain('9,Cost,\'=cmd|calc,"Cost must be an amount of money, like £249.99"')
  })

  it('does not hide among many: the first 20 are shown, all are downloaded', async () => {
    const many = csv(
      'Asset tag,Category,Model,Cost',
      ...Array.from({ length: 30 }, (_, at) => `D-${at},Tablet,Tab A9,much`),
    )
    const { path, text } = await toPreview(champion, many)
    expect(text).toContain('30 errors in 30 rows')
    expect(text).toContain('The first 20 errors')
    expect(text).not.toContain('D-25')
    expect((await champion.get(`${path}/errors.csv`)).text.trim().split('\r\n')).toHaveLength(31)
  })

  it('has a comma too many', async () => {
    const { text } = await toPreview(champion, csv('Asset tag,Category,Model', 'C-1,Tablet,Tab A9,extra'))
    expect(text).toContain('2 The whole row Nothing This row has 4 cells, but there are 3 headings')
  })
})

describe('pressing Import', () => {
  const file = (tag: string) => csv('Asset tag,Category,Model', `${tag},Tablet,Tab A9`)

  it('twice, or in two windows at once, has one effect', async () => {
    const { path, seen } = await toPreview(champion, file('P-1'))
    const both = await Promise.all([champion.post(`${path}/apply`, { seen }), champion.post(`${path}/apply`, { seen })])
    expect(both.map(({ status, headers }) => [status, headers.location])).toEqual([
      [303, `${path}/result`],
      [303, `${path}/result`],
    ])
    const third = await champion.post(`${path}/apply`, { seen })
    expect(third.headers.location).toBe(`${path}/result`)
    const events = app.db.selectFrom('audit_events').select('id').where('verb', '=', 'import:applied')
    const id = Number(path.split('/').at(-1))
    expect(await events.where('subject_id', '=', id).execute()).toHaveLength(1)
  })

  it('does nothing when something changed meanwhile, and says so', async () => {
    const { path, seen } = await toPreview(champion, file('P-2'))
    await bringIn(champion, csv('Asset tag,Category,Model,Notes', 'P-2,Tablet,Tab A9,Somebody was quicker'))
    const refused = await champion.post(`${path}/apply`, { seen })
    expect(refused.status).toBe(409)
    expect(textOf(refused.text)).toContain('Something changed after you looked. Nothing was imported')
    expect(textOf(refused.text)).toContain('New items 0 Items that will change 0 Items that stay as they are 1')
    expect((await items(app)).get('P-2')?.notes).toBe('Somebody was quicker')
  })

  it('lets one of two people with the same file in, and shows the other how it is now', async () => {
    const first = await toPreview(champion, file('P-3'))
    const second = await toPreview(await app.signedInAs('administrator'), file('P-3'))
    const administrator = await app.signedInAs('administrator')
    const answers = await Promise.all([
      champion.post(`${first.path}/apply`, { seen: first.seen }),
      administrator.post(`${second.path}/apply`, { seen: second.seen }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
  })

  it('leads to the result from every page of an import that is done', async () => {
    const { path, seen } = await toPreview(champion, file('P-4'))
    await champion.post(`${path}/apply`, { seen })
    for (const page of ['', '/words', '/preview', '/errors.csv']) {
      expect((await champion.get(`${path}${page}`)).headers.location).toBe(`${path}/result`)
    }
    expect((await champion.post(path, { 'column-0': 'tag' })).headers.location).toBe(`${path}/result`)
    expect((await champion.post(`${path}/discard`)).status).toBe(409)
  })

  it('is not possible before the preview: the result leads back to it', async () => {
    const path = await upload(champion, file('P-5'))
    expect((await champion.get(`${path}/result`)).headers.location).toBe(`${path}/progress`)
    expect((await champion.get(`${path}/progress`)).headers.location).toBe(`${path}/preview`)
    expect((await champion.post(`${path}/apply`)).status).toBe(409)
    expect((await items(app)).has('P-5')).toBe(false)
  })
})

describe('a file that waits', () => {
  it('is on the list, and a colleague may carry on with it', async () => {
    const path = await upload(champion, csv('Asset tag,Category,Model', 'L-1,Tablet,Tab A9'), 'devices of the hub.csv')
    const administrator = await app.signedInAs('administrator')
    const list = await administrator.get('/items/import')
    expect(list.text).toContain(`href="${path}"`)
    expect(textOf(list.text)).toMatch(/devices of the hub\.csv .* HERE champion Not finished/)
    expect((await administrator.get(path)).status).toBe(200)
  })

  it('can be discarded', async () => {
    const path = await upload(champion, csv('Asset tag,Category,Model', 'L-2,Tablet,Tab A9'))
    expect((await champion.post(`${path}/discard`)).headers.location).toBe('/items/import')
    expect(textOf((await champion.get('/items/import')).text)).toContain(
      'devices.csv was discarded. Nothing was imported.',
    )
    expect((await champion.get(path)).status).toBe(404)
  })

  it('is staged once however often the form is sent', async () => {
    const before = await countOf(app, 'imports')
    const key = crypto.randomUUID()
    const send = () => champion.postFile('/items/import', 'file', csv('Asset tag', 'L-3'), 'once.csv', { key })
    const [first, second] = [await send(), await send()]
    expect(second.headers.location).toBe(first.headers.location)
    expect(await countOf(app, 'imports')).toBe(before + 1)
  })

  it('is forgotten after 7 days, and what is done is kept', async () => {
    const path = await upload(champion, csv('Asset tag', 'L-4'))
    const done = await app.db.selectFrom('imports').select('id').where('applied_at', 'is not', null).execute()
    await forgetOldImports(app.db, new Date(startOfTest.getTime() + 7 * 86_400_000))
    expect((await champion.get(path)).status).toBe(200)
    await forgetOldImports(app.db, new Date(startOfTest.getTime() + 7 * 86_400_000 + 60_000))
    expect((await champion.get(path)).status).toBe(404)
    const kept = await app.db.selectFrom('imports').select('id').where('applied_at', 'is not', null).execute()
    expect(kept).toEqual(done)
  })
})

describe('who may', () => {
  it.each<[Role, number]>([
    ['administrator', 200],
    ['champion', 200],
    ['care-team', 403],
    ['ward-staff', 403],
    ['information-governance', 403],
    ['commissioner', 403],
  ])('%s: %i', async (role, status) => {
    const visitor = await app.signedInAs(role)
    expect((await visitor.get('/items/import')).status).toBe(status)
    expect((await visitor.get('/items/import/template.csv')).status).toBe(status)
    const sent = await visitor.postFile('/items/import', 'file', csv('Asset tag', 'R-1'), 'a.csv')
    expect(sent.status).toBe(status === 200 ? 303 : 403)
  })

  it('another organisation finds nothing there', async () => {
    const { path, seen } = await toPreview(champion, csv('Asset tag,Category,Model', 'O-1,Tablet,Tab A9'))
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    for (const page of ['', '/words', '/preview', '/errors.csv', '/result']) {
      expect((await foreign.get(`${path}${page}`)).status).toBe(404)
    }
    for (const form of ['', '/words', '/apply', '/discard']) {
      expect((await foreign.post(`${path}${form}`, { seen, 'column-0': 'tag' })).status).toBe(404)
    }
    expect((await foreign.get('/items/import')).text).not.toContain(path)
    expect((await champion.get(`${path}/preview`)).status).toBe(200)
  })

  it('has the same tag in two organisations, and each only its own', async () => {
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    await bringIn(champion, csv('Asset tag,Category,Model', 'O-2,Tablet,Tab A9'))
    const text = await bringIn(foreign, csv('Asset tag,Category,Model,Notes', 'O-2,Laptop,Tab A9,Theirs'))
    expect(text).toContain('1 created, 0 updated')
    expect((await items(app)).get('O-2')).toMatchObject({ category: 'tablet', notes: '' })
  })

  it('sends no file without the token of the session', async () => {
    champion.csrfToken = 'made up'
    const sent = await champion.postFile('/items/import', 'file', csv('Asset tag', 'R-2'), 'a.csv')
    expect(sent.status).toBe(403)
    await champion.readToken('/items/import')
  })
})

describe('the empty spreadsheet', () => {
  it('has our headings, which are all known again', async () => {
    const answer = await champion.get('/items/import/template.csv')
    expect(answer.headers['content-disposition']).toContain('items-template.csv')
    const headings = answer.text.replace('\ufeff', '').trim()
    expect(headings.split(',')).toHaveLength(17)
    const row = 'E-1,Tablet,Apple,iPad 12,iPadOS 20,30/9/2031,USB-C,100,SER1,,,,Ash Ward,1/8/2026,300,PO-1,Note'
    expect(await bringIn(champion, csv(headings, row))).toContain('1 created')
    expect((await items(app)).get('E-1')).toMatchObject({ serial: 'SER1', ward: 'ash', order_number: 'PO-1' })
  })

  it('says so when it comes back as empty as it left', async () => {
    const template = await champion.get('/items/import/template.csv')
    const sent = await champion.postFile('/items/import', 'file', Buffer.from(template.text), 'template.csv')
    expect([sent.status, textOf(sent.text).includes('The file has headings but no rows under them')]).toEqual([
      422,
      true,
    ])
  })
})

describe('exports of other programs', () => {
  it.each([
    ['snipe-it-asset-list.csv', { 'place-0': 'birch' }, '3 created'],
    ['snipe-it-import-template.csv', {}, '2 created'],
    ['snipe-it-old-import-template.csv', {}, '2 created'],
    ['snipe-it-custom-report.csv', {}, '1 created'],
    ['shelf-import-ready.csv', {}, '2 created'],
    ['shelf-asset-index.csv', {}, '2 created'],
  ])('%s comes in by mapping, and changes nothing when it comes again', async (name, words, counts) => {
    const file = await fixture(name)
    expect(await bringIn(champion, file, { words })).toContain(`${counts}, 0 updated, 0 unchanged, 0 errors`)
    const again = await toPreview(champion, file, { words })
    expect(again.text).toContain('New items 0 Items that will change 0')
  })

  it('brought what they say', async () => {
    const now = await items(app)
    expect(now.get('SN-0103')).toMatchObject({
      category: 'smartphone',
      maker: 'Samsung',
      model: 'Galaxy A15',
      imei: '004400109000024',
      iccid: '8944990000009000020',
      ward: 'birch',
      cost_pence: 114_950,
      order_number: 'PO-1007',
    })
    expect(now.get('SN-0301')).toMatchObject({ model: 'Galaxy Tab A9', serial: 'EXTAB1', notes: 'With a stand' })
    expect(now.get('SN-0401')).toMatchObject({ imei: '004400109000032', ward: 'ash', phone_number: null })
    expect(now.get('SH-0501')).toMatchObject({
      maker: 'Samsung',
      serial: 'EXSHELF1',
      cost_pence: 22_950,
      notes: 'Cracked corner',
    })
    expect(now.get('SAM-0012')).toMatchObject({ category: 'smartphone', model: 'Moto G54', cost_pence: 107_999 })
  })

  it('say why a column is left out', async () => {
    const path = await upload(champion, await fixture('snipe-it-asset-list.csv'))
    const text = textOf((await champion.get(path)).text)
    expect(text).toContain('Status Ready to Deploy · Deployed (What an item is doing comes from its loans')
    expect(text).toContain('columns we will leave out')
    expect(text).toContain(
      'Information: “Status” is left out. What an item is doing comes from its loans. Take out rows',
    )
  })

  it('ask for the asset tag where they have none', async () => {
    const path = await upload(champion, await fixture('shelf-content-import.csv'))
    const again = await champion.post(path, fieldsOf((await champion.get(path)).text))
    expect([again.status, textOf(again.text).includes('Choose which column holds the asset tag')]).toEqual([422, true])
  })
})
