import type { Report, Rounds } from './compare.ts'
import { ratioOf } from './compare.ts'
import { CONNECTIONS, median, percentile, type Window } from './load.ts'
import { tableOf } from './table.ts'

const RATIO = 0.7
const P95 = 30
const WRITE_RATIO = 0.75
const WRITE_P95 = 20

/**
 * How pages compare with the list of the reference, and `writes` with what it writes, and which fall short. `data` says what
 * they were made of.
 */
export function againstList(
  windows: Map<string, Window[]>,
  { rounds, seconds }: Rounds,
  data: string,
  writes: string[] = [],
): Report {
  const missed: string[] = []
  const rows = [...windows].map(([name, measured]) => {
    const isWrite = writes.includes(name)
    const [against, least, latest] = isWrite ? ['write', WRITE_RATIO, WRITE_P95] : ['list', RATIO, P95]
    const ratio = name === 'list' || name === 'write' ? undefined : ratioOf(measured, windows.get(against))
    const [p50, p95] = [0.5, 0.95].map((share) => median(measured.map(({ times }) => percentile(times, share))))
    if (ratio !== undefined && ratio < least) missed.push(`${name}: ${ratio.toFixed(2)} × ${against}`)
    if (ratio !== undefined && p95 !== undefined && p95 > latest) missed.push(`${name}: p95 ${p95.toFixed(1)} ms`)
    const speed = median(measured.map(({ perSecond }) => perSecond)).toFixed(0)
    return [
      name,
      speed,
      p50?.toFixed(1) ?? '',
      p95?.toFixed(1) ?? '',
      ratio === undefined ? '' : isWrite ? `${ratio.toFixed(2)} × write` : ratio.toFixed(2),
    ]
  })
  const table = tableOf(['page', 'requests/s', 'p50 ms', 'p95 ms', '÷ list'], rows)
  const how = `Medians of ${rounds} rounds of ${seconds} s, ${CONNECTIONS} connections; ${data}.`
  return { text: `${table}\n\n${how}`, missed }
}
