import { openPool } from '../src/database/connection.ts'
import type { KeptDatabase } from './cluster.ts'
import { type Report, type Rounds, runRounds } from './compare.ts'
import { median, percentile, type Target, type Window } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { blocksOf, explain, listenTo } from './plans.ts'
import { type RunningApp, type SignedIn, startApp } from './servers.ts'
import { readSupplies, type Supplies } from './supplies.ts'
import { tableOf } from './table.ts'

/** At a hundred times the size, a page may read so many times as much. */
const MOST_TIMES = 1.2
/** How many things of a kind are asked for, to have their average. */
const SAMPLES = 8

interface ScalePage {
  name: string
  /** The addresses that are asked for, in turn. */
  paths: string[]
  as: 'champion' | 'reader'
}

export interface Sizes {
  small: KeptDatabase
  large: KeptDatabase
  folder: string
}

/**
 * Asks every page that answers for one thing, or for one page of a list, of a small scheme and of a large one, and tells
 * what PostgreSQL read for it and how long it took. What grew with the size fell short.
 */
export async function compareSizes({ small, large, folder }: Sizes, asked: Rounds): Promise<Report> {
  const isAsked = ({ name }: ScalePage) => asked.only === undefined || asked.only.includes(name)
  for (const { adminUrl } of [small, large]) await askForPasswordAlone(adminUrl)
  const few = scalePages(await readSupplies(small.adminUrl)).filter(isAsked)
  const many = scalePages(await readSupplies(large.adminUrl)).filter(isAsked)
  const blocks = { few: await readBuffers(small, few), many: await readBuffers(large, many) }
  const { rounds, seconds } = asked
  const windows = await measureBoth([small, few], [large, many], folder, { rounds, seconds })
  const missed: string[] = []
  const rows = few.map(({ name }) => {
    const [before, after] = [blocks.few.get(name) ?? Number.NaN, blocks.many.get(name) ?? Number.NaN]
    const [fast, slow] = [middleTimes(windows, `${name} small`), middleTimes(windows, `${name} large`)]
    const slower = median(slow.map((time, round) => time / (fast[round] as number)))
    if (after / before > MOST_TIMES) missed.push(`${name}: ${(after / before).toFixed(2)} times the blocks`)
    const columns = [before.toFixed(0), after.toFixed(0), (after / before).toFixed(2)]
    return [name, ...columns, median(fast).toFixed(1), median(slow).toFixed(1), slower.toFixed(2)]
  })
  const text = [
    tableOf(['page', 'blocks', 'at 100 ×', 'times', 'p50 ms', 'at 100 ×', 'times'], rows),
    `\nBlocks of 8 kB that PostgreSQL reads for all questions of the page, on average of ${SAMPLES} different ones.`,
    `Times are medians of ${rounds} rounds of ${seconds} s. A page may read ${MOST_TIMES} times as many blocks.`,
  ]
  return { text: text.join('\n'), missed }
}

export function scalePages(supplies: Supplies): ScalePage[] {
  const page = (name: string, paths: string[], as: ScalePage['as'] = 'champion') => ({
    name,
    paths: paths.slice(0, SAMPLES),
    as,
  })
  const of = (name: string, values: (string | number)[], as?: ScalePage['as']) =>
    page(
      name,
      values.map((value) => name.replace(/:\w+/, encodeURIComponent(value))),
      as,
    )
  const { itemTags, listKeys, loanIds, closedLoanIds, serviceUserIds, freeItemIds, models, kits } = supplies
  const list = (path: string) => page(path, [path])
  return [
    list('/'),
    list('/items'),
    of('/items?after=:tag', listKeys),
    of('/items?before=:tag', listKeys),
    list('/items?state=available'),
    list('/items?state=overdue'),
    list('/items?state=turnaround'),
    list('/items?state=gone'),
    of('/items/:tag', itemTags),
    of('/items/:tag/edit', itemTags),
    of('/scan?code=:tag', supplies.serials),
    list('/loans'),
    list('/loans?show=overdue'),
    list('/loans?show=due'),
    list('/loans?show=closed'),
    of('/loans/:id', loanIds),
    of('/loans/:closed', closedLoanIds),
    of('/loans/:id/return', loanIds),
    of('/loans/:id/extension', loanIds),
    of('/loans/:id/agreement', loanIds),
    page(
      '/loans/new?service-user=:id&item=:id',
      serviceUserIds.slice(0, SAMPLES).map((id, at) => `/loans/new?service-user=${id}&item=${freeItemIds[at]}`),
    ),
    list('/models'),
    of('/models/:id', models),
    list('/kits'),
    of('/kits/:id', kits),
    list('/turnaround'),
    of('/turnaround/:id', supplies.inTurnaround),
    list('/turnaround/bench'),
    list('/repairs'),
    list('/incidents'),
    list('/service-users'),
    of('/service-users/:id', serviceUserIds),
    of('/service-users/:id/history', serviceUserIds),
    page('/audit', ['/audit'], 'reader'),
  ].filter(({ paths }) => paths.length > 0)
}

/** On average for each address of a page, all its questions together. */
async function readBuffers(database: KeptDatabase, pages: ScalePage[]): Promise<Map<string, number>> {
  const app = await listenTo(database.appUrl)
  const pool = openPool({ url: database.appUrl, applicationName: 'bench', connections: 1 })
  const client = await pool.connect()
  try {
    const read = new Map<string, number>()
    for (const { name, paths, as } of pages) {
      let buffers = 0
      for (const path of paths) {
        for (const statement of await app.statementsOf(path, as)) buffers += blocksOf(await explain(client, statement))
      }
      read.set(name, buffers / paths.length)
    }
    return read
  } finally {
    client.release()
    await pool.end()
    await app.close()
  }
}

type Sized = [database: KeptDatabase, pages: ScalePage[]]

async function measureBoth(small: Sized, large: Sized, folder: string, asked: Rounds) {
  const started: RunningApp[] = []
  try {
    for (const [database] of [small, large]) started.push(await startApp(database.appUrl, folder))
    const [first, second] = started as [RunningApp, RunningApp]
    const targets = small[1].flatMap((page, at) => [
      targetOf(first, page, 'small'),
      targetOf(second, large[1][at] as ScalePage, 'large'),
    ])
    return await runRounds(targets, asked)
  } finally {
    for (const app of started) await app.stop()
  }
}

function targetOf(app: RunningApp, { name, paths, as }: ScalePage, size: string): Target {
  let at = 0
  const cookieOf = (connection: number) => (as === 'reader' ? app.reader : (app.people[connection] as SignedIn)).cookie
  return {
    name: `${name} ${size}`,
    origin: app.origin,
    // a scan that finds one thing leads to it
    status: name.startsWith('/scan') ? 303 : 200,
    next: (connection) => ({ path: paths[at++ % paths.length] as string, headers: { cookie: cookieOf(connection) } }),
  }
}

function middleTimes(windows: Map<string, Window[]>, name: string): number[] {
  return (windows.get(name) ?? []).map(({ times }) => percentile(times, 0.5))
}
