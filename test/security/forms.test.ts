import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { type Role, roles } from '../../src/lib/actor.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { spreadIds } from './ids.ts'
import { allNames, makeRecords, noRecords, type Records } from './records.ts'
import { recordNamesOf } from './request-parts.ts'
import { ask, askProperly, exampleOf, type Fields, freshWord, getNames, isFor, postNames } from './route-table.ts'
import { type Moment, tablesChanged, thisMoment, whatChanged } from './what-changed.ts'

let app: TestApp
let visitors: Record<Role, Visitor>
/** The same people at another computer. */
let elsewhere: Record<Role, Visitor>
let foreigner: Visitor

beforeAll(async () => {
  app = await startApp()
  await spreadIds(app.ownerUrl)
  visitors = {} as Record<Role, Visitor>
  elsewhere = {} as Record<Role, Visitor>
  for (const role of roles) visitors[role] = await app.signedInAs(role)
  for (const role of roles) elsewhere[role] = await app.signedInAs(role)
  foreigner = await app.signedInAs(app.people.foreignActors.champion)
})
afterAll(() => app.close())

function freshRecords(name?: string): Promise<Records> {
  const whose = { by: app.people.actors.champion, ward: app.people.ward, mark: 'mine' }
  return makeRecords(app.db, whose, name === undefined ? allNames : recordNamesOf(name))
}

/** Somebody who may: a champion where a champion may. */
function roleFor(name: string): Role {
  const allowed = roles.filter((role) => isFor(exampleOf(name), role))
  return allowed.find((role) => role !== 'administrator') ?? 'administrator'
}

describe('a form without the token of its session', () => {
  let records: Records
  let start: Moment
  beforeAll(async () => {
    records = await freshRecords()
    start = await thisMoment(app.db)
  })

  it.each(postNames)('%s: is refused, and changes nothing', async (name) => {
    const visitor = visitors[roleFor(name)]
    const ours = visitor.csrfToken
    const wrong = {
      'left empty': '',
      'made up': 'f'.repeat(256),
      "another person's": foreigner.csrfToken,
      'of another session of the same person': elsewhere[roleFor(name)].csrfToken,
      'right but for its last letter': ours.replace(/.$/, (last) => (last === '0' ? '1' : '0')),
    }
    for (const [kind, token] of Object.entries(wrong)) {
      visitor.csrfToken = token
      const answer = await ask(visitor, name, records)
      expect([kind, answer.status]).toEqual([kind, 403])
      expect(answer.text).toContain('Send the form again')
    }
    visitor.csrfToken = ours
    const path = exampleOf(name).path(records)
    expect((await visitor.agent.post(path)).status).toBe(403)
    expect((await visitor.agent.post(`${path}?_csrf=${ours}`)).status).toBe(403)
    expect((await visitor.agent.post(path).type('form').send(`_csrf=a&_csrf=${ours}`)).status).toBe(403)
    expect((await visitor.agent.post(path).type('json').send({ _csrf: ours })).status).toBe(403)
    expect(await tablesChanged(app.db, start)).toEqual([])
  })

  it('is written down each time', async () => {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from audit_events where verb = 'refused:forged-form'`.execute(app.db)
    expect(rows[0]?.count).toBe(postNames.length * 9)
  })
})

describe('looking', () => {
  let records: Records
  let start: Moment
  beforeAll(async () => {
    records = await freshRecords()
    start = await thisMoment(app.db)
  })

  it.each(getNames)('%s changes nothing', async (name) => {
    const role = roleFor(name)
    await askProperly(visitors[role], name, records)
    await visitors[role].agent.head(exampleOf(name).path(records))
    expect(await tablesChanged(app.db, start)).toEqual([])
  })

  it('does nothing by any other way of asking than the two there are', async () => {
    const { kitId } = records
    for (const method of ['put', 'patch', 'delete'] as const) {
      for (const path of ['/items', `/kits/${kitId}`, '/sign-out', '/sign-in']) {
        const answer = await visitors.champion.agent[method](path)
          .type('form')
          .send({ _csrf: visitors.champion.csrfToken })
        expect([method, path, answer.status]).toEqual([method, path, 404])
      }
    }
    const overridden = await visitors.champion
      .get(`/kits/${kitId}?_method=POST`)
      .set('X-HTTP-Method-Override', 'POST')
      .set('X-HTTP-Method', 'DELETE')
    expect(overridden.status).toBe(200)
    expect(await tablesChanged(app.db, start)).toEqual([])
    await freshRecords()
    expect(await tablesChanged(app.db, start)).not.toEqual([])
  })
})

const writing = postNames.filter((name) => !exampleOf(name).writesNothing)

const isWholeRun = process.env.WHOLE_RUN === 'yes'

describe('a form with every column of the database added to it', () => {
  let columns: { name: string; type: string }[]
  beforeAll(async () => {
    const { rows } = await sql<{ name: string; type: string }>`
      select distinct column_name as name, data_type as type from information_schema.columns
      where table_schema = 'public' order by 1`.execute(app.db)
    columns = rows
  })

  /** What an attacker would want: themselves in another organisation, another's record, a higher role, another time. */
  function wish(type: string): string {
    if (type === 'bigint') return String(app.people.otherOrganisationId)
    if (type === 'integer') return '424242'
    if (type === 'boolean') return 'true'
    if (type === 'text') return 'administrator'
    return type.startsWith('timestamp') || type === 'date' ? '1999-12-31' : '{}'
  }

  /** In portions: a form takes no more than 1,000 fields, and one with a file no more than 50. */
  function wishes(offered: Fields, hasFile: boolean): Fields[] {
    const wanted = columns
      .flatMap(({ name, type }) => spellingsOf(name, hasFile).map((spelling) => [spelling, wish(type)] as const))
      .filter(([name]) => !(name in offered))
    const portion = hasFile ? 45 : 900
    return Array.from({ length: Math.ceil(wanted.length / portion) }, (_, at) =>
      Object.fromEntries(wanted.slice(at * portion, (at + 1) * portion)),
    )
  }

  /** As forms are written here, and as the database has it; the fault run tries what other programs write as well. */
  function spellingsOf(column: string, onlyOne: boolean): string[] {
    if (onlyOne) return [column]
    if (!isWholeRun) return [...new Set([column, column.replaceAll('_', '-')])]
    const camel = column.replace(/_(.)/g, (_, letter) => letter.toUpperCase())
    return [column, column.replaceAll('_', '-'), camel, `item[${column}]`, `values.${column}`]
  }

  it.each(writing)('%s: does what it does without them', async (name) => {
    const visitor = visitors[roleFor(name)]
    const { fields, first, file, status } = exampleOf(name)
    const changedBy = async (added: Fields) => {
      const records = await freshRecords(name)
      const fresh = freshWord()
      const known = first ? await first(visitor, records) : {}
      const before = await thisMoment(app.db)
      const answer = await ask(visitor, name, records, { fresh, fields: { ...added, ...known } })
      expect(answer.status).toBe(status)
      return whatChanged(app.db, before, { records, fresh })
    }
    const asOffered = await changedBy({})
    // what it changed, and the audit of it
    expect(asOffered.length).toBeGreaterThan(1)
    const offered = { ...fields?.(noRecords, ''), seen: '' }
    for (const added of wishes(offered, file !== undefined)) expect(await changedBy(added)).toEqual(asOffered)
    expect((await visitor.get('/')).status).toBe(200)
  })
})
