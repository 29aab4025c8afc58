import { sql } from 'kysely'
import type { Database } from '../src/database/connection.ts'
import { addJob } from '../src/database/jobs.ts'
import { addDays, londonToday } from '../src/lib/dates.ts'
import { PUBLISH } from '../src/reports/words-rules.ts'
import { makeAppointments } from './demo/appointments.ts'
import { planBookings } from './demo/bookings.ts'
import { fillCaseload } from './demo/caseload.ts'
import { countCaseload } from './demo/caseload-counts.ts'
import { makeCheckIns } from './demo/check-ins.ts'
import { raiseConcerns } from './demo/concerns.ts'
import { talkWithPeople } from './demo/conversations.ts'
import { correctSome } from './demo/corrections.ts'
import { giveData } from './demo/data-allowances.ts'
import { lastWorkingDay, timeOn } from './demo/days.ts'
import { keepDiaries } from './demo/diaries.ts'
import { shareFigures } from './demo/figure-shares.ts'
import { makeGuides, makeLetters } from './demo/guides.ts'
import { makeHelp } from './demo/help.ts'
import { type Past, writeHistory } from './demo/history.ts'
import { lendAll, type MadeLoan, openDesk } from './demo/lending.ts'
import { fillLockers } from './demo/lockers.ts'
import { reportLosses } from './demo/losses.ts'
import { wordMessages } from './demo/messages.ts'
import { planOnwards } from './demo/onward-plans.ts'
import { openRecords } from './demo/openings.ts'
import { askForOwnData } from './demo/own-data.ts'
import { partWithSome } from './demo/parting.ts'
import { makePeople, moveOn } from './demo/people.ts'
import { closeAWard } from './demo/places.ts'
import { chosenPlans, chosenPlansElsewhere, type LoanPlan, ordinaryPlans } from './demo/plans.ts'
import { quoteSome } from './demo/quotations.ts'
import { seededRandom } from './demo/random.ts'
import { addSecondRecords, writeRecords } from './demo/records.ts'
import { makeMetReferrals, makeReferrals } from './demo/referrals.ts'
import { restrictSome } from './demo/restrictions.ts'
import { askAboutContact } from './demo/safe-contact.ts'
import { makeStock } from './demo/stock.ts'
import { checkStock } from './demo/stock-checks.ts'
import { setTargets } from './demo/targets.ts'
import { makeTraining } from './demo/training.ts'
import { makeTrialCalls } from './demo/trial-calls.ts'
import { demoSignIns, makeTrusts, type Trust } from './demo/trusts.ts'
import { planVisits } from './demo/visits.ts'
import { writeLoans } from './factories/loans.ts'

export { demoSignIns, demoTablet } from './demo/trusts.ts'

/** Demo data goes into an empty database only. */
export class NotEmpty extends Error {}

/** Two seeders at once: the second waits, and then finds the database full. Any number will do that nobody else asks for. */
const LOCK = 7_216_341
const SEED = 20_260_803

/** Whether this is a database with the demo's organisations in it. */
export async function isDemo(db: Database): Promise<boolean> {
  const codes = await db.selectFrom('organisations').select('code').where('code', 'in', ['DEMO', 'OTHER']).execute()
  return codes.length === 2
}

/**
 * Puts two invented organisations with two years of lending behind them into an empty database, all or nothing, and gives
 * the sign-ins. The same `now` gives the same data. Refuses a database that has an organisation, and production.
 */
export async function seedDemo(
  db: Database,
  now: Date,
  log: (message: string) => void = () => {},
): Promise<typeof demoSignIns> {
  if (process.env.NODE_ENV === 'production') throw new Error('Demo people are never put into production')
  await db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${LOCK})`.execute(trx)
    const organisation = await trx.selectFrom('organisations').select('id').limit(1).executeTakeFirst()
    if (organisation) throw new NotEmpty('Demo data goes into an empty database, and this one has an organisation')
    await seed(trx, now, log)
    // as it would have come out by now
    await addJob(trx, PUBLISH, {})
  })
  return demoSignIns
}

interface Share {
  count: 'demo' | 'other'
  kits: number
  people: number
  loans: number
  chosen: LoanPlan[]
}

async function seed(db: Database, now: Date, log: (message: string) => void): Promise<void> {
  const today = londonToday(now)
  const since = timeOn(lastWorkingDay(addDays(today, -800)), 9, 0)
  const { demo, other } = await makeTrusts(db, since)
  const shares: [Trust, Share][] = [
    [demo, { count: 'demo', kits: 27, people: 135, loans: 560, chosen: chosenPlans(today) }],
    [other, { count: 'other', kits: 3, people: 15, loans: 40, chosen: chosenPlansElsewhere(today) }],
  ]
  const pasts: Past[] = []
  for (const [trust, share] of shares) pasts.push(await seedTrust(db, trust, share, pasts, today))
  for (const { trust } of pasts) await fillLockers(db, trust, now)
  await shareFigures(db, { demo, other }, today)
  await writeHistory(db, pasts)
  const count = (key: 'people' | 'loans') => pasts.reduce((sum, past) => sum + past[key].length, 0)
  const items = pasts.reduce((sum, { stock }) => sum + stock.items.length, 0)
  log(`Demo data: ${items} items, ${count('people')} service users, ${count('loans')} loans`)
}

async function seedTrust(db: Database, trust: Trust, share: Share, pasts: Past[], today: string): Promise<Past> {
  const random = seededRandom(SEED + pasts.length)
  const firstItem = pasts.reduce((sum, { stock }) => sum + stock.items.length, 1)
  const firstPerson = pasts.reduce((sum, { people }) => sum + people.length, 0)
  const { count, kits } = share
  const stock = await makeStock(db, { trust, count, kits, today, random, firstNumber: firstItem })
  const people = await makePeople(db, { trust, count: share.people, firstNumber: firstPerson, today, random })
  const plans = [...share.chosen, ...ordinaryPlans(share.loans - share.chosen.length, today, random)]
  const stories = lendAll(openDesk(trust, stock, people, today, random), plans)
  const loans = await writeLoans(db, stories)
  await planBookings(db, trust, stock, stories, today)
  const partings = await partWithSome(db, trust, today)
  const losses = await reportLosses(db, { trust, stock, stories, loans }, today)
  const checks = await checkStock(db, trust, today)
  const onward = await planOnwards(db, { trust, stock, stories, loans }, today)
  const corrections = await correctSome(db, { trust, people, stories, loans }, today)
  const visits =
    count === 'demo' ? await planVisits(db, { trust, stock, people, borrowers: borrowersOf(stories) }, today) : []
  await fillCaseload(db, { trust, people, borrowers: borrowersOf(stories) })
  await moveOn(db, trust, people, borrowersOf(stories))
  // with a chance of its own: what is added to people's records leaves the stock and the loans as they were
  const records = { trust, people, today, random: seededRandom(SEED + 100 + pasts.length) }
  await writeRecords(db, records)
  if (count === 'demo') await addSecondRecords(db, records)
  await askAboutContact(db, { trust, people, today, random: seededRandom(SEED + 200 + pasts.length) })
  await talkWithPeople(db, { trust, people, today, random: seededRandom(SEED + 300 + pasts.length) })
  await makeHelp(db, { trust, people, today, random: seededRandom(SEED + 350 + pasts.length) })
  if (count === 'demo') await wordMessages(db, trust, today)
  await makeGuides(db, { trust, today, random: seededRandom(SEED + 360 + pasts.length) })
  await keepDiaries(db, { trust, people, today })
  await makeAppointments(db, { trust, people, today, random: seededRandom(SEED + 400 + pasts.length) })
  await makeLetters(db, { trust, today })
  await makeCheckIns(db, { trust, today })
  await makeTrialCalls(db, { trust, today })
  await makeTraining(db, { trust, people, today })
  await giveData(db, { trust, people, today })
  await countCaseload(db, trust, today)
  await setTargets(db, trust, today)
  const openings = await openRecords(db, { trust, people }, today)
  const ownData = await askForOwnData(db, { trust, people }, today)
  const concerns = await raiseConcerns(db, { trust, people }, today)
  const quotations = await quoteSome(db, { trust, people }, today)
  const restrictions = await restrictSome(db, trust, today)
  const referrals = await makeReferrals(db, { trust, people, borrowers: borrowersOf(stories) }, today)
  if (count === 'demo') await makeMetReferrals(db, { trust, loans: stories }, today)
  const places = count === 'demo' ? await closeAWard(db, trust, today) : []
  return {
    trust,
    stock,
    people,
    stories,
    loans,
    partings,
    losses,
    checks,
    onward,
    corrections,
    visits,
    openings,
    ownData,
    referrals,
    concerns: [...concerns, ...restrictions, ...quotations],
    places,
  }
}

function borrowersOf(stories: MadeLoan[]): Set<number> {
  const open = stories.filter(({ lines }) => lines.some(({ end }) => end === undefined))
  return new Set(open.flatMap(({ to }) => ('serviceUserId' in to ? [to.serviceUserId] : [])))
}
