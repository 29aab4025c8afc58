import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { availableItems, type Item, model, serviceUsers } from '../../seeds/factories.ts'
import { type Fields, lendFields } from '../loans/forms.ts'
import { startApp, type TestApp, Visitor } from '../support/app.ts'

/** Somebody at a screen of their own, and the person they came to lend to. */
export interface Racer {
  visitor: Visitor
  person: { id: number; name: string }
}

export interface Race {
  app: TestApp
  racers: Racer[]
  items: Item[]
}

/** The real app, so many champions signed in to it, each with a person before them, and so many headsets on the shelf. */
export async function startRace(racers: number, items: number): Promise<Race> {
  const app = await startApp()
  return { app, racers: await addRacers(app, racers), items: await addHeadsets(app, items) }
}

async function addRacers(app: TestApp, count: number): Promise<Racer[]> {
  const { organisationId: organisation_id, actors } = app.people
  const { password_hash } = await app.db
    .selectFrom('staff')
    .select('password_hash')
    .where('id', '=', actors.champion.staffId)
    .executeTakeFirstOrThrow()
  const numbers = Array.from({ length: count }, (_, at) => at + 1)
  const staff = numbers.map((number) => ({
    organisation_id,
    name: `Champion ${number}`,
    email: `champion-${number}@race.example`,
    role: 'champion',
    password_hash,
    created_at: app.clock(),
  }))
  await app.db.insertInto('staff').values(staff).execute()
  // Told apart at the end too: "Borrower 1" is in "Borrower 10"
  const people = await serviceUsers(
    app.db,
    numbers.map((number) => ({ organisation_id, name: `Borrower ${number} Racing` })),
  )
  const racers: Racer[] = []
  for (const [at, { email }] of staff.entries()) {
    racers.push({ visitor: await new Visitor(app.app).signIn(email), person: people[at]! })
  }
  return racers
}

/** Headsets need no charger, so nothing but who is first decides. */
export async function addHeadsets(app: TestApp, count: number): Promise<Item[]> {
  const headset = await model(app.db, { organisation_id: app.people.organisationId, category: 'headset' })
  return availableItems(
    app.db,
    Array.from({ length: count }, () => ({ model: headset })),
  )
}

export interface Try {
  racer: Racer
  itemIds: number[]
  status: number
  location: string | undefined
  text: string
}

export async function tryToLend(racer: Racer, itemIds: number[], fields: Fields = {}): Promise<Try> {
  const form = { ...lendFields(itemIds), 'service-user': racer.person.id, ...fields }
  const { status, headers, text } = await racer.visitor.post('/loans', form)
  return { racer, itemIds, status, location: headers.location, text }
}

/** Who has each item now, by the name of the borrower. */
export async function holders(app: TestApp): Promise<Map<number, string>> {
  const rows = await app.db
    .selectFrom('item_holds')
    .innerJoin('loan_lines', 'loan_lines.id', 'item_holds.loan_line_id')
    .innerJoin('loans', 'loans.id', 'loan_lines.loan_id')
    .innerJoin('service_user_details as person', 'person.service_user_id', 'loans.service_user_id')
    .select(['item_holds.item_id', 'person.name'])
    .where('item_holds.taken_at', 'is not', null)
    .where('item_holds.ended_at', 'is', null)
    .execute()
  return new Map(rows.map((row) => [row.item_id, row.name]))
}

/**
 * How often PostgreSQL had to break a deadlock in the app's database, those included that were tried again and that nobody
 * saw. A connection reports what it counted when it ends, so this ends them all: ask last.
 */
export async function countDeadlocks(app: TestApp): Promise<number> {
  await app.db.destroy()
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  const ask = async (question: string) => Number((await owner.query(question)).rows[0]?.count)
  const others = 'select count(*) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()'
  while ((await ask(others)) > 0) await pause(20)
  const count = await ask('select deadlocks as count from pg_stat_database where datname = current_database()')
  await owner.end()
  return count
}
