import type { Category } from '../../src/items/rules.ts'
import { addDays, addWeeks } from '../../src/lib/dates.ts'
import { addWorkingDays, nextWorkingDay } from '../../src/lib/working-days.ts'
import type { LineEnding } from '../factories/loans.ts'
import { lastWorkingDay, laterOf, never } from './days.ts'
import type { Random } from './random.ts'

/** What is to happen in one loan. Nothing that lies at or after today has happened yet. */
export interface LoanPlan {
  lentOn: string
  /** The first due date, before any extension; null for a gift from the beginning. */
  dueOn: string | null
  to: 'person' | 'staff' | { ward: string }
  /** A kit, or one item of each of these categories, the main thing first. */
  take: 'kit' | Category[]
  /** Lent on from the pool of this ward. */
  fromWard?: string
  isWithoutCharger?: boolean
  isUnsupported?: boolean
  extensions?: Extension[]
  /** How the line of the main thing ends, and the others; of three or more, the last may end earlier. */
  main: End
  others: End
  last?: End
  /** Somebody has booked the main thing for tomorrow. */
  isBookedTomorrow?: boolean
  notes?: string
}

export interface Extension {
  on: string
  to: string
}

export interface End {
  on: string
  as: LineEnding
}

const stillOut: End = { on: never, as: 'returned' }

/** Loans as they come, one after another over two years. */
export function ordinaryPlans(count: number, today: string, random: Random): LoanPlan[] {
  return Array.from({ length: count }, (_, at) => {
    const daysAgo = Math.round(733 - (731 * at) / count)
    const lentOn = lastWorkingDay(addDays(today, -daysAgo))
    const dueOn = nextWorkingDay(addWeeks(lentOn, random.weighted(lengths)))
    const course = random.weighted(courses)(lentOn, dueOn, random)
    const isKit = course.main.as !== 'given' && random.chance(0.25)
    return {
      lentOn,
      dueOn,
      to: random.chance(0.04) ? 'staff' : 'person',
      take: isKit ? 'kit' : chooseItems(random),
      isWithoutCharger: random.chance(0.04),
      notes: random.chance(0.1) ? random.pick(notes) : '',
      ...course,
    }
  })
}

const lengths: [weight: number, weeks: number][] = [
  [12, 2],
  [30, 4],
  [28, 8],
  [27, 12],
  [3, 26],
]

const notes = [
  'For video calls with the care coordinator.',
  'Likes large text. Shown how to change it.',
  'No Wi-Fi at home.',
  'A friend helps with setting up.',
  'Prefers to be rung in the morning.',
]

/** A main device, its charger, and what some people need beside it. */
function chooseItems(random: Random): Category[] {
  const main = random.weighted<Category>([
    [45, 'tablet'],
    [27, 'smartphone'],
    [14, 'laptop'],
    [7, 'hotspot'],
    [7, 'sim'],
  ])
  if (main === 'sim') return ['sim']
  const items: Category[] = [main, 'charger']
  if ((main === 'tablet' || main === 'smartphone') && random.chance(0.4)) items.push('sim')
  if (main !== 'hotspot' && random.chance(0.15)) items.push('headset')
  if (main === 'tablet' && random.chance(0.1)) items.push('accessory')
  return items
}

type Course = (lentOn: string, dueOn: string, random: Random) => Partial<LoanPlan> & Pick<LoanPlan, 'main' | 'others'>

/** How loans go, and how often each way. */
const courses: [weight: number, course: Course][] = [
  [50, inTime],
  [16, late],
  [14, extended],
  [9, partly],
  [1, givenAtOnce],
  [2, givenInTheEnd],
  [1.4, gone('lost')],
  [0.7, gone('stolen')],
  [1.2, gone('damaged')],
  [1, forgotten],
]

function inTime(lentOn: string, dueOn: string, random: Random) {
  const on = addWorkingDays(dueOn, -random.below(8))
  return allAt(on > lentOn ? on : dueOn, 'returned')
}

function late(_lentOn: string, dueOn: string, random: Random) {
  return allAt(addWorkingDays(dueOn, random.between(1, 25)), 'returned')
}

function forgotten(_lentOn: string, dueOn: string, random: Random) {
  return allAt(addWorkingDays(dueOn, random.between(40, 120)), 'returned')
}

function extended(_lentOn: string, dueOn: string, random: Random) {
  const extensions: Extension[] = []
  let due = dueOn
  for (let times = random.between(1, 2); times > 0; times -= 1) {
    const to = nextWorkingDay(addWeeks(due, random.pick([4, 8, 12])))
    extensions.push({ on: addWorkingDays(due, -random.between(1, 4)), to })
    due = to
  }
  return { extensions, ...allAt(due, 'returned') }
}

function partly(lentOn: string, dueOn: string, random: Random) {
  const early = addWorkingDays(lentOn, random.between(3, 8))
  return { ...allAt(dueOn, 'returned'), last: { on: early, as: 'returned' as const } }
}

function givenAtOnce(lentOn: string) {
  return { dueOn: null, ...allAt(lentOn, 'given') }
}

function givenInTheEnd(_lentOn: string, dueOn: string) {
  return allAt(dueOn, 'given')
}

function gone(as: 'lost' | 'stolen' | 'damaged'): Course {
  return (lentOn, dueOn, random) => {
    const on = addWorkingDays(lentOn, random.between(2, 9))
    return { main: { on, as }, others: { on: laterOf(on, dueOn), as: 'returned' } }
  }
}

function allAt(on: string, as: LineEnding): { main: End; others: End } {
  return { main: { on, as }, others: { on, as } }
}

/** What every state that somebody may want to see is sure to have, whatever day it is. */
export function chosenPlans(today: string): LoanPlan[] {
  const day = (workingDays: number) => addWorkingDays(today, workingDays)
  const open = (lent: number, due: number, more: Partial<LoanPlan> = {}): LoanPlan => ({
    lentOn: day(lent),
    dueOn: day(due),
    to: 'person',
    take: ['tablet', 'charger'],
    main: stillOut,
    others: stillOut,
    ...more,
  })
  const gift = { dueOn: null, ...allAt(day(-6), 'given') }
  const ended = (as: LineEnding): Partial<LoanPlan> => ({ main: { on: day(-3), as } })
  const oneBack: Partial<LoanPlan> = { last: { on: day(-4), as: 'returned' } }
  const longer = (to: number): Partial<LoanPlan> => ({ extensions: [{ on: day(-3), to: day(to) }] })
  return [
    // placements come first: what is lent on from a ward must be there
    open(-120, 60, { to: { ward: 'willow' }, take: ['tablet', 'tablet', 'tablet', 'headset', 'headset', 'charger'] }),
    open(-115, 20, { to: { ward: 'hazel' }, take: ['tablet', 'tablet', 'headset', 'charger'] }),
    open(-110, 3, { to: { ward: 'north-team' }, take: ['smartphone', 'smartphone', 'charger', 'charger', 'hotspot'] }),
    open(-90, -5, { to: { ward: 'willow' }, take: ['tablet', 'accessory'] }),
    open(-80, 45, { to: { ward: 'digital-hub' }, take: ['laptop', 'laptop', 'headset'] }),
    open(-200, -60, { to: { ward: 'hazel' }, take: ['tablet', 'headset'], ...allAt(day(-62), 'returned') }),
    open(-10, 5, { fromWard: 'willow', take: ['tablet'], isWithoutCharger: true }),
    open(-30, -1, { fromWard: 'north-team', take: ['smartphone', 'charger'] }),
    // due on these days
    open(-60, 0, { take: 'kit' }),
    open(-60, 0),
    open(-55, 1, { take: 'kit' }),
    open(-40, 2, { take: ['smartphone', 'charger', 'sim'] }),
    open(-58, 3, { take: ['laptop', 'charger', 'headset'] }),
    open(-59, 4, { take: ['hotspot', 'charger'] }),
    // overdue, two of them with somebody waiting
    open(-61, -1, { take: 'kit', isBookedTomorrow: true }),
    open(-63, -3, { isBookedTomorrow: true }),
    open(-70, -8, { take: ['smartphone', 'charger', 'sim'] }),
    open(-80, -15, { take: 'kit' }),
    open(-100, -40),
    open(-150, -90, { take: ['sim'] }),
    // part of it is back
    open(-30, 15, { take: ['tablet', 'charger', 'sim', 'headset'], ...oneBack }),
    open(-25, 22, { take: ['laptop', 'charger', 'headset'], ...oneBack }),
    open(-70, -2, { take: ['tablet', 'charger', 'accessory'], ...oneBack }),
    // gifts
    open(-6, 40, { take: ['smartphone', 'charger', 'sim'], ...gift }),
    open(-6, 40, gift),
    // came to grief
    open(-20, 25, { take: ['smartphone', 'charger'], ...ended('lost') }),
    open(-33, 12, ended('stolen')),
    open(-28, 17, { take: ['laptop', 'charger'], ...ended('damaged') }),
    // to colleagues
    open(-15, 30, { to: 'staff', take: ['laptop', 'charger'] }),
    open(-70, -4, { to: 'staff', take: ['headset'] }),
    open(-5, 50, { to: 'staff', take: ['smartphone', 'charger', 'sim'] }),
    // no charger with it
    open(-12, 33, { take: ['tablet'], isWithoutCharger: true }),
    open(-44, 1, { take: ['smartphone', 'sim'], isWithoutCharger: true }),
    open(-62, -2, { take: ['laptop'], isWithoutCharger: true }),
    // for longer than was first agreed
    open(-61, -1, { take: 'kit', ...longer(24) }),
    open(-58, 1, longer(40)),
    open(-90, -30, {
      extensions: [
        { on: day(-32), to: day(-2) },
        { on: day(-3), to: day(38) },
      ],
    }),
    // no longer updated, and lent all the same
    open(-18, 27, { isUnsupported: true }),
    open(-50, 2, { take: ['smartphone', 'charger'], isUnsupported: true }),
    // back since yesterday, and being made ready
    open(-45, 0, allAt(day(-1), 'returned')),
    open(-48, -1, { take: 'kit', ...allAt(day(-1), 'returned') }),
  ]
}

/** The other organisation is smaller, and has its worries too. */
export function chosenPlansElsewhere(today: string): LoanPlan[] {
  const day = (workingDays: number) => addWorkingDays(today, workingDays)
  const out = { take: ['tablet', 'charger'] as Category[], main: stillOut, others: stillOut }
  return [
    { ...out, lentOn: day(-61), dueOn: day(2), to: 'person' },
    { ...out, lentOn: day(-70), dueOn: day(-6), to: 'person' },
    { ...out, lentOn: day(-50), dueOn: day(30), to: { ward: 'rowan' }, take: ['tablet', 'headset'] },
  ]
}
