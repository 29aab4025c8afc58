import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'

const open = (row: string) => `${row}.taken_at is not null and ${row}.ended_at is null`

/** What may never be, whatever happened: each question finds the rows that break a rule, and so finds none. */
const questions: Record<string, string> = {
  'an item in two pairs of hands': `
    select item_id from item_holds where ${open('item_holds')} group by item_id having count(*) > 1`,
  'an item that was in two pairs of hands at one time': `
    select one.id, other.id as other_id from item_holds one
    join item_holds other on one.item_id = other.item_id and one.id < other.id
      and tstzrange(one.taken_at, one.ended_at) && tstzrange(other.taken_at, other.ended_at)
    where one.taken_at is not null and other.taken_at is not null`,
  'two plans that overlap': `
    select one.id, other.id as other_id from item_holds one
    join item_holds other on one.item_id = other.item_id and one.id < other.id and one.plan && other.plan
    where one.cancelled_at is null and other.cancelled_at is null`,
  'a line without its hold, or a hold that tells another story': `
    select line.id, hold.id as hold_id from loan_lines line
    full join (select * from item_holds where kind = 'loan') hold on hold.loan_line_id = line.id
    where line.placed_with_ward_id is null and (
      (line.item_id, line.taken_at, line.ended_at, line.ended_as, line.cancelled_at,
        loan_line_plan(line.from_at, line.due_on, line.ended_at))
      is distinct from (hold.item_id, hold.taken_at, hold.ended_at, hold.ended_as, hold.cancelled_at, hold.plan))`,
  'a placement with a hold of its own': `
    select line.id from loan_lines line join item_holds on loan_line_id = line.id where placed_with_ward_id is not null`,
  'an item in two pools': `
    select item_id from loan_lines where placed_with_ward_id is not null and ${open('loan_lines')}
    group by item_id having count(*) > 1`,
  'an item that was in two pools at one time': `
    select one.id, other.id as other_id from loan_lines one
    join loan_lines other on one.item_id = other.item_id and one.id < other.id
      and tstzrange(one.taken_at, one.ended_at) && tstzrange(other.taken_at, other.ended_at)
    where one.placed_with_ward_id is not null and other.placed_with_ward_id is not null
      and one.taken_at is not null and other.taken_at is not null`,
  'a placement that began with an item in somebody’s hands': `
    select line.id, hold.id as hold_id from loan_lines line
    join item_holds hold on hold.item_id = line.item_id and hold.taken_at < line.taken_at
      and coalesce(hold.ended_at, 'infinity') > line.taken_at
    where line.placed_with_ward_id is not null`,
  'a placement that is not with the ward of its loan': `
    select line.id from loan_lines line join loans on loans.id = loan_id
    where placed_with_ward_id is distinct from ward_id`,
  'a loan that does not know whether it lacks a charger': `
    select id from loans
    where lacks_charger <> (
      exists (
        select from loan_lines line join items on items.id = item_id
        where loan_id = loans.id and ${open('line')} and category in ('tablet', 'smartphone', 'laptop', 'hotspot')
      ) and not exists (
        select from loan_lines line join items on items.id = item_id
        where loan_id = loans.id and category = 'charger' and taken_at is not null
          and coalesce(ended_as, 'given') = 'given'
      )
    )`,
  'a loan that does not know whether its borrower still has a charger of it': `
    select id from loans
    where has_charger <> exists (
      select from loan_lines line join items on items.id = item_id
      where loan_id = loans.id and category = 'charger' and taken_at is not null
        and coalesce(ended_as, 'given') = 'given'
    )`,
  'somebody who has what left the stock': `
    select items.id from items join item_holds hold on hold.item_id = items.id
    where left_at is not null and hold.kind in ('loan', 'booking') and ${open('hold')}
    union all
    select items.id from items join loan_lines line on line.item_id = items.id
    where left_at is not null and ${open('line')}`,
  'what was given, lost, stolen or damaged and is still there': `
    select line.id from loan_lines line join items on items.id = item_id
    where ended_as in ('given', 'lost', 'stolen', 'damaged') and left_at is null and not exists (
      select from incident_items where item_id = line.item_id and found_at >= line.ended_at)`,
  'what is lost by an incident and is in the stock, or gone as something else': `
    select incident_id from incident_items join items on items.id = item_id
    where kind in ('lost', 'stolen') and found_at is null and left_as is distinct from kind`,
  'what was found before it was lost, or is out without having been made ready since': `
    select incident_id from incident_items of_it join incidents on incidents.id = incident_id
    where found_at < reported_at or (found_at is not null and exists (
      select from item_holds lent
      where lent.item_id = of_it.item_id and lent.kind in ('loan', 'booking') and lent.taken_at >= found_at
        and not exists (
          select from item_holds bench
          where bench.item_id = of_it.item_id and bench.kind in ('turnaround', 'repair')
            and bench.ended_at between found_at and lent.taken_at)))`,
  'what came back and was not made ready': `
    select line.id from loan_lines line where ended_as = 'returned' and not exists (
      select from item_holds
      where item_id = line.item_id and kind = 'turnaround' and taken_at = line.ended_at)
      -- what was transferred went straight on
      and not exists (
        select from loan_lines after where after.follows_line_id = line.id and after.item_id = line.item_id)`,
  'an end before its beginning': `
    select id from item_holds where ended_at < taken_at union all select id from loan_lines where ended_at < taken_at`,
  'a loan that nobody in the audit lent': `
    select id from loans where not exists (
      select from audit_events
      where subject_type = 'loan' and subject_id = loans.id and verb in ('loan:lent', 'loan:given', 'loan:taken-over', 'loan:made-by-correction'))`,
}

const names = Object.keys(questions)
/** All of them in one statement with a value in it, so that its plan is kept: it is asked after every step of long tests. */
const all = sql<{ broken: boolean[] }>`
  select array[${sql.raw(
    Object.values(questions)
      .map((question) => `exists (${question})`)
      .join(', '),
  )}] as broken where ${true}`

/** The rules that are broken, each with the first rows that break it. */
export async function brokenRules(db: Database): Promise<Record<string, unknown[]>> {
  const { rows } = await all.execute(db)
  const broken: Record<string, unknown[]> = {}
  for (const name of names.filter((_, at) => rows[0]?.broken[at])) {
    broken[name] = (await sql`${sql.raw(questions[name] as string)} limit 5`.execute(db)).rows
  }
  return broken
}
