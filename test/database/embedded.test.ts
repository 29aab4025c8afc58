import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { networkInterfaces, tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { type EmbeddedDatabase, removeEmbedded, startEmbedded } from '../../src/database/embedded.ts'

const program = fileURLToPath(new URL('embedded-process.ts', import.meta.url))

let dataDir: string
const folders: string[] = []
const processes: OtherProcess[] = []

async function newDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'loans-embedded-'))
  await chmod(folder, 0o711)
  folders.push(folder)
  return folder
}

function start(folder = dataDir): Promise<EmbeddedDatabase> {
  return startEmbedded({ dataDir: folder, settings: { fsync: 'off' } })
}

/** Files of the data folder's database, by their path within it. */
const file = (...path: string[]) => join(dataDir, 'postgres', ...path)
const clusterFile = (...path: string[]) => file('home', 'cluster', ...path)

async function ask(url: string, question: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  try {
    const { rows } = await client.query({ text: question, rowMode: 'array' })
    return rows.flat()
  } finally {
    await client.end()
  }
}

type OtherProcess = ChildProcessByStdio<Writable, Readable, null>

function startElsewhere(folder = dataDir): OtherProcess {
  const child = spawn(process.execPath, [program, folder], { stdio: ['pipe', 'pipe', 'inherit'] })
  processes.push(child)
  return child
}

async function whatItGot(child: OtherProcess): Promise<{ adminUrl: string; port: number; startedHere: boolean }> {
  for await (const line of createInterface({ input: child.stdout })) return JSON.parse(line)
  throw new Error('The other process ended without a database')
}

async function letGo(child: OtherProcess): Promise<void> {
  child.stdin.end()
  await ended(child)
  expect(child.exitCode).toBe(0)
}

async function killHard(child: OtherProcess): Promise<void> {
  child.kill('SIGKILL')
  await ended(child)
}

async function ended(child: OtherProcess): Promise<void> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
}

async function answersOn(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port, timeout: 1_000 })
  const answer = await Promise.race([
    once(socket, 'connect').then(
      () => true,
      () => false,
    ),
    once(socket, 'timeout').then(() => false),
  ])
  socket.destroy()
  return answer
}

const isAnswering = (port: number) => answersOn('127.0.0.1', port)

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await pause(5)
}

beforeAll(async () => {
  dataDir = await newDataDir()
})

afterEach(async () => {
  for (const child of processes.splice(0)) await killHard(child)
})

afterAll(async () => {
  for (const folder of folders) {
    await removeEmbedded(folder)
    await rm(folder, { recursive: true })
  }
})

describe('the embedded database', () => {
  let database: EmbeddedDatabase

  beforeAll(async () => {
    database = await start()
  })

  afterAll(async () => {
    await database.stop()
  })

  it('listens on the loopback address alone', async () => {
    const others = Object.values(networkInterfaces()).flatMap((all) => (all ?? []).filter(({ internal }) => !internal))
    const open = others
      .filter(({ family }) => family === 'IPv4')
      .map(({ address }) => answersOn(address, database.port))

    expect(await isAnswering(database.port)).toBe(true)
    expect(await Promise.all(open)).not.toContain(true)
    expect(await ask(database.adminUrl, 'show unix_socket_directories')).toEqual([''])
  })

  it('keeps its passwords in a file that only its owner can read, and lets nobody in without one', async () => {
    expect((await stat(file('connection.json'))).mode & 0o777).toBe(0o600)
    expect((await stat(file('home'))).mode & 0o777).toBe(0o700)

    const withoutPassword = database.appUrl.replace(/:[^:@]+@/, '@')
    await expect(ask(withoutPassword, 'select 1')).rejects.toThrow(/password/)
    const wrongPassword = database.adminUrl.replace(/:[^:@]+@/, ':wrong@')
    await expect(ask(wrongPassword, 'select 1')).rejects.toThrow(/password authentication failed/)
    expect(
      await ask(database.adminUrl, "select rolpassword ~ '^SCRAM-SHA-256' from pg_authid where rolcanlogin"),
    ).toEqual([true, true, true, true])
  })

  it('sorts by itself, counts in UTC and knows letters beyond English', async () => {
    expect(await ask(database.appUrl, 'show timezone')).toEqual(['UTC'])
    expect(
      await ask(
        database.appUrl,
        `select pg_encoding_to_char(encoding), datlocprovider, datlocale, lower('ZOË')
         from pg_database where datname = current_database()`,
      ),
    ).toEqual(['UTF8', 'b', 'C.UTF-8', 'zoë'])
  })

  it('gives the app a role that owns nothing and can make nothing', async () => {
    expect(
      await ask(
        database.appUrl,
        `select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls,
                (select count(*)::int from pg_database where datdba = r.oid),
                (select count(*)::int from pg_class where relowner = r.oid)
         from pg_roles r where rolname = current_user`,
      ),
    ).toEqual([false, false, false, false, false, 0, 0])
    await expect(ask(database.appUrl, 'create table mine (id int)')).rejects.toThrow(/permission denied/)
    await expect(ask(database.appUrl, 'create temporary table mine (id int)')).rejects.toThrow(/permission denied/)
    await expect(ask(database.appUrl, 'create schema mine')).rejects.toThrow(/permission denied/)
    const otherDatabase = database.appUrl.replace(/\/loans$/, '/postgres')
    await expect(ask(otherDatabase, 'select 1')).rejects.toThrow(/permission denied/)
  })

  it('cuts off what the app leaves hanging', async () => {
    expect(await ask(database.appUrl, 'show statement_timeout')).toEqual(['15s'])
    expect(await ask(database.appUrl, 'show lock_timeout')).toEqual(['5s'])
    expect(await ask(database.appUrl, 'show idle_in_transaction_session_timeout')).toEqual(['15s'])
  })

  it('belongs to a role that can migrate it and is no superuser', async () => {
    await ask(database.ownerUrl, 'create extension if not exists btree_gist')
    await ask(database.ownerUrl, 'create table kept (id int)')
    expect(
      await ask(database.ownerUrl, 'select rolsuper, rolcreaterole from pg_roles where rolname = current_user'),
    ).toEqual([false, false])
  })

  it('keeps what people typed out of the log of the server', async () => {
    await expect(ask(database.appUrl, "select 'Canary Person'::int")).rejects.toThrow(/Canary Person/)
    expect(await readFile(file('server.log'), 'utf8')).not.toContain('Canary')
  })

  it('is joined by a command that runs beside the app, and the command leaves it running', async () => {
    const command = startElsewhere()
    expect(await whatItGot(command)).toMatchObject({ port: database.port, startedHere: false })
    await letGo(command)
    expect(await isAnswering(database.port)).toBe(true)
  })

  it('runs on for a command that is at work when the app stops, and stops with the command', async () => {
    const command = startElsewhere()
    await whatItGot(command)
    await database.stop()
    expect(await isAnswering(database.port)).toBe(true)
    await letGo(command)
    expect(await isAnswering(database.port)).toBe(false)
  })
})

describe('an embedded database that was interrupted', () => {
  it('outlives an app that is killed, and the next start takes it over with all that is in it', async () => {
    const app = startElsewhere()
    const { port } = await whatItGot(app)
    await killHard(app)
    expect(await isAnswering(port)).toBe(true)

    const next = await start()
    expect(next).toMatchObject({ port, startedHere: true })
    expect(await ask(next.ownerUrl, 'select count(*)::int from kept')).toEqual([0])
    await next.stop()
    expect(await isAnswering(port)).toBe(false)
  })

  it('starts after its server was killed, though the process id it noted is now another program’s', async () => {
    const before = await start()
    const noted = await readFile(clusterFile('postmaster.pid'), 'utf8')
    process.kill(Number.parseInt(noted, 10), 'SIGKILL')
    await until(async () => !(await isAnswering(before.port)))
    await writeFile(clusterFile('postmaster.pid'), noted.replace(/^\d+/, `${process.pid}`))

    const next = await start()
    expect(await ask(next.ownerUrl, 'select count(*)::int from kept')).toEqual([0])
    await Promise.all([before.stop(), next.stop()])
  })

  it('takes another port when somebody else has its own', async () => {
    const before = await start()
    await before.stop()
    const squatter = createServer().listen(before.port, '127.0.0.1')
    await once(squatter, 'listening')

    const next = await start()
    expect(next.port).not.toBe(before.port)
    expect(await ask(next.appUrl, 'select 1')).toEqual([1])
    squatter.close()
    await next.stop()
  })

  it('is not held up by a lock whose holder died', async () => {
    const dead = startElsewhere()
    await whatItGot(dead)
    const identity = JSON.parse(await readFile(file('connection.json'), 'utf8')).users[0].process as string
    await killHard(dead)
    await writeFile(file('lock'), identity)
    await writeFile(file('lock.stale'), identity)

    const [one, another] = await Promise.all([start(), start()])
    expect(another.port).toBe(one.port)
    await Promise.all([one.stop(), another.stop()])
    expect(existsSync(file('lock'))).toBe(false)
  })

  it('is made by one of two processes that start at the same moment, and joined by the other', async () => {
    const folder = await newDataDir()
    const pair = [startElsewhere(folder), startElsewhere(folder)]
    const got = await Promise.all(pair.map(whatItGot))
    expect(got.map(({ startedHere }) => startedHere).sort()).toEqual([false, true])
    expect(got[0]?.port).toBe(got[1]?.port)
    await Promise.all(pair.map(letGo))
  })

  it('is made anew when its making was killed half way', async () => {
    const folder = await newDataDir()
    const home = join(folder, 'postgres', 'home')
    const draft = async () => (await readdir(home).catch(() => [])).find((name) => /^cluster\.new-\d+$/.test(name))
    const app = startElsewhere(folder)
    await until(async () => (await draft()) !== undefined)
    await killHard(app)
    expect(existsSync(join(home, 'cluster'))).toBe(false)

    const next = await start(folder)
    expect(await ask(next.appUrl, 'select current_database()')).toEqual(['loans'])
    expect(await draft()).toBeUndefined()
    await next.stop()
  })
})

describe('an embedded database that cannot be used', () => {
  it('says so when another major version of PostgreSQL made it', async () => {
    const version = await readFile(clusterFile('PG_VERSION'), 'utf8')
    await writeFile(clusterFile('PG_VERSION'), '14\n')
    await expect(start()).rejects.toThrow(/made by PostgreSQL 14, and this version of the app brings PostgreSQL \d+/)
    await writeFile(clusterFile('PG_VERSION'), version)
  })

  it('says so when its passwords are gone, and does not begin another over it', async () => {
    await rename(file('connection.json'), file('moved'))
    await expect(start()).rejects.toThrow(/connection.json with its passwords is gone/)
    await rename(file('moved'), file('connection.json'))
  })

  it('says so when its files are gone, and does not begin an empty one by itself', async () => {
    await rename(file('home'), file('moved'))
    await expect(start()).rejects.toThrow(/are gone/)
    await rename(file('moved'), file('home'))
  })
})

describe('a data folder in a folder that is closed to others', () => {
  it('is no hindrance, not even when root starts the app and the server runs as somebody else', async () => {
    const closed = await newDataDir()
    await chmod(closed, 0o700)
    const folder = join(closed, 'data')
    folders.unshift(folder)
    await mkdir(folder)

    const inClosedFolder = await start(folder)
    expect(await ask(inClosedFolder.appUrl, 'select current_database()')).toEqual(['loans'])
    const { home } = JSON.parse(await readFile(join(folder, 'postgres', 'connection.json'), 'utf8'))
    const isRoot = process.getuid?.() === 0
    expect(home).toMatch(isRoot ? /^\/var\/lib\/manage-digital-inclusion-loans\/\w+$/ : /^home$/)

    // Given that somebody deletes the data folder to begin again, and for root the files are elsewhere and the server runs on
    await ask(inClosedFolder.ownerUrl, 'create table forgotten (id int)')
    if (!isRoot) await inClosedFolder.stop()
    await rm(folder, { recursive: true })
    const again = await start(folder)
    expect(await ask(again.ownerUrl, "select to_regclass('forgotten')")).toEqual([null])
    await again.stop()

    await removeEmbedded(folder)
    expect(isRoot && (existsSync(home) || existsSync(`${home}.old`))).toBe(false)
  })
})
