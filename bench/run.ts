/**
 * How fast is it, against pages that do less? Builds the data once, starts the app and the reference pages, asks them in
 * turn, and prints what docs/performance.md explains.
 *
 *     npm run bench                       100,000 items, 1,000,000 loan lines, five rounds
 *     npm run bench -- --scale            is it as fast, and does it read as little, with 1,000,000 lines as with 10,000?
 *     npm run bench -- --quick            a minute, small data: does the benchmark itself work?
 *
 * --fresh makes the data anew; --folder says where it is kept (3 GB); --rounds, --seconds and --lines change the size.
 */
import { parseArgs } from 'node:util'
import { copyOf, dropCopy, keptDatabase, keptReference, openBench } from './cluster.ts'
import { comparePages } from './compare.ts'

const { values } = parseArgs({
  options: {
    scale: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    folder: { type: 'string', default: '.data/bench' },
    rounds: { type: 'string' },
    seconds: { type: 'string' },
    lines: { type: 'string' },
    only: { type: 'string' },
  },
})

const ITEM_SHARE = 10
const lines = Number(values.lines ?? (values.quick ? 4_000 : 1_000_000))
const rounds = { rounds: Number(values.rounds ?? (values.quick ? 1 : 5)), seconds: Number(values.seconds ?? (values.quick ? 0.3 : 2)) }

const bench = await openBench(values.folder, console.log)
try {
  const kept = await keptDatabase(bench, lines, values.fresh)
  const reference = await keptReference(bench, lines / ITEM_SHARE, values.fresh)
  const copies = { lines: await copyOf(bench, kept), reference: await copyOf(bench, reference) }
  const missed = await comparePages({ ...copies, items: lines / ITEM_SHARE, folder: values.folder }, rounds, values.only?.split(','))
  await dropCopy(bench, copies.lines)
  await dropCopy(bench, copies.reference)
  for (const bar of missed) console.log(`Short of the bar: ${bar}`)
} finally {
  await bench.server.stop()
}
