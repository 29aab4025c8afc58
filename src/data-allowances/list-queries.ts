import { type RawBuilder, sql } from 'kysely'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import { asColumns, type Columns, type Packed, rowsOf } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, type PageOf, pageOf, rowsToRead } from '../lib/keyset.ts'
import {
  isPersonInReach,
  peopleInReach,
  type Reach,
  reachesEverybody,
  reachOf,
} from '../service-users/reach-queries.ts'
import type { Contact, DataRates } from './contacts-rules.ts'
import { contactsOf, factColumns, rateColumns } from './forecast-queries.ts'
import type { DataFacts } from './forecast-rules.ts'

export type AllowanceFilter = 'live' | 'over'

export interface AllowancesAsked {
  filter: AllowanceFilter
  /** The last digits of a SIM's number. */
  sim: string
  serviceUserId: number | null
  loanId: number | null
  now: Date
  today: string
  asked: PageAsked
}

/** What the list shows of an allowance, with what its forecast is told from. */
export interface AllowanceRow extends DataFacts {
  kind: string
  provider: string
  sim_number: string | null
  service_user: string | null
  ward: string | null
  staff_member: string | null
  tag: string | null
  contacts: Contact[]
}

export interface Allowances extends PageOf<AllowanceRow> {
  /** The figures of the organisation, by which all of them are told. */
  rates: DataRates | null
}

/**
 * One page of what was given to people in reach, wards and staff, the newest first. Everything that the forecasts are told from
 * comes in the same question.
 */
export async function listAllowances(db: Database, actor: Actor, wanted: AllowancesAsked): Promise<Allowances> {
  const { asked, now, today, filter, sim, serviceUserId, loanId } = wanted
  const [read] = await readPage(db, {
    ...{ ...reachOf(actor), now, today, filter, size: asked.size },
    ...(asked.before !== undefined ? { before: Number(asked.before) } : {}),
    ...(asked.before === undefined && asked.after !== undefined ? { after: Number(asked.after) } : {}),
    ...(sim !== '' && { digits: [...sim].reverse().join('') }),
    ...(serviceUserId !== null && { serviceUserId }),
    ...(loanId !== null && { loanId }),
  })
  const rows = read ? rowsOf(read.list) : []
  return { ...pageOf(rows, asked, ({ id }) => String(id)), rates: read?.rates ?? null }
}

interface PageWanted extends Reach {
  now: Date
  today: string
  filter: AllowanceFilter
  size: number
  before?: number
  after?: number
  /** Of the number of a SIM, the last first. */
  digits?: string
  serviceUserId?: number
  loanId?: number
}

const columns: Columns<AllowanceRow> = {
  ...{ id: true, megabytes: true, period: true, starts_on: true, ends_on: true, suspended_at: true },
  ...{ cancelled_at: true, readings: true, top_ups: true, contacts: true, kind: true, provider: true },
  ...{ sim_number: true, service_user: true, ward: true, staff_member: true, tag: true },
}

const readPage = builtOnce(
  ['role', 'caseloadOnly', 'filter', 'size'],
  (_db: Database, wanted: PageWanted) => sql<{ list: Packed<AllowanceRow>; rates: DataRates }>`
    select ${asColumns(page(wanted), columns)} as list, ${rateColumns} as rates
    from organisations where id = ${wanted.organisationId}`,
)

/** The rows of the page first, and then what is shown of each. */
function page(wanted: PageWanted): RawBuilder<AllowanceRow> {
  const order = wanted.before === undefined ? sql`desc` : sql`asc`
  return sql<AllowanceRow>`
    with page as materialized (
      select id, megabytes, period, starts_on, ends_on, suspended_at, cancelled_at, kind, provider, sim_number,
             service_user_id, ward_id, staff_id, loan_line_id
      from data_allowances allowance
      where allowance.organisation_id = ${wanted.organisationId} ${andReach(wanted)} ${andMeant(wanted)}
      order by allowance.id ${order}
      limit ${sql.lit(rowsToRead({ size: wanted.size }))}
    )
    select ${factColumns}, ${contactsOf('allowance.service_user_id', wanted.now)} as contacts, allowance.kind,
           allowance.provider, allowance.sim_number, who.name as service_user, wards.name as ward,
           staff.name as staff_member, items.tag
    from page allowance
    left join ${peopleInReach(wanted)} who on who.service_user_id = allowance.service_user_id
    left join wards on wards.id = allowance.ward_id
    left join staff on staff.id = allowance.staff_id
    left join loan_lines line on line.id = allowance.loan_line_id
    left join items on items.id = line.item_id
    order by allowance.id ${order}`
}

function andReach(by: Reach): RawBuilder<unknown> {
  if (reachesEverybody(by)) return sql``
  return sql`and (allowance.service_user_id is null or ${isPersonInReach(by, 'allowance.service_user_id')})`
}

function andMeant(wanted: PageWanted): RawBuilder<unknown> {
  const { organisationId, filter, today, before, after, digits, serviceUserId, loanId } = wanted
  const isOver = sql`(allowance.cancelled_at is not null or coalesce(allowance.ends_on < ${today}::date, false))`
  return sql`
    ${filter === 'over' ? sql`and ${isOver}` : sql`and not ${isOver}`}
    ${before === undefined ? sql`` : sql`and allowance.id > ${before}`}
    ${after === undefined ? sql`` : sql`and allowance.id < ${after}`}
    ${digits === undefined ? sql`` : sql`and allowance.id = any(array(${endingIn(organisationId, digits)}))`}
    ${serviceUserId === undefined ? sql`` : sql`and allowance.service_user_id = ${serviceUserId}`}
    ${loanId === undefined ? sql`` : sql`and allowance.loan_line_id = any(array(select id from loan_lines where loan_id = ${loanId}))`}`
}

/** As a range: of a pattern that comes with the request PostgreSQL does not know where it begins, and reads every number. */
const endingIn = (organisationId: number, digits: string) => sql`
  select id from data_allowances
  where organisation_id = ${organisationId} and sim_number is not null
    and reverse(sim_number) ~>=~ ${digits} and reverse(sim_number) ~<~ (${digits}::text || ':')`
