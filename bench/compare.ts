import type { KeptDatabase } from './cluster.ts'
import { CONNECTIONS, measure, median, percentile, type Target, type Window } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { type RunningApp, type RunningReference, startApp, startReference } from './servers.ts'
import { readSupplies, type Supplies } from './supplies.ts'
import { tableOf } from './table.ts'
import { pageTargets, referenceTargets, writeTargets } from './targets.ts'

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
  /** Of all that is measured, only what has one of these names. */
  only?: string[] | undefined
}

/** What is printed, and what fell short. */
export interface Report {
  text: string
  missed: string[]
}

export interface Compared {
  lines: KeptDatabase
  reference: KeptDatabase
  items: number
  folder: string
}

/** Asks our pages and the reference pages in turn, and tells how they compare. */
export async function comparePages(data: Compared, asked: Rounds): Promise<Report> {
  const supplies = await readSupplies(data.lines.adminUrl)
  await askForPasswordAlone(data.lines.adminUrl)
  const started: { stop(): Promise<void> }[] = []
  try {
    const reference = await startReference(data.reference.appUrl)
    started.push(reference)
    const app = await startApp(data.lines.appUrl, data.folder)
    started.push(app)
    const all = [...referencesOf(reference, data.items), ...ours(app, supplies)]
    const windows = await runRounds(all, asked)
    return report(windows, asked, app.peakMemory())
  } finally {
    for (const server of started) await server.stop()
  }
}

function referencesOf(reference: RunningReference, items: number): Target[] {
  return Object.values(referenceTargets(reference, items))
}

function ours(app: RunningApp, supplies: Supplies): Target[] {
  return [...Object.values(pageTargets(app, supplies)), ...Object.values(writeTargets(app, supplies))]
}

/** Every round asks everything once and begins with another target, so that no target always follows the same one. */
export async function runRounds(all: Target[], { rounds, seconds, only }: Rounds): Promise<Map<string, Window[]>> {
  const targets = only ? all.filter(({ name }) => only.includes(name)) : all
  for (const target of targets) await measure(target, seconds)
  const windows = new Map<string, Window[]>(targets.map(({ name }) => [name, []]))
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < targets.length; at += 1) {
      const target = targets[(at + round * 3) % targets.length] as Target
      windows.get(target.name)?.push(await measure(target, seconds))
    }
  }
  return windows
}

function report(windows: Map<string, Window[]>, { rounds, seconds }: Rounds, memory: number | undefined): Report {
  const missed: string[] = []
  const rows = [...windows].map(([name, measured]) => {
    const bar = bars[name]
    const ratio = bar && ratioOf(measured, windows.get(bar.reference))
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((share) =>
      median(measured.map(({ times }) => percentile(times, share))),
    )
    if (bar && ratio !== undefined && ratio < bar.ratio) missed.push(`${name}: ${ratio.toFixed(2)} × ${bar.reference}`)
    if (bar && p95 !== undefined && p95 > bar.p95) missed.push(`${name}: p95 ${p95.toFixed(1)} ms`)
    return [
      name,
      median(measured.map(({ perSecond }) => perSecond)).toFixed(0),
      ...[p50, p95, p99].map((time) => time?.toFixed(1) ?? ''),
      ratioOf(measured, windows.get('express'))?.toFixed(3) ?? '',
      bar && ratio !== undefined ? `${ratio.toFixed(2)} × ${bar.reference}` : '',
      bar ? `${bar.ratio.toFixed(2)}, p95 ${bar.p95}` : '',
    ]
  })
  const text = [
    tableOf(['page', 'requests/s', 'p50 ms', 'p95 ms', 'p99 ms', '÷ express', 'reached', 'must'], rows),
    `\nMedians of ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections.`,
  ]
  if (memory !== undefined)
    text.push(`The app's process had ${memory.toFixed(0)} MB at most; it may have ${MOST_MEMORY_MB}.`)
  if (memory !== undefined && memory > MOST_MEMORY_MB) missed.push(`memory: ${memory.toFixed(0)} MB`)
  return { text: text.join('\n'), missed }
}

/** Round by round, since the machine is not equally fast in all of them; then the median. */
export function ratioOf(measured: Window[], reference: Window[] | undefined): number | undefined {
  if (reference === undefined || reference.length !== measured.length) return undefined
  return median(measured.map(({ perSecond }, round) => perSecond / (reference[round] as Window).perSecond))
}
