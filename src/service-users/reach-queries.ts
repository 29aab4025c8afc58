import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Author } from '../database/change.ts'
import type { Actor } from '../lib/actor.ts'

/** Who asks, as far as it decides whose records they reach. */
export type Reach = Pick<Actor, 'staffId' | 'organisationId' | 'role' | 'caseloadOnly' | 'openedIds' | 'wardIds'>

/** As much of an actor, for a statement that is put together once and given its values each time. */
export function reachOf({ staffId, organisationId, role, caseloadOnly, openedIds, wardIds }: Reach): Reach {
  return { staffId, organisationId, role, caseloadOnly, openedIds, wardIds }
}

/**
 * Whether every person of the organisation is in somebody's reach. A command on the server asks for the organisation
 * itself, and has no role.
 */
export function reachesEverybody(by: Author | Reach): boolean {
  if (!('role' in by)) return by.staffId === null
  return by.role === 'champion' && !(by as Reach).caseloadOnly
}

/**
 * Whether whoever asks may see the person whose id stands in this column: everybody, where their role sees everybody;
 * else those on their caseload, and those whose record they have opened with a reason and for a while. As arrays they are
 * read once a statement, and not once a row.
 */
export function isPersonInReach(by: Author | Reach, column: string): RawBuilder<SqlBool> {
  if (reachesEverybody(by)) return sql<SqlBool>`true`
  const { openedIds = [], caseloadOnly = false } = by as Partial<Reach>
  const person = sql.ref(column)
  const isOpened = sql`${person} = any(${openedIds}::bigint[])`
  if (!caseloadOnly) return sql<SqlBool>`${isOpened}`
  return sql<SqlBool>`(${isOpened} or ${person} = any(array(
    select service_user_id from caseload_entries where staff_id = ${by.staffId} and ended_at is null
  )))`
}

/** As the condition of a statement that has another already; nothing at all where everybody is in reach. */
export function andPersonInReach(by: Author | Reach, column: string): RawBuilder<unknown> {
  return reachesEverybody(by) ? sql`` : sql`and ${isPersonInReach(by, column)}`
}

/**
 * Who people are, of those in reach, to be joined in place of the table: the name of anybody else is never read, and
 * comes out as null.
 */
export function peopleInReach(by: Author | Reach): RawBuilder<unknown> {
  if (reachesEverybody(by)) return sql`service_user_details`
  return sql`(select * from service_user_details where ${isPersonInReach(by, 'service_user_details.service_user_id')})`
}

/** Whether everybody's loans are in reach. An administrator works with what is lost and broken, and sees no name. */
export function reachesEveryLoan(by: Author | Reach): boolean {
  return reachesEverybody(by) || ('role' in by && by.role === 'administrator')
}

/**
 * Whether whoever asks may see the loan at hand: ward staff those to their own wards, a champion with a caseload those to
 * people in reach and those to wards and staff.
 */
export function isLoanInReach(by: Author | Reach, table = 'loans'): RawBuilder<SqlBool> {
  if (reachesEveryLoan(by)) return sql<SqlBool>`true`
  const { role, wardIds = [] } = by as Reach
  if (role === 'ward-staff') return sql<SqlBool>`${sql.ref(`${table}.ward_id`)} = any(${wardIds}::bigint[])`
  if (role !== 'champion') return sql<SqlBool>`false`
  const person = `${table}.service_user_id`
  return sql<SqlBool>`(${sql.ref(person)} is null or ${isPersonInReach(by, person)})`
}

/** As {@link andPersonInReach}, of a loan. */
export function andLoanInReach(by: Author | Reach, table = 'loans'): RawBuilder<unknown> {
  return reachesEveryLoan(by) ? sql`` : sql`and ${isLoanInReach(by, table)}`
}

/** The id of the loan at hand for a link to it; null where it leads nowhere for whoever asks. */
export function loanIdInReach(by: Author | Reach, table = 'loans'): RawBuilder<number | null> {
  const id = sql.ref(`${table}.id`)
  return reachesEveryLoan(by) ? sql`${id}` : sql`case when ${isLoanInReach(by, table)} then ${id} end`
}

/**
 * Whether somebody, whose row of `service_users` goes by this name, is one of the people that ward staff or a care team
 * work with: admitted to one of their wards, or, for a care team, with a team of theirs, or referred by it. Whoever else
 * asks has nobody in this way.
 */
export function isPersonOfTheirs(by: Reach, person: string): RawBuilder<SqlBool> {
  const of = (column: string) => sql.ref(`${person}.${column}`)
  const isOnWard = sql`(${of('state')} = 'admitted' and ${of('ward_id')} = any(${by.wardIds}::bigint[]))`
  if (by.role === 'ward-staff') return sql<SqlBool>`${isOnWard}`
  if (by.role !== 'care-team') return sql<SqlBool>`false`
  return sql<SqlBool>`(${isOnWard} or ${of('team_id')} = any(${by.wardIds}::bigint[]) or ${of('id')} = any(array(
    select service_user_id from referrals where ${isReferralOfTheirs(by, 'referrals')} and ended_as is distinct from 'withdrawn'
  )))`
}

/**
 * Whether a referral was made by whoever asks or, for a care team, by their team; for ward staff also by their ward, as long
 * as the person is there.
 */
export function isReferralOfTheirs(by: Reach, referral: string): RawBuilder<SqlBool> {
  const of = (column: string) => sql.ref(`${referral}.${column}`)
  const isTheTeams = sql`${of('team_id')} = any(${by.wardIds}::bigint[])`
  const isThere = sql`${of('service_user_id')} = any(array(
    select id from service_users where state = 'admitted' and ward_id = any(${by.wardIds}::bigint[])
  ))`
  const isShared = by.role === 'care-team' ? isTheTeams : sql`${isTheTeams} and ${isThere}`
  return sql<SqlBool>`(${of('made_by')} = ${by.staffId} or ${isShared})`
}

/** Whether whoever asks may refer this person, or raise a concern about them: those they see, in whichever way. */
export function isPersonToTellOf(by: Reach, person: string): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${isPersonInReach(by, `${person}.id`)} or ${isPersonOfTheirs(by, person)})`
}
