import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  loanTo,
  missingFromTheShelf,
  organisation,
  staffMember,
  stolenOnLoan,
} from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let by: BySql
let elsewhere: { organisation_id: number; staffId: number }

beforeAll(async () => {
  by = await startBySql()
  const { id: organisation_id } = await organisation(by.db)
  elsewhere = { organisation_id, staffId: (await staffMember(by.db, { organisation_id })).id }
})
afterAll(() => by.close())

const reported = '2026-08-03 09:30+00'
const later = '2026-08-04 09:30+00'

interface NewIncident {
  kind?: string
  organisationId?: number
  more?: Record<string, unknown>
}

async function addIncident({ kind = 'lost', organisationId = by.organisationId, more = {} }: NewIncident = {}) {
  const columns = {
    organisation_id: organisationId,
    kind,
    reported_at: reported,
    reported_by: organisationId === by.organisationId ? by.champion.id : elsewhere.staffId,
    ...more,
  }
  return insert('incidents', columns)
}

async function insert(table: string, columns: Record<string, unknown>): Promise<number> {
  const names = Object.keys(columns)
  const places = names.map((_, at) => `$${at + 1}`)
  const [row] = await by.run(
    `insert into ${table} (${names.join(', ')}) values (${places.join(', ')}) returning *`,
    Object.values(columns),
  )
  return Number(row?.id)
}

function addItem(incidentId: number, itemId: number, more: Record<string, unknown> = {}) {
  const columns = {
    organisation_id: by.organisationId,
    incident_id: incidentId,
    kind: 'lost',
    item_id: itemId,
    ...more,
  }
  return insert('incident_items', columns)
}

function addTask(incidentId: number, more: Record<string, unknown> = {}) {
  return insert('incident_tasks', {
    organisation_id: by.organisationId,
    incident_id: incidentId,
    task: 'lock',
    due_at: later,
    owned_by: by.champion.id,
    ...more,
  })
}

const leave = (itemId: number, as: string | null) =>
  by.run('update items set left_at = $2, left_as = $3 where id = $1', [itemId, as === null ? null : reported, as])

async function goneItem(as = 'lost'): Promise<number> {
  const { id } = await availableItem(by.db, { organisation_id: by.organisationId })
  await leave(id, as)
  return id
}

describe('a loss, by SQL alone', () => {
  it('is open once an item, however it is reported', async () => {
    const itemId = await goneItem()
    await addItem(await addIncident(), itemId)
    expect(await verdict(addItem(await addIncident(), itemId))).toBe('23505 one_open_loss_an_item')
  })

  it('is not made by two at the same moment', async () => {
    const itemId = await goneItem()
    const ids = await Promise.all([addIncident(), addIncident(), addIncident()])
    const verdicts = await Promise.all(ids.map((id) => verdict(addItem(id, itemId))))
    expect(verdicts.sort()).toEqual(['23505 one_open_loss_an_item', '23505 one_open_loss_an_item', 'accepted'])
  })

  it('is of something that has left the stock as that, and of nothing else', async () => {
    const { id } = await availableItem(by.db, { organisation_id: by.organisationId })
    const notGone = '23514 loss_agrees_with_the_stock'
    expect(await verdict(addItem(await addIncident(), id))).toBe(notGone)
    expect(await verdict(addItem(await addIncident(), await goneItem('stolen')))).toBe(notGone)
  })

  it('keeps the item out of the stock until it is found', async () => {
    const itemId = await goneItem()
    const incidentId = await addIncident()
    await addItem(incidentId, itemId)
    const lost = '23514 what_is_lost_stays_gone'
    expect(await verdict(leave(itemId, null))).toBe(lost)
    expect(await verdict(leave(itemId, 'damaged'))).toBe(lost)
    expect(await verdict(by.run('delete from incident_items where item_id = $1', [itemId]))).toMatch(/^42501/)
    const find = (at: string | null, who: number | null = by.champion.id) =>
      verdict(
        by.run('update incident_items set found_at = $2, found_by = $3 where item_id = $1', [
          itemId,
          at,
          at === null ? null : who,
        ]),
      )
    expect(await find(later, null)).toMatch(/^23514/)
    expect(await find(later, elsewhere.staffId)).toMatch(/^23503/)
    expect(await find(later)).toBe('accepted')
    expect(await verdict(leave(itemId, null))).toBe('accepted')
    expect(await find(null)).toBe('23514 what_is_found_stays_found')
    expect(await find(reported)).toBe('23514 what_is_found_stays_found')
    await leave(itemId, 'lost')
    expect(await verdict(addItem(await addIncident(), itemId))).toBe('accepted')
  })

  it('alone is found again', async () => {
    const broken = await addIncident({ kind: 'damaged' })
    const found = { kind: 'damaged', found_at: later, found_by: by.champion.id }
    expect(await verdict(addItem(broken, await by.item(), found))).toBe('23514 only_what_is_gone_is_found')
    const unsaid = addItem(await addIncident({ kind: 'found' }), await by.item(), { kind: 'found' })
    expect(await verdict(unsaid)).toBe('23514 what_is_found_says_when')
  })

  it('is of the same kind as its incident, and stays about the same item', async () => {
    const itemId = await goneItem()
    const incidentId = await addIncident()
    expect(await verdict(addItem(incidentId, await by.item(), { kind: 'damaged' }))).toMatch(/^23503/)
    await addItem(incidentId, itemId)
    expect(await verdict(by.run("update incidents set kind = 'stolen' where id = $1", [incidentId]))).toMatch(/^23503/)
    const other = by.run('update incident_items set item_id = $2 where item_id = $1', [itemId, await goneItem()])
    expect(await verdict(other)).toBe('23514 incident_item_stays_itself')
  })
})

describe('an incident, by SQL alone', () => {
  it.each<[string, NewIncident, RegExp]>([
    ['of a kind there is not', { kind: 'sold' }, /^23514/],
    ['that happened after it was reported', { more: { happened_on: '2026-08-04' } }, /^23514 incident_happened_before/],
    ['at no time there is', { more: { reported_at: 'infinity' } }, /^23514/],
    ['with a crime reference for damage', { kind: 'damaged', more: { crime_reference: 'CAD 1' } }, /^23514 only_what/],
  ])('cannot be one %s', async (_what, incident, refusal) => {
    expect(await verdict(addIncident(incident))).toMatch(refusal)
  })

  it('may have happened on the day it was reported, as that day is in London', async () => {
    const justAfterMidnight = { reported_at: '2026-08-02 23:30+00', happened_on: '2026-08-03' }
    expect(await verdict(addIncident({ more: justAfterMidnight }))).toBe('accepted')
  })

  it('joins no two organisations', async () => {
    const { id: loanId } = await loanTo(by.db, { organisationId: elsewhere.organisation_id })
    const ours = await addIncident({ kind: 'damaged' })
    const theirs = await addIncident({ kind: 'damaged', organisationId: elsewhere.organisation_id })
    const { id: theirItem } = await availableItem(by.db, { organisation_id: elsewhere.organisation_id })
    const damaged = { kind: 'damaged' }
    for (const crossed of [
      () => addIncident({ more: { loan_id: loanId } }),
      () => addIncident({ more: { replacement_loan_id: loanId } }),
      () => addIncident({ more: { reported_by: elsewhere.staffId } }),
      async () => addItem(theirs, await by.item(), damaged),
      () => addItem(ours, theirItem, damaged),
      () => addTask(theirs),
      () => addTask(ours, { owned_by: elsewhere.staffId }),
      () => addTask(ours, { done_at: later, done_by: elsewhere.staffId }),
      () => addTask(ours, { item_id: theirItem }),
    ]) {
      expect(await verdict(crossed())).toMatch(/^23503/)
    }
  })

  it('tells who had each thing by a line of that thing, in that loan', async () => {
    const loan = await loanTo(by.db, { organisationId: by.organisationId })
    const other = await loanTo(by.db, { organisationId: by.organisationId })
    const [line, charger] = loan.lines
    const incidentId = await addIncident({ kind: 'repairable', more: { loan_id: loan.id } })
    const put = (itemId: number, lineId: number) =>
      verdict(addItem(incidentId, itemId, { kind: 'repairable', loan_line_id: lineId }))
    expect(await put(line!.item_id, charger!.id)).toBe('23514 incident_item_fits_its_lines')
    expect(await put(other.lines[0]!.item_id, other.lines[0]!.id)).toBe('23514 incident_item_fits_its_lines')
    expect(await put(line!.item_id, line!.id)).toBe('accepted')
  })

  it('is not replaced by the loan it happened in', async () => {
    const { id } = await loanTo(by.db, { organisationId: by.organisationId })
    const itself = addIncident({ more: { loan_id: id, replacement_loan_id: id } })
    expect(await verdict(itself)).toBe('23514 replacement_is_another_loan')
  })

  it('is never taken away, nor anything of it', async () => {
    for (const table of ['incidents', 'incident_items', 'incident_tasks']) {
      expect(await verdict(by.run(`delete from ${table}`))).toMatch(/^42501/)
      expect(await verdict(by.run(`truncate ${table} cascade`))).toMatch(/^42501/)
    }
  })
})

describe('a task, by SQL alone', () => {
  it('says who did it, and nothing about how before it is done', async () => {
    const { tasks } = await stolenOnLoan(by.db, { organisationId: by.organisationId })
    const set = (columns: string) => verdict(by.run(`update incident_tasks set ${columns} where id = ${tasks[0]!.id}`))
    expect(await set(`done_at = '${later}'`)).toBe('23514 done_says_by_whom')
    expect(await set(`done_by = ${by.champion.id}`)).toBe('23514 done_says_by_whom')
    expect(await set("note = 'It was easy'")).toBe('23514 only_what_is_done_has_a_note')
    expect(await set(`done_at = '${later}', done_by = ${by.champion.id}, note = 'It was easy'`)).toBe('accepted')
  })

  it('stays done by whoever did it, until it is taken back as a whole', async () => {
    const { tasks, reported_by } = await missingFromTheShelf(by.db, { item: await onOurShelf() })
    const set = (columns: string) => verdict(by.run(`update incident_tasks set ${columns} where id = ${tasks[0]!.id}`))
    await set(`done_at = '${later}', done_by = ${reported_by}`)
    const whose = '23514 done_stays_whose_it_is'
    expect(await set(`done_by = ${by.champion.id}`)).toBe(whose)
    expect(await set("done_at = '2026-08-05 09:00+00'")).toBe(whose)
    expect(await set("note = 'And I helped'")).toBe(whose)
    expect(await set(`dropped_at = '${later}'`)).toBe('23514 what_is_done_is_not_dropped')
    expect(await set('done_at = null, done_by = null')).toBe('accepted')
  })

  it('stays the task it was, due when it was, and there is one of each', async () => {
    const { id, tasks } = await missingFromTheShelf(by.db, { item: await onOurShelf() })
    const other = await addIncident()
    const set = (columns: string) => verdict(by.run(`update incident_tasks set ${columns} where id = ${tasks[0]!.id}`))
    const itself = '23514 incident_task_stays_itself'
    expect(await set("due_at = '2027-01-01'")).toBe(itself)
    expect(await set(`incident_id = ${other}`)).toBe(itself)
    expect(await set("task = 'search'")).toBe(itself)
    expect(await verdict(addTask(other))).toBe('accepted')
    expect(await verdict(addTask(other))).toBe('23505 one_task_of_a_kind')
    expect(await verdict(addTask(id, { task: 'lock', item_id: await by.item() }))).toMatch(/^23503/)
    expect(await verdict(addTask(other, { task: 'Lock it' }))).toMatch(/^23514/)
    expect(await verdict(addTask(other, { task: 'search', due_at: 'infinity' }))).toMatch(/^23514/)
  })
})

function onOurShelf() {
  return availableItem(by.db, { organisation_id: by.organisationId })
}
