import pg from 'pg'
import { openDatabase, openPool } from '../src/database/connection.ts'
import { londonToday } from '../src/lib/dates.ts'
import { reportNames, reportUrl } from '../src/reports/definition-rules.ts'
import { keepCounts } from '../src/reports/kept-actions.ts'
import { usualPeriod } from '../src/reports/period-rules.ts'
import { publishFigures } from '../src/reports/publish-actions.ts'
import { fillBookings } from './bookings.ts'
import type { KeptDatabase } from './cluster.ts'
import type { Report } from './compare.ts'
import { median, percentile } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { listenTo } from './plans.ts'
import { fillReports } from './reports-data.ts'
import { type SignedIn, signIn, startApp } from './servers.ts'
import { tableOf } from './table.ts'

const RATIO = 1.5
const SQL_MS = 100
const COMMISSIONER = 'staff-59@bench.example'

/**
 * Every report, one reader at a time, over five years of loans: as a champion, who sees what was counted, and as a
 * commissioner, who sees what came out; against the page's own statements without the page. Counting all of it at night and
 * publishing three years are timed too.
 */
export async function measureReports(copy: KeptDatabase, folder: string, times: number): Promise<Report> {
  await fillBookings(copy.adminUrl)
  await fillReports(copy.adminUrl)
  await askForPasswordAlone(copy.adminUrl)
  await chooseProfile(copy.adminUrl)
  const night = await work(copy.appUrl)
  const plain = await plainTimes(copy.appUrl, times)
  const app = await startApp(copy.appUrl, folder)
  try {
    const commissioner = await signIn(app.origin, COMMISSIONER)
    const missed: string[] = []
    const rows: string[][] = []
    for (const [at, path] of paths.entries()) {
      const sqlMs = plain[at] ?? 0
      const champion = await timesOf(app.origin + path, app.people[0] as SignedIn, times)
      const published = await timesOf(app.origin + path, commissioner, times)
      const ratio = median(champion) / sqlMs
      if (sqlMs > SQL_MS) missed.push(`${path}: its statements take ${sqlMs.toFixed(0)} ms`)
      if (ratio > RATIO && median(champion) > RATIO * SQL_MS)
        missed.push(`${path}: ${ratio.toFixed(2)} × its statements`)
      const told = [sqlMs, median(champion), percentile(champion, 0.95), median(published), percentile(published, 0.95)]
      rows.push([path, ...told.map((ms) => ms.toFixed(0)), ratio.toFixed(2)])
    }
    const headings = ['report', 'statements ms', 'counted p50', 'p95', 'published p50', 'p95', 'counted ÷ statements']
    const how = `${times} times each, one reader at a time. ${night}`
    return { text: `${tableOf(headings, rows)}\n\n${how}`, missed }
  } finally {
    await app.stop()
  }
}

const period = usualPeriod(londonToday(new Date())).key
const paths = ['/reports', ...reportNames.map((name) => reportUrl(name, period))]

async function chooseProfile(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    await client.query(`update organisations set disclosure_profile = 'hes'`)
    await client.query(`update staff set role = 'commissioner' where email = '${COMMISSIONER}'`)
  } finally {
    await client.end()
  }
}

/** What is done at night, and how long it takes. */
async function work(appUrl: string): Promise<string> {
  const pool = openPool({ url: appUrl, applicationName: 'bench reports' })
  const db = openDatabase(pool)
  const clock = () => new Date()
  try {
    const [counted, published] = [
      await secondsOf(() => keepCounts({ db, clock })),
      await secondsOf(() => publishFigures({ db, clock })),
    ]
    return `At night, counting four financial years takes ${counted.toFixed(1)} s, and publishing three for the first time ${published.toFixed(1)} s.`
  } finally {
    await db.destroy()
  }
}

async function secondsOf(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return (performance.now() - start) / 1000
}

/** Milliseconds that a champion's page waits for its statements, run one after the other and without the page. */
async function plainTimes(appUrl: string, times: number): Promise<number[]> {
  const listening = await listenTo(appUrl)
  const client = new pg.Client({ connectionString: appUrl })
  await client.connect()
  try {
    const all: number[] = []
    for (const path of paths) {
      const statements = await listening.statementsOf(path, 'champion')
      const taken: number[] = []
      for (let time = 0; time < times; time += 1) {
        const start = performance.now()
        for (const { sql, values } of statements) await client.query(sql, [...values])
        taken.push(performance.now() - start)
      }
      all.push(median(taken))
    }
    return all
  } finally {
    await client.end()
    await listening.close()
  }
}

/** Milliseconds of each answer, in order, after one that is not counted. */
async function timesOf(url: string, { cookie }: SignedIn, times: number): Promise<number[]> {
  const taken: number[] = []
  for (let time = 0; time <= times; time += 1) {
    const start = performance.now()
    const answer = await fetch(url, { headers: { cookie } })
    await answer.text()
    if (answer.status !== 200) throw new Error(`${url}: ${answer.status}`)
    if (time > 0) taken.push(performance.now() - start)
  }
  return taken.sort((a, b) => a - b)
}
