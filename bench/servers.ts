import { type ChildProcess, spawn } from 'node:child_process'
import { createHmac } from 'node:crypto'
import { openSync, readFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { championEmail, password, READER_EMAIL } from './fill.ts'
import { CONNECTIONS } from './load.ts'

/** Somebody signed in: what their browser sends. */
export interface SignedIn {
  cookie: string
  csrfToken: string
}

export interface RunningApp {
  origin: string
  /** One champion a connection, as eight people would be. */
  people: SignedIn[]
  /** Somebody of information governance. */
  reader: SignedIn
  /** The most memory the process has had so far, in megabytes; undefined where the system does not tell. */
  peakMemory(): number | undefined
  stop(): Promise<void>
}

const START_PATIENCE_MS = 60_000

/** What `npm start` gives to node: its flags, and the program. */
function startArguments(): string[] {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: { start: string } }
  return scripts.start.split(' ').slice(1)
}

/**
 * The app as people run it, over this database, in a process of its own: as `npm start`, with what the Dockerfile and the
 * systemd unit set besides. Its log goes to a file in `folder`.
 */
export async function startApp(
  databaseUrl: string,
  folder: string,
  more: Record<string, string> = {},
): Promise<RunningApp> {
  const port = await freePort()
  const log = openSync(join(folder, 'app.log'), 'a')
  const settings = { DATABASE_URL: databaseUrl, PORT: String(port), DATA_DIR: folder, MALLOC_ARENA_MAX: '1' }
  const env = { PATH: process.env.PATH, ...settings, ...more }
  const child = spawn(process.execPath, startArguments(), { env, stdio: ['ignore', log, log] })
  const origin = `http://127.0.0.1:${port}`
  await untilReady(child, `${origin}/health/ready`)
  const people: SignedIn[] = []
  for (let number = 1; number <= CONNECTIONS; number += 1) people.push(await signIn(origin, championEmail(number)))
  const reader = await signIn(origin, READER_EMAIL)
  return { origin, people, reader, peakMemory: () => peakMemoryOf(child), stop: () => stopChild(child) }
}

async function untilReady(child: ChildProcess, url: string): Promise<void> {
  const deadline = Date.now() + START_PATIENCE_MS
  while (Date.now() < deadline && child.exitCode === null) {
    const answer = await fetch(url).catch(() => undefined)
    if (answer?.ok) return
    await pause(100)
  }
  child.kill('SIGKILL')
  throw new Error('The app did not start: see app.log in the folder of the benchmark')
}

/** Through the real form, so that session and token are real ones. */
export async function signIn(origin: string, email: string): Promise<SignedIn> {
  const form = await fetch(`${origin}/sign-in`)
  const before = cookieOf(form)
  const body = new URLSearchParams({ _csrf: tokenIn(await form.text()), email, password })
  const answer = await fetch(`${origin}/sign-in`, {
    method: 'POST',
    body,
    headers: { cookie: before },
    redirect: 'manual',
  })
  if (answer.status !== 303) throw new Error(`${email} could not sign in: ${answer.status}`)
  const cookie = cookieOf(answer)
  // its session is saved after the head is sent: whoever goes on by the head alone may have the next page's token undone
  await answer.text()
  const page = await fetch(`${origin}/help`, { headers: { cookie } })
  return { cookie, csrfToken: tokenIn(await page.text()) }
}

function cookieOf(answer: Response): string {
  const [cookie] = answer.headers.getSetCookie()
  if (cookie === undefined) throw new Error('No session cookie came')
  return cookie.split(';')[0] ?? ''
}

function tokenIn(html: string): string {
  const token = /name="_csrf" value="([^"]+)"/.exec(html)?.[1]
  if (token === undefined) throw new Error('There is no form in this page')
  return token
}

/** Linux keeps the peak in /proc. */
function peakMemoryOf(child: ChildProcess): number | undefined {
  try {
    const status = readFileSync(`/proc/${child.pid}/status`, 'utf8')
    return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024
  } catch {
    return undefined
  }
}

export interface RunningReference {
  bare: string
  origin: string
  cookies: string[]
  stop(): Promise<void>
}

/** The reference pages, in a process of their own. */
export async function startReference(databaseUrl: string): Promise<RunningReference> {
  const env = { PATH: process.env.PATH, DATABASE_URL: databaseUrl }
  const child = spawn(process.execPath, ['bench/reference.ts'], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const lines = createInterface({ input: child.stdout as NodeJS.ReadableStream })
  const line = await new Promise<string>((said, failed) => {
    lines.once('line', said)
    child.once('exit', () => failed(new Error('The reference pages did not start')))
  })
  const ports = JSON.parse(line) as { bare: number; app: number }
  const cookies = Array.from({ length: CONNECTIONS }, (_, at) => `session=${signed(`session-${at + 1}`)}`)
  return {
    bare: `http://127.0.0.1:${ports.bare}`,
    origin: `http://127.0.0.1:${ports.app}`,
    cookies,
    stop: () => stopChild(child),
  }
}

/** A cookie as express-session signs it. */
function signed(id: string): string {
  const signature = createHmac('sha256', 'bench').update(id).digest('base64').replace(/=+$/, '')
  return encodeURIComponent(`s:${id}.${signature}`)
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((done) => child.once('exit', done))
  child.kill('SIGTERM')
  await Promise.race([ended, pause(10_000, undefined, { ref: false })])
  child.kill('SIGKILL')
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return port
}
