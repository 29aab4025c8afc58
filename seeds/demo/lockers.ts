import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { insertAll } from '../factories/example.ts'
import { depositRow } from '../factories/lockers.ts'
import type { Trust } from './trusts.ts'

const QUARTER = 15 * 60_000

/** What charges on wards while the demo is looked at: some of it is ready, and one thing nobody came for. */
export async function fillLockers(db: Database, { wards, champions, organisation }: Trust, now: Date): Promise<void> {
  const { rows: bays } = await sql<{ id: number; connector: string; ward_id: number; person_id: number | null }>`
    select items.id, models.connector, items.kept_at_ward_id as ward_id, person.id as person_id
    from items
    join models on models.id = items.model_id
    left join lateral (
      select id from service_users
      where ward_id = items.kept_at_ward_id and state = 'admitted' and merged_into is null
      order by id limit 1
    ) person on true
    where items.organisation_id = ${organisation.id} and items.category = 'locker-bay' and items.left_at is null
      and not exists (select from item_holds where item_id = items.id and taken_at is not null and ended_at is null)
    order by items.id
  `.execute(db)
  const hoursAgo = [1, 3, 9]
  const used = bays.slice(0, hoursAgo.length * 2).filter((_, at) => at % 2 === 0)
  await insertAll(
    db,
    'locker_deposits',
    used.map((bay, at) =>
      depositRow({
        ward: wards.find(({ id }) => id === bay.ward_id)!,
        by: champions[0]!,
        bay,
        connector: bay.connector,
        for: bay.person_id !== null && at === 0 ? { serviceUser: { id: bay.person_id } } : { initials: 'A.K.' },
        at: new Date(Math.floor(now.getTime() / QUARTER) * QUARTER - hoursAgo[at]! * 3_600_000),
      }),
    ),
  )
}
