import { type RawBuilder, sql } from 'kysely'
import type { Contact, DataRates } from './contacts-rules.ts'
import type { DataFacts, PersonsDataThen } from './forecast-rules.ts'

const MOST_READINGS = 20
/** A day longer than a reading counts; see MOST_DAYS_OLD. What was held since then took of what is left. */
const DAYS_SINCE_A_READING = 15

/** The columns of {@link DataFacts}, of a row of `data_allowances` that goes by the name `allowance`. */
export const factColumns = sql`
  allowance.id, allowance.megabytes, allowance.period, allowance.starts_on, allowance.ends_on,
  allowance.suspended_at, allowance.cancelled_at,
  (select coalesce(json_agg(json_build_object('at', read_at, 'left', megabytes_left)), '[]') from (
     select read_at, megabytes_left from data_readings where data_allowance_id = allowance.id
     order by read_at desc limit ${sql.lit(MOST_READINGS)}
   ) newest) as readings,
  (select coalesce(json_agg(json_build_object('at', at, 'megabytes', megabytes) order by at, id), '[]') from data_allowance_changes
   where data_allowance_id = allowance.id and kind = 'topped-up') as top_ups`

/** Every remote contact of the person in this column that may take data: those to come, and those since a reading that counts. */
export function contactsOf(person: string, now: Date): RawBuilder<Contact[]> {
  // worked out by PostgreSQL: a question that is put together once gets the time later
  const since = sql`${now}::timestamptz - interval '${sql.raw(String(DAYS_SINCE_A_READING))} days'`
  const id = sql.ref(person)
  return sql<Contact[]>`(
    select coalesce(json_agg(contact order by starts_at, kind, id), '[]') from (
      select 'appointment' as kind, booked.id, booked.way, booked.starts_at, booked.ends_at,
             platform.name as platform, platform.mb_per_minute as platform_mb, platform.mb_source as platform_source
      from appointments booked left join platforms platform on platform.id = booked.platform_id
      where booked.service_user_id = ${id} and booked.starts_at > ${since} and booked.cancelled_at is null
        and booked.way = any('{video,phone,text}'::text[])
      union all
      select 'call', entry.id, entry.way, entry.starts_at, entry.ends_at, null, null, null
      from diary_entries entry
      where entry.service_user_id = ${id} and entry.starts_at > ${since} and entry.cancelled_at is null
        and entry.way = any('{video,phone}'::text[])
    ) contact
  )`
}

/** The figures that an organisation takes until it knows better, of a row of `organisations`. */
export const rateColumns = sql<DataRates>`
  json_build_object('video', data_mb_video, 'phone', data_mb_phone, 'text', data_mb_text, 'day', data_mb_day,
                    'source', data_mb_source)`

export const ratesOf = (organisation: string): RawBuilder<DataRates> =>
  sql<DataRates>`(select ${rateColumns} from organisations where id = ${sql.ref(organisation)})`

/** The same of what was given with the items of the row of `loans` at hand; null where nothing was. */
export function dataOfLoan(now: Date): RawBuilder<PersonsDataThen | null> {
  const lines = sql`select id from loan_lines where loan_id = loans.id`
  return told(sql`allowance.loan_line_id = any(array(${lines}))`, 'loans.service_user_id', 'loans.organisation_id', now)
}

/** The same of the person in this column, as one column of whatever is read about them; null where they were given none. */
export function dataOf(person: string, organisation: string, now: Date): RawBuilder<PersonsDataThen | null> {
  return told(sql`allowance.service_user_id = ${sql.ref(person)}`, person, organisation, now)
}

function told(isMeant: RawBuilder<unknown>, person: string, organisation: string, now: Date) {
  return sql<PersonsDataThen | null>`(
    select json_build_object('allowances', given.list, 'at', ${now}::timestamptz,
      'contacts', ${contactsOf(person, now)}, 'rates', ${ratesOf(organisation)})
    from (
      select json_agg(one order by one.id) as list from (
        select ${factColumns} from data_allowances allowance
        where ${isMeant} and allowance.cancelled_at is null
      ) one
    ) given
    where given.list is not null
  )`
}
