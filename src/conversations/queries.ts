import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import type { Actor, Scope } from '../lib/actor.ts'
import { newestAnswers, type ToldAnswer } from './answer-queries.ts'
import type { Answer } from './flag-rules.ts'

/** A conversation that was held, or is being held. */
export interface Conversation {
  id: number
  how: string
  held_on: string
  began_at: string
  finished_at: string | null
  review_on: string | null
  staff_member: string
}

/** What stands in one conversation, whether it was answered or not. */
export interface GivenAnswer extends ToldAnswer {
  kind: 'answered' | 'prefer-not' | 'not-asked'
  cleared_because: string
  version: number
  at: string
}

export interface Suggestion {
  id: number
  factor: string
  step: string
  level: string
  because: string
  decision: 'done' | 'deferred' | 'declined' | null
  decided_at: string | null
  until: string | null
  staff_member: string | null
}

export interface Talk {
  newest: ToldAnswer[]
  /** The first answer to each question about what somebody can do. */
  first: Answer[]
  conversations: Conversation[]
  /** Of the conversation that is open, where there is one. */
  given: GivenAnswer[]
  suggestions: Suggestion[]
}

const MOST_CONVERSATIONS = 30

const conversationColumns = sql`
  conversation.id, conversation.how, conversation.held_on, conversation.began_at, conversation.finished_at,
  conversation.review_on, staff.name as staff_member`

const givenColumns = sql`
  answer.id, answer.conversation_id, answer.question, answer.kind, answer.chosen, answer.said_on, answer.is_concern,
  answer.clears, answer.version, answer.at, coalesce(said.words, '') as words,
  coalesce(said.cleared_because, '') as cleared_because, staff.name as staff_member`

const givenTables = sql`
  conversation_answers answer
  join staff on staff.id = answer.answered_by
  left join conversation_answer_words said on said.answer_id = answer.id`

/** Everything that was said in the conversations with one person, whose record is in reach. The newest conversation first. */
export async function readTalk(db: Database, { organisationId }: Scope, id: number): Promise<Talk> {
  const question = asLists<Talk>({
    newest: newestAnswers(sql`${id}`, organisationId),
    first: sql`
      select distinct on (question) id, conversation_id, question, chosen, said_on, is_concern, clears
      from conversation_answers
      where service_user_id = ${id} and organisation_id = ${organisationId} and kind = 'answered'
        and question between 'skill-' and 'skill-~'
      order by question, said_on, id`,
    conversations: sql`
      select ${conversationColumns} from conversations conversation
      join staff on staff.id = conversation.began_by
      where conversation.service_user_id = ${id} and conversation.organisation_id = ${organisationId}
      order by conversation.held_on desc, conversation.id desc
      limit ${MOST_CONVERSATIONS}`,
    given: sql`
      select ${givenColumns} from ${givenTables}
      where answer.organisation_id = ${organisationId} and answer.conversation_id = (
        select max(id) from conversations where service_user_id = ${id} and finished_at is null
      )`,
    suggestions: sql`
      select suggestion.id, suggestion.factor, suggestion.step, suggestion.level, suggestion.because,
             suggestion.decision, suggestion.decided_at, suggestion.until, staff.name as staff_member
      from suggestions suggestion
      left join staff on staff.id = suggestion.decided_by
      where suggestion.service_user_id = ${id} and suggestion.organisation_id = ${organisationId}
        and suggestion.withdrawn_at is null
      order by suggestion.id`,
  })
  const { rows } = await question.execute(db)
  return rows[0] as Talk
}

/** One conversation with a person whose record is in reach, and what had been said before it. */
export async function readConversation(db: Database, { organisationId }: Scope, personId: number, id: number) {
  const { rows } = await asLists<{ conversation: Conversation[]; given: GivenAnswer[]; before: ToldAnswer[] }>({
    conversation: sql`
      select ${conversationColumns} from conversations conversation
      join staff on staff.id = conversation.began_by
      where conversation.id = ${id} and conversation.service_user_id = ${personId}
        and conversation.organisation_id = ${organisationId}`,
    given: sql`
      select ${givenColumns} from ${givenTables}
      where answer.conversation_id = ${id} and answer.service_user_id = ${personId}
        and answer.organisation_id = ${organisationId}`,
    before: sql`
      select distinct on (answer.question) answer.id, answer.conversation_id, answer.question, answer.chosen,
             answer.said_on, answer.is_concern, answer.clears, coalesce(said.words, '') as words,
             staff.name as staff_member
      from conversations this
      join conversation_answers answer on answer.service_user_id = ${personId} and answer.kind = 'answered'
        and (answer.said_on, answer.conversation_id) < (this.held_on, this.id)
      join staff on staff.id = answer.answered_by
      left join conversation_answer_words said on said.answer_id = answer.id
      where this.id = ${id} and this.organisation_id = ${organisationId}
        and answer.organisation_id = ${organisationId}
      order by answer.question, answer.said_on desc, answer.id desc`,
  }).execute(db)
  const found = rows[0]
  const [conversation] = found?.conversation ?? []
  return conversation && { conversation, given: found?.given ?? [], before: found?.before ?? [] }
}

/** One conversation with a person, held until this transaction ends. Its person has to be locked before it. */
export function lockConversation(trx: InTransaction, actor: Actor, personId: number, id: number) {
  return trx
    .selectFrom('conversations')
    .select(['id', 'held_on', 'finished_at'])
    .where('id', '=', id)
    .where('service_user_id', '=', personId)
    .where('organisation_id', '=', actor.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
}
