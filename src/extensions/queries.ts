import { type RawBuilder, sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import { andLoanInReach, isLoanInReach, peopleInReach, reachesEveryLoan } from '../service-users/reach-queries.ts'

export interface OpenLineRow extends BorrowerFacts {
  line_id: number
  loan_id: number
  item_id: number
  tag: string
  category: string
  maker: string
  model: string
  due_on: string
}

export interface LinesWanted {
  from: string | null
  until: string | null
  borrower: { kind: 'service-user' | 'ward' | 'staff'; id: number } | null
}

const borrowerColumn = { 'service-user': 'service_user_id', ward: 'ward_id', staff: 'staff_id' } as const

/** Lines that somebody has, by their review date, the first due first; one borrower's where one is named. */
export async function listOpenLines(
  db: Database,
  actor: Actor,
  { from, until, borrower }: LinesWanted,
  limit: number,
): Promise<OpenLineRow[]> {
  const isTheirs = borrower
    ? sql`and line.loan_id = any(array(
        select id from loans where ${sql.ref(borrowerColumn[borrower.kind])} = ${borrower.id}
          and organisation_id = ${actor.organisationId} ${andLoanInReach(actor)}
      ))`
    : reachesEveryLoan(actor)
      ? sql``
      : sql`and exists (select from loans where loans.id = line.loan_id and ${isLoanInReach(actor)})`
  const isThen = sql`${from === null ? sql`` : sql`and line.due_on >= ${from}`} ${until === null ? sql`` : sql`and line.due_on <= ${until}`}`
  const { rows } = await sql<OpenLineRow>`
    with line as (
      select * from loan_lines line
      where line.organisation_id = ${actor.organisationId} and line.taken_at is not null and line.ended_at is null
        ${isThen} ${isTheirs}
      order by line.due_on, line.id
      limit ${limit}
    )
    ${openLineColumns(actor, sql`line`)}
    order by line.due_on, line.id
  `.execute(db)
  return rows
}

function openLineColumns(actor: Actor, line: RawBuilder<unknown>) {
  return sql`
    select line.id as line_id, line.loan_id, line.item_id, items.tag, items.category, models.maker,
           models.name as model, line.due_on, loans.service_user_id, person.name as service_user, loans.ward_id,
           wards.name as ward, loans.staff_id, staff.name as staff_member
    from ${line} line
    join loans on loans.id = line.loan_id
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = loans.ward_id
    left join staff on staff.id = loans.staff_id`
}

export type LockedLine = OpenLineRow & {
  taken_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  moved_to_line_id: number | null
}

/** These lines as they are, open or not. Read them after their loans and items are locked. */
export async function listLinesById(db: InTransaction, actor: Actor, lineIds: number[]): Promise<LockedLine[]> {
  const { rows } = await sql<LockedLine>`
    select found.*, line.taken_at, line.ended_as, line.cancelled_at, line.moved_to_line_id
    from (${openLineColumns(actor, sql`loan_lines`)}
      where line.id = any(${lineIds}::bigint[]) and line.organisation_id = ${actor.organisationId}
        ${andLoanInReach(actor)}
    ) found
    join loan_lines line on line.id = found.line_id
    order by found.line_id
  `.execute(db)
  return rows
}

export interface PlanInTheWay extends BorrowerFacts {
  line_id: number
  since: string
  until: string
  /** Until which day, where it is a loan. */
  due_on: string | null
}

/**
 * What is planned for these items before each line's new end, in the way that PostgreSQL looks at it: everybody's plan
 * but the line's own; for a ward's line, every plan but that ward's own people's.
 */
export async function listPlansInTheWay(
  db: InTransaction,
  actor: Actor,
  lines: { line_id: number; until: Date }[],
): Promise<PlanInTheWay[]> {
  const { rows } = await sql<PlanInTheWay>`
    select line.id as line_id, lower(held.plan) as since, upper(held.plan) as until, other.due_on,
           loans.service_user_id, person.name as service_user, wards.id as ward_id, wards.name as ward, loans.staff_id,
           staff.name as staff_member
    from unnest(${lines.map(({ line_id }) => line_id)}::bigint[], ${lines.map(({ until }) => until)}::timestamptz[])
      as wanted (line_id, until)
    join loan_lines line on line.id = wanted.line_id
    cross join lateral (
      select plan, loan_line_id, ward_id from item_holds
      where item_id = line.item_id and cancelled_at is null and loan_line_id is distinct from line.id
        and plan && tstzrange(line.from_at, wanted.until)
        and (line.placed_with_ward_id is null or taken_at is null and ward_id is distinct from line.placed_with_ward_id)
      order by lower(plan)
      limit 1
    ) held
    left join loan_lines other on other.id = held.loan_line_id
    left join loans on loans.id = other.loan_id
    left join ${peopleInReach(actor)} person on person.service_user_id = loans.service_user_id
    left join wards on wards.id = coalesce(loans.ward_id, held.ward_id)
    left join staff on staff.id = loans.staff_id
    order by line.id
  `.execute(db)
  return rows
}

/** Locks loans, then the items of these lines, both in the order of their ids. Another organisation's are left out. */
export async function lockLines(trx: InTransaction, actor: Actor, lineIds: number[]): Promise<void> {
  const ofLines = sql`from loan_lines where id = any(${lineIds}::bigint[]) and organisation_id = ${actor.organisationId}`
  await sql`
    select id from loans where id = any(array(select loan_id ${ofLines})) ${andLoanInReach(actor)}
    order by id for no key update
  `.execute(trx)
  await sql`select id from items where id = any(array(select item_id ${ofLines})) order by id for no key update`.execute(
    trx,
  )
}
