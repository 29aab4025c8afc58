import { sql } from 'kysely'
import { newestAnswers } from '../../src/conversations/answer-queries.ts'
import { type Answer, flagsOf, isConcern } from '../../src/conversations/flag-rules.ts'
import { questionNamed } from '../../src/conversations/question-rules.ts'
import { suggestedBy } from '../../src/conversations/suggestion-rules.ts'
import type { Database } from '../../src/database/connection.ts'
import { insertAll, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

export interface HeldConversation {
  person: { id: number; organisation_id: number }
  /** Who held it; made where nobody is named. */
  by?: { id: number }
  heldOn?: string
  how?: string
  /** The day to talk again; none: it is not finished. */
  reviewOn?: string
  /** Somebody talked to them again since. */
  isReviewed?: boolean
  /** What they chose, by question; of a question in words, the words. */
  answers: Record<string, string | string[]>
}

/** A conversation with somebody. What it suggests is written by {@link suggest}. Gives its id. */
export async function conversation(db: Database, held: HeldConversation): Promise<number> {
  const { person, heldOn = '2026-07-01', how = 'phone', reviewOn, answers } = held
  const organisation_id = person.organisation_id
  const by = (held.by ?? (await staffMember(db, { organisation_id }))).id
  const at = `${heldOn}T10:00:00Z`
  const { id } = await insertOne(db, 'conversations', {
    ...{ organisation_id, service_user_id: person.id, how, held_on: heldOn, began_at: at, began_by: by },
    reviewed_at: null,
  })
  const rows = Object.entries(answers).map(([question, said]) => {
    const asked = questionNamed(question)
    const chosen = asked?.kind === 'words' ? [] : [said].flat()
    return {
      ...{ organisation_id, service_user_id: person.id, conversation_id: id, said_on: heldOn, question, chosen },
      ...{ kind: 'answered', is_concern: asked !== undefined && isConcern(asked, chosen), clears: false, version: 1 },
      ...{ at, answered_by: by },
    }
  })
  const made = await insertAll(db, 'conversation_answers', rows)
  const words = made.flatMap((answer) => {
    const said = answers[answer.question]
    return questionNamed(answer.question)?.kind === 'words' && typeof said === 'string'
      ? [{ answer_id: answer.id, organisation_id, words: said, cleared_because: '' }]
      : []
  })
  await insertAll(db, 'conversation_answer_words', words)
  if (reviewOn !== undefined) {
    const finished = { finished_at: at, finished_by: by, review_on: reviewOn, reviewed_at: held.isReviewed ? at : null }
    await db.updateTable('conversations').set(finished).where('id', '=', id).execute()
  }
  return id
}

/** Writes down what somebody’s answers suggest, as saving them does. */
export async function suggest(db: Database, person: HeldConversation['person'], at: Date | string): Promise<void> {
  const { rows } = await newestAnswers(sql`${person.id}`, person.organisation_id).execute(db)
  const wanted = suggestedBy(flagsOf(rows as Answer[])).map((one) => ({
    ...one,
    ...{ organisation_id: person.organisation_id, service_user_id: person.id, raised_at: at },
  }))
  await insertAll(db, 'suggestions', wanted)
}
