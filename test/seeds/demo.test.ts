import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { demoSignIns, isDemo, NotEmpty, seedDemo } from '../../seeds/demo.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { londonClock, londonToday } from '../../src/lib/dates.ts'
import { verifyPassword } from '../../src/lib/passwords.ts'
import { isWorkingDay } from '../../src/lib/working-days.ts'
import { createTestDatabase, openTestPool, type TestDatabase } from '../support/database.ts'

/** A Monday in summer time, a bank holiday in winter, a Sunday on which the clocks change, and a leap day. */
const days = ['2026-08-03T09:30:00Z', '2026-12-28T23:45:00Z', '2027-03-28T00:30:00Z', '2028-02-29T12:00:00Z']

async function inDatabase(work: (db: Database) => Promise<void>): Promise<void> {
  const database = await createTestDatabase()
  const db = openDatabase(openTestPool({ url: database.appUrl, applicationName: 'seeds test' }))
  try {
    await work(db)
  } finally {
    await db.destroy()
    await database.drop()
  }
}

async function numberOf(db: Database, query: ReturnType<typeof sql>): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int from (${query}) counted`.execute(db)
  return rows[0]?.count ?? Number.NaN
}

describe.each(days)('the demo, put in at %s', (day) => {
  const now = new Date(day)
  const today = londonToday(now)
  let database: TestDatabase
  let db: Database

  beforeAll(async () => {
    database = await createTestDatabase()
    db = openDatabase(openTestPool({ url: database.appUrl, applicationName: 'seeds test' }))
    await seedDemo(db, now)
  })

  afterAll(async () => {
    await db.destroy()
    await database.drop()
  })

  const count = (query: ReturnType<typeof sql>) => numberOf(db, query)
  const open = sql`loan_lines.taken_at is not null and loan_lines.ended_at is null`

  it('has as many of everything as was promised', async () => {
    expect({
      organisations: await count(sql`select from organisations`),
      sites: await count(sql`select from sites`),
      wards: await count(sql`select from wards`),
      items: await count(sql`select from items`),
      kits: await count(sql`select from kits`),
      people: await count(sql`select from service_users join service_user_details on service_user_id = id`),
      loans: await count(
        sql`select from loans where exists (select from loan_lines where loan_id = loans.id and taken_at is not null)`,
      ),
      visits: await count(
        sql`select from loans where not exists (select from loan_lines where loan_id = loans.id and taken_at is not null)`,
      ),
      agreements: await count(sql`select from agreement_versions where number = 1`),
      loanLengths: await count(sql`select from loan_lengths where weeks = 12`),
      categories: await count(sql`select distinct category from items`),
      names: await count(sql`select distinct name from service_user_details`),
    }).toEqual({
      organisations: 2,
      sites: 3,
      wards: 7,
      items: 400,
      kits: 30,
      // two of them were added twice, one of whom under another name
      people: 154,
      loans: 600,
      visits: 3,
      agreements: 2,
      loanLengths: 20,
      categories: 10,
      names: 151,
    })
  })

  it('has loans, items and plans in every state', async () => {
    const inLines = (condition: ReturnType<typeof sql>) => count(sql`select from loan_lines where ${condition}`)
    const returnedSome = sql`select loan_id from loan_lines group by loan_id
      having count(*) filter (where ended_as = 'returned') > 0 and count(*) filter (where ended_at is null) > 0`
    const notOpen = sql`select from loans where not exists (select from loan_lines where loan_id = loans.id and ${open})`
    const found: Record<string, number> = {
      'not yet due': await inLines(sql`${open} and due_on > ${today}::date + 7`),
      'due this week': await inLines(sql`${open} and due_on between ${today}::date and ${today}::date + 7`),
      overdue: await inLines(sql`${open} and due_on < ${today}`),
      'partly returned': await count(returnedSome),
      closed: await count(notOpen),
      'given from the beginning': await inLines(sql`ended_as = 'given' and due_on is null`),
      'given in the end': await inLines(sql`ended_as = 'given' and due_on is not null`),
      lost: await inLines(sql`ended_as = 'lost'`),
      stolen: await inLines(sql`ended_as = 'stolen'`),
      damaged: await inLines(sql`ended_as = 'damaged'`),
      'lost and found again': await count(sql`select from incident_items where found_at is not null`),
      'lost with everything done': await count(sql`select from incidents where not exists (
        select from incident_tasks where incident_id = incidents.id and done_at is null and dropped_at is null)`),
      'with something overdue to do': await count(sql`
        select from incident_tasks where done_at is null and dropped_at is null and due_at < ${now}`),
      'with something to do in time': await count(sql`
        select from incident_tasks where done_at is null and dropped_at is null and due_at > ${now}`),
      'with a ward': await inLines(sql`${open} and placed_with_ward_id is not null`),
      'with a colleague': await count(sql`select from loans where staff_id is not null`),
      'lent on from a ward': await count(sql`
        select from item_holds where kind = 'loan' and ward_id is not null and ended_at is null`),
      'without a charger': await count(sql`select from loans where lent_without_charger`),
      extended: await count(sql`select distinct subject_id from audit_events where verb = 'loan:extended'`),
      'no longer updated': await inLines(sql`${open} and unsupported_reason is not null`),
      'being made ready': await count(sql`select from item_holds where kind = 'turnaround' and ended_at is null`),
      'agreed aloud': await count(sql`select from loans where agreement_witness is not null`),
    }
    for (const kind of ['tablet', 'smartphone', 'laptop', 'hotspot', 'sim', 'charger', 'headset', 'accessory']) {
      found[`${kind} on the shelf`] = await count(sql`
        select from items where category = ${kind} and left_at is null
        and not exists (select from item_holds where item_id = items.id and ended_at is null)
        and not exists (select from loan_lines where item_id = items.id and ${open})`)
    }
    expect(Object.entries(found).filter(([, number]) => number === 0)).toEqual([])
  })

  it('plans ahead: after what is due, and for what is late and will not be back', async () => {
    const planned = sql`join item_holds plan on plan.item_id = held.item_id and plan.kind = 'booking'`
    const afterDue = sql`select from item_holds held ${planned}
      where held.kind = 'loan' and held.ended_at is null and lower(plan.plan) > upper(held.plan)
        and upper(held.plan) > ${now}`
    const atRisk = sql`select from item_holds held ${planned}
      where held.kind = 'loan' and held.ended_at is null and upper(held.plan) <= ${now}
        and (lower(plan.plan) at time zone 'Europe/London')::date = ${today}::date + 1`
    expect(await count(afterDue)).toBeGreaterThanOrEqual(10)
    expect(await count(atRisk)).toBe(2)
    expect(await count(sql`select from item_holds where kind = 'booking' and lower(plan) <= ${now}`)).toBe(0)
  })

  it.each([
    [
      'a line without its hold',
      sql`select from loan_lines where placed_with_ward_id is null
        and not exists (select from item_holds where loan_line_id = loan_lines.id)`,
    ],
    [
      'a placement with a hold',
      sql`select from loan_lines join item_holds on loan_line_id = loan_lines.id
        where placed_with_ward_id is not null`,
    ],
    [
      'a line that tells another story than its hold',
      sql`select from loan_lines join item_holds held on loan_line_id = loan_lines.id
        where (loan_lines.taken_at, loan_lines.ended_at, loan_lines.ended_as)
          is distinct from (held.taken_at, held.ended_at, held.ended_as)`,
    ],
    [
      'an open hold on an item that left',
      sql`select from item_holds join items on items.id = item_id
        where left_at is not null and ended_at is null and cancelled_at is null`,
    ],
    [
      'an item that was given, lost, stolen or damaged and is still there',
      sql`select from loan_lines join items on items.id = item_id
        where ended_as <> 'returned' and (left_as, left_at) is distinct from (ended_as, ended_at) and not exists (
          select from incident_items where item_id = items.id and found_at >= ended_at)`,
    ],
    [
      'something lost, stolen or broken without its incident, or lost and not gone',
      sql`select items.id from items where left_as in ('lost', 'stolen', 'damaged') and not exists (
          select from incident_items where item_id = items.id and kind = left_as and found_at is null)
        union all
        select item_id from incident_items join items on items.id = item_id
        where kind in ('lost', 'stolen') and found_at is null and left_as is distinct from kind`,
    ],
    [
      'an incident that the audit does not tell, or a task that nobody in it did',
      sql`select id from incidents where not exists (
          select from audit_events where subject_type = 'incident' and subject_id = incidents.id
            and verb = 'incident:reported' and at = reported_at and staff_id = reported_by)
        union all
        select id from incident_tasks where done_at is not null and not exists (
          select from audit_events where subject_type = 'incident' and subject_id = incident_id
            and verb = 'incident:task-done' and at = done_at and staff_id = done_by)`,
    ],
    [
      'an onward plan that the audit does not tell, or that was made after all came back',
      sql`select id from onward_plans plan where not exists (
          select from audit_events where subject_type = 'loan' and subject_id = loan_id
            and verb = 'loan:onward-planned' and at = recorded_at and staff_id = recorded_by)
        or not exists (
          select from loan_lines where loan_lines.loan_id = plan.loan_id
            and taken_at <= recorded_at and coalesce(ended_at, 'infinity') >= recorded_at)`,
    ],
    [
      'a stock check that the audit does not tell, or a thing reported in it at another time',
      sql`select id from stock_checks where not exists (
          select from audit_events where subject_type = 'stock-check' and subject_id = stock_checks.id
            and verb = 'stock-check:started' and at = started_at and staff_id = started_by)
        union all
        select id from stock_checks where finished_at is not null and not exists (
          select from audit_events where subject_type = 'stock-check' and subject_id = stock_checks.id
            and verb = 'stock-check:finished' and at = finished_at and staff_id = finished_by)
        union all
        select stock_check_id from stock_check_items listed join stock_checks on stock_checks.id = stock_check_id
          join incidents on incidents.id = listed.incident_id where reported_at <> finished_at`,
    ],
    [
      'two plans that overlap',
      sql`select from item_holds one join item_holds other
        on one.item_id = other.item_id and one.id < other.id and one.plan && other.plan`,
    ],
    [
      'an item in two pairs of hands at one time',
      sql`select from item_holds one join item_holds other on one.item_id = other.item_id and one.id < other.id
        and tstzrange(one.taken_at, one.ended_at) && tstzrange(other.taken_at, other.ended_at)
        where one.taken_at is not null and other.taken_at is not null`,
    ],
    [
      'a hold written after a later one of the same item',
      sql`select from item_holds one join item_holds other
        on one.item_id = other.item_id and one.id < other.id and one.taken_at > other.taken_at`,
    ],
    [
      'an item that came back and was not made ready',
      sql`select from loan_lines where ended_as = 'returned' and not exists (
        select from item_holds where item_id = loan_lines.item_id and kind = 'turnaround'
          and taken_at = loan_lines.ended_at)`,
    ],
    [
      'something that happened in the future',
      sql`
      select taken_at from item_holds where greatest(taken_at, ended_at) > ${now}
      union all select at from audit_events where at > ${now}
      union all select done_at from turnaround_steps where done_at > ${now}
      union all select done_at from incident_tasks where done_at > ${now}
      union all select reported_at from incidents where reported_at > ${now}
      union all select scanned_at from stock_check_items where scanned_at > ${now}
      union all select recorded_at from onward_plans where recorded_at > ${now}
      union all select asked_at from rescues where asked_at > ${now}
      union all select started_at from stock_checks where greatest(started_at, finished_at) > ${now}`,
    ],
    [
      'something lent before it was there, or to somebody not yet known',
      sql`select from loan_lines join items on items.id = item_id join loans on loans.id = loan_id
        left join service_users on service_users.id = service_user_id
        where from_at < items.created_at or from_at < service_users.created_at`,
    ],
    [
      'an audit out of order',
      sql`select from audit_events one join audit_events other on other.id = one.id + 1
        where one.at > other.at`,
    ],
    [
      'a loan or item without its audit',
      sql`select 'loan', id from loans where not exists (
          select from audit_events where subject_type = 'loan' and subject_id = loans.id)
        union all select 'item', id from items where not exists (
          select from audit_events where subject_type = 'item' and subject_id = items.id)`,
    ],
    [
      'an NHS number that may be somebody’s',
      sql`
      select from service_user_details where nhs_number not like '999%'`,
    ],
    [
      'a phone number that may ring somewhere',
      sql`select phone from (
          select phone from service_user_details union all select phone_number from items where phone_number is not null
        ) phones
        where phone <> '' and phone !~ '^07700 900[0-9]{3}$' and phone !~ '^020 7946 0[0-9]{3}$'`,
    ],
    [
      'an email address that may reach somebody',
      sql`select email from (select email from service_user_details union all select email from staff) addresses
        where email <> '' and email !~ '[.]example$'`,
    ],
    [
      'a cable longer than its ward allows',
      sql`select from loan_lines join wards on wards.id = placed_with_ward_id
        join items on items.id = item_id join models on models.id = model_id
        where cable_length_cm > longest_cable_cm`,
    ],
  ] as [string, ReturnType<typeof sql>][])('has nowhere %s', async (_what, query) => {
    expect(await count(query)).toBe(0)
  })

  it('lends and makes due on working days, in office hours', async () => {
    const lines = await db
      .selectFrom('loan_lines')
      .select(['from_at', 'due_on'])
      .where('taken_at', 'is not', null)
      .execute()
    const clocks = lines.map((line) => londonClock(line.from_at))
    expect(clocks.filter(({ date, hour }) => !isWorkingDay(date) || hour < 9 || hour > 16)).toEqual([])
    expect(lines.filter(({ due_on }) => due_on !== null && !isWorkingDay(due_on))).toEqual([])
  })

  it('is known again as the demo, and takes no second one', async () => {
    expect(await isDemo(db)).toBe(true)
    await expect(seedDemo(db, now)).rejects.toThrow(NotEmpty)
    expect(await count(sql`select from loans`)).toBe(603)
  })
})

describe('the demo, started twice at the same moment', () => {
  const now = new Date(days[0]!)
  let database: TestDatabase
  let db: Database
  let results: PromiseSettledResult<typeof demoSignIns>[]

  beforeAll(async () => {
    database = await createTestDatabase()
    db = openDatabase(openTestPool({ url: database.appUrl, applicationName: 'seeds test' }))
    results = await Promise.allSettled([seedDemo(db, now), seedDemo(db, now)])
  })

  afterAll(async () => {
    await db.destroy()
    await database.drop()
  })

  it('is put in once', async () => {
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
    expect(await numberOf(db, sql`select from organisations`)).toBe(2)
  })

  it('gives every role a sign-in that works', async () => {
    expect(results).toContainEqual({ status: 'fulfilled', value: demoSignIns })
    for (const { email, password, role } of demoSignIns) {
      const staff = await db.selectFrom('staff').selectAll().where('email', '=', email).executeTakeFirstOrThrow()
      const opens = await verifyPassword(staff.password_hash, password)
      expect({ email, role: staff.role, opens }).toEqual({ email, role, opens: true })
      expect(password.length).toBeGreaterThanOrEqual(15)
    }
    expect(new Set(demoSignIns.map(({ role }) => role)).size).toBe(6)
  })

  it('comes out the same in another database', async () => {
    await inDatabase(async (another) => {
      await seedDemo(another, now)
      expect(await tellAll(another)).toEqual(await tellAll(db))
    })
  })
})

function tellAll(db: Database) {
  return db
    .selectFrom('loan_lines as line')
    .innerJoin('items', 'items.id', 'line.item_id')
    .innerJoin('loans', 'loans.id', 'line.loan_id')
    .leftJoin('service_user_details as person', 'person.service_user_id', 'loans.service_user_id')
    .select([
      'items.tag',
      'loans.lent_at',
      'person.name',
      'line.due_on',
      'line.ended_at',
      'line.ended_as',
      'loans.notes',
    ])
    .orderBy('line.id')
    .execute()
}

describe('the demo in production', () => {
  it('is refused, and leaves nothing behind', async () => {
    await inDatabase(async (db) => {
      const before = process.env.NODE_ENV
      process.env.NODE_ENV = 'production'
      try {
        await expect(seedDemo(db, new Date(days[0]!))).rejects.toThrow('production')
      } finally {
        process.env.NODE_ENV = before
      }
      expect(await numberOf(db, sql`select from organisations`)).toBe(0)
    })
  })
})
