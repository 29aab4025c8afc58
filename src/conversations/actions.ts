import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { pauseContact } from '../safe-contact/actions.ts'
import { lockServiceUser } from '../service-users/queries.ts'
import { answerWords } from './answer-words-rules.ts'
import { isConcern } from './flag-rules.ts'
import type { Given } from './form.ts'
import { type GivenAnswer, lockConversation, readConversation } from './queries.ts'
import type { Part, Question } from './question-kinds-rules.ts'
import { writeOnRecord } from './record-actions.ts'
import { raiseSuggestions } from './suggestion-actions.ts'

/**
 * Begins a conversation, or goes on with the one that is open: whoever comes second joins in. Gives the person and the
 * conversation.
 */
export async function beginConversation(
  change: Change,
  personId: number,
  { how, held_on }: { how: string; held_on: string },
): Promise<{ personId: number }> {
  const person = await lockPerson(change, personId)
  const { trx, by } = change
  const about = { subject: ['service-user', person.id] as ['service-user', number], serviceUserId: person.id }
  const open = await trx
    .selectFrom('conversations')
    .select('id')
    .where('service_user_id', '=', person.id)
    .where('organisation_id', '=', by.organisationId)
    .where('finished_at', 'is', null)
    .executeTakeFirst()
  if (!open) {
    await trx
      .insertInto('conversations')
      .values({
        ...{ organisation_id: by.organisationId, service_user_id: person.id, how, held_on },
        ...{ began_at: change.now(), began_by: by.staffId },
      })
      .execute()
  }
  change.audit({ verb: open ? 'conversation:joined' : 'conversation:began', ...about })
  return { personId: person.id }
}

/** Which part of which conversation, as somebody saw it at `version`. */
export interface PartSeen {
  personId: number
  conversationId: number
  part: Part
  version: number
}

/**
 * Writes down what was said to the questions of one part. Whoever writes another part is not in the way; of the same part,
 * whoever was slower is told (Stale). Refuses (RuleBroken) a conversation that is finished.
 */
export async function saveAnswers(change: Change, seen: PartSeen, given: readonly Given[]): Promise<void> {
  const { personId, conversationId, part, version } = seen
  const { trx, by } = change
  await lockPerson(change, personId)
  const conversation = await lockConversation(trx, by, personId, conversationId)
  if (!conversation) throw new NotFound()
  if (conversation.finished_at !== null) throw new RuleBroken(IS_FINISHED)
  const written = (await readConversation(trx, by, personId, conversationId))?.given ?? []
  if (versionOfPart(part, written) !== version) throw new Stale()
  const changed = part.questions.flatMap((question) => {
    const before = written.find((one) => one.question === question.id)
    const after = given.find((one) => one.question === question.id)
    return after && isChanged(before, after) ? [{ question, before, after }] : []
  })
  await writeAnswers(change, change.now(), seen, conversation.held_on, changed)
  await writeOnRecord(
    change,
    personId,
    changed.map(({ after }) => after),
  )
  if (changed.some(isUnsafe)) await pauseContact(change, personId)
  await raiseSuggestions(change, personId)
  change.audit({
    verb: 'conversation:answered',
    subject: ['service-user', personId],
    serviceUserId: personId,
    details: {
      part: part.title,
      old: Object.fromEntries(changed.map(({ question, before }) => [question.name, answerWords(question, before)])),
      new: Object.fromEntries(changed.map(({ question, after }) => [question.name, answerWords(question, after)])),
    },
  })
}

export const IS_FINISHED = 'This conversation is finished. To change an answer, begin another one.'

/** Of one part of a conversation: it grows with each answer that is written down. */
export function versionOfPart({ questions }: Part, given: readonly GivenAnswer[]): number {
  return given
    .filter((answer) => questions.some(({ id }) => id === answer.question))
    .reduce((sum, { version }) => sum + version, 0)
}

interface Changed {
  question: Question
  before: GivenAnswer | undefined
  after: Given
}

function isChanged(before: GivenAnswer | undefined, after: Given): boolean {
  if (!before) return after.kind !== 'not-asked'
  const said = ({ kind, chosen, words }: Pick<Given, 'kind' | 'chosen' | 'words'>) =>
    JSON.stringify([kind, chosen, words])
  return said({ ...before, chosen: [...before.chosen] }) !== said(after)
}

/** Somebody may read what we send: until it is confirmed where messages are safe, none goes out. */
function isUnsafe({ question, before, after }: Changed): boolean {
  return question.id === 'messages' && isConcern(question, after.chosen) && !before?.is_concern
}

async function writeAnswers(
  { trx, by }: Change,
  at: Date,
  { personId, conversationId }: PartSeen,
  saidOn: string,
  changed: readonly Changed[],
): Promise<void> {
  if (changed.length === 0) return
  const base = {
    ...{ organisation_id: by.organisationId, service_user_id: personId, conversation_id: conversationId },
    ...{ said_on: saidOn, at, answered_by: by.staffId },
  }
  const rows = changed.map(({ question, after: { kind, chosen, clears } }) => ({
    ...base,
    ...{ question: question.id, kind, chosen, clears },
    is_concern: isConcern(question, chosen),
  }))
  const ids = await trx
    .insertInto('conversation_answers')
    .values(rows)
    .onConflict((conflict) =>
      conflict.columns(['conversation_id', 'question']).doUpdateSet((eb) => ({
        kind: eb.ref('excluded.kind'),
        chosen: eb.ref('excluded.chosen'),
        is_concern: eb.ref('excluded.is_concern'),
        clears: eb.ref('excluded.clears'),
        at: eb.ref('excluded.at'),
        answered_by: eb.ref('excluded.answered_by'),
        version: eb('conversation_answers.version', '+', 1),
      })),
    )
    .returning(['id', 'question'])
    .execute()
  const words = ids.map(({ id, question }) => {
    const after = changed.find((one) => one.question.id === question)?.after
    return { answer_id: id, words: after?.words ?? '', cleared_because: after?.clearedBecause ?? '' }
  })
  await trx
    .insertInto('conversation_answer_words')
    .values(words.map((row) => ({ ...row, organisation_id: by.organisationId })))
    .onConflict((conflict) =>
      conflict.column('answer_id').doUpdateSet((eb) => ({
        words: eb.ref('excluded.words'),
        cleared_because: eb.ref('excluded.cleared_because'),
      })),
    )
    .execute()
}

/** Finishes a conversation: what was said stays as it is, and on the day of the review somebody is reminded to talk again. */
export async function finishConversation(
  change: Change,
  personId: number,
  conversationId: number,
  reviewOn: string,
): Promise<void> {
  await lockPerson(change, personId)
  const { trx, by } = change
  const conversation = await lockConversation(trx, by, personId, conversationId)
  if (!conversation) throw new NotFound()
  if (conversation.finished_at !== null) throw new RuleBroken('This conversation is finished already.')
  const now = change.now()
  await trx
    .updateTable('conversations')
    .set({ reviewed_at: now })
    .where('service_user_id', '=', personId)
    .where('organisation_id', '=', by.organisationId)
    .where('finished_at', 'is not', null)
    .where('reviewed_at', 'is', null)
    .execute()
  await trx
    .updateTable('conversations')
    .set({ finished_at: now, finished_by: by.staffId, review_on: reviewOn })
    .where('id', '=', conversationId)
    .execute()
  change.audit({
    verb: 'conversation:finished',
    subject: ['service-user', personId],
    serviceUserId: personId,
    details: { new: { 'To talk again on': reviewOn } },
  })
}

async function lockPerson({ trx, by }: Change, id: number) {
  const person = await lockServiceUser(trx, by, id)
  if (!person) throw new NotFound()
  return person
}
