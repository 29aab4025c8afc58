import { sql } from 'kysely'
import type { ContactFacts } from './kinds-rules.ts'

const addressOf = (kind: string, label: string, column: string) => sql`
  json_build_object('kind', ${sql.lit(kind)}, 'label', ${sql.lit(label)}, 'address', ${sql.ref(column)},
                    'key', contact_address_key(${sql.ref(column)}))`

const addresses = (table: string, columns: [string, string, string][]) => sql`
  json_build_array(${sql.join(columns.map(([kind, label, column]) => addressOf(kind, label, `${table}.${column}`)))})`

const ownAddresses = addresses('details', [
  ['phone', 'Phone number', 'phone'],
  ['phone', 'Number to call back on', 'call_back_number'],
  ['email', 'Email address', 'email'],
  ['post', 'Address', 'address'],
])

const supporterAddresses = addresses('who', [
  ['phone', 'Phone number', 'phone'],
  ['email', 'Email address', 'email'],
])

/**
 * The newest answer first; but where two records became one, whoever said yes on the one may not have known of a no on
 * the other. So a no from before that stands until somebody who sees both answers again.
 */
const newestFirst = (no: string) => sql`
  coalesce(answer.at > merge.at, true) desc, (coalesce(answer.at > merge.at, true) or ${sql.raw(no)}) desc, answer.id desc`

const lastMerge = (person: string) => sql`
  cross join (
    select max(merged_at) as at from service_user_merges where kept_id = ${sql.ref(person)} and undone_at is null
  ) merge`

/**
 * What is written down about contact with the person of this column and the row of `details` at hand, in one column:
 * the answer of each kind that counts. Whether anybody near them is a risk is not among it, and cannot be told from it.
 */
export const contactFactsOf = (person: string) => sql<ContactFacts>`(select json_build_object(
  'pause_id', (select max(id) from contact_pauses where service_user_id = ${sql.ref(person)}),
  'addresses', ${ownAddresses},
  'answers', coalesce((
    select json_agg(newest) from (
      select distinct on (supporter_id, channel) id, supporter_id, channel, answer.answer, from_hour, until_hour, days,
             number_shown, names_service
      from contact_answers answer ${lastMerge(person)} where service_user_id = ${sql.ref(person)}
      order by supporter_id, channel, ${newestFirst("answer.answer = 'not-allowed'")}
    ) newest
  ), '[]'),
  'address_answers', coalesce((
    select json_agg(newest) from (
      select distinct on (address_key) address_key as key, is_safe, pause_id
      from contact_address_answers answer ${lastMerge(person)} where service_user_id = ${sql.ref(person)}
      order by address_key, ${newestFirst('not answer.is_safe')}
    ) newest
  ), '[]'),
  'supporters', coalesce((
    select json_agg(json_build_object(
      'id', supporters.id, 'name', who.name, 
      'consent', supporters.consent, 'may_be_told', supporters.may_be_told, 'addresses', ${supporterAddresses}
    ) order by supporters.id)
    from supporters join supporter_details who on who.supporter_id = supporters.id
    where supporters.service_user_id = ${sql.ref(person)} and supporters.ended_at is null
  ), '[]')
))`

export const contactFacts = contactFactsOf('service_users.id')
