import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Role, roles } from '../../src/lib/actor.ts'
import { makeRecords, noRecords, type Records } from '../security/records.ts'
import { partsOf, recordPlaces } from '../security/request-parts.ts'
import { exampleOf, freshWord, isFor, routeNames } from '../security/route-table.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { runTool } from './tools.ts'

/**
 * Level 3 of sqlmap over every page that is about a record or reads its address, as every role it is for; and as the first
 * of them over every other page, with all the names that some list reads from its address, and over every form, with all
 * its fields. `ATTACK='GET /items'` takes the routes that begin so. What comes with every request (cookie,
 * user agent, referer) is tried on one page, since the same few lines read it everywhere.
 */
let app: TestApp
let records: Records
let folder: string

beforeAll(async () => {
  app = await startApp()
  records = await makeRecords(app.db, { by: app.people.actors.champion, ward: app.people.ward, mark: 'mine' })
  folder = await mkdtemp(join(tmpdir(), 'loans-attack-'))
})
afterAll(async () => {
  await rm(folder, { recursive: true, force: true })
  await app.close()
})

const addressNames = ['search', 'state', 'show', 'category', 'ward', 'before', 'after', 'return']

/** The mark tells sqlmap to try that part of the path, and nothing else. */
function markedPath(name: string): string {
  const parts = partsOf(name, records, 'x').filter((part) => part.name.startsWith('/'))
  const places = recordPlaces(name)
  return parts.map(({ value }, at) => (places.includes(at) ? `${value}*` : value)).join('/') || '/'
}

async function attack(name: string, role: Role): Promise<string> {
  const { name: cookie, value, csrfToken } = await app.beginSession(app.people.actors[role].staffId)
  const parts = partsOf(name, records, freshWord())
  const isPost = name.startsWith('POST ')
  const hasOwnParts = parts.some((part) => part.name.startsWith('?'))
  const path = isPost ? markedPath(name).replaceAll('*', '') : markedPath(name)
  const query = new URLSearchParams(
    isPost || hasOwnParts || path.includes('*') ? [] : addressNames.map((one): [string, string] => [one, '1']),
  )
  const fields = new URLSearchParams({ _csrf: csrfToken })
  for (const part of parts) {
    if (part.name.startsWith('?')) query.append(part.name.slice(1), part.value)
    else if (!part.name.startsWith('/')) fields.append(part.name, part.value)
  }
  const url = `${app.address}${path}${query.size > 0 ? `?${query}` : ''}`
  const withEveryRequest = name === 'GET /help' ? [] : ['--skip', 'cookie,user-agent,referer,host']
  return await runTool('sqlmap', [
    ...['-u', url, '--method', isPost ? 'POST' : 'GET', ...(isPost ? ['--data', String(fields)] : [])],
    ...['--cookie', `${cookie}=${value}`, '--param-exclude', '^_csrf$', ...withEveryRequest],
    ...['--eval', 'import uuid;key=str(uuid.uuid4())'],
    ...['--level', '3', '--dbms', 'PostgreSQL', '--keep-alive', '--time-sec', '3'],
    ...['--batch', '--flush-session', '--disable-coloring', '--output-dir', folder],
  ])
}

const wanted = process.env.ATTACK ?? ''
const attacks = routeNames
  .filter((name) => name.startsWith(wanted) && !exampleOf(name).endsSession)
  .flatMap((name) => {
    const allowed = roles.filter((role) => isFor(exampleOf(name), role))
    const hasOwnParts =
      recordPlaces(name).length > 0 || partsOf(name, noRecords, 'x').some((part) => part.name.startsWith('?'))
    const everyRole = name.startsWith('GET ') && hasOwnParts
    return allowed.slice(0, everyRole ? undefined : 1).map((role) => [name, role] as const)
  })

describe('sqlmap', () => {
  it.each(attacks)('finds nothing in %s as %s', async (name, role) => {
    const output = await attack(name, role)
    process.stderr.write(`${name} as ${role}: done\n`)
    expect(output).not.toMatch(/identified the following injection point|is vulnerable|appears to be '/)
    expect(output).toMatch(/all tested parameters do not appear to be injectable/)
  })
})
