import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { type Signer, signersOf } from '../pins/queries.ts'
import { isPersonToTellOf, type Reach } from '../service-users/reach-queries.ts'

/** Something with a longer cable than the ward permits, that is there, is kept nearby or could come. */
export interface LongCable {
  id: number
  tag: string
  maker: string
  model: string
  cable_length_cm: number
  /** Whether it is the ward's own now, or with somebody who is on the ward. */
  is_here: boolean
}

export interface Permit {
  id: number
  tag: string
  because: string
  signer: string
  asker: string
  until: string
}

export interface CablesOfWard {
  longest: { longest_cable_cm: number | null; area_level: number | null }[]
  items: LongCable[]
  permits: Permit[]
  signers: Signer[]
}

const MOST = 200

/** Somebody on a ward who has something with a longer cable than it permits, that nobody signed for. */
export interface LongCableRow {
  service_user_id: number
  service_user: string
  ward: string
  ward_code: string
  tags: string[]
}

/** Whether the row of `items` at hand is on loan to somebody who is on this ward, wherever they had it from. */
export function isWithInpatient(wardId: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`exists (
    select from loan_lines line
    join loans on loans.id = line.loan_id
    join service_users person on person.id = loans.service_user_id
    where line.item_id = items.id and line.taken_at is not null and line.ended_at is null
      and person.state = 'admitted' and person.ward_id = ${wardId}
  )`
}

/** What a ward permits, what is longer than that, what is signed for, and who may sign. */
export async function readCables(db: Database, actor: Actor, wardId: number, now: Date) {
  const { organisationId } = actor
  const { rows } = await asLists<CablesOfWard>({
    longest: sql`select longest_cable_cm, area_level from wards where id = ${wardId}`,
    items: sql`
      select items.id, items.tag, models.maker, models.name as model, models.cable_length_cm,
             coalesce(placement.placed_with_ward_id, items.kept_at_ward_id) is not distinct from ${wardId}::bigint
               or ${isWithInpatient(wardId)} as is_here
      from items
      join models on models.id = items.model_id
      join wards on wards.id = ${wardId}
      left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
        and placement.taken_at is not null and placement.ended_at is null
      where items.organisation_id = ${organisationId} and items.left_at is null
        and models.cable_length_cm > wards.longest_cable_cm and (${isInReach(actor)} or ${isWithInpatient(wardId)})
      order by is_here desc, items.tag_key
      limit ${MOST}`,
    permits: sql`
      select permit.id, items.tag, permit.because, signer.name as signer, asker.name as asker, permit.until
      from cable_permits permit
      join items on items.id = permit.item_id
      join staff signer on signer.id = permit.signed_by
      join staff asker on asker.id = permit.asked_by
      where permit.ward_id = ${wardId} and permit.organisation_id = ${organisationId} and permit.until > ${now}
      order by permit.until, permit.id
      limit ${MOST}`,
    signers: signersOf(actor, sql`${wardId}::bigint`),
  }).execute(db)
  const [found] = rows
  if (!found) throw new Error('A select without from gives one row')
  return found
}

/** Who has something with a longer cable than their ward permits, of those whom whoever asks sees: the ward by its name. */
export function longCablesOnWards(
  actor: Reach,
  { now, limit }: { now: Date; limit: number },
): RawBuilder<LongCableRow> {
  return sql<LongCableRow>`
    select person.id as service_user_id, details.name as service_user, wards.name as ward, wards.code as ward_code,
           array_agg(items.tag order by items.tag_key) as tags
    from wards
    join service_users person on person.ward_id = wards.id and person.state = 'admitted' and person.merged_into is null
    join service_user_details details on details.service_user_id = person.id
    join loans on loans.service_user_id = person.id
    join loan_lines line on line.loan_id = loans.id and line.taken_at is not null and line.ended_at is null
    join items on items.id = line.item_id
    join models on models.id = items.model_id and models.cable_length_cm > wards.longest_cable_cm
    where wards.organisation_id = ${actor.organisationId} and wards.longest_cable_cm is not null
      and ${isPersonToTellOf(actor, 'person')}
      and not exists (
        select from cable_permits where item_id = items.id and ward_id = wards.id and until > ${now}
      )
    group by wards.id, person.id, details.service_user_id
    order by wards.name, person.id
    limit ${limit}`
}

/**
 * What somebody who is admitted has on loan whose cable is longer than their ward permits, and that nobody there signed for: they
 * had it before they came. Asked only of somebody whom whoever asks may see.
 */
export async function findLongCablesOf(
  db: Database,
  { organisationId }: Actor,
  personId: number,
  now: Date,
): Promise<{ ward: string; tags: string[] } | undefined> {
  const { rows } = await sql<{ ward: string; tags: string[] }>`
    select wards.name as ward, array_agg(items.tag order by items.tag_key) as tags
    from service_users person
    join wards on wards.id = person.ward_id
    join loans on loans.service_user_id = person.id
    join loan_lines line on line.loan_id = loans.id and line.taken_at is not null and line.ended_at is null
    join items on items.id = line.item_id
    join models on models.id = items.model_id and models.cable_length_cm > wards.longest_cable_cm
    where person.id = ${personId} and person.organisation_id = ${organisationId} and person.state = 'admitted'
      and not exists (
        select from cable_permits where item_id = items.id and ward_id = wards.id and until > ${now}
      )
    group by wards.id`.execute(db)
  return rows[0]
}
