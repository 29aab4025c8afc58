import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import express, { type Express } from 'express'
import { type Role, roles } from '../../src/lib/actor.ts'
import { makeRecords, type Records } from '../security/records.ts'
import { exampleOf, getNames, isFor, routeNames } from '../security/route-table.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { runTool } from './tools.ts'

/** Those of its modules that ask nothing of the world outside and are about no other product. */
const modules = [
  ...['backup', 'blindsql', 'cookieflags', 'crlf', 'csp', 'exec', 'file', 'htaccess', 'http_headers', 'methods'],
  ...['permanentxss', 'redirect', 'shellshock', 'sql', 'xss'],
]
const CRAWL_S = 600
const MODULE_S = 45
/** Over plain http on this machine there is neither; with an https address both are set (`web/headers`, `sign-in/sessions`). */
const onlyOverHttps = ['HTTP Secure Headers', 'Secure Flag cookie']

let app: TestApp
let records: Records
let folder: string
let server: Server
let address: string

beforeAll(async () => {
  app = await startApp()
  records = await makeRecords(app.db, { by: app.people.actors.champion, ward: app.people.ward, mark: 'mine' })
  server = withoutSignOut(app.app).listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  folder = await mkdtemp(join(tmpdir(), 'loans-attack-'))
})
afterAll(async () => {
  server.closeAllConnections()
  server.close()
  await rm(folder, { recursive: true, force: true })
  await app.close()
})

/** The app without what ends a session: whoever is signed out sees nothing more. (`--exclude` breaks on Python 3.11.) */
function withoutSignOut(inner: Express): Express {
  const outer = express()
  for (const name of routeNames.filter((one) => exampleOf(one).endsSession)) {
    outer.all(exampleOf(name).path(records), (_req, res) => void res.status(404).end())
  }
  return outer.use(inner)
}

interface Report {
  vulnerabilities: Record<string, { path: string; info: string }[]>
  anomalies: Record<string, { path: string; info: string }[]>
}

/** Begins at every page that the role has, and follows every link and form from there. */
async function scan(role: Role): Promise<Report> {
  const { name, value } = await app.beginSession(app.people.actors[role].staffId)
  const pages = getNames.filter((one) => isFor(exampleOf(one), role)).map((one) => exampleOf(one).path(records))
  const file = join(folder, `${role}.json`)
  const output = await runTool('wapiti', [
    ...['-u', `${address}/`, ...pages.flatMap((path) => ['-s', `${address}${path}`])],
    // it says that it can unpack what it cannot
    ...['-H', 'Accept-Encoding: identity', '-H', `Cookie: ${name}=${value}`, '--skip', '_csrf'],
    ...['--scope', 'domain', '--max-scan-time', String(CRAWL_S), '--max-attack-time', String(MODULE_S)],
    ...['-m', modules.join(','), '--flush-session', '--store-session', join(folder, role), '--no-bugreport'],
    ...['-v', '1', '-f', 'json', '-o', file],
  ])
  const report = await readFile(file, 'utf8').catch(() => {
    throw new Error(`There is no report: ${output}`)
  })
  // a scan that found no form has not seen the pages
  expect(output).toContain('[+] POST ')
  return JSON.parse(report) as Report
}

describe('wapiti', () => {
  it.each(roles)('finds nothing as %s', async (role) => {
    const report = await scan(role)
    const found = Object.entries({ ...report.vulnerabilities, ...report.anomalies })
      .filter(([kind]) => !onlyOverHttps.includes(kind))
      .flatMap(([kind, all]) => all.map(({ path, info }) => `${kind}: ${path}: ${info}`))
    expect(found).toEqual([])
  })
})
