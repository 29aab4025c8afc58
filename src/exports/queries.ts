import { sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import { filteredItems } from '../items/filter-queries.ts'
import type { ItemFilter } from '../items/filter-rules.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, type PageOf, pageOf, rowsToRead } from '../lib/keyset.ts'
import { type LoanFilter, listLoans } from '../loans/list-queries.ts'
import { listServiceUsers, searchServiceUsers } from '../service-users/queries.ts'
import { andPersonInReach, peopleInReach } from '../service-users/reach-queries.ts'

export type ExportedItem = Awaited<ReturnType<typeof listItemsInFull>>['rows'][number]

/** One page of the items that fit the filter, by tag, each with all that is known of it. */
export async function listItemsInFull(db: Database, actor: Actor, filter: ItemFilter, today: string, asked: PageAsked) {
  let query = filteredItems(db, actor, filter, today)
    .leftJoin('kits', 'kits.id', 'items.kit_id')
    .select(['items.tag', 'items.tag_key', 'items.category', 'items.serial', 'items.imei', 'items.iccid'])
    .select(['items.phone_number', 'items.kept_at_ward_id', 'items.bought_on', 'items.cost_pence'])
    .select(['items.order_number', 'items.notes', 'items.left_as', 'models.maker', 'models.name as model'])
    .select(['models.operating_system', 'models.support_ends_on', 'models.connector', 'models.cable_length_cm'])
    .select(['hold.kind as hold_kind', 'placed.name as placed_with', 'kits.tag as kit_tag'])
    .select((eb) => eb.fn.coalesce('line.due_on', 'placement.due_on').as('due_on'))
    .orderBy('items.tag_key')
    .limit(rowsToRead(asked))
  if (asked.after !== undefined) query = query.where('items.tag_key', '>', asked.after)
  return pageOf(await query.execute(), asked, (row) => row.tag_key)
}

export interface ExportedLine {
  loan_id: number
  tag: string
  category: string
  maker: string
  model: string
  serial: string | null
  service_user_id: number | null
  name: string | null
  nhs_number: string | null
  date_of_birth: string | null
  ward_id: number | null
  staff_email: string | null
  staff_name: string | null
  lent_by: string | null
  from_at: string
  due_on: string | null
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  moved_to_line_id: number | null
  agreement_how: string | null
  agreement_witness: string | null
  unsupported_reason: string | null
  notes: string
}

/** The items of one page of the loans that the list shows, loan by loan, the newest first. */
export async function listLinesOfLoans(
  db: Database,
  actor: Actor,
  { filter, today, soon }: { filter: LoanFilter; today: string; soon: string },
  asked: PageAsked,
): Promise<PageOf<ExportedLine>> {
  const loans = await listLoans(db, actor, filter, today, soon, asked)
  const ids = loans.rows.map(({ id }) => id)
  const { rows } = await sql<ExportedLine>`
    select loans.id as loan_id, items.tag, items.category, models.maker, models.name as model, items.serial,
           loans.service_user_id, person.name, person.nhs_number, person.date_of_birth, loans.ward_id,
           staff.email as staff_email, staff.name as staff_name, lender.email as lent_by, line.from_at, line.due_on,
           line.taken_at, line.ended_at, line.ended_as, line.cancelled_at,
           line.moved_to_line_id, loans.agreement_how,
           loans.agreement_witness, line.unsupported_reason, loans.notes
    from unnest(${ids}::bigint[]) with ordinality as listed (id, place)
    join loans on loans.id = listed.id
    join loan_lines line on line.loan_id = loans.id
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join staff on staff.id = loans.staff_id
    left join staff lender on lender.id = loans.lent_by
    where loans.organisation_id = ${actor.organisationId}
    order by listed.place, line.id
  `.execute(db)
  return { rows, ...(loans.next !== undefined && { next: loans.next }) }
}

export interface ExportedPerson {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
  phone: string
  email: string
  state: string
}

/** One page of the people that the list shows: all by name, or those whom a search found. */
export async function listPeopleInFull(
  db: Database,
  actor: Actor,
  found: string | null,
  asked: PageAsked,
): Promise<PageOf<ExportedPerson>> {
  const page =
    found === null
      ? await listServiceUsers(db, actor, asked)
      : pageOf(await searchServiceUsers(db, actor, found, rowsToRead(asked), asked.after), asked, ({ id }) =>
          String(id),
        )
  const ids = page.rows.map(({ id }) => id)
  const { rows } = await sql<ExportedPerson>`
    select service_users.id, details.name, details.date_of_birth, details.nhs_number, details.phone, details.email,
           service_users.state
    from unnest(${ids}::bigint[]) with ordinality as listed (id, place)
    join service_users on service_users.id = listed.id
    join service_user_details details on details.service_user_id = service_users.id
    where service_users.organisation_id = ${actor.organisationId} ${andPersonInReach(actor, 'service_users.id')}
    order by listed.place
  `.execute(db)
  return { rows, ...(page.next !== undefined && { next: page.next }) }
}
