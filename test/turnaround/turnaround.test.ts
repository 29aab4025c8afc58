import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  closedLoan,
  type Item,
  type ItemOverrides,
  itemBookedLater,
  itemInTurnaround,
  kit,
  loanTo,
  lostItem,
  placement,
  serviceUser,
} from '../../seeds/factories.ts'
import type { Role } from '../../src/lib/actor.ts'
import { lendItems } from '../../src/loans/actions.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let administrator: Visitor
let foreignChampion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  administrator = await app.signedInAs('administrator')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
})
afterAll(() => app.close())

/** Came back a day ago. A tablet has been looked over already, and nothing else. */
function returnedItem(overrides: ItemOverrides & { now?: Date } = {}): Promise<Item> {
  return itemInTurnaround(app.db, { organisation_id: app.people.organisationId, ...overrides })
}

/** A headset needs three steps, a charger two; both were looked over. */
const headset = () => returnedItem({ category: 'headset' })

async function turnaroundOf(item: Item) {
  return app.db
    .selectFrom('item_holds')
    .select(['id', 'taken_at', 'ended_at', 'ended_as'])
    .where('item_id', '=', item.id)
    .where('kind', '=', 'turnaround')
    .orderBy('id', 'desc')
    .executeTakeFirstOrThrow()
}

async function stepsOf(item: Item) {
  const { id } = await turnaroundOf(item)
  return app.db.selectFrom('turnaround_steps').selectAll().where('hold_id', '=', id).orderBy('step').execute()
}

const doneIn = async (item: Item) => (await stepsOf(item)).map(({ step }) => step)

/** Sends the sheet as the page would. */
async function tick(visitor: Visitor, item: Item, steps: string[], more: Record<string, string> = {}) {
  const { id } = await turnaroundOf(item)
  return visitor.post(`/turnaround/${item.id}`, { turnaround: id, steps, ...more })
}

async function takeBack(visitor: Visitor, item: Item, step: string) {
  const { id } = await turnaroundOf(item)
  return visitor.post(`/turnaround/${item.id}/steps/${step}/undo`, { turnaround: id })
}

async function auditOf(item: Item) {
  return app.db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'staff_id', 'details'])
    .where('subject_type', '=', 'item')
    .where('subject_id', '=', item.id)
    .orderBy('audit_events.id')
    .execute()
}

/** What the page after an answer says about it. */
async function saidAfter(visitor: Visitor, answer: { headers: Record<string, string> }): Promise<string> {
  const page = await visitor.get(answer.headers.location ?? '')
  return text(/id="done-text">(.*?)<\/p>/.exec(page.text)?.[1] ?? '')
}

/** What a person reads of it. */
function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&#x3D;', '=')
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
    .trim()
}

function rowOf(html: string, item: Item): string {
  return text(html.split('<tr').find((row) => row.includes(`>${item.tag}<`)) ?? '')
}

it('says so when nothing is waiting', async () => {
  expect(text((await champion.get('/turnaround')).text)).toContain('Nothing is waiting to be made ready.')
})

describe('ticking steps', () => {
  it('saves each with who and when, and leaves the rest for later', async () => {
    const item = await returnedItem()
    const answer = await tick(champion, item, ['accessories-complete', 'charged'])
    expect([answer.status, answer.headers.location]).toEqual([303, '/turnaround'])
    expect(await saidAfter(champion, answer)).toMatch(
      `${item.tag} still needs: SIM checked, storage card out, signed out of accounts, wiped, cleaned.`,
    )
    const by = { done_by: app.people.actors.champion.staffId, done_at: '2026-08-03 09:30:00+00' }
    expect(await stepsOf(item)).toMatchObject([
      { step: 'accessories-complete', ...by },
      { step: 'charged', ...by },
      { step: 'inspected' },
    ])
    expect((await turnaroundOf(item)).ended_at).toBeNull()
    expect(await auditOf(item)).toEqual([
      {
        verb: 'turnaround:step-done',
        staff_id: by.done_by,
        details: { steps: ['Accessories complete', 'Charged to 80%'] },
      },
    ])
    const page = await champion.get(`/turnaround/${item.id}`)
    expect(text(page.text)).toContain('Charged to 80% HERE champion, Monday 3 August 2026 at 10:30am Take back')
  })

  it('makes the item free with the last one, says so, and offers the next in the list', async () => {
    const item = await headset()
    const next = await headset()
    const answer = await tick(champion, item, ['accessories-complete', 'cleaned'])
    expect([answer.status, answer.headers.location]).toEqual([303, '/turnaround'])
    expect(await turnaroundOf(item)).toMatchObject({ ended_as: 'ready', ended_at: '2026-08-03 09:30:00+00' })
    expect(await saidAfter(champion, answer)).toBe(`${item.tag} is ready to lend. Make ${next.tag} ready`)
    expect(text((await champion.get(`/items/${item.tag}`)).text)).toContain('Available Ready to lend.')
    expect((await auditOf(item)).map(({ verb }) => verb)).toEqual(['turnaround:step-done', 'turnaround:done'])
    expect((await champion.get('/turnaround')).text).not.toContain(item.tag)
  })

  it('can be lent again once it is ready, and not before', async () => {
    const item = await headset()
    const staffId = app.people.actors['care-team'].staffId
    const lend = () =>
      app.changeAs('champion', (change) =>
        lendItems(change, {
          borrower: { staffId },
          itemIds: [item.id],
          dueOn: '2026-09-01',
          agreement: null,
          withoutCharger: false,
          unsupportedReason: null,
          notes: '',
        }),
      )
    await expect(lend()).rejects.toMatchObject({ constraint: 'item_in_one_pair_of_hands' })
    await tick(champion, item, ['accessories-complete', 'cleaned'])
    await expect(lend()).resolves.toMatchObject({ dueOn: '2026-09-01' })
  })

  it('asks how a device was wiped, and why when it was not', async () => {
    const item = await returnedItem({ category: 'hotspot' })
    const without = await tick(champion, item, ['wiped', 'charged'])
    expect(without.status).toBe(422)
    expect(without.text).toContain('<title>Error: Make')
    expect(without.text).toContain('href="#wipe-method">Choose how it was wiped')
    expect(without.text).toMatch(/value="charged" checked/)
    const noReason = await tick(champion, item, ['wiped'], { 'wipe-method': 'not-needed', 'wipe-reason': ' ' })
    expect(noReason.status).toBe(422)
    expect(noReason.text).toContain('href="#wipe-reason">Say why no wipe was needed')
    const long = await tick(champion, item, ['wiped'], { 'wipe-method': 'not-needed', 'wipe-reason': 'x'.repeat(501) })
    expect(long.text).toContain('Reason must be 500 characters or less')
    const strange = await tick(champion, item, ['wiped'], { 'wipe-method': 'with a cloth' })
    expect(strange.status).toBe(422)
    expect(await doneIn(item)).toEqual(['inspected'])

    const reason = 'It was never switched on & came back sealed.'
    const saved = await tick(champion, item, ['wiped'], { 'wipe-method': 'not-needed', 'wipe-reason': reason })
    expect(saved.status).toBe(303)
    expect(await stepsOf(item)).toMatchObject([
      { step: 'inspected' },
      { step: 'wiped', method: 'not-needed', note: reason },
    ])
    expect(text((await champion.get(`/turnaround/${item.id}`)).text)).toContain(`Wiped Not needed: ${reason}`)
    expect((await auditOf(item)).at(-1)?.details).toEqual({ steps: ['Wiped'], method: 'Not needed', reason })
  })

  it('keeps no reason of a device that was wiped, and no method of other steps', async () => {
    const item = await returnedItem({ category: 'hotspot' })
    await tick(champion, item, ['wiped', 'charged'], { 'wipe-method': 'factory-reset', 'wipe-reason': 'Left over' })
    expect(await stepsOf(item)).toMatchObject([
      { step: 'charged', method: null, note: '' },
      { step: 'inspected' },
      { step: 'wiped', method: 'factory-reset', note: '' },
    ])
  })

  it('refuses a step out of order at its box, keeps what was ticked, and takes all of them together', async () => {
    const item = await returnedItem()
    const early = await tick(champion, item, ['signed-out', 'wiped', 'charged'], { 'wipe-method': 'device-management' })
    expect(early.status).toBe(422)
    // the fifth box of those that are left
    expect(early.text).toContain('href="#steps-4">Do “Storage card out” before “Wiped”')
    expect(early.text).toMatch(/id="steps-4"[^>]* value="wiped" checked/)
    expect(early.text).toMatch(/value="device-management" checked/)
    expect(await doneIn(item)).toEqual(['inspected'])
    const all = ['signed-out', 'storage-card-out', 'wiped', 'charged']
    expect((await tick(champion, item, all, { 'wipe-method': 'device-management' })).status).toBe(303)
    const tooClean = await tick(champion, item, ['cleaned'])
    expect(tooClean.text).toContain('Do “Accessories complete” and “SIM checked” before “Cleaned”')
  })

  it('asks for at least one, and takes no notice of steps that are not on the sheet', async () => {
    const item = await headset()
    for (const steps of [[], ['wiped'], ['polished', 'constructor']]) {
      const answer = await tick(champion, item, steps)
      expect(answer.status).toBe(422)
      expect(answer.text).toContain('href="#steps">Tick at least one step')
    }
    expect(await doneIn(item)).toEqual(['inspected'])
  })

  it('has one effect when the form is sent twice, and gives the second the page of the first', async () => {
    const item = await headset()
    const send = () => tick(champion, item, ['accessories-complete', 'cleaned'])
    const answers = await Promise.all([send(), send(), send()])
    expect(answers.map(({ status, headers }) => [status, headers.location])).toEqual(
      Array(3).fill([303, '/turnaround']),
    )
    expect((await auditOf(item)).map(({ verb }) => verb)).toEqual(['turnaround:step-done', 'turnaround:done'])
    const again = await send()
    expect(again.status).toBe(303)
    expect(await saidAfter(champion, again)).toContain(`${item.tag} is ready to lend.`)
    expect(await auditOf(item)).toHaveLength(2)
  })

  it('leaves a step with whoever ticked it first', async () => {
    const item = await headset()
    await tick(champion, item, ['accessories-complete'])
    app.setClock(new Date('2026-08-03T09:40:00Z'))
    const answer = await tick(administrator, item, ['accessories-complete'])
    app.setClock(startOfTest)
    expect(answer.status).toBe(303)
    expect(await saidAfter(administrator, answer)).toMatch(`${item.tag} still needs: cleaned.`)
    expect(await stepsOf(item)).toMatchObject([
      { step: 'accessories-complete', done_by: app.people.actors.champion.staffId, done_at: '2026-08-03 09:30:00+00' },
      { step: 'inspected' },
    ])
    expect(await auditOf(item)).toHaveLength(1)
  })

  it('is one turnaround when two people finish it together', async () => {
    const item = await headset()
    const answers = await Promise.all([
      tick(champion, item, ['accessories-complete', 'cleaned']),
      tick(administrator, item, ['accessories-complete', 'cleaned']),
    ])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect((await auditOf(item)).map(({ verb }) => verb)).toEqual(['turnaround:step-done', 'turnaround:done'])
    expect(new Set((await stepsOf(item)).slice(0, 2).map(({ done_by }) => done_by)).size).toBe(1)
  })

  it('ticks nothing of a later turnaround by a page that was open since the one before', async () => {
    const item = await headset()
    const before = await turnaroundOf(item)
    await tick(champion, item, ['accessories-complete', 'cleaned'])
    await lentAndBackAgain(item)
    for (const path of [`/turnaround/${item.id}`, `/turnaround/${item.id}/steps/inspected/undo`]) {
      const late = await champion.post(path, {
        turnaround: before.id,
        steps: ['cleaned', 'inspected', 'accessories-complete'],
      })
      expect(late.status).toBe(409)
      expect(late.text).toContain(`${item.tag} was lent again and came back after you opened it.`)
    }
    expect(await doneIn(item)).toEqual([])
  })

  it('can still be finished when the category that asked for more was a mistake', async () => {
    const item = await returnedItem({ category: 'hotspot' })
    await tick(champion, item, ['accessories-complete'])
    await tick(champion, item, ['sim-checked'])
    const model = await app.db
      .selectFrom('items')
      .select('model_id')
      .where('id', '=', item.id)
      .executeTakeFirstOrThrow()
    await app.db.updateTable('models').set({ category: 'sim' }).where('id', '=', model.model_id).execute()
    expect(rowOf((await champion.get('/turnaround')).text, item)).toContain('Nothing. Say that it is ready')
    const page = await champion.get(`/turnaround/${item.id}`)
    expect(text(page.text)).toContain('Every step is done. It is ready')
    expect((await tick(champion, item, [])).status).toBe(303)
    expect((await turnaroundOf(item)).ended_as).toBe('ready')
  })

  it('says where it goes when it is ready', async () => {
    const { ward, otherWard, organisationId } = app.people
    const kept = await returnedItem({ category: 'charger', kept_at_ward_id: otherWard.id })
    expect(text((await champion.get(`/turnaround/${kept.id}`)).text)).toContain('Goes back to Birch Ward')
    expect(await saidAfter(champion, await tick(champion, kept, ['cleaned']))).toContain(
      `${kept.tag} is ready to lend. It is kept at Birch Ward.`,
    )
    const placed = await availableItem(app.db, { organisation_id: organisationId, category: 'charger' })
    await placement(app.db, { ward: { id: ward.id, organisation_id: organisationId }, items: [placed] })
    await closedLoan(app.db, {
      items: [placed],
      lentAt: new Date('2026-07-29T09:00:00Z'),
      now: new Date('2026-08-09T09:00:00Z'),
    })
    await app.db.insertInto('item_holds').values(turnaroundRow(placed)).execute()
    expect(await saidAfter(champion, await tick(champion, placed, ['inspected', 'cleaned']))).toContain(
      `${placed.tag} is ready. It goes back to Ash Ward.`,
    )
  })

  it.each(['ward-staff', 'care-team', 'information-governance', 'commissioner'] as Role[])(
    'is not for %s',
    async (role) => {
      const item = await headset()
      const visitor = await app.signedInAs(role)
      expect((await tick(visitor, item, ['cleaned'])).status).toBe(403)
      expect((await takeBack(visitor, item, 'inspected')).status).toBe(403)
      expect((await visitor.get('/turnaround')).status).toBe(403)
      expect((await visitor.get(`/turnaround/${item.id}`)).status).toBe(403)
      expect((await visitor.get('/')).text).not.toContain('href="/turnaround"')
      expect(await doneIn(item)).toEqual(['inspected'])
    },
  )

  it("answers 404 to another organisation's, as to none at all", async () => {
    const item = await headset()
    expect((await tick(foreignChampion, item, ['cleaned'])).status).toBe(404)
    expect((await takeBack(foreignChampion, item, 'inspected')).status).toBe(404)
    expect((await foreignChampion.get(`/turnaround/${item.id}`)).status).toBe(404)
    for (const id of ['999999', 'abc', '0', '99999999999999999999']) {
      expect((await champion.get(`/turnaround/${id}`)).status).toBe(404)
      expect((await champion.post(`/turnaround/${id}`, { steps: ['cleaned'] })).status).toBe(404)
    }
    expect(await doneIn(item)).toEqual(['inspected'])
  })

  it('writes the one item however foreign the turnaround is that the form names', async () => {
    const item = await headset()
    const foreign = await itemInTurnaround(app.db, {
      organisation_id: app.people.otherOrganisationId,
      category: 'headset',
    })
    const { id } = await turnaroundOf(foreign)
    const answer = await champion.post(`/turnaround/${item.id}`, { turnaround: id, steps: ['accessories-complete'] })
    expect(answer.status).toBe(409)
    expect([await doneIn(item), await doneIn(foreign)]).toEqual([['inspected'], ['inspected']])
  })
})

describe('taking a step back', () => {
  it('undoes it while the item is not ready, and keeps that in the audit', async () => {
    const item = await headset()
    await tick(champion, item, ['accessories-complete'])
    const answer = await takeBack(administrator, item, 'accessories-complete')
    expect([answer.status, answer.headers.location]).toEqual([303, `/turnaround/${item.id}`])
    expect(await saidAfter(administrator, answer)).toBe('Taken back: accessories complete.')
    expect(await doneIn(item)).toEqual(['inspected'])
    expect((await auditOf(item)).at(-1)).toEqual({
      verb: 'turnaround:step-undone',
      staff_id: app.people.actors.administrator.staffId,
      details: { steps: ['Accessories complete'] },
    })
  })

  it('undoes what was done after it, and says so on the button', async () => {
    const item = await returnedItem()
    const all = stepsFor('tablet').filter((step) => step !== 'charged')
    await tick(champion, item, all, { 'wipe-method': 'factory-reset' })
    const page = await champion.get(`/turnaround/${item.id}`)
    expect(text(page.text)).toContain('Take back, with wiped, cleaned')
    await takeBack(champion, item, 'signed-out')
    expect(await doneIn(item)).toEqual(['accessories-complete', 'inspected', 'sim-checked', 'storage-card-out'])
  })

  it('has one effect when it is sent twice', async () => {
    const item = await headset()
    const answers = await Promise.all([takeBack(champion, item, 'inspected'), takeBack(champion, item, 'inspected')])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect((await auditOf(item)).map(({ verb }) => verb)).toEqual(['turnaround:step-undone'])
    expect(await saidAfter(champion, await takeBack(champion, item, 'inspected'))).toBe('That was taken back already.')
  })

  it('is refused once the item is ready', async () => {
    const item = await headset()
    await tick(champion, item, ['accessories-complete', 'cleaned'])
    const answer = await takeBack(champion, item, 'cleaned')
    expect(answer.status).toBe(409)
    expect(answer.text).toContain(`${item.tag} is ready. Its steps can no longer be taken back.`)
    expect(await doneIn(item)).toEqual(['accessories-complete', 'cleaned', 'inspected'])
  })

  it('answers 404 to a step that does not exist', async () => {
    const item = await headset()
    for (const step of ['polished', 'constructor', '%00']) {
      expect((await takeBack(champion, item, step)).status).toBe(404)
    }
  })
})

describe('the list', () => {
  it('shows what is not ready, the longest back first, with what is left to do', async () => {
    const visitor = foreignChampion
    const there = { organisation_id: app.people.otherOrganisationId }
    const tablet = await itemInTurnaround(app.db, there)
    const older = await itemInTurnaround(app.db, {
      ...there,
      category: 'charger',
      now: new Date('2026-07-27T09:30:00Z'),
    })
    const gone = await itemInTurnaround(app.db, there)
    await app.db
      .updateTable('items')
      .set({ left_at: startOfTest, left_as: 'damaged' })
      .where('id', '=', gone.id)
      .execute()
    const page = await visitor.get('/turnaround')
    expect(rowOf(page.text, older)).toContain('8 days ago 26 July 2026 Left to do Cleaned')
    expect(rowOf(page.text, tablet)).toContain('Yesterday 2 August 2026')
    expect(rowOf(page.text, tablet)).toContain('7 of 8 steps')
    expect(page.text.indexOf(older.tag)).toBeLessThan(page.text.indexOf(tablet.tag))
    expect(page.text).not.toContain(gone.tag)
    expect((await visitor.get(`/turnaround/${gone.id}`)).status).toBe(409)
    expect((await tick(visitor, gone, ['cleaned'])).status).toBe(409)
  })

  it('says who is waiting for it, and names a person only to who may see names', async () => {
    const { organisationId: organisation_id } = app.people
    const soon = await returnedItem()
    await itemBookedLater(app.db, { item: soon })
    const later = await returnedItem()
    const lena = await serviceUser(app.db, { organisation_id, name: 'Lena Borrower' })
    await plannedLoan(later, lena)
    const forChampion = await champion.get('/turnaround')
    expect(rowOf(forChampion.text, soon)).toContain('Somebody who booked it At risk from Tuesday 4 August 2026 at 2pm')
    expect(rowOf(forChampion.text, later)).toMatch(/Wanted by Lena Borrower from Monday 10 August 2026 at 10am$/)
    const forAdministrator = await administrator.get('/turnaround')
    expect(forAdministrator.text).not.toContain('Lena')
    expect(rowOf(forAdministrator.text, later)).toContain('A service user')
    expect(text((await champion.get(`/turnaround/${soon.id}`)).text)).toContain(
      'At risk Somebody who booked it, from Tuesday 4 August 2026 at 2pm',
    )
    expect((await administrator.get(`/turnaround/${later.id}`)).text).not.toContain('Lena')
  })

  it('goes through everything once, page by page, and back', async () => {
    const items = await Promise.all(Array.from({ length: 55 }, () => headset()))
    const first = await champion.get('/turnaround')
    const next = /href="([^"]+)" rel="next"/.exec(plain(first.text))?.[1] ?? ''
    const second = await champion.get(next)
    const tags = [...tagsIn(first.text), ...tagsIn(second.text)]
    expect(new Set(tags).size).toBe(tags.length)
    expect(tags).toEqual(expect.arrayContaining(items.map(({ tag }) => tag)))
    const previous = /href="([^"]+)" rel="prev"/.exec(plain(second.text))?.[1] ?? ''
    expect(tagsIn((await champion.get(previous)).text)).toEqual(tagsIn(first.text))
    for (const nonsense of ['abc', '999999999', "1'", '-1']) {
      expect((await champion.get(`/turnaround?after=${encodeURIComponent(nonsense)}`)).status).toBe(200)
    }
  })

  it('offers the first of the list after the last', async () => {
    const rows = tagsIn((await champion.get('/turnaround?after=0')).text)
    expect(rows).toEqual([])
    const last = await returnedItem({ category: 'headset', now: new Date('2026-08-04T09:30:00Z') })
    const [first] = tagsIn((await champion.get('/turnaround')).text)
    const answer = await tick(champion, last, ['accessories-complete', 'cleaned'])
    expect(await saidAfter(champion, answer)).toBe(`${last.tag} is ready to lend. Make ${first} ready`)
  })
})

describe('scanning', () => {
  it.each([
    ['its tag', (item: Item) => item.tag.toLowerCase()],
    ['its serial number', (item: Item) => item.serial ?? ''],
    ['its IMEI', (item: Item) => item.imei ?? ''],
    ['its QR label', (item: Item) => `https://loans.example/items/${item.tag}`],
  ])('%s leads to the sheet of the item', async (_what, code) => {
    const item = await returnedItem({ category: 'smartphone', imei: nextImei() })
    const answer = await champion.get(`/turnaround?code=${encodeURIComponent(code(item))}`)
    expect([answer.status, answer.headers.location]).toEqual([303, `/turnaround/${item.id}`])
  })

  it('says so when there is no such item here', async () => {
    const item = await itemInTurnaround(app.db, { organisation_id: app.people.otherOrganisationId })
    const answer = await champion.get(`/turnaround?code=${item.tag}`)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(`No item has the tag or number ${item.tag}. Check it against the label`)
    expect(answer.text).toContain(`value="${item.tag}"`)
  })

  it('asks for the items of a kit', async () => {
    const made = await kit(app.db, { organisation_id: app.people.organisationId })
    const answer = await champion.get(`/turnaround?code=${made.tag}`)
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(`${made.tag} is a kit. Scan the items in it one by one`)
  })

  it('asks for the tag when several items have the number', async () => {
    const one = await returnedItem({ serial: 'SAME-1' })
    const other = await returnedItem({ serial: 'SAME-1' })
    const answer = await champion.get('/turnaround?code=same-1')
    expect(answer.status).toBe(422)
    expect(answer.text).toContain(`More than one item has the number same-1: ${one.tag}, ${other.tag}.`)
  })
})

describe('an item that is not being made ready', () => {
  it.each([
    ['is on the shelf', 'Available', (organisation_id: number) => availableItem(app.db, { organisation_id })],
    ['was lost', 'Lost', (organisation_id: number) => lostItem(app.db, { organisation_id })],
    [
      'is on loan',
      'On loan',
      async (organisationId: number) => {
        const item = await availableItem(app.db, { organisation_id: organisationId })
        await loanTo(app.db, { organisationId, items: [item] })
        return item
      },
    ],
  ])('and %s has a page that says so', async (_how, state, make) => {
    const item = await make(app.people.organisationId)
    const page = await champion.get(`/turnaround/${item.id}`)
    expect(page.status).toBe(409)
    expect(text(page.text)).toContain(`${item.tag} is not being made ready ${state}`)
    const answer = await champion.post(`/turnaround/${item.id}`, { turnaround: 1, steps: ['cleaned'] })
    expect(answer.status).toBe(409)
    const undo = await champion.post(`/turnaround/${item.id}/steps/cleaned/undo`, { turnaround: 1 })
    expect(undo.status).toBe(409)
    expect(await auditOf(item)).toEqual([])
  })

  it('says when it was last made ready', async () => {
    const item = await headset()
    await tick(champion, item, ['accessories-complete', 'cleaned'])
    expect(text((await champion.get(`/turnaround/${item.id}`)).text)).toContain(
      'It was last made ready on Monday 3 August 2026 at 10:30am.',
    )
  })
})

it('tells the story of a turnaround on the page of the item, each thing once', async () => {
  const item = await returnedItem({ category: 'hotspot' })
  await tick(champion, item, ['sim-checked', 'accessories-complete', 'wiped'], { 'wipe-method': 'factory-reset' })
  await takeBack(administrator, item, 'wiped')
  const rest = ['wiped', 'cleaned', 'charged']
  await tick(champion, item, rest, { 'wipe-method': 'device-management' })
  const page = text((await champion.get(`/items/${item.tag}`)).text)
  expect(page).toContain('HERE champion ticked: Accessories complete, SIM checked, Wiped.')
  expect(page).toContain('HERE administrator took back: Wiped.')
  expect(page).toContain('HERE champion ticked: Wiped, Cleaned, Charged to 80%.')
  expect(page.match(/Made ready for the next person/g)).toHaveLength(1)
})

/** Lent this morning and back at once. */
async function lentAndBackAgain(item: Item): Promise<void> {
  app.setClock(new Date('2026-08-03T10:00:00Z'))
  await app.db.insertInto('item_holds').values(turnaroundRow(item)).execute()
  app.setClock(startOfTest)
}

function turnaroundRow({ id, organisation_id }: Item) {
  return { organisation_id, item_id: id, kind: 'turnaround', taken_at: startOfTest }
}

async function plannedLoan(item: Item, { id }: { id: number }): Promise<void> {
  const organisation_id = item.organisation_id
  const by = { organisation_id, lent_at: startOfTest, lent_by: app.people.actors.champion.staffId }
  const loan = await app.db
    .insertInto('loans')
    .values({ ...by, service_user_id: id })
    .returning('id')
    .executeTakeFirstOrThrow()
  const from_at = new Date('2026-08-10T09:00:00Z')
  const line = { organisation_id, loan_id: loan.id, item_id: item.id, from_at, due_on: '2026-09-01' }
  await app.db.insertInto('loan_lines').values(line).execute()
}

let imeis = 0
/** Numbers with the right check digit. */
function nextImei(): string {
  imeis += 1
  const body = `3569380356${String(imeis).padStart(4, '0')}`
  const sum = [...body].reduce((total, digit, at) => {
    const doubled = at % 2 === 1 ? Number(digit) * 2 : Number(digit)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return body + String((10 - (sum % 10)) % 10)
}

function tagsIn(html: string): string[] {
  return [...html.matchAll(/href="\/turnaround\/\d+">([^<]+)</g)]
    .map((match) => match[1] ?? '')
    .filter((tag) => !tag.startsWith('Make'))
}

/** With the characters back that Handlebars writes in its own way. */
function plain(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}
