import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { isPersonInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'

export interface LoanForCheckIns {
  id: number
  service_user_id: number
  service_user: string
  may_ask: boolean | null
  wish_at: string | null
  wish_by: string | null
  check_ins: {
    id: number
    week: number
    asked_at: string
    answer: string | null
    answered_at: string | null
    seen_at: string | null
    seen_by: string | null
  }[]
}

/** A loan to a service user in reach, with whether they may be asked and what they answered. */
export async function findLoanForCheckIns(
  db: Database,
  actor: Reach,
  id: number,
): Promise<LoanForCheckIns | undefined> {
  const { rows } = await sql<LoanForCheckIns>`
    select loans.id, loans.service_user_id, person.name as service_user, wish.may_ask, wish.at as wish_at, asker.name as wish_by,
           coalesce((
             select json_agg(json_build_object('id', one.id, 'week', one.week, 'asked_at', one.asked_at, 'answer', one.answer,
                             'answered_at', one.answered_at, 'seen_at', one.seen_at, 'seen_by', seer.name) order by one.id)
             from check_ins one left join staff seer on seer.id = one.seen_by where one.loan_id = loans.id
           ), '[]') as check_ins
    from loans
    join service_user_details person on person.service_user_id = loans.service_user_id
    left join check_in_wishes wish on wish.loan_id = loans.id
    left join staff asker on asker.id = wish.by
    where loans.id = ${id} and loans.organisation_id = ${actor.organisationId}
      and ${isPersonInReach(actor, 'loans.service_user_id')}`.execute(db)
  return rows[0]
}

/** Whether this link still answers. Before signing in there is no scope: the link is its own right, to this one answer. */
export async function findOpenCheckIn(db: Database, tokenHash: string, now: Date) {
  return await db
    .selectFrom('check_ins')
    .select(['id', 'organisation_id', 'service_user_id'])
    .where('token_hash', '=', tokenHash)
    .where('answer', 'is', null)
    .where('expires_at', '>', now.toISOString())
    .executeTakeFirst()
}

export interface DueCheckIn {
  loan_id: number
  service_user_id: number
  week: number
}

/**
 * Loans of one organisation that are as old as a check-in asks, of people who may be asked, are not on a ward and are with us still, and
 * who were not asked for that week. Held, so that two runs never ask twice.
 */
export async function listDueCheckIns(
  trx: InTransaction,
  { organisationId }: Pick<Scope, 'organisationId'>,
  { week, from, until, most }: { week: number; from: Date; until: Date; most: number },
): Promise<DueCheckIn[]> {
  const { rows } = await sql<DueCheckIn>`
    select loans.id as loan_id, loans.service_user_id, ${week}::int as week
    from check_in_wishes wish
    join loans on loans.id = wish.loan_id
    join service_users person on person.id = loans.service_user_id and person.state = 'community'
    where wish.organisation_id = ${organisationId} and wish.may_ask
      and exists (
        select from loan_lines line where line.loan_id = loans.id and line.ended_at is null
          and line.taken_at > ${from} and line.taken_at <= ${until}
      )
      and not exists (select from check_ins one where one.loan_id = loans.id and one.week = ${week})
    order by loans.id limit ${most}
    for no key update of wish skip locked`.execute(trx)
  return rows
}

export interface TroubleRow {
  id: number
  loan_id: number
  service_user: string
  answer: string
  answered_at: string
}

/** Answers of people in reach that something is wrong, which nobody has followed up, the oldest first. */
export function troubles(asked: Reach, limit: number): RawBuilder<TroubleRow> {
  return sql<TroubleRow>`
    select one.id, one.loan_id, person.name as service_user, one.answer, one.answered_at
    from check_ins one
    join ${peopleInReach(asked)} person on person.service_user_id = one.service_user_id
    where one.organisation_id = ${asked.organisationId} and one.seen_at is null
      and one.answer = any('{some-trouble,not-working}') and ${isPersonInReach(asked, 'one.service_user_id')}
    order by one.answered_at, one.id
    limit ${limit}`
}
