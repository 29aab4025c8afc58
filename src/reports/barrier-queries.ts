import { type RawBuilder, sql } from 'kysely'
import type { Scope } from '../lib/actor.ts'
import type { TellingAnswers } from './barrier-rules.ts'
import { countedIn, midnightOf } from './counted-queries.ts'
import type { Fact } from './figures-rules.ts'
import type { Span } from './span-rules.ts'

/** People who answered something, and of whom an answer shows what shuts them out. */
export function countBarriers(
  { organisationId }: Scope,
  span: Span,
  telling: readonly TellingAnswers[],
): RawBuilder<Fact> {
  return sql<Fact>`
    with means as (
      select * from json_to_recordset(${JSON.stringify(telling)}::json) as means (factor text, question text, telling text[], known text[])
    ),
    answers as (
      select service_user_id, question, chosen, ${midnightOf('said_on')} as at
      from conversation_answers
      where organisation_id = ${organisationId} and kind = 'answered'
    )
    ${countedIn(
      sql`
      select 'talked' as line, service_user_id as counted, at from answers
      union all
      select 'barrier:' || factor, service_user_id, at
      from answers join means on means.question = answers.question
      where chosen && telling or (known is not null and not chosen <@ known)`,
      span,
    )}`
}
