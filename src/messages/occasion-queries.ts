import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { addDays, londonToday } from '../lib/dates.ts'
import type { MessageRuleName, Moments, Occasion } from './occasion-rules.ts'

/** Death stops all at once; on a ward nobody is chased. Nothing is found for them, so that no task is made of it either. */
const isAlive = sql`who.state <> 'died'`
const isChased = sql`who.state not in ('died', 'admitted')`

const NOBODY_AT_WORK = sql`null::bigint as staff_id, null::text as staff_name, null::text as staff_email`

/** Midnight in London before a day: what was written for the day before is worth nothing any more. */
const startOf = (day: RawBuilder<unknown>) => sql`((${day})::timestamp at time zone 'Europe/London')`

/** A review that is these days away, or that many days past; until the next one of its kind is due. */
function reviews(rule: MessageRuleName, today: string, [from, until]: [number, number]) {
  return sql`
    select ${rule}::text || ':' || line.loan_id || ':' || line.due_on as cause, ${rule}::text as rule, loans.organisation_id,
           loans.service_user_id, ${NOBODY_AT_WORK}, line.loan_id as subject_id, null::timestamptz as about_at,
           line.due_on as about_on, ${startOf(sql`line.due_on + ${until + 1}::int`)} as send_until,
           coalesce(loans.looked_after_by, loans.lent_by) as sender_id, null::text as detail
    from organisations
    join loan_lines line on line.organisation_id = organisations.id
    join loans on loans.id = line.loan_id
    join service_users who on who.id = loans.service_user_id
    where line.taken_at is not null and line.ended_at is null and ${isChased}
      and line.due_on between ${addDays(today, -until)}::date and ${addDays(today, -from)}::date
      and line.from_at < ${startOf(sql`line.due_on + ${from}::int`)}`
}

function loansMade({ lately, now }: Moments) {
  return sql`
    select 'loan-made:' || loans.id as cause, 'loan-made' as rule, loans.organisation_id, loans.service_user_id,
           ${NOBODY_AT_WORK}, loans.id as subject_id, null::timestamptz as about_at,
           (select min(due_on) from loan_lines where loan_id = loans.id and ended_at is null) as about_on,
           loans.lent_at + interval '3 days' as send_until, coalesce(loans.looked_after_by, loans.lent_by) as sender_id,
           null::text as detail
    from loans
    join service_users who on who.id = loans.service_user_id
    where loans.lent_at > ${lately} and loans.lent_at <= ${now} and loans.import_id is null and ${isAlive}
      and exists (select from loan_lines where loan_id = loans.id and taken_at is not null and ended_at is null)`
}

/** What was said last about when a session is: by this it is known whether it was moved since, and how lately. */
const lastTold = sql`
  left join lateral (
    select about_at, at from message_occasions told
    where told.subject_id = entry.id and told.rule in ('session-made', 'session-moved')
    order by at desc, cause desc limit 1
  ) told on true`

function sessions(
  rule: MessageRuleName,
  key: RawBuilder<unknown>,
  until: RawBuilder<unknown>,
  which: RawBuilder<unknown>,
) {
  return sql`
    select ${rule}::text || ':' || entry.id || ':' || ${key} as cause, ${rule}::text as rule, entry.organisation_id,
           entry.service_user_id, ${NOBODY_AT_WORK}, entry.id as subject_id, entry.starts_at as about_at,
           null::date as about_on, ${until} as send_until, entry.champion_id as sender_id, entry.way as detail
    from diary_entries entry
    join service_users who on who.id = entry.service_user_id ${lastTold}
    where entry.cancelled_at is null and entry.kind in ('training-session', 'trial-run-call') and ${isAlive} and ${which}`
}

const byTime = sql`extract(epoch from entry.starts_at)::bigint`

/** Whoever was told of this very time so lately needs no reminder of it; nor does whoever is told of it just now. */
const isToldLong = (since: Date, lately: Date) => sql`
  (told.about_at = entry.starts_at and told.at <= ${since} or told.at is null and entry.made_at <= ${lately})`

function sessionsDue({ now, lately, inTwoDays, inTwoHours, anHourAgo, aDayAgo }: Moments) {
  const start = sql`entry.starts_at`
  return [
    sessions(
      'session-made',
      sql`'first'`,
      start,
      sql`${start} > ${now} and told.at is null and entry.made_at > ${lately}`,
    ),
    sessions('session-moved', sql`entry.version`, start, sql`${start} > ${now} and told.about_at <> ${start}`),
    sessions(
      'session-in-two-days',
      byTime,
      sql`${start} - interval '2 hours'`,
      sql`${start} > ${inTwoHours} and ${start} <= ${inTwoDays} and ${isToldLong(aDayAgo, lately)}`,
    ),
    sessions(
      'session-in-two-hours',
      byTime,
      start,
      sql`${start} > ${now} and ${start} <= ${inTwoHours} and ${isToldLong(anHourAgo, lately)}`,
    ),
  ]
}

function appointmentsToPrepare({ now, inThreeDays }: Moments) {
  return sql`
    select 'appointment-preparation:' || visit.id || ':' || extract(epoch from visit.starts_at)::bigint as cause,
           'appointment-preparation' as rule, visit.organisation_id, visit.service_user_id, ${NOBODY_AT_WORK},
           visit.id as subject_id, visit.starts_at as about_at, null::date as about_on,
           visit.starts_at as send_until, null::bigint as sender_id, visit.way as detail
    from organisations
    join appointments visit on visit.organisation_id = organisations.id
    join service_users who on who.id = visit.service_user_id
    where visit.cancelled_at is null and visit.outcome is null and visit.way in ('video', 'phone', 'text') and ${isAlive}
      and visit.starts_at > ${now} and visit.starts_at <= ${inThreeDays}`
}

function dataEnding(today: string) {
  return sql`
    select 'data-ending:' || data.id || ':' || data.ends_on as cause, 'data-ending' as rule, data.organisation_id,
           data.service_user_id, ${NOBODY_AT_WORK}, data.id as subject_id, null::timestamptz as about_at,
           data.ends_on as about_on, ${startOf(sql`data.ends_on + 1`)} as send_until, null::bigint as sender_id,
           null::text as detail
    from organisations
    join data_allowances data on data.organisation_id = organisations.id
    join service_users who on who.id = data.service_user_id
    where data.cancelled_at is null and data.ends_on between ${today}::date and ${addDays(today, 7)}::date and ${isAlive}
      and not exists (
        select from data_allowances later
        where later.service_user_id = data.service_user_id and later.cancelled_at is null and later.id <> data.id
          and (later.ends_on is null or later.ends_on > data.ends_on)
      )`
}

function lockersUncollected({ collectedUntil }: Moments) {
  return sql`
    select 'locker-uncollected:' || deposit.id || ':' || staff.id as cause, 'locker-uncollected' as rule,
           deposit.organisation_id, null::bigint as service_user_id, staff.id as staff_id, staff.name as staff_name,
           staff.email as staff_email, deposit.id as subject_id, deposit.ready_at as about_at, null::date as about_on,
           deposit.ready_at + interval '1 day' as send_until, null::bigint as sender_id, items.tag as detail
    from locker_deposits deposit
    join items on items.id = deposit.bay_id
    join staff_wards on staff_wards.ward_id = deposit.ward_id
    join staff on staff.id = staff_wards.staff_id and staff.role = 'ward-staff' and staff.disabled_at is null
    where deposit.ended_at is null and deposit.ready_at <= ${collectedUntil}`
}

/** What falls due by now and was not written about before, for everybody at once. */
export async function listOccasionsDue(db: Database, moments: Moments, limit: number): Promise<Occasion[]> {
  const { now } = moments
  const today = londonToday(now)
  const every = [
    reviews('review-in-a-week', today, [-7, -2]),
    reviews('review-tomorrow', today, [-1, -1]),
    reviews('overdue-first', today, [3, 9]),
    reviews('overdue-second', today, [10, 20]),
    reviews('overdue-third', today, [21, 27]),
    reviews('overdue-by-hand', today, [28, 60]),
    loansMade(moments),
    ...sessionsDue(moments),
    appointmentsToPrepare(moments),
    dataEnding(today),
    lockersUncollected(moments),
  ]
  const { rows } = await sql<Occasion>`
    select distinct on (due.cause) due.*, sender.name as sender, training.supporter_id
    from (${sql.join(every, sql` union all `)}) due
    left join staff sender on sender.id = due.sender_id
    left join training_sessions training on due.rule like 'session-%' and training.diary_entry_id = due.subject_id
    where due.send_until > ${now} and not exists (select from message_occasions where cause = due.cause)
      and not exists (
        select from message_settings setting
        where setting.organisation_id = due.organisation_id and setting.kind = due.rule and not setting.is_on
      )
    order by due.cause
    limit ${limit}`.execute(db)
  return rows
}
