import { sql } from 'kysely'
import type { InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'

/** Of those invited to a group, who has something else between two moments; whoever is out of reach has no name. */
export async function listInvitedElsewhere(
  trx: InTransaction,
  actor: Actor,
  groupId: number,
  { startsAt, endsAt }: { startsAt: Date; endsAt: Date },
): Promise<(string | null)[]> {
  const then = sql`starts_at < ${endsAt} and ends_at > ${startsAt} and cancelled_at is null`
  const { rows } = await sql<{ name: string | null }>`
    select case when ${isPersonInReach(actor, 'place.service_user_id')} then who.name end as name
    from diary_entries place
    join service_user_details who on who.service_user_id = place.service_user_id
    where place.group_entry_id = ${groupId} and place.cancelled_at is null and (
      exists (select from appointments where service_user_id = place.service_user_id and ${then})
      or exists (
        select from diary_entries
        where service_user_id = place.service_user_id and id <> place.id and ${then}
      )
    )
    order by who.name_key, place.id
  `.execute(trx)
  return rows.map(({ name }) => name)
}
