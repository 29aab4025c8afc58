import type { KeptDatabase } from './cluster.ts'
import { CONNECTIONS, measure, median, percentile, type Target, type Window } from './load.ts'
import { type RunningApp, type RunningReference, startApp, startReference } from './servers.ts'
import { printTable } from './table.ts'
import { pageTargets, readSupplies, referenceTargets, writeTargets } from './targets.ts'

/** What must be reached: how much of its reference's speed, and by when 95 of 100 requests are answered. */
const bars: Record<string, { reference: string; ratio: number; p95: number }> = {
  items: { reference: 'list', ratio: 0.7, p95: 30 },
  worklist: { reference: 'list', ratio: 0.7, p95: 30 },
  item: { reference: 'detail', ratio: 0.7, p95: 20 },
  lend: { reference: 'write', ratio: 0.75, p95: 20 },
  return: { reference: 'write', ratio: 0.75, p95: 20 },
}

const MOST_MEMORY_MB = 250

export interface Rounds {
  rounds: number
  seconds: number
}

/** Asks our pages and the reference pages in turn, and prints how they compare. Gives what fell short. */
export async function comparePages(
  data: { lines: KeptDatabase; reference: KeptDatabase; items: number; folder: string },
  asked: Rounds,
  only?: string[],
): Promise<string[]> {
  const supplies = await readSupplies(data.lines.adminUrl)
  const started: { stop(): Promise<void> }[] = []
  try {
    const reference = await startReference(data.reference.appUrl)
    started.push(reference)
    const app = await startApp(data.lines.appUrl, data.folder)
    started.push(app)
    const all = [...referencesOf(reference, data.items), ...ours(app, supplies)]
    const targets = only ? all.filter(({ name }) => only.includes(name)) : all
    const windows = await runRounds(targets, asked)
    return report(windows, asked, app.peakMemory())
  } finally {
    for (const server of started) await server.stop()
  }
}

function referencesOf(reference: RunningReference, items: number): Target[] {
  return Object.values(referenceTargets(reference, items))
}

function ours(app: RunningApp, supplies: Parameters<typeof pageTargets>[1]): Target[] {
  return [...Object.values(pageTargets(app, supplies)), ...Object.values(writeTargets(app, supplies))]
}

/** Every round asks everything once and begins with another target, so that no target always follows the same one. */
export async function runRounds(targets: Target[], { rounds, seconds }: Rounds): Promise<Map<string, Window[]>> {
  for (const target of targets) await measure(target, Math.min(seconds, 1))
  const windows = new Map<string, Window[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < targets.length; at += 1) {
      const target = targets[(at + round * 3) % targets.length] as Target
      windows.get(target.name)?.push(await measure(target, seconds))
    }
  }
  return windows
}

function report(windows: Map<string, Window[]>, { rounds, seconds }: Rounds, memory: number | undefined): string[] {
  const missed: string[] = []
  const rows = [...windows].map(([name, measured]) => {
    const bar = bars[name]
    const ratio = bar && ratioOf(measured, windows.get(bar.reference))
    const p95 = median(measured.map(({ times }) => percentile(times, 0.95)))
    if (bar && ratio !== undefined && ratio < bar.ratio) missed.push(`${name}: ${ratio.toFixed(2)} × ${bar.reference}`)
    if (bar && p95 > bar.p95) missed.push(`${name}: p95 ${p95.toFixed(1)} ms`)
    return [
      name,
      median(measured.map(({ perSecond }) => perSecond)).toFixed(0),
      ...[0.5, 0.95, 0.99].map((share) => median(measured.map(({ times }) => percentile(times, share))).toFixed(1)),
      (ratioOf(measured, windows.get('express')) ?? Number.NaN).toFixed(3),
      bar && ratio !== undefined ? `${ratio.toFixed(2)} × ${bar.reference}` : '',
      bar ? `${bar.ratio.toFixed(2)}, p95 ${bar.p95}` : '',
    ]
  })
  printTable(['page', 'requests/s', 'p50 ms', 'p95 ms', 'p99 ms', '÷ express', 'reached', 'must'], rows)
  console.log(`\nMedians of ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections.`)
  if (memory !== undefined) {
    console.log(`The app's process had ${memory.toFixed(0)} MB at most; it may have ${MOST_MEMORY_MB}.`)
    if (memory > MOST_MEMORY_MB) missed.push(`memory: ${memory.toFixed(0)} MB`)
  }
  return missed
}

/** Round by round, since the machine is not equally fast in all of them; then the median. */
function ratioOf(measured: Window[], reference: Window[] | undefined): number | undefined {
  if (reference === undefined || reference.length !== measured.length) return undefined
  return median(measured.map(({ perSecond }, round) => perSecond / (reference[round] as Window).perSecond))
}
