import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { KnownLine, KnownStaff, LendableItem } from './loan-known-rules.ts'
import type { Obstacle } from './loan-obstacles-rules.ts'
import type { WantedItem } from './loan-plan-rules.ts'
import type { KnownPerson, PersonAlike } from './people-rules.ts'

/** `at` is the place in the list of tags that was asked with, from 1. */
export async function findLendableItems(
  db: Database,
  scope: Scope,
  tags: readonly string[],
): Promise<(LendableItem & { at: number })[]> {
  const { rows } = await sql<LendableItem & { at: number }>`
    select asked.at::int, items.id, items.tag, items.category, models.support_ends_on, items.left_as, last.ended_at as last_ended_at
    from unnest(${tags}::text[]) with ordinality asked (tag, at)
    join items on items.organisation_id = ${scope.organisationId} and items.tag_key = lower(trim(asked.tag))
    join models on models.id = items.model_id
    cross join lateral (select max(ended_at) as ended_at from item_holds where item_id = items.id) last
  `.execute(db)
  return rows
}

export async function findPeopleByNhsNumber(
  db: Database,
  scope: Scope,
  nhsNumbers: readonly string[],
): Promise<KnownPerson[]> {
  const { rows } = await sql<KnownPerson>`
    select service_user_id as id, name, date_of_birth, nhs_number from service_user_details
    where organisation_id = ${scope.organisationId} and nhs_number = any(${nhsNumbers}::text[]) and not is_merged
  `.execute(db)
  return rows
}

/** How alike two names must be (pg_trgm, 0 to 1) when the birthday is the same: as where somebody is added by hand. */
const ALIKE = 0.25

/** People born on the same day as somebody of the file, with the same name or one much like it, the closest first. */
export async function findPeopleAlike(
  db: Database,
  scope: Scope,
  asked: readonly { name: string; dateOfBirth: string }[],
): Promise<(PersonAlike & { at: number })[]> {
  const names = asked.map(({ name }) => name)
  const days = asked.map(({ dateOfBirth }) => dateOfBirth)
  const { rows } = await sql<PersonAlike & { at: number }>`
    select asked.at::int, details.service_user_id as id, details.name, details.date_of_birth, details.nhs_number,
           details.name_key = name_key(asked.name) as is_same_name
    from unnest(${names}::text[], ${days}::date[]) with ordinality asked (name, date_of_birth, at)
    join service_user_details details
      on details.organisation_id = ${scope.organisationId} and details.date_of_birth = asked.date_of_birth
      and not details.is_merged
    where details.name_key = name_key(asked.name) or similarity(details.name_key, name_key(asked.name)) >= ${ALIKE}
    order by asked.at, similarity(details.name_key, name_key(asked.name)) desc, details.service_user_id
  `.execute(db)
  return rows
}

export function listStaffByEmail(db: Database, scope: Scope, emails: readonly string[]): Promise<KnownStaff[]> {
  return db
    .selectFrom('staff')
    .select((eb) => ['id', 'email', 'name', eb('disabled_at', 'is not', null).as('has_left')])
    .where('organisation_id', '=', scope.organisationId)
    .where((eb) => eb('email', '=', eb.fn.any(eb.val([...emails]))))
    .$castTo<KnownStaff>()
    .execute()
}

/** The lines of loans that began on one of these days with one of these items, whatever became of them. */
export async function findLinesBegun(
  db: Database,
  scope: Scope,
  asked: readonly { itemId: number; day: string }[],
): Promise<KnownLine[]> {
  const items = asked.map(({ itemId }) => itemId)
  const days = asked.map(({ day }) => day)
  const { rows } = await sql<KnownLine>`
    select line.item_id, asked.day as began_on, loans.service_user_id, person.name, person.date_of_birth,
           person.nhs_number, loans.ward_id, loans.staff_id, staff.email as staff_email
    from unnest(${items}::bigint[], ${days}::date[]) asked (item_id, day)
    join loan_lines line on line.item_id = asked.item_id and line.organisation_id = ${scope.organisationId}
      and (line.from_at at time zone 'Europe/London')::date = asked.day and line.cancelled_at is null
    join loans on loans.id = line.loan_id
    left join service_user_details person on person.service_user_id = loans.service_user_id
    left join staff on staff.id = loans.staff_id
  `.execute(db)
  return rows
}

/** The agreement's versions with the day of each in London, the oldest first. */
export async function listAgreementVersions(db: Database, scope: Scope): Promise<{ id: number; created_on: string }[]> {
  const { rows } = await sql<{ id: number; created_on: string }>`
    select id, (created_at at time zone 'Europe/London')::date as created_on from agreement_versions
    where organisation_id = ${scope.organisationId} order by number
  `.execute(db)
  return rows
}

/**
 * For each item that is wanted the first thing in its way, or no row: in whose hands it is, whose pool it is in where a ward
 * wants it, who had it meanwhile, what is planned, a cable that the ward does not permit where it goes, and
 * a care plan that keeps it from whoever wants it. The same that PostgreSQL refuses; it has the last word.
 */
export async function findObstacles(db: Database, scope: Scope, wanted: readonly WantedItem[]): Promise<Obstacle[]> {
  const column = <K extends keyof WantedItem>(key: K) => wanted.map((one) => one[key])
  const { rows } = await sql<Obstacle>`
    select asked.at::int, found.kind, found.what, found.since, found.until, loans.service_user_id,
           person.name as service_user, coalesce(loans.ward_id, found.ward_id) as ward_id, wards.name as ward,
           loans.staff_id, staff.name as staff_member
    from unnest(${column('itemId')}::bigint[], ${column('from')}::timestamptz[], ${column('until')}::timestamptz[],
                ${column('wardId')}::bigint[], ${column('serviceUserId')}::bigint[])
      with ordinality asked (item_id, from_at, until_at, ward_id, service_user_id, at)
    cross join lateral (
      select kind, 'now' as what, 1 as rank, taken_at as since, null::timestamptz as until, loan_line_id, ward_id
      from item_holds where item_id = asked.item_id and taken_at is not null and ended_at is null
      union all
      select 'placement', 'now', 2, taken_at, null, id, placed_with_ward_id
      from loan_lines
      where asked.ward_id is not null and item_id = asked.item_id and placed_with_ward_id is not null
        and taken_at is not null and ended_at is null
      union all
      select kind, 'was', 3, taken_at, ended_at, loan_line_id, ward_id
      from item_holds where asked.ward_id is null and item_id = asked.item_id and ended_at > asked.from_at
      union all
      select kind, 'planned', 4, lower(plan), upper(plan), loan_line_id, ward_id
      from item_holds
      where item_id = asked.item_id and taken_at is null and cancelled_at is null
        and plan && tstzrange(asked.from_at, asked.until_at)
        and (asked.ward_id is null or ward_id is distinct from asked.ward_id)
      union all
      select 'cable', 'now', 5, asked.from_at, null, null, goes_to.id
      from wards goes_to
      join items longer on longer.id = asked.item_id
      join models on models.id = longer.model_id and models.cable_length_cm > goes_to.longest_cable_cm
      where goes_to.id = coalesce(
          asked.ward_id, (select ward_id from service_users where id = asked.service_user_id and state = 'admitted')
        )
        and not exists (
          select from cable_permits
          where item_id = asked.item_id and cable_permits.ward_id = goes_to.id and until > asked.from_at
        )
      union all
      select 'restriction', 'now', 6, asked.from_at, null, null, null
      from items kept_from
      join device_restrictions restriction on restriction.service_user_id = asked.service_user_id
        and restriction.ended_at is null and kept_from.category = any(restriction.categories)
      where kept_from.id = asked.item_id and not exists (
        select from restriction_permits
        where restriction_id = restriction.id and item_id = asked.item_id and until > asked.from_at
      )
      order by rank, since
      limit 1
    ) found
    left join loan_lines line on line.id = found.loan_line_id
    left join loans on loans.id = line.loan_id
    left join service_user_details person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = coalesce(loans.ward_id, found.ward_id)
    left join staff on staff.id = loans.staff_id
    join items on items.id = asked.item_id and items.organisation_id = ${scope.organisationId}
    order by asked.at
  `.execute(db)
  return rows
}

/** Holds the items until this transaction ends, in the order of their ids, as everybody locks items. */
export async function lockItemsToLend(trx: InTransaction, scope: Scope, ids: readonly number[]): Promise<void> {
  await sql`
    select id from items
    where organisation_id = ${scope.organisationId} and id = any(${ids}::bigint[])
    order by id for no key update
  `.execute(trx)
}
