/**
 * How fast is it, against pages that do less? Makes the data once, starts the app and the reference pages, asks them in
 * turn, and prints what docs/performance.md explains.
 *
 *     npm run bench                       100,000 items, 1,000,000 loan lines, five rounds
 *     npm run bench -- --scale            does it read as little, and answer as soon, with 1,000,000 lines as with 10,000?
 *     npm run bench -- --slots            how long does it take to find a time in the diaries of 40 champions over 60 days?
 *     npm run bench -- --diary            the week of a team of 40, and the worklist with 5,000 appointments to come
 *     npm run bench -- --allowances       the list of 50,000 grants of data with their forecasts
 *     npm run bench -- --bookings         the day of a ward of 40 items and a booking, with 1,000,000 past bookings
 *     npm run bench -- --messages         how long until 10,000 reminders that fall due at once have left?
 *     npm run bench -- --reports          every report over 1,000,000 loan lines of five years
 *     npm run bench -- --quick            a minute, small data: does the benchmark itself work?
 *
 * --data says where the data is kept (4 GB) and --fresh makes it anew; --rounds, --seconds, --lines and --only (names of
 * pages, with commas) change what is measured.
 */
import { parseArgs } from 'node:util'
import { measureAllowances, REFERENCE_ITEMS } from './allowances.ts'
import { measureBookings } from './bookings.ts'
import { type Bench, copyOf, dropCopy, type KeptDatabase, keptDatabase, keptReference, openBench } from './cluster.ts'
import { comparePages, type Report } from './compare.ts'
import { measureDiary } from './diary.ts'
import { measureMessages } from './messages.ts'
import { measureReports } from './reports.ts'
import { compareSizes } from './scale.ts'
import { measureSlots } from './slots.ts'

const { values } = parseArgs({
  options: {
    messages: { type: 'boolean', default: false },
    allowances: { type: 'boolean', default: false },
    bookings: { type: 'boolean', default: false },
    reports: { type: 'boolean', default: false },
    slots: { type: 'boolean', default: false },
    diary: { type: 'boolean', default: false },
    scale: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    data: { type: 'string', default: '.data/bench' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    lines: { type: 'string' },
    only: { type: 'string' },
  },
})

const ITEM_SHARE = 10
const LINES_A_PERSON = 20
const SCALE = 100
/** As many people as there are appointments to come, and no more loans than that takes. */
const LINES_OF_DIARY = 100_000
const isSmall = values.diary || values.allowances || values.bookings
const lines = Number(values.lines ?? (values.quick ? 4_000 : isSmall ? LINES_OF_DIARY : 1_000_000))
const asked = {
  rounds: Number(values.rounds ?? (values.quick ? 1 : 5)),
  seconds: Number(values.seconds ?? (values.scale || values.quick ? 0.5 : 2)),
  only: values.only?.split(','),
}

if (values.slots) show(measureSlots())
else await measureWithDatabase()

function show({ text, missed }: Report): void {
  console.log(`\n${text}`)
  for (const bar of missed) console.log(`Short of the bar: ${bar}`)
}

async function measureWithDatabase(): Promise<void> {
  const bench = await openBench(values.data, console.log)
  try {
    if (values.messages) return show(await measureReminders(bench))
    if (values.reports) return show(await measureOfReports(bench))
    show(await (values.scale ? measureScale(bench) : measurePages(bench)))
  } finally {
    await bench.server.stop()
  }
}

async function measurePages(bench: Bench): Promise<Report> {
  const items = values.allowances ? REFERENCE_ITEMS : lines / ITEM_SHARE
  const kept = await keptDatabase(bench, lines, values.fresh)
  const reference = await keptReference(bench, items, values.fresh)
  return await onCopies(bench, [kept, reference], ([lent, referred]) =>
    measurementOf()({ lines: lent, reference: referred, items, folder: values.data }, asked),
  )
}

function measurementOf(): typeof comparePages {
  if (values.diary) return measureDiary
  if (values.bookings) return measureBookings
  return values.allowances ? measureAllowances : comparePages
}

async function measureScale(bench: Bench): Promise<Report> {
  const small = await keptDatabase(bench, lines / SCALE, values.fresh)
  const large = await keptDatabase(bench, lines, values.fresh)
  return await onCopies(bench, [small, large], ([few, many]) =>
    compareSizes({ small: few, large: many, folder: values.data }, asked),
  )
}

/** Of 20 loan lines one person comes. */
async function measureReminders(bench: Bench): Promise<Report> {
  const people = values.quick ? 200 : 10_000
  const copy = await copyOf(bench, await keptDatabase(bench, people * LINES_A_PERSON, values.fresh))
  try {
    return await measureMessages(copy, people)
  } finally {
    await dropCopy(bench, copy)
  }
}

async function measureOfReports(bench: Bench): Promise<Report> {
  const copy = await copyOf(bench, await keptDatabase(bench, lines, values.fresh))
  try {
    return await measureReports(copy, values.data, asked.rounds * 2)
  } finally {
    await dropCopy(bench, copy)
  }
}

type Two = [KeptDatabase, KeptDatabase]

async function onCopies<T>(of: Bench, kept: Two, work: (copies: Two) => Promise<T>): Promise<T> {
  const copies: Two = [await copyOf(of, kept[0]), await copyOf(of, kept[1])]
  try {
    return await work(copies)
  } finally {
    for (const copy of copies) await dropCopy(of, copy)
  }
}
