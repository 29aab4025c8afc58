import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { isWithInpatient } from '../cables/queries.ts'
import type { Database } from '../database/connection.ts'
import { asLists } from '../database/lists.ts'
import { isInReach } from '../items/reach-queries.ts'
import type { Actor } from '../lib/actor.ts'
import { type Signer, signersOf } from '../pins/queries.ts'
import { isPersonToTellOf, type Reach } from '../service-users/reach-queries.ts'
import type { RestrictionFacts } from './rules.ts'

export interface RestrictionRow extends RestrictionFacts {
  id: number
  version: number
  written_at: string
  writer: string
  reviewed_at: string | null
  reviewer: string | null
  ended_at: string | null
  ender: string | null
  ended_because: string
}

export interface RestrictionPermitRow {
  tag: string
  because: string
  signer: string
  asker: string
  until: string
}

/** The ward that somebody is on. */
export interface WardOfPerson {
  id: number
  name: string
}

export interface RestrictionsOfPerson {
  open: RestrictionRow[]
  past: RestrictionRow[]
  permits: RestrictionPermitRow[]
  wards: WardOfPerson[]
  signers: Signer[]
}

const MOST = 50

const columns = sql`
  restriction.id, restriction.categories, restriction.words, restriction.review_on, restriction.version,
  restriction.written_at, writer.name as writer, restriction.reviewed_at, reviewer.name as reviewer,
  restriction.ended_at, ender.name as ender, restriction.ended_because`

const withNames = sql`
  join staff writer on writer.id = restriction.written_by
  left join staff reviewer on reviewer.id = restriction.reviewed_by
  left join staff ender on ender.id = restriction.ended_by`

/** All that a care plan keeps, and kept, from somebody whom whoever asks may see; who lets something through on their ward. */
export async function readRestrictions(
  db: Database,
  actor: Actor,
  personId: number,
  now: Date,
): Promise<RestrictionsOfPerson> {
  const ward = sql`(select ward_id from service_users where id = ${personId} and state = 'admitted')`
  const { rows } = await asLists<RestrictionsOfPerson>({
    open: sql`
      select ${columns} from device_restrictions restriction ${withNames}
      where restriction.service_user_id = ${personId} and restriction.ended_at is null
      order by restriction.id limit ${MOST}`,
    past: sql`
      select ${columns} from device_restrictions restriction ${withNames}
      where restriction.service_user_id = ${personId} and restriction.ended_at is not null
      order by restriction.ended_at desc, restriction.id desc limit ${MOST}`,
    permits: sql`
      select distinct items.tag, permit.because, signer.name as signer, asker.name as asker, permit.until
      from device_restrictions restriction
      join restriction_permits permit on permit.restriction_id = restriction.id and permit.until > ${now}
      join items on items.id = permit.item_id
      join staff signer on signer.id = permit.signed_by
      join staff asker on asker.id = permit.asked_by
      where restriction.service_user_id = ${personId} and restriction.ended_at is null
      order by permit.until, items.tag limit ${MOST}`,
    wards: sql`select id, name from wards where id = ${ward}`,
    signers: signersOf(actor, ward),
  }).execute(db)
  const [found] = rows
  if (!found) throw new Error('A select without from gives one row')
  return found
}

export interface FoundRestriction extends RestrictionRow {
  service_user_id: number
  name: string
}

/** One restriction of somebody whom whoever asks may see; of anybody else: none. */
export async function findRestriction(db: Database, actor: Actor, id: number): Promise<FoundRestriction | undefined> {
  const { rows } = await sql<FoundRestriction>`
    select ${columns}, restriction.service_user_id, details.name
    from device_restrictions restriction ${withNames}
    join service_users person on person.id = restriction.service_user_id
    join service_user_details details on details.service_user_id = person.id
    where restriction.id = ${id} and restriction.organisation_id = ${actor.organisationId}
      and ${isPersonToTellOf(actor, 'person')}
  `.execute(db)
  return rows[0]
}

/** Whoever is on a ward with something kept from them; a row each. */
export interface RestrictedPerson extends RestrictionFacts {
  id: number
  service_user_id: number
  service_user: string
}

/** Who on a ward has something kept from them, of those whom whoever asks may see. */
export function restrictedOnWard(actor: Reach, wardId: number): RawBuilder<RestrictedPerson> {
  return sql<RestrictedPerson>`
    select restriction.id, restriction.categories, restriction.words, restriction.review_on,
           restriction.service_user_id, details.name as service_user
    from service_users person
    join device_restrictions restriction on restriction.service_user_id = person.id and restriction.ended_at is null
    join service_user_details details on details.service_user_id = person.id
    where person.ward_id = ${wardId} and person.state = 'admitted' and person.organisation_id = ${actor.organisationId}
      and ${isPersonToTellOf(actor, 'person')}
    order by details.name_key, restriction.id
    limit ${MOST}`
}

/** What is kept from somebody by a care plan that was to be looked at by today, the longest ago first. */
export function restrictionsToReview(actor: Reach, { today, limit }: { today: string; limit: number }) {
  return sql<RestrictedPerson>`
    select restriction.id, restriction.categories, restriction.words, restriction.review_on,
           restriction.service_user_id, details.name as service_user
    from device_restrictions restriction
    join service_users person on person.id = restriction.service_user_id
    join service_user_details details on details.service_user_id = person.id
    where restriction.organisation_id = ${actor.organisationId} and restriction.ended_at is null
      and restriction.review_on <= ${today} and person.state <> 'died' and ${isPersonToTellOf(actor, 'person')}
    order by restriction.review_on, restriction.id
    limit ${limit}`
}

/** The same, by itself. */
export async function listRestrictionsToReview(db: Database, actor: Actor, asked: { today: string; limit: number }) {
  return (await restrictionsToReview(actor, asked).execute(db)).rows
}

/** Something by its tag that whoever asks sees, or that somebody on the ward has. */
export function isToSignFor(actor: Actor, wardId: number): RawBuilder<SqlBool> {
  return sql<SqlBool>`(${isInReach(actor)} or ${isWithInpatient(wardId)})`
}
