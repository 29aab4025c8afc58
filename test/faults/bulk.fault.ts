import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItems, loanTo, serviceUser } from '../../seeds/factories.ts'
import { brokenRules } from '../holds/invariants.ts'
import { dateFields } from '../loans/forms.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { type Listener, listenTo } from '../support/queries.ts'

const FULL = 500
/** The loans here were written by a factory, and not lent by anybody. */
const writtenByNobody = ['a loan that nobody in the audit lent']

let app: TestApp
let champion: Visitor
let listener: Listener

beforeAll(async () => {
  app = await startApp()
  listener = listenTo(app.pool)
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

/** As many lines, five in a loan. */
async function lend(count: number) {
  const here = { organisation_id: app.people.organisationId }
  const person = await serviceUser(app.db, here)
  const items = await availableItems(
    app.db,
    Array.from({ length: count }, () => here),
  )
  for (let at = 0; at < count; at += 5) {
    await loanTo(app.db, { serviceUser: person, items: items.slice(at, at + 5), isWithoutCharger: true })
  }
  return items
}

/** How many statements a request takes, and how long it took, for whoever reads the output. */
async function measured(what: string, work: () => Promise<unknown>): Promise<number> {
  const began = performance.now()
  const heard = await listener.during(work)
  process.stdout.write(`${what}: ${Math.round(performance.now() - began)} ms, ${heard.length} statements\n`)
  return heard.length
}

describe('500 lines in one request', () => {
  it('come back by scanning in as many statements as five', async () => {
    const takeBack = (codes: string[]) => async () => {
      const fields = { key: crypto.randomUUID(), codes: codes.join('\n'), ...dateFields('returned', '') }
      const answer = await champion.post('/loans/returns', fields)
      expect(answer.status).toBe(303)
      const page = await champion.get(answer.headers.location ?? '')
      expect(page.text).toContain(`${codes.length} of ${codes.length} taken back`)
    }
    const [few, many] = [await lend(5), await lend(FULL)]
    const tagsOf = (items: { tag: string }[]) => items.map(({ tag }) => tag)
    const statements = await measured('return of 5', takeBack(tagsOf(few)))
    expect(await measured(`return of ${FULL}`, takeBack(tagsOf(many)))).toBe(statements)
    expect(Object.keys(await brokenRules(app.db))).toEqual(writtenByNobody)
  })

  it('are extended in as many statements as five', async () => {
    const extend = (items: { id: number }[]) => async () => {
      const lines = await app.db
        .selectFrom('loan_lines')
        .select(['id', 'due_on'])
        .where((eb) => eb('item_id', '=', eb.fn.any(eb.val(items.map(({ id }) => id)))))
        .execute()
      const line = lines.map(({ id, due_on }) => `${id}.${due_on}`)
      const answer = await champion.post('/loans/extensions', {
        key: crypto.randomUUID(),
        show: 'open',
        until: 'again',
        line,
      })
      expect(answer.status).toBe(303)
      const dates = await app.db
        .selectFrom('loan_lines')
        .select('due_on')
        .distinct()
        .where('id', '=', lines[0]!.id)
        .execute()
      expect(dates[0]?.due_on).not.toBe(lines[0]?.due_on)
    }
    const [few, many] = [await lend(5), await lend(FULL)]
    const statements = await measured('extension of 5', extend(few))
    expect(await measured(`extension of ${FULL}`, extend(many))).toBe(statements)
    expect(Object.keys(await brokenRules(app.db))).toEqual(writtenByNobody)
  })
})
