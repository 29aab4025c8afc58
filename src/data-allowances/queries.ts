import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { andPersonInReach, isPersonInReach, peopleInReach, type Reach } from '../service-users/reach-queries.ts'
import type { Contact, DataRates } from './contacts-rules.ts'
import { contactsOf, factColumns, ratesOf } from './forecast-queries.ts'
import type { DataFacts } from './forecast-rules.ts'
import { overdueColumns } from './overdue-queries.ts'

export interface Held {
  service_user_id: number | null
  service_user: string | null
  ward_id: number | null
  ward: string | null
  staff_id: number | null
  staff_member: string | null
  loan_id: number | null
  tag: string | null
}

export interface AllowanceDetail extends DataFacts, Held {
  kind: string
  provider: string
  network: string
  sim_number: string | null
  loan_line_id: number | null
  version: number
  contacts: Contact[]
  rates: DataRates
  funder: string
  cost_pence: number | null
  made_at: string
  suspend_after_days: number | null
  due_on: string | null
  warned_at: string | null
  suspended_because: string | null
  /** Whether the item it was given with came back, or was given for good. */
  line_ended_as: string | null
  changes: ChangeTold[]
  read: ReadingTold[]
  /** How often the code of this voucher was looked at; null: it has none in our stock. */
  code_views: number | null
  /** Whether whoever asks gave it. */
  is_given_by_them: boolean
  is_adult: boolean | null
  has_low_income: boolean | null
  lacks_access: boolean | null
}

export interface ChangeTold {
  kind: string
  at: string
  staff_member: string
  megabytes: number | null
  sim_number: string | null
}

export interface ReadingTold {
  at: string
  left: number
  source: string
  staff_member: string
}

/** Whether whoever asks may see it: those of people in reach, and of wards and staff. */
function isInReach(by: Reach): RawBuilder<SqlBool> {
  return sql<SqlBool>`(allowance.service_user_id is null or ${isPersonInReach(by, 'allowance.service_user_id')})`
}

const rowColumns = sql`
  ${factColumns}, allowance.kind, allowance.provider, allowance.network, allowance.sim_number, allowance.version,
  allowance.service_user_id, who.name as service_user, allowance.ward_id, wards.name as ward, allowance.staff_id,
  staff.name as staff_member, allowance.loan_line_id, line.loan_id, items.tag`

const joined = (actor: Actor) => sql`
  left join ${peopleInReach(actor)} who on who.service_user_id = allowance.service_user_id
  left join wards on wards.id = allowance.ward_id
  left join staff on staff.id = allowance.staff_id
  left join loan_lines line on line.id = allowance.loan_line_id
  left join items on items.id = line.item_id`

export async function findAllowance(
  db: Database,
  actor: Actor,
  id: number,
  now: Date,
): Promise<AllowanceDetail | undefined> {
  const { rows } = await sql<AllowanceDetail>`
    select ${rowColumns}, ${contactsOf('allowance.service_user_id', now)} as contacts,
           ${ratesOf('allowance.organisation_id')} as rates, allowance.funder, allowance.cost_pence, allowance.made_at,
           line.ended_as as line_ended_as, allowance.suspended_because, ${overdueColumns}, allowance.is_adult, allowance.has_low_income, allowance.lacks_access,
           allowance.made_by = ${actor.staffId} as is_given_by_them,
           (select (select count(*)::integer from data_code_views where data_allowance_id = allowance.id)
            from data_stock where id = allowance.stock_id and code_sealed is not null) as code_views,
           (select coalesce(json_agg(json_build_object('kind', change.kind, 'at', change.at, 'staff_member', maker.name,
                     'megabytes', change.megabytes, 'sim_number', change.sim_number) order by change.at, change.id), '[]')
            from data_allowance_changes change join staff maker on maker.id = change.made_by
            where change.data_allowance_id = allowance.id) as changes,
           (select coalesce(json_agg(json_build_object('at', reading.read_at, 'left', reading.megabytes_left,
                     'source', reading.source, 'staff_member', reader.name) order by reading.read_at desc), '[]')
            from data_readings reading join staff reader on reader.id = reading.made_by
            where reading.data_allowance_id = allowance.id) as read
    from data_allowances allowance ${joined(actor)}
    where allowance.id = ${id} and allowance.organisation_id = ${actor.organisationId} and ${isInReach(actor)}
  `.execute(db)
  return rows[0]
}

export interface AllowanceRecord {
  id: number
  kind: string
  megabytes: number | null
  starts_on: string
  ends_on: string | null
  service_user_id: number | null
  sim_number: string | null
  suspended_at: string | null
  cancelled_at: string | null
  version: number
}

/** The allowance as it stands, held against other changes until this transaction ends. */
export async function lockAllowance(
  trx: InTransaction,
  actor: Actor,
  id: number,
): Promise<AllowanceRecord | undefined> {
  const { rows } = await sql<AllowanceRecord>`
    select id, kind, megabytes, starts_on, ends_on, service_user_id, sim_number, suspended_at, cancelled_at, version
    from data_allowances allowance
    where id = ${id} and organisation_id = ${actor.organisationId} and ${isInReach(actor)}
    for no key update
  `.execute(trx)
  return rows[0]
}

/** Whoever is to be given data: somebody in reach, alone or with an item of an open loan. */
export interface Holder {
  service_user_id: number | null
  ward_id: number | null
  staff_id: number | null
  name: string
  state: string | null
  loan_line_id: number | null
  loan_id: number | null
  tag: string | null
  /** The number of the SIM that was lent, where a SIM is what was lent. */
  iccid: string | null
}

export async function findPersonToHold(db: Database, actor: Actor, id: number): Promise<Holder | undefined> {
  const { rows } = await sql<Holder>`
    select person.id as service_user_id, null as ward_id, null as staff_id, who.name, person.state,
           null as loan_line_id, null as loan_id, null as tag, null as iccid
    from service_users person join service_user_details who on who.service_user_id = person.id
    where person.id = survivor_of(${id}) and person.organisation_id = ${actor.organisationId}
      ${andPersonInReach(actor, 'person.id')}
  `.execute(db)
  return rows[0]
}

/** Whoever has the item of an open line of a loan. */
export async function findLineToHold(db: Database, actor: Actor, lineId: number): Promise<Holder | undefined> {
  const { rows } = await sql<Holder>`
    select allowance.service_user_id, allowance.ward_id, allowance.staff_id,
           coalesce(who.name, wards.name, staff.name) as name, person.state, line.id as loan_line_id,
           allowance.id as loan_id, items.tag, items.iccid
    from loan_lines line
    join loans allowance on allowance.id = line.loan_id
    join items on items.id = line.item_id
    left join service_users person on person.id = allowance.service_user_id
    left join ${peopleInReach(actor)} who on who.service_user_id = allowance.service_user_id
    left join wards on wards.id = allowance.ward_id
    left join staff on staff.id = allowance.staff_id
    where line.id = ${lineId} and line.organisation_id = ${actor.organisationId}
      and line.ended_at is null and line.cancelled_at is null and ${isInReach(actor)}
  `.execute(db)
  return rows[0]
}

export interface HolderChoices {
  wards: { id: number; name: string }[]
  staff: { id: number; name: string }[]
}

/** The wards and members of staff that data may be given to. */
export async function listHolders(db: Database, { organisationId }: Actor): Promise<HolderChoices> {
  const { rows } = await sql<HolderChoices>`
    select
      (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by name, id), '[]') from wards
       where organisation_id = ${organisationId} and closed_at is null) as wards,
      (select coalesce(json_agg(json_build_object('id', id, 'name', name) order by name, id), '[]') from staff
       where organisation_id = ${organisationId} and disabled_at is null) as staff
  `.execute(db)
  return rows[0] as HolderChoices
}
