import { type RawBuilder, sql } from 'kysely'
import type { Answer } from './flag-rules.ts'

/** An answer with what there is to say about it. */
export interface ToldAnswer extends Answer {
  words: string
  /** Who wrote it down. */
  staff_member: string
}

/**
 * The answers that can count of one person: of each question the newest, and of one about safety also the newest that raises or
 * clears a concern. Each is the first of its run of the index conversation_answers_newest; no other row is looked at twice.
 */
export function newestAnswers(person: RawBuilder<unknown>, organisationId: number) {
  return sql`
    select answer.id, answer.conversation_id, answer.question, answer.chosen, answer.said_on, answer.is_concern,
           answer.clears, coalesce(said.words, '') as words, staff.name as staff_member
    from (
      select distinct on (question, (is_concern or clears)) *
      from conversation_answers
      where service_user_id = ${person} and organisation_id = ${organisationId} and kind = 'answered'
      order by question, (is_concern or clears), said_on desc, id desc
    ) answer
    join staff on staff.id = answer.answered_by
    left join conversation_answer_words said on said.answer_id = answer.id`
}

/** The same as one column, of the person whose id stands in another. */
export function newestAnswersOf(person: string): RawBuilder<Answer[]> {
  return sql<Answer[]>`(
    select coalesce(json_agg(answer), '[]') from (
      select distinct on (question, (is_concern or clears))
             id, conversation_id, question, chosen, said_on, is_concern, clears
      from conversation_answers
      where service_user_id = ${sql.ref(person)} and kind = 'answered'
      order by question, (is_concern or clears), said_on desc, id desc
    ) answer
  )`
}
