import { mkdtemp, rm } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { SMTPServer } from 'smtp-server'
import { readConfig } from '../src/config.ts'
import { openDatabase } from '../src/database/connection.ts'
import { openWorkerPool, startWorker } from '../src/jobs/worker.ts'
import { londonInstant, londonToday } from '../src/lib/dates.ts'
import { writeWhatIsDue } from '../src/messages/occasion-actions.ts'
import { messageTasks } from '../src/messages/tasks.ts'
import type { KeptDatabase } from './cluster.ts'
import { percentile } from './load.ts'
import { askForPasswordAlone } from './password-alone.ts'
import { type RunningApp, startApp } from './servers.ts'

const MOST_MINUTES = 10
/** After so long without a message no more come: what else was written is for a later hour. */
const QUIET_MS = 20_000
const MOST_CONNECTIONS = 10
/** How much later 95 of 100 pages may come while messages leave. */
const SLOWER = 1.2
const IDLE_MS = 20_000
const BETWEEN_PAGES_MS = 50
const pages = ['/', '/items', '/loans', '/service-users']
const silent = { info: () => {}, warn: () => {}, error: () => {} }

/**
 * How long until what falls due to so many people at once is written and has left, through a mail server on this machine; and
 * how long somebody waits for a page meanwhile. Jobs run in a process apart from the pages, as in a large organisation.
 */
export async function measureMessages(copy: KeptDatabase, people: number): Promise<{ text: string; missed: string[] }> {
  await prepare(copy.adminUrl, people)
  await askForPasswordAlone(copy.adminUrl)
  const peer = await startPeer()
  const folder = await mkdtemp(join(tmpdir(), 'bench-messages-'))
  const pool = openWorkerPool(copy.appUrl, silent)
  const time = londonInstant(londonToday(new Date()), '08:00')
  if (!time.value) throw new Error('eight in the morning is always a time')
  const eight = time.value
  const clock = () => eight
  const db = openDatabase(pool)
  const begun = performance.now()
  const config = readConfig({ SMTP_URL: peer.url, DATA_DIR: folder, DATABASE_URL: copy.appUrl })
  const app = await startApp(copy.appUrl, folder, { RUN_JOBS: 'no' })
  try {
    const idle = await readPages(app, () => performance.now() - begun < IDLE_MS)
    let isSending = true
    const reading = readPages(app, () => isSending)
    const start = performance.now()
    const written = await writeWhatIsDue({ db, clock, canText: false })
    const writing = (performance.now() - start) / 1000
    const worker = startWorker(messageTasks, { config, db, clock, log: silent }, pool)
    const began = performance.now()
    const isQuiet = () => performance.now() - Math.max(peer.lastAt(), began) > QUIET_MS
    while (peer.received.size < written && !isQuiet()) await pause(50)
    isSending = false
    const meanwhile = await reading
    await worker.stop()
    const all = (peer.lastAt() - start) / 1000
    const text = [
      `${written} causes written in ${writing.toFixed(1)} s; ${peer.received.size} messages left in ${all.toFixed(1)} s in all`,
      `pages: p95 ${idle.toFixed(1)} ms before, ${meanwhile.toFixed(1)} ms meanwhile`,
      `at most ${peer.connections()} connections to the mail server at once; ${peer.twice()} came twice`,
    ].join('\n')
    const bars: [boolean, string][] = [
      [peer.received.size < people, `every one of ${people} leaves`],
      [all > MOST_MINUTES * 60, `all leave within ${MOST_MINUTES} minutes`],
      [peer.connections() > MOST_CONNECTIONS, `at most ${MOST_CONNECTIONS} connections`],
      [meanwhile > idle * SLOWER, `pages come at most ${SLOWER} times as late meanwhile`],
      [peer.twice() > 0, 'none comes twice'],
    ]
    return { text, missed: bars.filter(([isMissed]) => isMissed).map(([, bar]) => bar) }
  } finally {
    await app.stop()
    await pool.end()
    await peer.stop()
    await rm(folder, { recursive: true })
  }
}

/** One reader who asks for one page after the other, for as long as it goes on: the 95th of 100 times, in milliseconds. */
async function readPages({ origin, people: [reader] }: RunningApp, goesOn: () => boolean): Promise<number> {
  const taken: number[] = []
  for (let at = 0; goesOn(); at += 1) {
    const start = performance.now()
    const answer = await fetch(origin + pages[at % pages.length], { headers: { cookie: reader?.cookie ?? '' } })
    await answer.text()
    if (answer.status !== 200) throw new Error(`${pages[at % pages.length]}: ${answer.status}`)
    taken.push(performance.now() - start)
    await pause(BETWEEN_PAGES_MS)
  }
  return percentile(
    taken.sort((a, b) => a - b),
    0.95,
  )
}

/** Data of each of them ends within the week, and each said yes to email. */
async function prepare(adminUrl: string, people: number): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl })
  await client.connect()
  try {
    const some = `(select id, organisation_id from service_users where state <> 'died' order by id limit ${people}) who`
    const staff = 'cross join lateral (select id from staff where organisation_id = who.organisation_id limit 1) staff'
    await client.query(`
      update service_user_details set email = 'person' || service_user_id || '@post.example';
      insert into contact_answers (organisation_id, service_user_id, channel, answer, days, names_service, at, recorded_by)
        select who.organisation_id, who.id, 'email', 'allowed', '{}', false, '2026-01-05', staff.id from ${some} ${staff};
      insert into data_allowances (organisation_id, service_user_id, kind, provider, period, starts_on, ends_on, made_at, made_by)
        select who.organisation_id, who.id, 'hotspot', 'Example', 'month', current_date - 20, current_date + 5,
               current_timestamp - interval '20 days', staff.id
        from ${some} ${staff};
      analyze;`)
  } finally {
    await client.end()
  }
}

async function startPeer() {
  const received = new Set<string>()
  let [again, open, most] = [0, 0, 0]
  let last = performance.now()
  const server = new SMTPServer({
    authOptional: true,
    disableReverseLookup: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect: (_session, done) => {
      open += 1
      most = Math.max(most, open)
      done()
    },
    onClose: () => {
      open -= 1
    },
    onData: (stream, _session, done) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        const id = /^Message-ID: (.+)\r$/im.exec(Buffer.concat(chunks).toString())?.[1] ?? ''
        if (received.has(id)) again += 1
        received.add(id)
        last = performance.now()
        done()
      })
    },
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    connections: () => most,
    twice: () => again,
    lastAt: () => last,
    stop: () => new Promise<void>((closed) => server.close(() => closed())),
  }
}
