import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, placeAsked, placeCursor, rowsToRead } from '../lib/keyset.ts'
import { andLoanInReach, isLoanInReach, peopleInReach, reachesEveryLoan } from '../service-users/reach-queries.ts'
import type { BorrowerFacts } from './borrowers-rules.ts'

export const loanFilters = ['open', 'overdue', 'due', 'mine', 'closed', 'all'] as const
export type LoanFilter = (typeof loanFilters)[number]

export interface LoanRow extends BorrowerFacts {
  id: number
  lent_at: string
  /** What was called off, or written down by mistake, makes no loan partly returned, and is not counted. */
  lines: number
  open_lines: number
  next_due_on: string | null
  /** The first four. */
  tags: string[]
  /** Where it stands in a list that is not by number. */
  place_at: string | null
  place_id: number | null
}

interface Wanted {
  actor: Actor
  today: string
  soon: string
  asked: PageAsked
}

type Sql = RawBuilder<unknown>

/**
 * How the loans of a list are found, and ordered: by number, the newest first; by the line that is due first, through the
 * index of what is out; or by the line that was over last, through the index of what is over. Whether a loan is closed or
 * late is stored nowhere, so that by number one would count the lines of every loan there ever was in search of the few.
 */
const foundBy: Record<LoanFilter, (wanted: Wanted) => Sql> = {
  all: (wanted) => byNumber(wanted, sql`true`),
  open: (wanted) => byNumber(wanted, isOpen),
  mine: (wanted) => byNumber(wanted, sql`coalesce(looked_after_by, lent_by) = ${wanted.actor.staffId} and ${isOpen}`),
  overdue: (wanted) => byReview(wanted, sql`line.due_on < ${wanted.today}`),
  due: (wanted) => byReview(wanted, sql`line.due_on between ${wanted.today} and ${wanted.soon}`),
  closed: byEnd,
}

const isByNumber = (filter: LoanFilter) => filter === 'all' || filter === 'open' || filter === 'mine'

/**
 * One page of loans, each with how many lines it has and has open, and its next review. The loans of a page and their
 * lines are looked up for all at once, for they stand together; people and items stand anywhere. (`offset 0`: one by one.
 * Left to choose, PostgreSQL reads them all.)
 */
export async function listLoans(
  db: Database,
  actor: Actor,
  filter: LoanFilter,
  today: string,
  soon: string,
  page: PageAsked,
) {
  const isCursor = isByNumber(filter) ? /^[1-9]\d{0,14}$/.test(page.before ?? page.after ?? '') : placeAsked(page)
  const asked = isCursor ? page : { size: page.size }
  const isBackwards = asked.before !== undefined
  const order = {
    number: sql`page.id ${isBackwards ? sql`` : sql`desc`}`,
    review: sql`page.place_at ${isBackwards ? sql`desc` : sql``}, page.place_id ${isBackwards ? sql`desc` : sql``}`,
    end: sql`page.place_at ${isBackwards ? sql`` : sql`desc`}, page.place_id ${isBackwards ? sql`` : sql`desc`}`,
  }[isByNumber(filter) ? 'number' : filter === 'closed' ? 'end' : 'review']
  const { rows } = await sql<LoanRow>`
    with page as materialized (${foundBy[filter]({ actor, today, soon, asked })}),
    shown as materialized (
      select id, lent_at, service_user_id, ward_id, staff_id from loans where id = any(array(select id from page))
    ),
    lines as materialized (
      select id, loan_id, item_id, due_on, cancelled_at, ended_at is null and cancelled_at is null as is_open
      from loan_lines where loan_id = any(array(select id from page))
    ),
    counted as materialized (
      select loan_id, (count(*) filter (where cancelled_at is null))::int as lines,
             (count(*) filter (where is_open))::int as open_lines, min(due_on) filter (where is_open) as next_due_on,
             coalesce(
               (array_agg(tag order by lines.id) filter (where cancelled_at is null))[1:4],
               (array_agg(tag order by lines.id))[1:4]
             ) as tags
      from lines cross join lateral (select tag from items where id = lines.item_id offset 0) tagged
      group by loan_id
    )
    select shown.*, named.name as service_user, wards.name as ward, staff.name as staff_member,
           counted.lines, counted.open_lines, counted.next_due_on, counted.tags, page.place_at, page.place_id
    from page
    join shown on shown.id = page.id
    join counted on counted.loan_id = page.id
    left join lateral (
      select name from ${peopleInReach(actor)} person where service_user_id = shown.service_user_id offset 0
    ) named on true
    left join wards on wards.id = shown.ward_id
    left join staff on staff.id = shown.staff_id
    order by ${order}
  `.execute(db)
  return pageOf(rows, asked, (row) =>
    row.place_at === null || row.place_id === null ? String(row.id) : placeCursor(row.place_at, row.place_id),
  )
}

const isOpen = sql`exists (
  select from loan_lines where loan_id = loans.id and ended_at is null and cancelled_at is null
  offset 0
)`

function byNumber({ actor, asked }: Wanted, condition: Sql): Sql {
  const { after, before } = asked
  const isOurs = sql`organisation_id = ${actor.organisationId}`
  const from =
    before !== undefined
      ? sql`and id > ${Number(before)}`
      : after !== undefined
        ? sql`and id < ${Number(after)}`
        : sql``
  return sql`
    select id, null::date as place_at, null::bigint as place_id
    from loans
    where ${isOurs} ${andLoanInReach(actor)} and ${condition} ${from}
    order by id ${before === undefined ? sql`desc` : sql``}
    limit ${rowsToRead(asked)}`
}

/** Lines of loans in reach. */
function ofOurs(actor: Actor): Sql {
  const isOurs = sql`line.organisation_id = ${actor.organisationId}`
  if (reachesEveryLoan(actor)) return isOurs
  return sql`${isOurs} and exists (select from loans where loans.id = line.loan_id and ${isLoanInReach(actor)} offset 0)`
}

/** By what is due first of what is out. */
function byReview({ actor, asked }: Wanted, isThen: Sql): Sql {
  const isBackwards = asked.before !== undefined
  const place = placeAsked(asked)
  const direction = isBackwards ? sql`desc` : sql``
  const from = place
    ? sql`and (line.due_on, line.id) ${isBackwards ? sql`<` : sql`>`} (${place.at}::date, ${place.id}::bigint)`
    : sql``
  return sql`
    select line.loan_id as id, line.due_on as place_at, line.id as place_id
    from loan_lines line
    where ${ofOurs(actor)} and line.taken_at is not null and line.ended_at is null and ${isThen} ${from}
      and not exists (
        select from loan_lines sooner
        where sooner.loan_id = line.loan_id and sooner.taken_at is not null and sooner.ended_at is null
          and (sooner.due_on, sooner.id) < (line.due_on, line.id)
        offset 0
      )
    order by line.due_on ${direction}, line.id ${direction}
    limit ${rowsToRead(asked)}`
}

/** By the line that was over last, returned or called off; the newest first. */
function byEnd({ actor, asked }: Wanted): Sql {
  const isBackwards = asked.before !== undefined
  const place = placeAsked(asked)
  const direction = isBackwards ? sql`` : sql`desc`
  const over = (line: string) => sql`coalesce(${sql.ref(`${line}.ended_at`)}, ${sql.ref(`${line}.cancelled_at`)})`
  const from = place
    ? sql`and (${over('line')}, line.id) ${isBackwards ? sql`>` : sql`<`} (${place.at}::timestamptz, ${place.id}::bigint)`
    : sql``
  return sql`
    select line.loan_id as id, ${over('line')} as place_at, line.id as place_id
    from loan_lines line
    where ${ofOurs(actor)} and ${over('line')} is not null ${from}
      and not exists (
        select from loan_lines other
        where other.loan_id = line.loan_id
          and (${over('other')} is null or (${over('other')}, other.id) > (${over('line')}, line.id))
        offset 0
      )
    order by ${over('line')} ${direction}, line.id ${direction}
    limit ${rowsToRead(asked)}`
}
