import pg from 'pg'

/** What the app and its database keep true. Each of these finds what breaks it, and must find nothing. */
const rules: Record<string, string> = {
  'a line that is no placement has one hold, which tells the same story': `
    select line.id from loan_lines line left join item_holds hold on hold.loan_line_id = line.id
    where placed_with_ward_id is null and (hold.id is null or hold.item_id <> line.item_id or hold.kind <> 'loan'
      or (hold.taken_at, hold.ended_at, hold.ended_as, hold.cancelled_at)
        is distinct from (line.taken_at, line.ended_at, line.ended_as, line.cancelled_at)
      or hold.plan <> loan_line_plan(line.from_at, line.due_on, line.ended_at))`,
  'a placement has no hold': `
    select line.id from loan_lines line join item_holds hold on hold.loan_line_id = line.id
    where placed_with_ward_id is not null`,
  'a line is with the borrower of its loan': `
    select line.id from loan_lines line join loans on loans.id = loan_id
    where placed_with_ward_id is distinct from loans.ward_id`,
  'a loan has a line': `select id from loans where not exists (select from loan_lines where loan_id = loans.id)`,
  'a loan knows whether it lacks a charger': `
    select id from loans
    where lacks_charger <> (
      exists (
        select from loan_lines join items on items.id = item_id
        where loan_id = loans.id and taken_at is not null and ended_at is null
          and category in ('tablet', 'smartphone', 'laptop', 'hotspot')
      ) and not exists (
        select from loan_lines join items on items.id = item_id
        where loan_id = loans.id and taken_at is not null and category = 'charger' and coalesce(ended_as, 'given') = 'given'
      )
    )`,
  'a loan knows whether its borrower still has a charger of it': `
    select id from loans
    where has_charger <> exists (
      select from loan_lines join items on items.id = item_id
      where loan_id = loans.id and taken_at is not null and category = 'charger' and coalesce(ended_as, 'given') = 'given'
    )`,
  'an item is in one pair of hands': `
    select item_id from item_holds where taken_at is not null and ended_at is null group by 1 having count(*) > 1`,
  'what is taken comes after what ended': `
    select id from (
      select id, taken_at, lag(ended_at) over (partition by item_id order by taken_at, id) as before
      from item_holds where taken_at is not null
    ) held where taken_at < before`,
  'what has left the stock is with nobody': `
    select items.id from items join item_holds on item_id = items.id
    where left_at is not null and taken_at is not null and ended_at is null`,
  'a turnaround ended with all its steps': `
    select hold.id from item_holds hold join items on items.id = item_id join turnaround_step_rules rule using (category)
    where kind = 'turnaround' and ended_at > now() - interval '100 days'
      and not exists (select from turnaround_steps where hold_id = hold.id and step = rule.step)`,
}

/** One line for each rule that is broken, with some of the rows that break it. */
export async function findBroken(adminUrl: string): Promise<string[]> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench invariants' })
  await client.connect()
  try {
    await client.query(`set work_mem = '256MB'`)
    const all = { ...rules, ...(await foreignKeys(client)) }
    const broken: string[] = []
    for (const [rule, sql] of Object.entries(all)) {
      const { rows } = await client.query(`select * from (${sql}) broken limit 5`)
      if (rows.length > 0) broken.push(`${rule}: ${JSON.stringify(rows)}`)
    }
    return broken
  } finally {
    await client.end()
  }
}

/** Filling went round them: each is asked for what it points at. */
async function foreignKeys(client: pg.Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ rule: string; sql: string }>(`
    select conname as rule, format(
      'select child.ctid from %s child where %s and not exists (select from %s parent where %s)', conrelid::regclass,
      (select string_agg(format('child.%I is not null', attname), ' and ') from pg_attribute
       where attrelid = conrelid and attnum = any (conkey)),
      confrelid::regclass,
      (select string_agg(format('parent.%I = child.%I', theirs.attname, ours.attname), ' and ')
       from unnest(conkey, confkey) pair (our_number, their_number)
       join pg_attribute ours on ours.attrelid = conrelid and ours.attnum = our_number
       join pg_attribute theirs on theirs.attrelid = confrelid and theirs.attnum = their_number)) as sql
    from pg_constraint where contype = 'f' and connamespace = 'public'::regnamespace
  `)
  return Object.fromEntries(rows.map(({ rule, sql }) => [rule, sql]))
}
