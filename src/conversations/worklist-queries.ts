import { sql } from 'kysely'
import { isPersonInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'

/** Somebody to talk with, and since when: the day of a review, or of a suggestion or referral that waits. */
export interface PersonToTalkRow {
  service_user_id: number
  service_user: string
  on: string
  count: number
}

/** Nobody is asked to talk with somebody who died or moved away. */
const isHere = sql`exists (
  select from service_users who where who.id = due.service_user_id and who.state not in ('died', 'moved')
)`

/** People in reach with whom it is time to talk again: the conversation, or how they want to meet. */
export function reviewsDue(asked: Reach, today: string, limit: number) {
  return sql<PersonToTalkRow>`
    select due.service_user_id, person.name as service_user, min(due.review_on) as on, count(*)::int as count
    from (
      (
        select service_user_id, review_on from conversations
        where organisation_id = ${asked.organisationId} and finished_at is not null and reviewed_at is null
          and review_on <= ${today} and ${isPersonInReach(asked, 'service_user_id')}
        order by review_on, id limit ${limit}
      ) union all (
        select service_user_id, review_on from meeting_preferences
        where organisation_id = ${asked.organisationId} and superseded_at is null and review_on <= ${today}
          and ${isPersonInReach(asked, 'service_user_id')}
        order by review_on, id limit ${limit}
      )
    ) due
    join ${peopleInReach(asked)} person on person.service_user_id = due.service_user_id
    where ${isHere}
    group by due.service_user_id, person.name
    order by min(due.review_on), due.service_user_id
    limit ${limit}`
}

/** Suggestions are read up to so many; several of one person make one row. */
const MOST_SUGGESTIONS = 100

/** People in reach for whom something was suggested that nobody has decided about, the longest waiting first. */
export function suggestionsWaiting(asked: Reach, today: string, limit: number) {
  const waiting = sql`organisation_id = ${asked.organisationId} and withdrawn_at is null
    and ${isPersonInReach(asked, 'service_user_id')}`
  return sql<PersonToTalkRow>`
    select due.service_user_id, person.name as service_user, min(due.since)::text as on,
           count(distinct due.step)::int as count
    from (
      (
        select service_user_id, step, raised_at as since from suggestions
        where ${waiting} and decision is null
        order by id limit ${MOST_SUGGESTIONS}
      ) union all (
        select service_user_id, step, raised_at from suggestions
        where ${waiting} and decision = 'deferred' and until <= ${today}
        order by until, id limit ${MOST_SUGGESTIONS}
      )
    ) due
    join ${peopleInReach(asked)} person on person.service_user_id = due.service_user_id
    where ${isHere}
    group by due.service_user_id, person.name
    order by min(due.since), due.service_user_id
    limit ${limit}`
}

/** People in reach who were referred, and with whom nobody has begun a conversation. */
export function referredNotTalkedTo(asked: Reach, limit: number) {
  return sql<PersonToTalkRow>`
    select due.service_user_id, person.name as service_user, due.referred_on as on, 1 as count
    from referrals due
    join ${peopleInReach(asked)} person on person.service_user_id = due.service_user_id
    where due.organisation_id = ${asked.organisationId} and due.is_open
      and ${isPersonInReach(asked, 'due.service_user_id')}
      and not exists (select from conversations where conversations.service_user_id = due.service_user_id offset 0)
    order by coalesce(due.first_appointment_on, 'infinity'::date), due.referred_on, due.id
    limit ${limit}`
}

export interface ShutOutRow {
  factor: string
  people: number
}

const MOST_COUNTED = 3

/** How many people in reach each factor is a barrier for, of those for whom not all is done about it: most first. */
export function barriersCounted(asked: Reach) {
  return sql<ShutOutRow>`
    select factor, count(distinct service_user_id)::int as people
    from suggestions
    where organisation_id = ${asked.organisationId} and withdrawn_at is null and level = 'barrier'
      and decision is distinct from 'done' and ${isPersonInReach(asked, 'service_user_id')}
    group by factor
    order by count(distinct service_user_id) desc, factor
    limit ${MOST_COUNTED}`
}
