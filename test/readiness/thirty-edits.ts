import { expect } from '@jest/globals'
import fc from 'fast-check'
import type { ReadinessFacts } from '../../src/readiness/facts-rules.ts'
import { readinessFacts } from '../../src/readiness/queries.ts'
import { type ReadinessState, readinessOf } from '../../src/readiness/rules.ts'
import type { TestApp } from '../support/app.ts'
import { plainText } from '../support/html.ts'
import { anyEdit, brokenBy, type Scene, sendEdit, setScene, type Visitors } from './edits.ts'

const rank: Record<ReadinessState, number> = { 'too-late': 0, 'ask-first': 0, 'in-time': 1, ready: 2 }
/** What is met only where somebody said so: of people whom nobody asked it is to be asked, whatever else was done. */
const onlyAsked = ['data', 'private-place', 'needs', 'access', 'journey']
const expected = new Set([200, 303, 404, 409, 422])

/** Thirty edits in the same moment, by champion, care team and ward: then everything that readiness promises is looked at. */
export async function thirtyEdits(app: TestApp, visitors: Visitors, runs: number): Promise<void> {
  let round = 0
  const edits = fc.array(anyEdit, { minLength: 30, maxLength: 30 })
  await fc.assert(
    fc.asyncProperty(edits, async (all) => {
      round += 1
      const scene = await setScene(app, round)
      const answers = await Promise.all(all.map((edit) => sendEdit(app, visitors, scene, edit)))
      expect(answers.filter(({ status }) => !expected.has(status))).toEqual([])
      expect(answers.some(({ status }) => status === 303)).toBe(true)
      expect(await brokenBy(app)).toEqual([])
      await lookAt(app, visitors, scene)
    }),
    // made smaller, thirty at once are others: what came of them is not what failed
    { numRuns: runs, endOnFailure: true },
  )
}

async function lookAt(app: TestApp, visitors: Visitors, { people }: Scene): Promise<void> {
  const open = await app.db
    .selectFrom('appointments')
    .selectAll()
    .where(
      'service_user_id',
      'in',
      people.map(({ id }) => id),
    )
    .where('cancelled_at', 'is', null)
    .execute()
  const ids = open.map(({ id }) => id)
  const facts = await readinessFacts(app.db, app.people.actors.champion, ids, app.clock())
  const toCare = await readinessFacts(app.db, app.people.actors['care-team'], ids, app.clock())
  for (const one of open) {
    const known = facts.get(one.id)!
    // both are told the same, of the time and the way as they are now: it is worked out anew
    expect(toCare.get(one.id)).toEqual(known)
    expect([new Date(known.starts_at), known.way]).toEqual([new Date(one.starts_at), one.way])
    await neverHides(visitors, one, known, app.clock())
    neverMetUnasked(known, app.clock())
    losesNothing(known, app.clock())
  }
}

/** Whatever its readiness is, its page is there for both, with its time and a word for how ready it is. */
async function neverHides({ champion, care }: Visitors, { id }: { id: number }, facts: ReadinessFacts, now: Date) {
  for (const visitor of [champion, care]) {
    const page = await visitor.get(`/appointments/${id}`)
    expect(page.status).toBe(200)
    expect(plainText(page.text)).toContain('Is it ready?')
    expect((await visitor.get(`/service-users/${facts.service_user_id}/appointments`)).text).toContain(
      `/appointments/${id}"`,
    )
  }
  expect(readinessOf(facts, now).lines.length).toBeGreaterThan(0)
}

function neverMetUnasked(facts: ReadinessFacts, now: Date): void {
  if (facts.said.length > 0) return
  const isBooked = facts.booked.length > 0 || facts.has_adaptations
  for (const { requirement, status } of readinessOf(facts, now).lines) {
    if (onlyAsked.includes(requirement.id) && !isBooked) expect([requirement.id, status]).not.toContain('met')
  }
}

/** One thing less at a time, of what the edits gave. */
function losesNothing(facts: ReadinessFacts, now: Date): void {
  const before = rank[readinessOf(facts, now).state]
  const less: Partial<ReadinessFacts>[] = [
    { has_link: false },
    { back_up: null },
    { has_call_back: false },
    ...(['things', 'booked', 'training_planned', 'trained'] as const).flatMap((list) =>
      (facts[list] as unknown[]).map((one) => ({
        [list]: (facts[list] as unknown[]).filter((other) => other !== one),
      })),
    ),
    { trials: facts.trials.filter(({ outcome }) => outcome === 'not-passed') },
  ]
  for (const change of less) expect(rank[readinessOf({ ...facts, ...change }, now).state]).toBeLessThanOrEqual(before)
}
