import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  itemInTurnaround,
  kit,
  loanTo,
  lostItem,
  placement,
  retiredItem,
} from '../../seeds/factories.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let foreignChampion: Visitor
let wardStaff: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  foreignChampion = await app.signedInAs(app.people.foreignActors.champion)
  wardStaff = await app.signedInAs('ward-staff')
})
afterAll(() => app.close())

const key = () => crypto.randomUUID()
const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
let last = 0
const typed = (fields: Record<string, string | number> = {}) => {
  last += 1
  return { tag: `K-${last}`, name: `Kit ${last}`, notes: '', ...fields }
}

async function itemsOf(kitId: number): Promise<string[]> {
  const rows = await app.db.selectFrom('items').select('tag').where('kit_id', '=', kitId).orderBy('tag').execute()
  return rows.map(({ tag }) => tag)
}

async function auditOf(type: 'kit' | 'item', id: number) {
  return app.db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'details'])
    .where('subject_type', '=', type)
    .where('subject_id', '=', id)
    .orderBy('audit_events.id')
    .execute()
}

describe('making a kit', () => {
  it('keeps what was typed and goes on to its items', async () => {
    const answer = await champion.post('/kits', {
      ...typed({ tag: ' Bag  1 ', name: 'Blue bag', notes: 'a\r\nb' }),
      key: key(),
    })
    expect(answer.status).toBe(303)
    const id = Number(/^\/kits\/(\d+)\?add=items$/.exec(answer.headers.location ?? '')?.[1])
    const stored = await app.db.selectFrom('kits').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
    expect(stored).toMatchObject({ ...here(), tag: 'Bag 1', name: 'Blue bag', notes: 'a\nb' })
    const page = await champion.get(answer.headers.location as string)
    expect(page.text).toContain('Blue bag is added. Now add its items.')
    expect(page.text).toContain('Empty')
    expect(page.text).toMatch(/id="code"[^>]* autofocus/)
    expect(await auditOf('kit', id)).toMatchObject([{ verb: 'kit:created', details: { new: { tag: 'Bag 1' } } }])
  })

  it('says all that is wrong at once and keeps what was typed', async () => {
    const answer = await champion.post('/kits', { tag: '', name: '', notes: 'n'.repeat(2_001), key: key() })
    expect(answer.status).toBe(422)
    for (const text of ['Enter the tag of the kit', 'Enter a name for the kit', 'Notes must be 2,000 characters']) {
      expect(answer.text).toContain(text)
    }
    const tooLong = await champion.post('/kits', { ...typed({ tag: 't'.repeat(61), name: 'Kept' }), key: key() })
    expect(tooLong.text).toContain('Tag must be 60 characters or less')
    expect(tooLong.text).toContain('value="Kept"')
  })

  it('has one effect when the same form is sent twice', async () => {
    const form = { ...typed(), key: key() }
    const [first, second] = await Promise.all([champion.post('/kits', form), champion.post('/kits', form)])
    expect([first.status, second.status]).toEqual([303, 303])
    expect(second.headers.location).toBe(first.headers.location)
  })

  it('refuses the tag of another kit and of an item, and leads to what has it', async () => {
    const made = await kit(app.db, { ...here(), tag: 'Taken kit', items: [] })
    const item = await availableItem(app.db, { ...here(), tag: 'Taken/item' })
    const byKit = await champion.post('/kits', { ...typed({ tag: 'TAKEN KIT' }), key: key() })
    expect(byKit.status).toBe(422)
    expect(byKit.text).toContain('Another kit has this tag')
    expect(byKit.text).toContain(`href="/kits/${made.id}"`)
    const byItem = await champion.post('/kits', { ...typed({ tag: 'taken/ITEM' }), key: key() })
    expect(byItem.status).toBe(422)
    expect(byItem.text).toContain('An item has this tag')
    expect(byItem.text).toContain(`href="/items/${encodeURIComponent(item.tag)}"`)
  })

  it('never ends with a kit and an item of one tag, whoever presses first', async () => {
    const { model_id } = await availableItem(app.db, here())
    for (let round = 0; round < 5; round += 1) {
      const tag = `BOTH-${round}`
      const answers = await Promise.all([
        champion.post('/kits', { ...typed({ tag }), key: key() }),
        champion.post('/items', { model: model_id, tag, key: key() }),
      ])
      expect(answers.map(({ status }) => status).sort()).toEqual([303, 422])
    }
  })

  it('lets another organisation use the same tag', async () => {
    await kit(app.db, { ...here(), tag: 'SHARED', items: [] })
    await availableItem(app.db, { ...here(), tag: 'SHARED 2' })
    for (const tag of ['SHARED', 'SHARED 2']) {
      expect((await foreignChampion.post('/kits', { ...typed({ tag }), key: key() })).status).toBe(303)
    }
  })
})

describe('changing a kit', () => {
  it('saves, and keeps old and new values in the audit', async () => {
    const made = await kit(app.db, { ...here(), tag: 'C-1', name: 'Before' })
    expect((await champion.get(`/kits/${made.id}/edit`)).text).toContain('value="Before"')
    const answer = await champion.post(`/kits/${made.id}`, { tag: 'C-1', name: 'After', notes: 'x', version: 1 })
    expect([answer.status, answer.headers.location]).toEqual([303, `/kits/${made.id}`])
    expect(await auditOf('kit', made.id)).toMatchObject([
      { verb: 'kit:updated', details: { old: { name: 'Before', notes: '' }, new: { name: 'After', notes: 'x' } } },
    ])
    expect(await itemsOf(made.id)).toHaveLength(2)
  })

  it('shows a form that somebody overtook with both versions, and saves it when it is sent again', async () => {
    const made = await kit(app.db, { ...here(), tag: 'C-2', items: [] })
    await champion.post(`/kits/${made.id}`, { tag: 'C-2', name: 'Theirs', notes: '', version: 1 })
    const overtaken = await champion.post(`/kits/${made.id}`, { tag: 'C-2', name: 'Mine', notes: '', version: 1 })
    expect(overtaken.status).toBe(409)
    for (const text of ['Someone changed this kit', 'Theirs', 'value="Mine"', 'name="version" value="2"']) {
      expect(overtaken.text).toContain(text)
    }
    const onPurpose = await champion.post(`/kits/${made.id}`, { tag: 'C-2', name: 'Mine', notes: '', version: 2 })
    expect(onPurpose.status).toBe(303)
  })

  it('shows the form again when something is wrong or taken', async () => {
    const made = await kit(app.db, { ...here(), tag: 'C-3', items: [] })
    const item = await availableItem(app.db, here())
    const wrong = await champion.post(`/kits/${made.id}`, { tag: 'C-3', name: '', notes: '', version: 1 })
    expect(wrong.status).toBe(422)
    const taken = await champion.post(`/kits/${made.id}`, { tag: item.tag, name: 'x', notes: '', version: 1 })
    expect(taken.status).toBe(422)
    expect(taken.text).toContain('An item has this tag')
  })
})

describe('filling a kit', () => {
  it('adds an item by its tag or a number, on the page of both', async () => {
    const made = await kit(app.db, { ...here(), items: [] })
    const byTag = await availableItem(app.db, { ...here(), tag: 'Add/1' })
    const bySerial = await availableItem(app.db, { ...here(), serial: 'ADD-SERIAL' })
    const answer = await champion.post(`/kits/${made.id}/items`, { code: 'ADD/1' })
    expect([answer.status, answer.headers.location]).toEqual([303, `/kits/${made.id}?add=items`])
    expect((await champion.post(`/kits/${made.id}/items`, { code: 'add-serial' })).status).toBe(303)
    expect(await itemsOf(made.id)).toEqual([byTag.tag, bySerial.tag].sort())
    const page = await champion.get(`/kits/${made.id}`)
    expect(page.text).toContain(`${bySerial.tag} is in this kit now.`)
    expect(page.text).toContain('All 2 items are available.')
    expect(plain(page.text)).toContain(`href="/loans/new?kit=${made.id}"`)
    expect(await auditOf('item', byTag.id)).toMatchObject([{ verb: 'item:added-to-kit', details: { kitId: made.id } }])
    expect(await auditOf('kit', made.id)).toMatchObject([
      { verb: 'kit:item-added', details: { itemId: byTag.id } },
      { verb: 'kit:item-added', details: { itemId: bySerial.id } },
    ])
  })

  it('says what is wrong with a code, and keeps it', async () => {
    const made = await kit(app.db, { ...here(), tag: 'W-1', items: [] })
    const there1 = await availableItem(app.db, { ...there(), tag: 'FOREIGN' })
    const gone = await retiredItem(app.db, here())
    const inside = await availableItem(app.db, { ...here(), kit_id: made.id })
    const answers: [string, number, string][] = [
      ['', 422, 'Scan or type an item'],
      ['nothing', 422, 'No item has the tag or number nothing'],
      [there1.tag, 422, 'No item has the tag or number FOREIGN'],
      ['w-1', 422, 'W-1 is a kit. Scan or type an item'],
      [gone.tag, 409, `${gone.tag} is no longer ours (retired)`],
      [inside.tag, 409, `${inside.tag} is in this kit already`],
    ]
    for (const [code, status, text] of answers) {
      const answer = await champion.post(`/kits/${made.id}/items`, { code })
      expect([answer.status, answer.text.includes(text)]).toEqual([status, true])
      expect(answer.text).toContain(`value="${code}"`)
    }
    expect(await itemsOf(made.id)).toEqual([inside.tag])
  })

  it('asks which, when several items have the number', async () => {
    const made = await kit(app.db, { ...here(), items: [] })
    const one = await availableItem(app.db, { ...here(), serial: 'TWINS' })
    await availableItem(app.db, { ...here(), serial: 'twins' })
    const asked = await champion.post(`/kits/${made.id}/items`, { code: 'Twins' })
    expect(asked.status).toBe(200)
    expect(asked.text).toContain('2 items have this number.')
    expect(asked.text).toContain(`value="${one.id}"`)
    const unanswered = await champion.post(`/kits/${made.id}/items`, { code: 'Twins', asked: 'which' })
    expect(unanswered.status).toBe(422)
    expect(unanswered.text).toContain('Choose an item')
    const answered = await champion.post(`/kits/${made.id}/items`, { code: 'Twins', asked: 'which', item: one.id })
    expect(answered.status).toBe(303)
    expect(await itemsOf(made.id)).toEqual([one.tag])
  })

  it('says which other kit an item is in, and moves it only when told to', async () => {
    const from = await kit(app.db, { ...here(), name: 'Old bag' })
    const to = await kit(app.db, { ...here(), name: 'New bag', items: [] })
    const item = from.items[0]!
    const asked = await champion.post(`/kits/${to.id}/items`, { code: item.tag })
    expect(asked.status).toBe(409)
    expect(asked.text).toContain(`It belongs to Old bag (${from.tag}).`)
    expect(await itemsOf(to.id)).toEqual([])
    const told = await champion.post(`/kits/${to.id}/items`, { item: item.id, from: from.id })
    expect(told.status).toBe(303)
    expect(await itemsOf(to.id)).toEqual([item.tag])
    expect(await auditOf('item', item.id)).toMatchObject([
      { verb: 'item:removed-from-kit', details: { kitId: from.id } },
      { verb: 'item:added-to-kit', details: { kitId: to.id } },
    ])
    expect(await auditOf('kit', from.id)).toMatchObject([{ verb: 'kit:item-removed', details: { itemId: item.id } }])
  })

  it('asks again when the item went to a third kit meanwhile', async () => {
    const [first, second, third] = await Promise.all([
      kit(app.db, here()),
      kit(app.db, { ...here(), name: 'The second', items: [] }),
      kit(app.db, { ...here(), items: [] }),
    ])
    const item = first.items[0]!
    await champion.post(`/kits/${second.id}/items`, { item: item.id, from: first.id })
    const asked = await champion.post(`/kits/${third.id}/items`, { item: item.id, from: first.id })
    expect(asked.status).toBe(409)
    expect(asked.text).toContain('It belongs to The second')
  })

  it('lets one of two kits win when both add an item at once', async () => {
    const [one, two] = await Promise.all([kit(app.db, { ...here(), items: [] }), kit(app.db, { ...here(), items: [] })])
    const item = await availableItem(app.db, here())
    const answers = await Promise.all(
      [one, two].map(({ id }) => champion.post(`/kits/${id}/items`, { code: item.tag })),
    )
    expect(answers.map(({ status }) => status).sort()).toEqual([303, 409])
  })

  it('takes an item out, once', async () => {
    const made = await kit(app.db, here())
    const [item, other] = made.items
    const answer = await champion.post(`/kits/${made.id}/items/${item!.id}/remove`)
    expect([answer.status, answer.headers.location]).toEqual([303, `/kits/${made.id}`])
    expect(await itemsOf(made.id)).toEqual([other!.tag])
    expect(await auditOf('kit', made.id)).toMatchObject([{ verb: 'kit:item-removed', details: { itemId: item!.id } }])
    const again = await champion.post(`/kits/${made.id}/items/${item!.id}/remove`)
    expect(again.status).toBe(409)
    expect(again.text).toContain('is not in this kit any more')
  })
})

describe('how a kit stands', () => {
  it('says which kits are complete and here, on the list and on their pages', async () => {
    const ready = await kit(app.db, { ...here(), tag: 'S-READY' })
    const [away, partly] = await Promise.all([
      kit(app.db, { ...here(), tag: 'S-AWAY' }),
      kit(app.db, { ...here(), tag: 'S-PARTLY' }),
    ])
    await loanTo(app.db, { organisationId: app.people.organisationId, items: away.items })
    await loanTo(app.db, { organisationId: app.people.organisationId, items: [partly.items[0]!], dueOn: '2026-08-05' })
    const lost = await lostItem(app.db, here())
    const incomplete = await kit(app.db, {
      ...here(),
      tag: 'S-INCOMPLETE',
      items: [lost, await availableItem(app.db, here())],
    })
    const empty = await kit(app.db, { ...here(), tag: 'S-EMPTY', items: [] })
    const washing = await kit(app.db, { ...here(), tag: 'S-WASH', items: [await itemInTurnaround(app.db, here())] })
    const expected: [{ id: number; tag: string }, string, string][] = [
      [ready, 'Ready to lend', 'All 2 items are available.'],
      [away, 'Out', 'All 2 items are out.'],
      [partly, 'Not ready', '1 of its 2 items is available.'],
      [incomplete, 'Incomplete', '1 of its 2 items is no longer ours.'],
      [empty, 'Empty', 'There is nothing in it yet.'],
      [washing, 'Not ready', 'Its only item is not available.'],
    ]
    const list = await champion.get('/kits')
    for (const [{ id, tag }, state, sentence] of expected) {
      expect(rowOf(list.text, tag)).toContain(state)
      const page = await champion.get(`/kits/${id}`)
      expect(page.text).toContain(sentence)
    }
    const onlyReady = await champion.get('/kits?state=ready')
    expect(onlyReady.text).toContain('S-READY')
    for (const tag of ['S-AWAY', 'S-PARTLY', 'S-INCOMPLETE', 'S-EMPTY', 'S-WASH']) {
      expect(onlyReady.text).not.toContain(`>${tag}<`)
    }
    expect((await champion.get(`/kits/${partly.id}`)).text).toContain('due in 2 days')
    expect((await champion.get(`/kits/${away.id}`)).text).not.toContain('Lend this kit')
  })

  it('goes through every kit once, page by page, and back', async () => {
    const visitor = foreignChampion
    for (let number = 0; number < 60; number += 1) await kit(app.db, { ...there(), tag: `P-${number}`, items: [] })
    const first = await visitor.get('/kits')
    const next = /href="([^"]+)" rel="next"/.exec(plain(first.text))?.[1] ?? ''
    const second = await visitor.get(next)
    const tags = [...tagsIn(first.text), ...tagsIn(second.text)]
    expect(new Set(tags).size).toBe(tags.length)
    expect(tags.filter((tag) => tag.startsWith('P-'))).toHaveLength(60)
    const previous = /href="([^"]+)" rel="prev"/.exec(plain(second.text))?.[1] ?? ''
    expect(tagsIn((await visitor.get(previous)).text)).toEqual(tagsIn(first.text))
  })

  it('says so when none is ready', async () => {
    const nobody = await app.signedInAs(app.people.foreignActors.administrator)
    expect((await nobody.get('/kits?state=ready')).text).toContain('No kit is ready to lend now.')
  })
})

describe('who may see and change kits', () => {
  it("answers 404 to another organisation's kit or item, as to none at all", async () => {
    const made = await kit(app.db, here())
    const foreignItem = await availableItem(app.db, there())
    for (const id of [made.id, 999_999]) {
      expect((await foreignChampion.get(`/kits/${id}`)).status).toBe(404)
      expect((await foreignChampion.get(`/kits/${id}/edit`)).status).toBe(404)
      expect((await foreignChampion.post(`/kits/${id}`, { ...typed(), version: 1 })).status).toBe(404)
      expect((await foreignChampion.post(`/kits/${id}/items`, { code: foreignItem.tag })).status).toBe(404)
      expect((await foreignChampion.post(`/kits/${id}/items/${made.items[0]!.id}/remove`)).status).toBe(404)
    }
    for (const item of [foreignItem.id, 999_999, 'abc']) {
      expect((await champion.post(`/kits/${made.id}/items`, { item })).status).toBe(404)
      expect((await champion.post(`/kits/${made.id}/items/${item}/remove`)).status).toBe(404)
    }
  })

  it('shows ward staff the kits with something in their reach, and of these only that', async () => {
    const { ward, organisationId } = app.people
    const own = await availableItem(app.db, { ...here(), kept_at_ward_id: ward.id })
    const other = await availableItem(app.db, here())
    const placed = await availableItem(app.db, here())
    await placement(app.db, { ward: { id: ward.id, organisation_id: organisationId }, items: [placed] })
    const seen = await kit(app.db, { ...here(), tag: 'SEEN', items: [own, other] })
    const seenToo = await kit(app.db, { ...here(), tag: 'SEEN TOO', items: [placed] })
    const unseen = await kit(app.db, { ...here(), tag: 'UNSEEN' })
    const list = await wardStaff.get('/kits')
    expect(tagsIn(list.text)).toEqual(['SEEN', 'SEEN TOO'])
    expect(list.text).not.toContain('Add a kit')
    const page = await wardStaff.get(`/kits/${seen.id}`)
    expect(page.text).toContain(own.tag)
    expect(page.text).not.toContain(other.tag)
    expect(page.text).toContain('1 more item of this kit is kept elsewhere.')
    for (const text of ['Lend this kit', 'Take out', 'Change details', 'id="code"'])
      expect(page.text).not.toContain(text)
    expect((await wardStaff.get(`/kits/${seenToo.id}`)).status).toBe(200)
    expect((await wardStaff.get(`/kits/${unseen.id}`)).status).toBe(404)
  })

  it.each(['ward-staff', 'care-team', 'information-governance', 'commissioner'] as const)(
    'is nothing for %s to change',
    async (role) => {
      const made = await kit(app.db, here())
      const visitor = await app.signedInAs(role)
      const item = made.items[0]!
      for (const path of ['/kits/new', `/kits/${made.id}/edit`]) expect((await visitor.get(path)).status).toBe(403)
      expect((await visitor.post('/kits', { ...typed(), key: key() })).status).toBe(403)
      expect((await visitor.post(`/kits/${made.id}`, { ...typed(), version: 1 })).status).toBe(403)
      expect((await visitor.post(`/kits/${made.id}/items`, { code: item.tag })).status).toBe(403)
      expect((await visitor.post(`/kits/${made.id}/items/${item.id}/remove`)).status).toBe(403)
      if (role !== 'ward-staff') expect((await visitor.get('/kits')).status).toBe(403)
    },
  )
})

function rowOf(html: string, tag: string): string {
  return html.split('<tr').find((row) => row.includes(`>${tag}<`)) ?? ''
}

function tagsIn(html: string): string[] {
  return [...html.matchAll(/href="\/kits\/\d+">([^<]+)</g)].map((match) => match[1] ?? '')
}

/** With the characters back that Handlebars writes in its own way. */
function plain(html: string): string {
  return html.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')
}
