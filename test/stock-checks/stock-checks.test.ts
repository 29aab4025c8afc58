import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  availableItems,
  type Item,
  type ItemOverrides,
  itemInRepair,
  itemInTurnaround,
  itemInUse,
  kit,
  loanTo,
  lostItem,
  model,
  placement,
  retiredItem,
  serviceUser,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let administrator: Visitor
let wardStaff: Visitor
let tablets: Awaited<ReturnType<typeof model>>

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  administrator = await app.signedInAs('administrator')
  wardStaff = await app.signedInAs('ward-staff')
  tablets = await model(app.db, { ...here(), maker: 'Example', name: 'Slate' })
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })

/** Items kept at a place, with tags that begin alike. */
function keptAt(place: { id: number }, tags: string[], more: ItemOverrides = {}): Promise<Item[]> {
  return availableItems(
    app.db,
    tags.map((tag) => ({ model: tablets, tag, kept_at_ward_id: place.id, ...more })),
  )
}

let places = 0
const newPlace = () => {
  places += 1
  return ward(app.db, { ...here(), name: `Place ${places}`, code: `place-${places}` })
}

const key = () => ({ key: crypto.randomUUID() })

/** Begins to check a place as its form does, and gives the check's address. */
async function begin(place: { id: number }, visitor = champion): Promise<string> {
  const answer = await visitor.post('/stock-checks', { ward: place.id, ...key() })
  expect(answer.status).toBe(303)
  return answer.headers.location ?? ''
}

const idOf = (url: string) => Number(url.split('/').at(-1))

/** Scans as the page's box does, and gives what is said after it. */
async function scan(url: string, code: string, visitor = champion): Promise<string> {
  const answer = await visitor.post(`${url}/scans`, { code })
  expect([code, answer.status, answer.headers.location]).toEqual([code, 303, url])
  return saidOn(await visitor.get(url))
}

const unescaped = (html: string) =>
  html
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&#x3D;', '=')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&')

/** What a person reads of it. */
const text = (html: string) =>
  unescaped(html.replace(/<[^>]*>/g, ' '))
    .replace(/\s+/g, ' ')
    .trim()

const saidOn = (page: { text: string }) => text(/id="done-text">(.*?)<\/p>/s.exec(page.text)?.[1] ?? '')
const errorsOn = (page: { text: string }) =>
  text(/class="nhsuk-list nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(page.text)?.[1] ?? '')

/** The lines of one of its lists, as they are read. */
async function lines(url: string, list: string, visitor = champion): Promise<string[]> {
  const page = await visitor.get(`${url}?list=${list}`)
  const below = page.text.split('id="list"')[1] ?? ''
  return [...below.matchAll(/<li class="app-chosen__item">(.*?)<\/li>/gs)].map(([, line]) =>
    text(line ?? '').replace(/ Undo .*$/, ''),
  )
}

/** The tags alone. */
const tagsIn = async (url: string, list: string) => (await lines(url, list)).map((line) => line.split(' ')[0])

async function rowsOf(url: string) {
  const rows = await app.db
    .selectFrom('stock_check_items')
    .innerJoin('items', 'items.id', 'item_id')
    .select(['tag', 'is_expected', 'scanned_by', 'outcome', 'note', 'incident_id'])
    .where('stock_check_id', '=', idOf(url))
    .orderBy('tag_key')
    .execute()
  return rows
}

async function auditOf(url: string) {
  const rows = await app.db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'details'])
    .where('subject_type', '=', 'stock-check')
    .where('subject_id', '=', idOf(url))
    .orderBy('audit_events.id')
    .execute()
  return rows
}

const itemNow = (id: number) =>
  app.db
    .selectFrom('items')
    .select(['left_as', 'kept_at_ward_id', 'version'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()

describe('what is expected', () => {
  it('is what is kept or placed there, and is not lent, being made ready, in repair, in use or gone', async () => {
    const place = await newPlace()
    const elsewhere = await newPlace()
    const at = { ...here(), model: tablets, kept_at_ward_id: place.id }
    await keptAt(place, ['EXP-1', 'EXP-2'])
    const placed = await availableItem(app.db, { model: tablets, tag: 'EXP-3', kept_at_ward_id: elsewhere.id })
    await placement(app.db, { ward: place, items: [placed] })
    const away = await availableItem(app.db, { ...at, tag: 'AWAY-PLACED' })
    await placement(app.db, { ward: elsewhere, items: [away] })
    const lent = await availableItem(app.db, { ...at, tag: 'AWAY-LENT' })
    await loanTo(app.db, { items: [lent], isWithoutCharger: true })
    await itemInTurnaround(app.db, { ...at, tag: 'AWAY-BENCH' })
    await itemInRepair(app.db, { ...at, tag: 'AWAY-REPAIR' })
    await itemInUse(app.db, { item: await availableItem(app.db, { ...at, tag: 'AWAY-USE' }) })
    await retiredItem(app.db, { ...at, tag: 'AWAY-GONE' })
    await availableItem(app.db, { ...here(), category: 'private-room', kept_at_ward_id: place.id, tag: 'A-ROOM' })
    const url = await begin(place)
    expect(await tagsIn(url, 'missing')).toEqual(['EXP-1', 'EXP-2', 'EXP-3'])
    expect((await rowsOf(url)).map(({ tag }) => tag)).toEqual(['EXP-1', 'EXP-2', 'EXP-3'])
    expect(await auditOf(url)).toEqual([{ verb: 'stock-check:started', details: { wardId: place.id, expected: 3 } }])
  })

  it('is taken when the check begins, and knows what went elsewhere meanwhile', async () => {
    const place = await newPlace()
    const [lent, moved, lost, left] = await keptAt(place, ['MW-1', 'MW-2', 'MW-3', 'MW-4'])
    const url = await begin(place)
    const person = await serviceUser(app.db, { ...here(), name: 'Robin Example' })
    await loanTo(app.db, { items: [lent!], serviceUser: person, isWithoutCharger: true, lentAt: startOfTest })
    await app.db
      .updateTable('items')
      .set({ kept_at_ward_id: (await newPlace()).id })
      .where('id', '=', moved!.id)
      .execute()
    await app.db
      .updateTable('items')
      .set({ left_at: startOfTest, left_as: 'lost' })
      .where('id', '=', lost!.id)
      .execute()
    await keptAt(place, ['MW-5'])
    expect(await tagsIn(url, 'missing')).toEqual([left!.tag])
    const [first, second, third] = await lines(url, 'went-out')
    expect(first).toMatch(/^MW-1 Example Slate On loan to Robin Example, review in \d+ days\.$/)
    expect(second).toMatch(/^MW-2 Example Slate Kept at Place \d+\.$/)
    expect(third).toBe('MW-3 Example Slate Lost since 3 Aug 2026.')
    expect(await scan(url, 'MW-5')).toBe('MW-5 is found. 1 item still to find.')
  })
})

describe('beginning', () => {
  it('leads whoever comes second to the check that is open, on another day too', async () => {
    const place = await newPlace()
    const url = await begin(place)
    expect(await begin(place, administrator)).toBe(url)
    expect(saidOn(await administrator.get(url))).toBe(
      `HERE champion has begun to check ${place.name} already. Go on here: what you scan counts for both of you.`,
    )
    app.setClock(new Date('2026-08-05T09:30:00Z'))
    expect(await begin(place, await app.signedInAs('champion'))).toBe(url)
    app.setClock(startOfTest)
  })

  it('makes one check of a form that is sent twice', async () => {
    const place = await newPlace()
    const form = { ward: place.id, ...key() }
    const answers = await Promise.all([champion.post('/stock-checks', form), champion.post('/stock-checks', form)])
    expect(new Set(answers.map(({ headers }) => headers.location)).size).toBe(1)
  })

  it.each(['', '0', 'x', '12,13'])('asks for a place when %p is chosen', async (chosen) => {
    const answer = await champion.post('/stock-checks', { ward: chosen, ...key() })
    expect([answer.status, errorsOn(answer)]).toEqual([422, 'Choose a place'])
  })

  it('knows no place of another organisation', async () => {
    expect((await champion.post('/stock-checks', { ward: app.people.foreignWard.id, ...key() })).status).toBe(404)
  })
})

describe('a scan', () => {
  it('finds what is expected, by any of its numbers, and a second scan is no error', async () => {
    const place = await newPlace()
    await keptAt(place, ['SC/1', 'SC-2'])
    await app.db.updateTable('items').set({ serial: 'SER-SC-2' }).where('tag', '=', 'SC-2').execute()
    const url = await begin(place)
    expect(await scan(url, 'http://old.example/items/SC%2F1')).toBe('SC/1 is found. 1 item still to find.')
    expect(await scan(url, 'ser-sc-2')).toBe('SC-2 is found. Nothing more is to be found.')
    expect(await scan(url, 'SC/1', administrator)).toBe(
      'SC/1 was scanned before, by HERE champion on 3 Aug 2026 at 10:30am.',
    )
    expect(await tagsIn(url, 'found')).toEqual(['SC-2', 'SC/1'])
    expect(text((await champion.get(url)).text)).toContain('2 items found, 0 still to find.')
  })

  it('says of what is unexpected where it should be and with whom, to those who may know', async () => {
    const place = await newPlace()
    const elsewhere = await newPlace()
    const url = await begin(place)
    const [kept, placed, lent, adrift] = await keptAt(elsewhere, ['UN-1', 'UN-2', 'UN-3', 'UN-4'])
    await placement(app.db, { ward: elsewhere, items: [placed!] })
    const person = await serviceUser(app.db, { ...here(), name: 'Sam Example' })
    await loanTo(app.db, { items: [lent!], serviceUser: person, isWithoutCharger: true, dueOn: '2026-08-07' })
    await app.db.updateTable('items').set({ kept_at_ward_id: null }).where('id', '=', adrift!.id).execute()
    await lostItem(app.db, { model: tablets, tag: 'UN-5' })
    await itemInRepair(app.db, { model: tablets, tag: 'UN-6', kept_at_ward_id: place.id })
    expect(await scan(url, kept!.tag)).toBe(`UN-1 should not be here. Kept at ${elsewhere.name}.`)
    expect(await scan(url, placed!.tag)).toBe(`UN-2 should not be here. With ${elsewhere.name}.`)
    expect(await scan(url, lent!.tag)).toBe('UN-3 should not be here. On loan to Sam Example, review in 4 days.')
    expect(await scan(url, adrift!.tag)).toBe('UN-4 should not be here. No place is noted for it.')
    expect(await scan(url, 'UN-5')).toMatch(/^UN-5 should not be here\. Lost since \d+ \w+ 2026\.$/)
    expect(await scan(url, 'UN-6')).toBe('UN-6 should not be here. In repair.')
    expect(await tagsIn(url, 'unexpected')).toEqual(['UN-1', 'UN-2', 'UN-3', 'UN-4', 'UN-5', 'UN-6'])
    const asAdministrator = await lines(url, 'unexpected', administrator)
    expect(asAdministrator[2]).toContain('On loan to A service user')
    expect(asAdministrator.join()).not.toContain('Sam Example')
    const loanId = (
      await app.db.selectFrom('loan_lines').select('loan_id').where('item_id', '=', lent!.id).executeTakeFirst()
    )?.loan_id
    expect((await champion.get(`${url}?list=unexpected`)).text).toContain(`href="/loans/${loanId}"`)
    expect((await administrator.get(`${url}?list=unexpected`)).text).not.toContain(`href="/loans/${loanId}"`)
  })

  it('finds what belongs here and is being made ready, though nobody looked for it', async () => {
    const place = await newPlace()
    await itemInTurnaround(app.db, { model: tablets, tag: 'BENCH-1', kept_at_ward_id: place.id })
    const url = await begin(place)
    expect(await scan(url, 'BENCH-1')).toBe('BENCH-1 is found. Nothing more is to be found.')
  })

  it('keeps what is none of ours as it was typed, once', async () => {
    const place = await newPlace()
    const url = await begin(place)
    const theirs = await availableItem(app.db, { organisation_id: app.people.otherOrganisationId, tag: 'THEIRS-9' })
    const codes = ['<b>A Kettle</b>', 'Über 7', theirs.tag]
    for (const code of codes) {
      expect(await scan(url, code)).toBe(
        `“${code}” is none of ours. It is noted as you scanned it. See what is not ours`,
      )
    }
    expect(await scan(url, 'über 7')).toBe('“über 7” is noted already. See what is not ours')
    expect((await lines(url, 'unknown')).map((line) => line.replace(/ Scanned by.*$/, ''))).toEqual(codes)
  })

  it('asks which of several items it was, when they share a serial number', async () => {
    const place = await newPlace()
    const [one, other] = await keptAt(place, ['TW-1', 'TW-2'], { serial: 'TWINS' })
    const url = await begin(place)
    const asked = await champion.post(`${url}/scans`, { code: 'twins' })
    expect([asked.status, text(/<legend.*?<\/legend>/s.exec(asked.text)?.[0] ?? '')]).toEqual([
      200,
      'Which item is twins?',
    ])
    expect(asked.text).toContain(`value="${one!.id}"`)
    const again = await champion.post(`${url}/scans`, { code: 'twins', asked: 'yes' })
    expect([again.status, errorsOn(again)]).toEqual([422, 'Choose the one you have in your hand'])
    expect((await champion.post(`${url}/scans`, { code: 'twins', item: other!.id })).status).toBe(303)
    expect(saidOn(await champion.get(url))).toBe('TW-2 is found. 1 item still to find.')
  })

  it.each([
    ['nothing', '', 'Scan or type an item'],
    ['what nobody can see', '\u200b\u00ad', 'Scan or type an item'],
    ['a whole page', 'x'.repeat(201), 'What you scanned must be 200 characters or less'],
  ])('of %s is refused beside the box', async (_what, code, error) => {
    const url = await begin(await newPlace())
    const answer = await champion.post(`${url}/scans`, { code })
    expect([answer.status, errorsOn(answer)]).toEqual([422, error])
  })

  it('of a kit asks for what is in it', async () => {
    const url = await begin(await newPlace())
    await kit(app.db, { ...here(), tag: 'KIT-SC', items: [] })
    const answer = await champion.post(`${url}/scans`, { code: 'kit-sc' })
    expect([answer.status, errorsOn(answer)]).toEqual([422, 'KIT-SC is a kit. Scan the items in it one by one'])
  })

  it('can be taken back, by anybody, and once', async () => {
    const place = await newPlace()
    const [expected] = await keptAt(place, ['UNDO-1'])
    const surprise = await availableItem(app.db, { model: tablets, tag: 'UNDO-2' })
    const url = await begin(place)
    for (const code of ['UNDO-1', 'UNDO-2', 'NO SUCH THING']) await scan(url, code)
    const undo = async (path: string) => {
      expect((await administrator.post(`${url}${path}`)).status).toBe(303)
      return saidOn(await administrator.get(url))
    }
    expect(await undo(`/items/${expected!.id}/undo`)).toBe('The scan of UNDO-1 is taken back.')
    expect(await undo(`/items/${expected!.id}/undo`)).toBe('That was taken back already.')
    expect(await undo(`/items/${surprise.id}/undo`)).toBe('The scan of UNDO-2 is taken back.')
    const code = await app.db
      .selectFrom('stock_check_unknown_codes')
      .select('id')
      .where('code', '=', 'NO SUCH THING')
      .executeTakeFirstOrThrow()
    expect(await undo(`/codes/${code.id}/undo`)).toBe('The scan of NO SUCH THING is taken back.')
    expect(await undo(`/codes/${code.id}/undo`)).toBe('That was taken back already.')
    expect([await tagsIn(url, 'missing'), await tagsIn(url, 'unexpected'), await lines(url, 'unknown')]).toEqual([
      ['UNDO-1'],
      [],
      [],
    ])
    const verbs = (await auditOf(url)).map(({ verb }) => verb)
    expect(verbs.filter((verb) => verb !== 'stock-check:scanned')).toEqual([
      'stock-check:started',
      ...Array(3).fill('stock-check:scan-undone'),
    ])
  })

  it('by two people in one room at one time counts once for each thing', async () => {
    const place = await newPlace()
    const tags = Array.from({ length: 12 }, (_, at) => `BOTH-${String(at).padStart(2, '0')}`)
    await keptAt(place, tags)
    const url = await begin(place)
    await Promise.all(
      tags.flatMap((tag) => [
        champion.post(`${url}/scans`, { code: tag }),
        administrator.post(`${url}/scans`, { code: tag }),
      ]),
    )
    const rows = await rowsOf(url)
    expect(rows.map(({ tag }) => tag)).toEqual(tags)
    expect(rows.every(({ scanned_by }) => scanned_by !== null)).toBe(true)
    expect(await tagsIn(url, 'missing')).toEqual([])
  })
})

/** Finishes as the page does: what is not named is sent as the page has it. */
async function finish(url: string, choices: Record<string, string>, visitor = champion) {
  return visitor.post(`${url}/finish`, choices)
}

describe('finishing', () => {
  it('reports one missing item lost, and gives one unexpected item its new place', async () => {
    const place = await newPlace()
    const [found, missing] = await keptAt(place, ['FIN-1', 'FIN-2'])
    const surprise = await availableItem(app.db, { model: tablets, tag: 'FIN-3' })
    const url = await begin(place)
    for (const code of ['FIN-1', 'FIN-3', 'SOMEBODY ELSES']) await scan(url, code)
    const page = await champion.get(`${url}/finish`)
    expect(text(page.text)).toContain('1 item found, 1 missing, 1 that should be elsewhere, 1 not ours.')
    expect(page.text).toMatch(new RegExp(`name="missing-${missing!.id}"[^>]*value="report" checked`))
    expect(page.text).toMatch(new RegExp(`name="unexpected-${surprise.id}"[^>]*value="leave" checked`))
    const answer = await finish(url, { [`missing-${missing!.id}`]: 'report', [`unexpected-${surprise.id}`]: 'move' })
    expect([answer.status, answer.headers.location]).toEqual([303, url])
    expect(saidOn(await champion.get(url))).toBe(
      `The check of ${place.name} is finished. 1 item reported lost, 1 item kept here now.`,
    )

    expect(await itemNow(missing!.id)).toMatchObject({ left_as: 'lost' })
    const incident = await app.db
      .selectFrom('incidents')
      .innerJoin('incident_items', 'incident_items.incident_id', 'incidents.id')
      .select(['incidents.id', 'incidents.kind', 'story', 'reported_by', 'loan_id'])
      .where('item_id', '=', missing!.id)
      .execute()
    expect(incident).toEqual([
      expect.objectContaining({ kind: 'lost', story: 'Missing at stock check', loan_id: null }),
    ])
    const tasks = await app.db
      .selectFrom('incident_tasks')
      .select('task')
      .where('incident_id', '=', incident[0]!.id)
      .execute()
    expect(tasks.map(({ task }) => task)).toContain('search')
    expect(await itemNow(surprise.id)).toMatchObject({ kept_at_ward_id: place.id, left_as: null, version: 2 })
    expect(await itemNow(found!.id)).toMatchObject({ left_as: null, version: 1 })
    expect(await rowsOf(url)).toMatchObject([
      { tag: 'FIN-1', outcome: 'found', incident_id: null },
      { tag: 'FIN-2', outcome: 'reported', incident_id: incident[0]!.id },
      { tag: 'FIN-3', outcome: 'moved', note: '' },
    ])
    expect((await auditOf(url)).slice(1)).toEqual([
      ...['FIN-1', 'FIN-3', 'SOMEBODY ELSES'].map((code) => ({
        verb: 'stock-check:scanned',
        details: { items: [code] },
      })),
      { verb: 'stock-check:finished', details: { reported: 1, moved: 1, foundAgain: 0, missing: 1 } },
    ])
    expect(text((await champion.get(`/items/${surprise.tag}`)).text)).toContain(
      'HERE champion noted another place for it.',
    )
    expect(await lines(url, 'missing')).toEqual(['FIN-2 Example Slate Reported lost Open the incident of FIN-2'])
    expect((await lines(url, 'unexpected'))[0]).toMatch(/^FIN-3 Example Slate Kept here now Scanned by HERE champion/)
  })

  it('ends the placement of what a ward had in its pool', async () => {
    const place = await newPlace()
    const item = await availableItem(app.db, { model: tablets, tag: 'POOL-1' })
    const loan = await placement(app.db, { ward: place, items: [item] })
    const url = await begin(place)
    await finish(url, { [`missing-${item.id}`]: 'report' })
    const line = await app.db
      .selectFrom('loan_lines')
      .select('ended_as')
      .where('item_id', '=', item.id)
      .executeTakeFirst()
    expect(line?.ended_as).toBe('lost')
    const incident = await app.db
      .selectFrom('incidents')
      .innerJoin('incident_items', 'incident_id', 'incidents.id')
      .select('loan_id')
      .where('item_id', '=', item.id)
      .executeTakeFirst()
    expect(incident?.loan_id).toBe(loan.id)
  })

  it('keeps where a missing item is said to be, or that it is left as it is', async () => {
    const place = await newPlace()
    const [one, other] = await keptAt(place, ['ELSE-1', 'ELSE-2'])
    const url = await begin(place)
    const wrong = await finish(url, { [`missing-${one!.id}`]: 'elsewhere' })
    expect([wrong.status, errorsOn(wrong)]).toEqual([422, 'Say where ELSE-1 is Choose what to do about ELSE-2'])
    await finish(url, {
      [`missing-${one!.id}`]: 'elsewhere',
      [`where-${one!.id}`]: ' In  Devon’s car ',
      [`missing-${other!.id}`]: 'leave',
    })
    expect(await rowsOf(url)).toMatchObject([
      { outcome: 'elsewhere', note: 'In Devon’s car', incident_id: null },
      { outcome: 'missing', note: '', incident_id: null },
    ])
    expect([await itemNow(one!.id), await itemNow(other!.id)]).toMatchObject([{ left_as: null }, { left_as: null }])
    expect(await lines(url, 'missing')).toEqual([
      'ELSE-1 Example Slate Said to be elsewhere In Devon’s car.',
      'ELSE-2 Example Slate Left as it is',
    ])
  })

  it('finds again what was lost, in the incident in which it was', async () => {
    const [lost] = await keptAt(await newPlace(), ['AGAIN-1'])
    await champion.post('/incidents', { item: lost!.id, kind: 'lost', story: '', ...key() })
    const before = await itemNow(lost!.id)
    expect(before.left_as).toBe('lost')
    const place = await newPlace()
    const url = await begin(place)
    await scan(url, 'AGAIN-1')
    await finish(url, { [`unexpected-${lost!.id}`]: 'found-again' })
    expect((await itemNow(lost!.id)).left_as).toBeNull()
    const [row] = await rowsOf(url)
    const incident = await app.db
      .selectFrom('incident_items')
      .select(['incident_id', 'found_at'])
      .where('item_id', '=', lost!.id)
      .executeTakeFirst()
    expect([row?.outcome, row?.incident_id]).toEqual(['found-again', incident?.incident_id])
    expect(incident?.found_at).not.toBeNull()
  })

  it('leaves what is on loan, or in the pool of another ward, and asks nothing about it', async () => {
    const place = await newPlace()
    const [lent, placed] = await keptAt(place, ['STAY-1', 'STAY-2'])
    await loanTo(app.db, { items: [lent!], isWithoutCharger: true })
    await placement(app.db, { ward: await newPlace(), items: [placed!] })
    const url = await begin(place)
    await scan(url, 'STAY-1')
    await scan(url, 'STAY-2')
    const page = await champion.get(`${url}/finish`)
    expect(page.text).not.toContain('name="unexpected-')
    expect(text(page.text)).toContain('2 items that should be elsewhere are left as they are')
    const forged = await finish(url, { [`unexpected-${lent!.id}`]: 'move' })
    expect(forged.status).toBe(303)
    expect(await rowsOf(url)).toMatchObject([
      { outcome: 'unexpected', note: 'On loan' },
      { outcome: 'unexpected', note: expect.stringMatching(/^With Place \d+$/) },
    ])
  })

  it('asks again about what somebody scanned or took back meanwhile', async () => {
    const place = await newPlace()
    const [one, other] = await keptAt(place, ['RACE-1', 'RACE-2'])
    const url = await begin(place)
    await scan(url, 'RACE-1')
    await scan(url, 'RACE-2', administrator)
    await administrator.post(`${url}/items/${other!.id}/undo`)
    const answer = await finish(url, {})
    expect([answer.status, errorsOn(answer)]).toEqual([422, 'Choose what to do about RACE-2'])
    await scan(url, 'RACE-2', administrator)
    // what is reported here was found before the form came: the good news wins
    expect((await finish(url, { [`missing-${other!.id}`]: 'report' })).status).toBe(303)
    expect(await itemNow(other!.id)).toMatchObject({ left_as: null })
    expect(await itemNow(one!.id)).toMatchObject({ left_as: null })
    expect((await rowsOf(url)).map(({ outcome }) => outcome)).toEqual(['found', 'found'])
  })

  it('happens once when two people finish at the same moment, and nothing is reported twice', async () => {
    const place = await newPlace()
    const [item] = await keptAt(place, ['ONCE-1'])
    const url = await begin(place)
    const form = { [`missing-${item!.id}`]: 'report' }
    const answers = await Promise.all([finish(url, form), finish(url, form, administrator), finish(url, form)])
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(Array(3).fill([303, url]))
    const { count } = await app.db
      .selectFrom('incident_items')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('item_id', '=', item!.id)
      .executeTakeFirstOrThrow()
    expect(Number(count)).toBe(1)
    expect((await auditOf(url)).filter(({ verb }) => verb === 'stock-check:finished')).toHaveLength(1)
  })

  it('is over: nothing more can be scanned or taken back, and another check can begin', async () => {
    const place = await newPlace()
    const [item] = await keptAt(place, ['OVER-1'])
    const url = await begin(place)
    await scan(url, 'OVER-1')
    expect((await finish(url, {})).status).toBe(303)
    const late = await champion.post(`${url}/scans`, { code: 'OVER-1' })
    expect(late.status).toBe(303)
    expect(saidOn(await champion.get(url))).toBe('This check is finished. What you scanned was not added.')
    expect((await champion.post(`${url}/items/${item!.id}/undo`)).status).toBe(409)
    expect((await champion.get(`${url}/finish`)).headers.location).toBe(url)
    expect((await champion.get(url)).text).not.toContain('id="code"')
    expect(await begin(place)).not.toBe(url)
  })

  it('of more than ten missing items asks about all of them at once, or about each', async () => {
    const place = await newPlace()
    const tags = Array.from({ length: 11 }, (_, at) => `MANY-${String(at).padStart(2, '0')}`)
    const items = await keptAt(place, tags)
    const url = await begin(place)
    const page = await champion.get(`${url}/finish`)
    expect(text(page.text)).toContain('11 items are missing. What is to be done about them?')
    expect(text(page.text)).toContain('Only 0 of 11 items were scanned.')
    expect(page.text).not.toMatch(/name="all"[^>]*checked/)
    const seen = items.map(({ id }) => id).join(' ')
    expect(page.text).toContain(`name="seen" value="${seen}"`)
    expect(errorsOn(await finish(url, { seen }))).toBe('Choose what to do about everything that is missing')
    const each = await finish(url, { seen, all: 'each' })
    expect(each.headers.location).toBe(`${url}/finish?ask=each`)
    expect((await champion.get(`${url}/finish?ask=each`)).text).toContain(`name="missing-${items[10]!.id}"`)
    const unseen = await finish(url, {
      seen: items
        .slice(1)
        .map(({ id }) => id)
        .join(' '),
      all: 'report',
    })
    expect([unseen.status, errorsOn(unseen)]).toEqual([
      422,
      'MANY-00 was not missing when you opened the page. Choose again',
    ])
    expect((await finish(url, { seen, all: 'report' })).status).toBe(303)
    expect((await rowsOf(url)).map(({ outcome }) => outcome)).toEqual(Array(11).fill('reported'))
  })

  it('of more than a hundred missing items leaves them all, once somebody says so', async () => {
    const place = await newPlace()
    await keptAt(
      place,
      Array.from({ length: 101 }, (_, at) => `LOADS-${String(at).padStart(3, '0')}`),
    )
    const url = await begin(place)
    const answer = await finish(url, { all: 'report', seen: '' })
    expect([answer.status, errorsOn(answer)]).toEqual([
      422,
      'Tick that all of them are left as they are, or go on scanning',
    ])
    expect((await finish(url, { all: 'leave' })).status).toBe(303)
    expect(new Set((await rowsOf(url)).map(({ outcome }) => outcome))).toEqual(new Set(['missing']))
  })
})

describe('ward staff', () => {
  it('check their own wards and know of no other', async () => {
    const { ward: own, otherWard, actors } = app.people
    await keptAt(own, ['WARD-1'])
    const list = await wardStaff.get('/stock-checks/new')
    expect(text(list.text)).toContain('Ash Ward')
    expect(text(list.text)).not.toContain('Birch Ward')
    expect((await wardStaff.post('/stock-checks', { ward: otherWard.id, ...key() })).status).toBe(404)
    const theirs = await begin(otherWard)
    for (const path of ['', '/finish', '/print']) {
      expect((await wardStaff.get(`${theirs}${path}`)).status).toBe(404)
    }
    expect((await wardStaff.post(`${theirs}/scans`, { code: 'WARD-1' })).status).toBe(404)
    expect((await wardStaff.get('/stock-checks')).text).not.toContain('Birch Ward')
    const url = await begin(own, wardStaff)
    expect(await scan(url, 'WARD-1', wardStaff)).toBe('WARD-1 is found. Nothing more is to be found.')
    expect((await rowsOf(url)).map(({ scanned_by }) => scanned_by)).toEqual([actors['ward-staff'].staffId])
    expect((await finish(url, {}, wardStaff)).status).toBe(303)
  })

  it('are told that a thing is ours, and not whose it is or where; and report what is missing, but move nothing', async () => {
    const { ward: own, otherWard } = app.people
    const [missing] = await keptAt(own, ['WARD-2'])
    const [surprise] = await keptAt(otherWard, ['WARD-3'])
    const url = await begin(own, wardStaff)
    await scan(url, 'WARD-1', wardStaff)
    expect(await scan(url, 'WARD-3', wardStaff)).toBe(
      'WARD-3 should not be here. It belongs to another place. Hand it to a digital champion.',
    )
    const page = await wardStaff.get(`${url}?list=unexpected`)
    expect(page.text).not.toContain('Birch Ward')
    expect(page.text).not.toContain('href="/items/WARD-3"')
    expect((await wardStaff.get(`${url}/finish`)).text).not.toContain('name="unexpected-')
    const answer = await finish(
      url,
      { [`missing-${missing!.id}`]: 'report', [`unexpected-${surprise!.id}`]: 'move' },
      wardStaff,
    )
    expect(answer.status).toBe(303)
    expect(await itemNow(surprise!.id)).toMatchObject({ kept_at_ward_id: otherWard.id })
    expect(await itemNow(missing!.id)).toMatchObject({ left_as: 'lost' })
    const result = await wardStaff.get(`${url}?list=missing`)
    expect(text(result.text)).toContain('Reported lost')
    expect(result.text).not.toContain('href="/incidents/')
  })
})

describe('the pages about checks', () => {
  it('list what is under way and what is finished, by page', async () => {
    const page = text((await champion.get('/stock-checks')).text)
    expect(page).toMatch(/Under way .* of \d+ items? found/)
    expect(page).toMatch(/Finished .* 1 of 2 items found, 1 missing, 1 unexpected/)
  })

  it('print the result: found, missing, unexpected and not ours, by whom and when', async () => {
    const place = await newPlace()
    const [found, missing] = await keptAt(place, ['PRT-1', 'PRT-2'])
    const url = await begin(place)
    for (const code of [found!.tag, 'PRT-ODD']) await scan(url, code)
    expect(text((await champion.get(`${url}/print`)).text)).toContain(
      'Not finished yet. As it stood on Monday 3 August 2026 at 10:30am.',
    )
    await finish(url, { [`missing-${missing!.id}`]: 'leave' })
    const printed = text((await champion.get(`${url}/print`)).text)
    expect(printed).toContain(`Stock check of ${place.name} Here NHS Foundation Trust`)
    expect(printed).toContain('Finished on Monday 3 August 2026 at 10:30am by HERE champion.')
    expect(printed).toMatch(
      /Missing \(1\).*PRT-2.*Left as it is.*Found \(1\).*PRT-1.*3 Aug 2026 at 10:30am by HERE champion.*Not ours \(1\).*PRT-ODD/,
    )
  })

  it('answer another organisation, and nonsense, with the same 404', async () => {
    const url = await begin(await newPlace())
    const foreigner = await app.signedInAs(app.people.foreignActors.champion)
    for (const path of ['', '/finish', '/print']) expect((await foreigner.get(`${url}${path}`)).status).toBe(404)
    expect((await foreigner.post(`${url}/scans`, { code: 'X' })).status).toBe(404)
    expect((await foreigner.post(`${url}/finish`, {})).status).toBe(404)
    for (const id of ['0', 'x', '999999', '99999999999999999999']) {
      expect((await champion.get(`/stock-checks/${id}`)).status).toBe(404)
    }
  })

  it('page through lists of any length, by tag', async () => {
    const place = await newPlace()
    const tags = Array.from({ length: 120 }, (_, at) => `PG-${String(at).padStart(3, '0')}`)
    await keptAt(place, tags)
    const url = await begin(place)
    const seen: string[] = []
    let next: string | undefined = `${url}?list=missing`
    while (next) {
      const page: { text: string } = await champion.get(next)
      seen.push(...[...page.text.matchAll(/<strong>(PG-\d+)<\/strong>/g)].map(([, tag]) => tag ?? ''))
      next = /href="([^"#]*)[^"]*" rel="next"/.exec(unescaped(page.text))?.[1]
      if (seen.length > 200) break
    }
    expect(seen).toEqual(tags)
  })

  it('are linked from the list of items, for those who may', async () => {
    const staff = await staffMember(app.db, { ...here(), role: 'ward-staff', wards: [app.people.ward] })
    for (const visitor of [champion, await app.visitor().signIn(staff.email, 'teapot-lantern-orchard')]) {
      expect((await visitor.get('/items')).text).toContain('href="/stock-checks"')
    }
  })
})
