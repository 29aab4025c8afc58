import type pg from 'pg'
import {
  availableItem,
  model,
  organisation,
  type Staff,
  serviceUser,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { createTestDatabase, openTestPool } from '../support/database.ts'

/**
 * Somebody with the app's own rights and nothing but SQL: no form, no action and no rule of ours stands between. What is
 * still refused here, PostgreSQL refuses.
 */
export interface BySql {
  db: Database
  organisationId: number
  ward: { id: number; organisation_id: number }
  otherWard: { id: number; organisation_id: number }
  champion: Staff
  person: { id: number; organisation_id: number }
  otherPerson: { id: number; organisation_id: number }
  run(text: string, values?: unknown[]): Promise<Record<string, unknown>[]>
  /** A connection of one's own, for what takes more than one statement. */
  connect(): Promise<pg.PoolClient>
  /** An item on the shelf. */
  item(): Promise<number>
  close(): Promise<void>
}

export async function startBySql(): Promise<BySql> {
  const database = await createTestDatabase()
  const pool = openTestPool({ url: database.appUrl, applicationName: 'test' })
  const db = openDatabase(pool)
  const { id: organisation_id } = await organisation(db)
  const tablet = await model(db, { organisation_id })
  return {
    db,
    organisationId: organisation_id,
    ward: await ward(db, { organisation_id }),
    otherWard: await ward(db, { organisation_id }),
    champion: await staffMember(db, { organisation_id }),
    person: await serviceUser(db, { organisation_id }),
    otherPerson: await serviceUser(db, { organisation_id }),
    run: async (text, values = []) => (await pool.query(text, values)).rows,
    connect: () => pool.connect(),
    item: async () => (await availableItem(db, { organisation_id, model: tablet })).id,
    close: async () => {
      await db.destroy()
      await database.drop()
    },
  }
}

/** What PostgreSQL says to it: 'accepted', or the code of the refusal and the name of the rule. */
export async function verdict(work: Promise<unknown>): Promise<string> {
  try {
    await work
    return 'accepted'
  } catch (error) {
    const { code, constraint } = error as pg.DatabaseError
    if (code === undefined) throw error
    return [code, constraint].filter((part) => part !== undefined).join(' ')
  }
}

/** Midnight in London at the beginning of a day of August 2026, when London is an hour ahead. */
export const august = (day: number) => new Date(Date.UTC(2026, 7, day - 1, 23)).toISOString()

export const overlaps = '23P01 plans_never_overlap'
export const inHands = '23505 item_in_one_pair_of_hands'

/** One who uses an item: how it is planned ahead, taken now, and ended. */
export interface User {
  /** Plans it from one time until another, and gives the id of the plan. */
  plan?(by: BySql, itemId: number, from: string, until: string): Promise<number>
  /** Hands over what was planned. */
  take?(by: BySql, id: number, at: string): Promise<unknown>
  /** Takes it at once; until when is meant where such a use has an end. */
  takeNow(by: BySql, itemId: number, at: string, until: string): Promise<number>
  end(by: BySql, id: number, at: string): Promise<unknown>
}

/** Every kind of use there is or will be, each by the SQL that its feature sends. Days begin at midnight in London. */
export const users = {
  'a loan': {
    plan: (by, itemId, from, until) => addLine(by, { itemId, from, dueOn: dayBefore(until) }),
    take: (by, id, at) => by.run('update loan_lines set taken_at = $2 where id = $1', [id, at]),
    takeNow: (by, itemId, at, until) => addLine(by, { itemId, from: at, dueOn: dayBefore(until), takenAt: at }),
    end: (by, id, at) => endLine(by, id, at),
  },
  'a booking': {
    plan: (by, itemId, from, until) => addHold(by, { itemId, kind: 'booking', plan: `[${from},${until})` }),
    take: (by, id, at) => by.run('update item_holds set taken_at = $2 where id = $1', [id, at]),
    takeNow: (by, itemId, at, until) => addHold(by, { itemId, kind: 'booking', plan: `[${at},${until})`, takenAt: at }),
    end: (by, id, at) => endHold(by, id, at),
  },
  'being made ready': {
    takeNow: (by, itemId, at) => addHold(by, { itemId, kind: 'turnaround', takenAt: at }),
    end: async (by, id, at) => {
      await by.run(
        `insert into turnaround_steps (organisation_id, hold_id, step, method, done_at, done_by)
         select item_holds.organisation_id, item_holds.id, step, case step when 'wiped' then 'factory-reset' end, $2, $3
         from item_holds join items on items.id = item_id join turnaround_step_rules using (category)
         where item_holds.id = $1`,
        [id, at, by.champion.id],
      )
      await endHold(by, id, at)
    },
  },
  'a repair': {
    takeNow: (by, itemId, at) => addHold(by, { itemId, kind: 'repair', takenAt: at }),
    end: (by, id, at) => endHold(by, id, at),
  },
} satisfies Record<string, User> as Record<'a loan' | 'a booking' | 'being made ready' | 'a repair', User>

export type Planner = User & Required<Pick<User, 'plan' | 'take'>>
export const planners = ['a loan', 'a booking'] as const
export const planner = (name: (typeof planners)[number]) => users[name] as Planner
export const userNames = Object.keys(users) as (keyof typeof users)[]

interface NewHold {
  itemId: number
  kind: string
  plan?: string
  takenAt?: string
  endedAt?: string
  wardId?: number
}

export async function addHold(by: BySql, { itemId, kind, plan, takenAt, endedAt, wardId }: NewHold): Promise<number> {
  const [row] = await by.run(
    `with hold as (
       insert into item_holds (organisation_id, item_id, kind, plan, taken_at, ended_at, ended_as, ward_id)
       values ($1, $2, $3, $4, $5, $6::timestamptz, case when $6::timestamptz is not null then 'back' end, $7)
       returning id, organisation_id, kind
     ), record as (
       insert into repairs (hold_id, organisation_id, reason, place, sent_by)
       select id, organisation_id, 'The screen is cracked', 'The repairer', $8 from hold where kind = 'repair'
     )
     select id from hold`,
    [by.organisationId, itemId, kind, plan, takenAt, endedAt, wardId, by.champion.id],
  )
  return Number(row?.id)
}

/** Takes an item out of the stock, with the record that what is retired has. */
export async function leaveStock(by: BySql, itemId: number, as: string, at: string): Promise<void> {
  await by.run(
    `with gone as (
       update items set left_at = $2, left_as = $3 where id = $1 returning id, organisation_id, left_as, left_at
     )
     insert into disposals
       (organisation_id, item_id, how, wiped_how, wiped_by, disposed_on, retired_at, retired_by)
     select organisation_id, id, 'destroyed', 'factory-reset', 'A colleague', '2026-01-05', left_at, $4
     from gone where left_as = 'retired'`,
    [itemId, at, as, by.champion.id],
  )
}

export function endHold(by: BySql, id: number, at: string): Promise<unknown> {
  return by.run(`update item_holds set ended_at = $2, ended_as = 'back' where id = $1`, [id, at])
}

interface NewLine {
  itemId: number
  from: string
  dueOn: string | null
  takenAt?: string
  endedAt?: string
  endedAs?: string
}

/** A line in a loan of its own, to the person or, when a ward is named, to that ward. */
export async function addLine(by: BySql, line: NewLine & { wardId?: number }): Promise<number> {
  const { itemId, from, dueOn, takenAt, endedAt, endedAs, wardId } = line
  const loanId = await addLoan(by, from, wardId === undefined ? { service_user_id: by.person.id } : { ward_id: wardId })
  const [row] = await by.run(
    `insert into loan_lines
       (organisation_id, loan_id, item_id, placed_with_ward_id, from_at, due_on, taken_at, ended_at, ended_as)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9) returning id`,
    [by.organisationId, loanId, itemId, wardId, from, dueOn, takenAt, endedAt, endedAs],
  )
  return Number(row?.id)
}

export async function addLoan(by: BySql, at: string, more: Record<string, unknown>): Promise<number> {
  const columns = { organisation_id: by.organisationId, lent_at: at, lent_by: by.champion.id, ...more }
  const places = Object.keys(columns).map((_, place) => `$${place + 1}`)
  const [row] = await by.run(
    `insert into loans (${Object.keys(columns).join(', ')}) values (${places.join(', ')}) returning id`,
    Object.values(columns),
  )
  return Number(row?.id)
}

export function endLine(by: BySql, id: number, at: string, as = 'returned'): Promise<unknown> {
  return by.run('update loan_lines set ended_at = $2, ended_as = $3 where id = $1', [id, at, as])
}

/** A loan is planned in days: until midnight in London at the end of its due date. */
function dayBefore(midnight: string): string {
  return new Date(Date.parse(midnight) - 12 * 60 * 60 * 1000).toISOString().slice(0, 10)
}

/** Changes a line that was taken as whoever corrects it must: with a reason on record, in one transaction. */
export async function correctLine(by: BySql, lineId: number, set: string, more: string[] = []): Promise<void> {
  const client = await by.connect()
  try {
    await client.query('begin')
    await client.query(
      `with correction as (
         insert into loan_corrections (organisation_id, loan_id, kind, at, corrected_by)
         select organisation_id, loan_id, 'lent', '2026-08-31', $2 from loan_lines where id = $1
         returning id, organisation_id
       )
       insert into loan_correction_reasons (correction_id, organisation_id, reason)
       select id, organisation_id, 'A slip at the desk' from correction`,
      [lineId, by.champion.id],
    )
    for (const statement of more) await client.query(statement)
    if (set !== '') await client.query(`update loan_lines set ${set} where id = $1`, [lineId])
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  } finally {
    client.release()
  }
}
