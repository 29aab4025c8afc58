import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import {
  contactAddress,
  contactAnswer,
  contactTask,
  privateNote,
  serviceUser,
  supporter,
} from '../../seeds/factories.ts'
import { mergeRecords, undoMerge } from '../../src/service-users/merge-actions.ts'
import { fingerprint } from '../../src/service-users/merge-rules.ts'
import { findRecord } from '../../src/service-users/section-queries.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const tables = [
  'contact_answers',
  'contact_address_answers',
  'contact_pauses',
  'contact_risks',
  'contact_tasks',
] as const

const someone = () => serviceUser(app.db, { organisation_id: app.people.organisationId, phone: '07700 900 111' })
const countOf = async (id: number) => {
  const rows = tables.map((table) =>
    app.db.selectFrom(table).select('id').where('service_user_id', '=', id).orderBy('id').execute(),
  )
  return (await Promise.all(rows)).map((found) => found.map((row) => row.id))
}
const factsOf = async (id: number) => (await findRecord(app.db, app.people.actors.champion, id))!.contact

async function seenOf(keptId: number, mergedId: number): Promise<number> {
  const { champion } = app.people.actors
  const [kept, merged] = [await findRecord(app.db, champion, keptId), await findRecord(app.db, champion, mergedId)]
  return fingerprint(kept!, merged!)
}

/** What PostgreSQL has against an email to the one address of these people, whoever asks. */
async function refusalOf(id: number): Promise<string | null> {
  const { rows } = await sql<{ refusal: string | null }>`
    select contact_refusal(${id}, null, 'email', '07700 900111', 'appointment') as refusal`.execute(app.db)
  return rows[0]?.refusal ?? null
}

describe('What was said about contact', () => {
  it('goes along when two records become one, the newest counts, and all of it comes back', async () => {
    const [kept, other] = [await someone(), await someone()]
    const sal = await supporter(app.db, { of: other })
    await contactAnswer(app.db, { person: kept, channel: 'email' })
    await contactAnswer(app.db, { person: other, channel: 'email', answer: 'not-allowed' })
    await contactAnswer(app.db, { person: other, channel: 'email', supporter_id: sal.id })
    await contactAddress(app.db, { person: other, address: '07700 900111', isSafe: false })
    await privateNote(app.db, { person: other })
    await contactTask(app.db, { person: other })
    const before = [await countOf(kept.id), await countOf(other.id), await factsOf(kept.id), await factsOf(other.id)]

    const asked = {
      keptId: kept.id,
      mergedId: other.id,
      seen: await seenOf(kept.id, other.id),
      chosen: new Set<string>(),
    }
    const mergeId = await app.changeAs('champion', (change) => mergeRecords(change, asked))
    const merged = await factsOf(kept.id)
    expect(merged.answers).toContainEqual(expect.objectContaining({ supporter_id: null, answer: 'not-allowed' }))
    expect(merged.pause_id).not.toBeNull()
    expect(merged.address_answers).toMatchObject([{ key: '07700900111', is_safe: false }])
    expect((await countOf(other.id)).flat()).toEqual([])

    // written by somebody who had the page of the other record open still
    await contactAnswer(app.db, { person: other, channel: 'post', answer: 'not-allowed' })
    expect((await factsOf(kept.id)).answers.map(({ channel }) => channel)).toContain('post')

    await app.changeAs('champion', (change) => undoMerge(change, mergeId))
    const [keptRows, otherRows] = [await countOf(kept.id), await countOf(other.id)]
    expect(otherRows).toEqual(before[1])
    expect(keptRows.slice(1)).toEqual((before[0] as number[][]).slice(1))
    expect(await factsOf(other.id)).toEqual(before[3])
  })

  it('stays a no when the other record has a newer yes, until it is asked again', async () => {
    const [kept, other] = [await someone(), await someone()]
    const channel = 'email'
    await contactAnswer(app.db, { person: kept, channel, answer: 'not-allowed' })
    await contactAddress(app.db, { person: kept, address: '07700 900111', isSafe: false })
    await contactAnswer(app.db, { person: other, channel })
    await contactAddress(app.db, { person: other, address: '07700 900111', isSafe: true })
    const seen = await seenOf(kept.id, other.id)
    const asked = { keptId: kept.id, mergedId: other.id, seen, chosen: new Set<string>() }
    await app.changeAs('champion', (change) => mergeRecords(change, asked))
    const merged = await factsOf(kept.id)
    expect(merged.answers).toMatchObject([{ channel, answer: 'not-allowed' }])
    expect(merged.address_answers).toMatchObject([{ is_safe: false }])
    expect(await refusalOf(kept.id)).toBe('not-allowed')

    const at = new Date(app.clock().getTime() + 60_000)
    await contactAnswer(app.db, { person: kept, channel, at })
    await contactAddress(app.db, { person: kept, address: '07700 900111', isSafe: true, at })
    const again = await factsOf(kept.id)
    expect(again.answers).toMatchObject([{ channel, answer: 'allowed' }])
    expect(again.address_answers).toMatchObject([{ is_safe: true }])
    expect(await refusalOf(kept.id)).toBeNull()
  })
})
