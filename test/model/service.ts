import pg from 'pg'
import { availableItem, model, serviceUser } from '../../seeds/factories.ts'
import { type Change, makeChange } from '../../src/database/change.ts'
import type { Category } from '../../src/items/rules.ts'
import { Refusal, RuleBroken } from '../../src/lib/refusals.ts'
import type { Borrower } from '../../src/loans/actions.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { expectSameWorld } from './comparison.ts'
import type { Loan, Outcome, Thing, World } from './world.ts'

/** The real service: its actions over PostgreSQL, and four who may borrow. */
export interface Service {
  app: TestApp
  owner: pg.Client
  modelIds: number[]
  borrowers: Borrower[]
  /** The one who does everything here, and a colleague. */
  champions: [number, number]
}

const MINUTE = 60_000
export const categories: Category[] = ['tablet', 'charger', 'sim', 'tablet']

export async function startService(): Promise<Service> {
  const app = await startApp()
  const owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
  await allowEmptying(owner)
  const { organisationId: organisation_id, ward, otherWard, actors } = app.people
  const models = await Promise.all(
    categories.map((category) => model(app.db, { organisation_id, category, support_ends_on: null })),
  )
  const person = await serviceUser(app.db, { organisation_id })
  const borrowers: Borrower[] = [
    { serviceUserId: person.id },
    { staffId: actors['care-team'].staffId },
    { wardId: ward.id },
    { wardId: otherWard.id },
  ]
  const colleague = await app.db
    .insertInto('staff')
    .values({
      ...{ organisation_id, name: 'Kit Marsh', email: 'kit.marsh@here.example', role: 'champion' },
      ...{ password_hash: null, created_at: app.clock() },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const champions: [number, number] = [actors.champion.staffId, colleague.id]
  return { app, owner, modelIds: models.map(({ id }) => id), borrowers, champions }
}

/** What only grows is never emptied, not even by its owner; between two stories there is nothing that it would keep. */
async function allowEmptying(owner: pg.Client): Promise<void> {
  const { rows } = await owner.query(
    `select tgrelid::regclass as of, quote_ident(tgname) as guard from pg_trigger
     where not tgisinternal and tgtype & 32 <> 0`,
  )
  for (const { of, guard } of rows) await owner.query(`alter table ${of} disable trigger ${guard}`)
}

export async function stopService({ app, owner }: Service): Promise<void> {
  await owner.end()
  await app.close()
}

/** Four new things on the shelf, and nothing else in the world. */
export async function beginAgain({ app, owner, modelIds }: Service, now: Date): Promise<World> {
  await owner.query('truncate loans, items, incidents, audit_events cascade')
  const things: Thing[] = []
  for (const [at, category] of categories.entries()) {
    const item = await availableItem(app.db, {
      organisation_id: app.people.organisationId,
      model: { id: modelIds[at] as number, organisation_id: app.people.organisationId, category },
    })
    things.push({
      ...{ id: item.id, tag: item.tag, category },
      ...{ stays: [], bookings: [], left: null, retirement: null, isToBeSaved: false, told: [] },
    })
  }
  return { now, things, loans: [], incidents: [] }
}

export const wardIdOf = ({ borrowers }: Service, borrower: number): number | null => {
  const who = borrowers[borrower] as Borrower
  return 'wardId' in who ? who.wardId : null
}

/** What the page of a loan would send along; an old page knows of one change less. */
export async function versionOf({ app }: Service, loan: Loan, isStale: boolean): Promise<number> {
  const { version } = await app.db
    .selectFrom('loans')
    .select('version')
    .where('id', '=', loan.id)
    .executeTakeFirstOrThrow()
  return isStale ? version - 1 : version
}

export async function lineIdsOf({ app }: Service, loanId: number): Promise<Map<number, number>> {
  const rows = await app.db
    .selectFrom('loan_lines')
    .select(['id', 'item_id'])
    .where('loan_id', '=', loanId)
    .orderBy('id')
    .execute()
  return new Map(rows.map((row) => [row.item_id, row.id]))
}

/** Every step takes a minute. */
export async function tryAndCompare<T>(
  world: World,
  service: Service,
  expected: Outcome,
  work: (change: Change) => Promise<T>,
  done: (result: T) => unknown,
): Promise<void> {
  const { outcome, result, said } = await attempt(world, service, work)
  if (outcome !== expected) throw new Error(`It came out as ${outcome} (${said}), and not as ${expected}`)
  if (outcome === 'done') await done(result as T)
  await expectSameWorld(world, service.app)
  world.now = new Date(world.now.getTime() + MINUTE)
}

async function attempt<T>({ now }: World, { app }: Service, work: (change: Change) => Promise<T>) {
  try {
    const result = await makeChange({ db: app.db, by: app.people.actors.champion, clock: () => now }, work)
    return { outcome: 'done', result, said: 'done' }
  } catch (error) {
    const outcome = error instanceof Error ? kindOf(error) : undefined
    if (outcome === undefined) throw error
    return {
      outcome,
      result: undefined,
      said: `${(error as Error).message} ${'constraint' in (error as Error) ? (error as unknown as { constraint: string }).constraint : ''}`,
    }
  }
}

/** A second click is told so and is no refusal. */
function kindOf(error: Error): string | undefined {
  if (error.constructor.name === 'AlreadySo') return 'AlreadySo'
  if (error instanceof RuleBroken) return 'RuleBroken'
  return error instanceof Refusal ? error.constructor.name : undefined
}
