import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'

export interface AtNumber {
  organisation_id: number
  service_user_id: number
  /** Somebody who supports them, whose number it is; null: their own. */
  supporter_id: number | null
}

/** Everybody whose number this is, in every organisation: a phone that is shared is stopped for all who share it. */
export async function listPeopleAtNumber(db: Database, number: string): Promise<AtNumber[]> {
  const { rows } = await sql<AtNumber>`
    with asked as (select phone_digits(${number}) as key)
    select person.organisation_id, person.id as service_user_id, null::bigint as supporter_id
    from service_user_details details
    join service_users person on person.id = details.service_user_id and person.merged_into is null
    where details.phone_key = (select key from asked)
      or phone_digits(details.call_back_number) = (select key from asked) and details.call_back_number <> ''
    union all
    select supporter.organisation_id, supporter.service_user_id, supporter.id
    from supporter_details theirs
    join supporters supporter on supporter.id = theirs.supporter_id and supporter.ended_at is null
    where phone_digits(theirs.phone) = (select key from asked) and theirs.phone <> ''
    order by organisation_id, service_user_id, supporter_id nulls first`.execute(db)
  return rows
}
