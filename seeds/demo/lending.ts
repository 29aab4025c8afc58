import type { Category } from '../../src/items/rules.ts'
import { addDays, londonDate } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import { needsCharger, unsupportedBy } from '../../src/loans/rules.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import type { Item, Model } from '../factories/items.ts'
import type { LineStory, LoanStory } from '../factories/loans.ts'
import type { Ward } from '../factories/places.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { minutesAfter, never, officeTime } from './days.ts'
import type { End, Extension, LoanPlan } from './plans.ts'
import type { Random } from './random.ts'
import type { Stock } from './stock.ts'
import type { Trust } from './trusts.ts'

/** A loan that was made by plan, with what its story alone does not tell. */
export interface MadeLoan extends LoanStory {
  plan: LoanPlan
  extensions: (Extension & { at: Date; by: number })[]
}

/** A trust at work: who is free to borrow, and what is free to lend, from which day on. */
export interface Desk {
  trust: Trust
  today: string
  random: Random
  people: { person: ServiceUser; freeFrom: string }[]
  things: Thing[]
  kits: Thing[][]
}

interface Thing {
  item: Item
  model: Model
  freeFrom: string
  /** The ward that has it in its pool. */
  pool: string | null
}

export function openDesk(trust: Trust, stock: Stock, people: ServiceUser[], today: string, random: Random): Desk {
  const modelOf = new Map(stock.models.map((model) => [model.id, model]))
  const kitIds = new Map(stock.kits.flatMap((kit) => kit.items.map((item) => [item.id, kit.id])))
  const things = stock.items.map((item): Thing => {
    const freeFrom = addDays(londonDate(item.created_at), 1)
    return {
      item: { ...item, kit_id: kitIds.get(item.id) ?? null },
      model: modelOf.get(item.model_id)!,
      freeFrom,
      pool: null,
    }
  })
  return {
    trust,
    today,
    random,
    people: people.map((person) => ({ person, freeFrom: addDays(londonDate(person.created_at), 1) })),
    things,
    kits: stock.kits.map((kit) => things.filter((thing) => thing.item.kit_id === kit.id)),
  }
}

/** Makes every loan of the plans, day by day, with what was free on that day. */
export function lendAll(desk: Desk, plans: LoanPlan[]): MadeLoan[] {
  const inOrder = plans.toSorted((one, other) => (one.lentOn < other.lentOn ? -1 : one.lentOn > other.lentOn ? 1 : 0))
  const loans = inOrder.map((plan) => lend(desk, plan))
  return loans.sort((one, other) => one.lentAt.getTime() - other.lentAt.getTime())
}

function lend(desk: Desk, plan: LoanPlan): MadeLoan {
  const { trust, random } = desk
  const things = takeThings(desk, plan)
  const lentAt = officeTime(plan.lentOn, random)
  const lentBy = random.pick(trust.champions).id
  const extensions = (plan.extensions ?? [])
    .filter((extension) => extension.on < desk.today)
    .map((extension) => ({ ...extension, at: officeTime(extension.on, random), by: random.pick(trust.champions).id }))
  const dueOn = extensions.at(-1)?.to ?? plan.dueOn
  const ends = endsOf(desk, plan, things, lentAt)
  const lines = things.map(
    (thing, at): LineStory => ({
      item: thing.item,
      dueOn,
      unsupportedReason: dueOn !== null && isUnsupportedBy(thing, dueOn) ? random.pick(unsupportedReasons) : undefined,
      end: ends[at],
    }),
  )
  for (const [at, thing] of things.entries()) settle(plan, thing, ends[at])
  return {
    organisationId: trust.organisation.id,
    to: chooseBorrower(desk, plan, lines),
    lentAt,
    lentBy,
    lines,
    agreement: typeof plan.to === 'string' ? chooseAgreement(desk) : undefined,
    isWithoutCharger: needsCharger(things.map(({ item }) => item)),
    notes: plan.notes ?? '',
    plan,
    extensions,
  }
}

const unsupportedReasons = [
  'Only used for phone calls. A newer one is on order.',
  'The person knows this device well and asked for the same one.',
  'Nothing newer was free. To be swapped at the review.',
]

function isUnsupportedBy({ model }: Thing, date: string): boolean {
  return unsupportedBy([model], date).length > 0
}

function takeThings(desk: Desk, plan: LoanPlan): Thing[] {
  if (plan.take === 'kit') {
    const free = desk.kits.filter((things) => things.every(isFree(plan)))
    if (free.length > 0) return desk.random.pick(free)
  }
  const wanted: Category[] = plan.take === 'kit' ? ['tablet', 'charger', 'sim'] : plan.take
  const taken: Thing[] = []
  for (const category of wanted) {
    if (category === 'charger' && plan.isWithoutCharger) continue
    const thing = findThing(desk, plan, category, taken)
    if (thing) taken.push(thing)
  }
  if (taken.length === 0) throw new Error(`Nothing was free to lend on ${plan.lentOn}: ${wanted.join(', ')}`)
  return taken
}

function isFree(plan: LoanPlan): (thing: Thing) => boolean {
  const ward = plan.fromWard ?? null
  return ({ freeFrom, pool }) => freeFrom <= plan.lentOn && pool === ward
}

/** Something of the category that fits what was taken so far; where none is left, another device will do. */
function findThing(desk: Desk, plan: LoanPlan, category: Category, taken: Thing[]): Thing | undefined {
  const isMain = taken.length === 0
  const instead: Category[] = isMain ? ['laptop', 'tablet', 'smartphone', 'sim'] : []
  for (const kind of [category, ...instead]) {
    const free = desk.things.filter(
      (thing) =>
        thing.item.category === kind && thing.item.kit_id === null && !taken.includes(thing) && isFree(plan)(thing),
    )
    const fitting = free.filter((thing) => fits(thing, plan, taken[0], desk))
    if (fitting.length > 0) return desk.random.pick(fitting)
  }
  return undefined
}

/** Whether the thing goes with the main one, with the ward, and will be updated for as long as it is away. */
function fits(thing: Thing, plan: LoanPlan, main: Thing | undefined, desk: Desk): boolean {
  const { connector, cable_length_cm, category } = thing.model
  if (category === 'charger' && main && connector !== main.model.connector) return false
  const ward = wardOf(desk, plan.to)
  if (ward && (cable_length_cm ?? 0) > (ward.longest_cable_cm ?? Number.POSITIVE_INFINITY)) return false
  const lastDay = plan.extensions?.at(-1)?.to ?? plan.dueOn ?? plan.lentOn
  return isUnsupportedBy(thing, lastDay) === (plan.isUnsupported === true && thing.model.support_ends_on !== null)
}

function wardOf({ trust }: Desk, to: LoanPlan['to']): Ward | undefined {
  return typeof to === 'string' ? undefined : trust.wards.find((ward) => ward.code === to.ward)
}

function chooseBorrower(desk: Desk, plan: LoanPlan, lines: LineStory[]): LoanStory['to'] {
  const { trust, people, random } = desk
  const ward = wardOf(desk, plan.to)
  if (ward) return { wardId: ward.id }
  if (plan.to === 'staff') return { staffId: random.pick(trust.careTeam).id }
  const free = people.filter(({ freeFrom }) => freeFrom <= plan.lentOn)
  if (free.length === 0) throw new Error(`Nobody was there to lend to on ${plan.lentOn}`)
  const borrower = random.pick(free)
  borrower.freeFrom = addDays(lastDayOf(lines), 1)
  return { serviceUserId: borrower.person.id }
}

function lastDayOf(lines: LineStory[]): string {
  const days = lines.map(({ end }) => (end ? londonDate(end.at) : addDays(never, -1)))
  return days.toSorted().at(-1) ?? never
}

function chooseAgreement({ trust, random }: Desk): LoanStory['agreement'] {
  const versionId = trust.agreementId
  const how = random.weighted([
    [5, 'paper'],
    [3, 'screen'],
    [2, 'spoken'],
  ] as const)
  if (how !== 'spoken') return { versionId, how }
  return { versionId, how, witness: random.pick([...trust.careTeam, ...trust.champions]).name }
}

/** Lines that end on one day come back over the counter together. */
function endsOf(desk: Desk, plan: LoanPlan, things: Thing[], lentAt: Date): LineStory['end'][] {
  const { random, trust } = desk
  const times = new Map<string, { at: Date; by: number }>([[plan.lentOn, { at: lentAt, by: trust.champions[0]!.id }]])
  const visitOn = (day: string) => {
    const visit = times.get(day) ?? { at: officeTime(day, random), by: random.pick(trust.champions).id }
    times.set(day, visit)
    return visit
  }
  return things.map((thing, at) => {
    const end = endOfLine(plan, at, things.length)
    if (end.on >= desk.today) return undefined
    const { at: endedAt, by } = visitOn(end.on)
    if (end.as !== 'returned') return { at: endedAt, as: end.as }
    return { at: endedAt, as: 'returned', by, ...turnaround(desk, thing, end.on, endedAt) }
  })
}

function endOfLine(plan: LoanPlan, at: number, count: number): End {
  if (at === 0) return plan.main
  return plan.last && count >= 3 && at === count - 1 ? plan.last : plan.others
}

/** One to three working days from the return to the shelf; what is not ready by today is somewhere on the way. */
function turnaround({ random, today }: Desk, { item }: Thing, returnedOn: string, returnedAt: Date) {
  const steps = stepsFor(item.category)
  const readyOn = addWorkingDays(returnedOn, random.between(1, 3))
  if (readyOn >= today) {
    const done = steps.slice(0, random.below(steps.length))
    return { steps: done.map((step, at) => ({ step, at: minutesAfter(returnedAt, 5 + at) })), readyAt: null }
  }
  const readyAt = officeTime(readyOn, random)
  return { steps: steps.map((step, at) => ({ step, at: minutesAfter(readyAt, 5 * (at + 1 - steps.length)) })), readyAt }
}

/** Notes from which day on the thing can be lent again, and in whose pool it is. */
function settle({ to, lentOn }: LoanPlan, thing: Thing, end: LineStory['end']): void {
  const isPlaced = typeof to !== 'string' && end === undefined
  const isReady = end?.as === 'returned' && end.readyAt !== null
  thing.pool = isPlaced ? to.ward : thing.pool
  if (isPlaced) thing.freeFrom = addDays(lentOn, 1)
  else thing.freeFrom = isReady ? addDays(londonDate(end.readyAt!), 1) : never
}
