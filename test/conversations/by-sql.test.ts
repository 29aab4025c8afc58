import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { conversation, serviceUser, suggest } from '../../seeds/factories.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql

beforeAll(async () => {
  sql = await startBySql()
})
afterAll(() => sql.close())

const someone = () => serviceUser(sql.db, { organisation_id: sql.organisationId })
const change = (id: number, row: object) =>
  verdict(sql.db.updateTable('conversation_answers').set(row).where('conversation_id', '=', id).execute())
const changeTalk = (id: number, row: object) =>
  verdict(sql.db.updateTable('conversations').set(row).where('id', '=', id).execute())

/** One answer put there by hand, as another was. */
async function add(conversationId: number, more: object) {
  const { id: _, ...row } = await sql.db
    .selectFrom('conversation_answers')
    .selectAll()
    .where('conversation_id', '=', conversationId)
    .executeTakeFirstOrThrow()
  return verdict(
    sql.db
      .insertInto('conversation_answers')
      .values({ ...row, ...more })
      .execute(),
  )
}

describe('what was said, by plain SQL', () => {
  it('is one answer to a question of a conversation, and goes nowhere', async () => {
    const id = await conversation(sql.db, { person: await someone(), answers: { device: 'none' } })
    expect(await add(id, {})).toBe('23505 one_answer_to_a_question_in_a_conversation')
    expect(await add(id, { question: 'interest', kind: 'not-asked' })).toBe('23514 only_an_answer_says_something')
    expect(await add(id, { question: 'interest', said_on: '2026-07-02' })).toMatch(/^23503/)
    expect(await add(id, { question: 'interest' })).toBe('accepted')
    expect(await verdict(sql.db.deleteFrom('conversation_answers').execute())).toMatch(/^42501/)
  })

  it('stays as it is once the conversation is finished, but for going along with a merge', async () => {
    const [person, other] = [await someone(), await someone()]
    const id = await conversation(sql.db, { person, reviewOn: '2027-01-04', answers: { device: 'none' } })
    expect(await change(id, { chosen: ['own'] })).toBe('23514 conversation_stays')
    expect(await add(id, { question: 'interest' })).toBe('23514 conversation_stays')
    expect(await changeTalk(id, { review_on: '2028-01-04' })).toBe('23514 conversation_stays')
    expect(await changeTalk(id, { finished_at: null, finished_by: null, review_on: null })).toBe(
      '23514 conversation_stays',
    )
    expect(await change(id, { service_user_id: other.id })).toBe('accepted')
    expect(await changeTalk(id, { service_user_id: other.id })).toBe('accepted')
    expect(await changeTalk(id, { reviewed_at: new Date() })).toBe('accepted')
    expect(await changeTalk(id, { reviewed_at: null })).toBe('23514 conversation_stays')
  })

  it('is talked about again on a later day', async () => {
    const id = await conversation(sql.db, { person: await someone(), answers: {} })
    const finished = { finished_at: new Date(), finished_by: 1 }
    expect(await changeTalk(id, { ...finished, review_on: '2026-07-01' })).toBe('23514 review_comes_after_conversation')
    expect(await changeTalk(id, finished)).toBe('23514 finished_conversation_is_reviewed_one_day')
    expect(await changeTalk(id, { reviewed_at: new Date() })).toBe('23514 only_a_finished_conversation_is_reviewed')
  })

  it('is a concern until somebody clears it', async () => {
    const id = await conversation(sql.db, { person: await someone(), answers: { messages: 'not-alone' } })
    const gone = { chosen: ['alone'], is_concern: false }
    expect(await change(id, gone)).toBe('23514 concern_is_cleared_by_name')
    expect(await change(id, { kind: 'not-asked', chosen: [], is_concern: false })).toBe(
      '23514 concern_is_cleared_by_name',
    )
    expect(await change(id, { ...gone, is_concern: true, clears: true })).toBe(
      '23514 nothing_is_a_concern_and_clears_it',
    )
    expect(await change(id, { ...gone, clears: true })).toBe('accepted')
  })
})

describe('a suggestion, by plain SQL', () => {
  it('is decided by somebody, and put off until a day', async () => {
    const person = await someone()
    await conversation(sql.db, { person, answers: { device: 'none' } })
    await suggest(sql.db, person, new Date('2026-07-01'))
    const set = (row: object) =>
      verdict(sql.db.updateTable('suggestions').set(row).where('service_user_id', '=', person.id).execute())
    const { began_by } = await sql.db
      .selectFrom('conversations')
      .select('began_by')
      .where('service_user_id', '=', person.id)
      .executeTakeFirstOrThrow()
    const by = { decided_at: new Date('2026-07-02'), decided_by: began_by }
    expect(await set({ decision: 'done' })).toBe('23514 suggestion_is_decided_by_somebody')
    expect(await set({ ...by, decision: 'deferred' })).toBe('23514 what_is_deferred_comes_back')
    expect(await set({ ...by, decision: 'done', until: '2026-08-01' })).toBe('23514 what_is_deferred_comes_back')
    expect(await set({ ...by, decision: 'refused' })).toBe('23514 suggestion_decision_word')
    expect(await set({ ...by, decision: 'deferred', until: '2026-08-01' })).toBe('accepted')
  })
})
