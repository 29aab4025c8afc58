import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { addWeeks, londonToday } from '../lib/dates.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { lockServiceUser } from '../service-users/queries.ts'
import { newestAnswers } from './answer-queries.ts'
import { type Answer, flagsOf } from './flag-rules.ts'
import { type Step, steps } from './step-rules.ts'
import { type Decision, decisionWords, suggestedBy, type Wanted, WEEKS_LATER } from './suggestion-rules.ts'

/**
 * Brings what is suggested for a person in line with what they said: what is new is raised, what their answers ask for no more
 * is withdrawn, and what was decided stays while nothing has changed. The person has to be locked.
 */
export async function raiseSuggestions(change: Change, personId: number): Promise<void> {
  const { trx, by } = change
  const { rows: answers } = await newestAnswers(sql`${personId}`, by.organisationId).execute(trx)
  const wanted = suggestedBy(flagsOf(answers as Answer[]))
  const standing = await trx
    .selectFrom('suggestions')
    .select(['id', 'factor', 'step', 'because'])
    .where('service_user_id', '=', personId)
    .where('organisation_id', '=', by.organisationId)
    .where('withdrawn_at', 'is', null)
    .execute()
  const key = ({ factor, step, because }: Pick<Wanted, 'because'> & { factor: string; step: string }) =>
    `${factor} ${step} ${because}`
  const wantedKeys = new Set(wanted.map(key))
  const standingKeys = new Set(standing.map(key))
  const over = standing.filter((one) => !wantedKeys.has(key(one))).map(({ id }) => id)
  const now = change.now()
  if (over.length > 0) {
    await trx
      .updateTable('suggestions')
      .set({ withdrawn_at: now })
      .where(sql<boolean>`id = any(${over}::bigint[])`)
      .execute()
  }
  const fresh = wanted.filter((one) => !standingKeys.has(key(one)))
  if (fresh.length === 0) return
  await trx
    .insertInto('suggestions')
    .values(
      fresh.map((one) => ({
        ...one,
        ...{ organisation_id: by.organisationId, service_user_id: personId, raised_at: now },
      })),
    )
    .execute()
}

/** Which step for which person, and the newest of its rows as somebody saw it. */
export interface SuggestionSeen {
  personId: number
  step: Step
  version: number
}

/**
 * Somebody says what became of a step that was suggested, for whatever reason it was: it is done, it waits for four weeks, or
 * the person does not want it. Refuses (Stale) one that the answers ask for no more, or for another reason as well.
 */
export async function decideSuggestion(change: Change, seen: SuggestionSeen, decision: Decision): Promise<void> {
  const { trx, by } = change
  const person = await lockServiceUser(trx, by, seen.personId)
  if (!person) throw new NotFound()
  const standing = await trx
    .selectFrom('suggestions')
    .select(['id', 'factor', 'decision'])
    .where('service_user_id', '=', person.id)
    .where('organisation_id', '=', by.organisationId)
    .where('step', '=', seen.step)
    .where('withdrawn_at', 'is', null)
    .orderBy('id')
    .execute()
  const newest = standing.at(-1)
  if (newest?.id !== seen.version) throw new Stale('What they said has changed since you opened this page.')
  const now = change.now()
  const until = decision === 'deferred' ? addWeeks(londonToday(now), WEEKS_LATER) : null
  await trx
    .updateTable('suggestions')
    .set({ decision, decided_at: now, decided_by: by.staffId, until })
    .where(sql<boolean>`id = any(${standing.map(({ id }) => id)}::bigint[])`)
    .execute()
  const what = steps[seen.step].text
  change.audit({
    verb: 'conversation:suggestion-decided',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
    details: {
      old: { [what]: newest.decision === null ? '' : decisionWords[newest.decision as Decision].text },
      new: { [what]: decisionWords[decision].text },
    },
  })
}
