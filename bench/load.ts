import autocannon from 'autocannon'

export const CONNECTIONS = 8

export interface Asked {
  method?: 'GET' | 'POST'
  path: string
  headers?: Record<string, string>
  body?: string
}

/** Something to measure: where, and what the next request of a connection is. */
export interface Target {
  name: string
  origin: string
  /** What every answer must be; a benchmark of error pages is quick and says nothing. */
  status: number
  next(connection: number): Asked
}

export interface Window {
  perSecond: number
  /** Milliseconds each request took, in order. */
  times: number[]
}

/** On a machine with much else to do, a whole window may go by without an answer. It is measured again, twice as long. */
const LONGEST_SECONDS = 20

/** Eight connections that each send a request when the one before is answered, for so many seconds. */
export async function measure(target: Target, seconds: number): Promise<Window> {
  const times: number[] = []
  const wrong = new Map<number, number>()
  const start = performance.now()
  let end = start
  const { result, ranOut } = await run(target, seconds, (_client, status, _bytes, took) => {
    end = performance.now()
    times.push(took)
    if (status !== target.status) wrong.set(status, (wrong.get(status) ?? 0) + 1)
  })
  const { errors, timeouts } = result
  // what was answered until then is measured; nothing at all is a mistake in what was asked for
  if (ranOut !== undefined && times.length === 0) throw ranOut
  if (errors + timeouts > 0) throw new Error(`${target.name}: ${errors} connections broke, ${timeouts} were too slow`)
  if (wrong.size > 0) throw new Error(`${target.name}: wanted ${target.status}, got ${describe(wrong)}`)
  if (times.length === 0 && seconds < LONGEST_SECONDS) return await measure(target, seconds * 2)
  if (times.length === 0) throw new Error(`${target.name}: nothing was answered`)
  times.sort((a, b) => a - b)
  return { perSecond: (times.length / (end - start)) * 1000, times }
}

type Heard = (client: unknown, status: number, bytes: number, took: number) => void

/** Ends early where a target has nothing more to ask for, such as items that can still be lent. */
function run(target: Target, seconds: number, heard: Heard) {
  let connection = 0
  let ranOut: Error | undefined
  let running: autocannon.Instance | undefined
  const nextOf = (number: number): Asked | undefined => {
    try {
      return ranOut === undefined ? target.next(number) : undefined
    } catch (error) {
      ranOut = error as Error
      running?.stop()
    }
    return undefined
  }
  const options: autocannon.Options = {
    url: target.origin,
    connections: CONNECTIONS,
    duration: seconds,
    sampleInt: 50,
    timeout: 10,
    setupClient: (client) => {
      const number = connection++
      client.setRequests([{ setupRequest: (request) => ({ ...request, ...nextOf(number) }) }])
    },
  }
  return new Promise<{ result: autocannon.Result; ranOut: Error | undefined }>((done, fail) => {
    running = autocannon(options, (error: unknown, result) => (error ? fail(error) : done({ result, ranOut })))
    const hear: Heard = (...answer) => {
      if (ranOut === undefined) heard(...answer)
    }
    // its types leave out the client, which comes first
    running.on('response', hear as never)
  })
}

function describe(wrong: Map<number, number>): string {
  return [...wrong].map(([status, count]) => `${status} ${count} times`).join(', ')
}

/** The time that `share` of the requests took at most. `times` is in order. */
export function percentile(times: number[], share: number): number {
  return times[Math.min(times.length - 1, Math.ceil(times.length * share) - 1)] ?? Number.NaN
}

export function median(numbers: number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const high = sorted[middle] ?? Number.NaN
  return sorted.length % 2 === 1 ? high : (high + (sorted[middle - 1] ?? high)) / 2
}
