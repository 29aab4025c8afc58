import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, itemInTurnaround, kit, serviceUser } from '../../seeds/factories.ts'
import { type Fields, lendFields } from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const day = (id: string, date: string): Fields => {
  const [year = '', month = '', dayOfMonth = ''] = date.split('-')
  return { [`${id}-day`]: dayOfMonth, [`${id}-month`]: month, [`${id}-year`]: year }
}

async function kitFor(name: string) {
  const person = await serviceUser(app.db, { ...here(), name })
  const tablet = await availableItem(app.db, here())
  const charger = await availableItem(app.db, { ...here(), category: 'charger' })
  await kit(app.db, { ...here(), name: `Kit of ${name}`, items: [tablet, charger] })
  return { person, tablet, charger }
}

type Kit = Awaited<ReturnType<typeof kitFor>>

const order = ({ person, tablet, charger }: Kit, more: Fields = {}): Fields => ({
  ...lendFields([tablet.id, charger.id]),
  'service-user': person.id,
  ...day('due', '2026-10-26'),
  ...day('visit', '2026-08-03'),
  'visit-time': '14:30',
  'visit-place': '12 Example Street',
  ...more,
})

/** A kit for a person, planned for a visit today. */
async function planned(name: string, more: Fields = {}) {
  const made = await kitFor(name)
  const answer = await champion.post('/loans/planned', order(made, more))
  expect(answer.status).toBe(303)
  const id = Number(/\d+$/.exec(answer.headers.location ?? '')?.[0])
  return { ...made, id, url: `/loans/${id}/hand-over` }
}

const linesOf = (loanId: number) =>
  app.db.selectFrom('loan_lines').selectAll().where('loan_id', '=', loanId).orderBy('id').execute()

const versionOf = async (loanId: number) =>
  (await app.db.selectFrom('loans').select('version').where('id', '=', loanId).executeTakeFirstOrThrow()).version

function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ')
    .trim()
}

function errorsOn(page: { text: string }): string[] {
  const summary = /nhsuk-error-summary__list">(.*?)<\/ul>/s.exec(page.text)?.[1] ?? ''
  return [...summary.matchAll(/<li>(.*?)<\/li>/gs)].map((match) => text(match[1] ?? ''))
}

describe('a loan for a visit', () => {
  it('holds its items, stands on the worklist and the packing list, and is lent when it is handed over', async () => {
    const { id, url, tablet, charger } = await planned('Visit Example')
    expect((await linesOf(id)).map(({ taken_at }) => taken_at)).toEqual([null, null])
    const other = await serviceUser(app.db, { ...here(), name: 'Other Example' })
    const taken = await champion.post('/loans', { ...lendFields([tablet.id, charger.id]), 'service-user': other.id })
    expect([taken.status, text(taken.text)]).toEqual([409, expect.stringContaining('is planned for Visit Example')])
    expect(text((await champion.get('/')).text)).toContain('Going out today')
    const details = app.db.updateTable('service_user_details').where('name', '=', 'Visit Example')
    await details.set({ contact_instruction: 'Do not ring the home number.' }).execute()
    const list = text((await champion.get('/packing-list')).text)
    expect(list).toContain('Packing list for Monday 3 August 2026')
    expect(list).toMatch(/2:30pm: Visit Example 12 Example Street .*Do not ring the home number\./)
    expect(list).toContain('in the kit “Kit of Visit Example”')
    expect((await champion.get(`/loans/${id}/agreement`)).status).toBe(200)
    expect((await champion.get(`/loans/${id}`)).text).toContain(`href="${url}"`)

    const lines = (await linesOf(id)).map((line) => String(line.id))
    const some = { line: lines[0]!, version: await versionOf(id), agreement: 'paper' }
    expect((await champion.post(url, some)).headers.location).toBe(`/loans/${id}`)
    const twice = await champion.post(url, some)
    expect([twice.status, errorsOn(twice)[0]]).toEqual([409, expect.stringContaining('Someone changed this loan')])
    const rest = { line: lines[1]!, version: await versionOf(id), ...day('taken', '2026-08-03'), 'taken-time': '07:30' }
    expect((await champion.post(url, rest)).status).toBe(303)
    const after = await linesOf(id)
    expect(after.every(({ taken_at, from_at }) => taken_at !== null && taken_at === from_at)).toBe(true)
    expect(new Date(after[1]!.taken_at!).toISOString()).toBe('2026-08-03T06:30:00.000Z')
    expect(text((await champion.get('/packing-list')).text)).not.toContain('Visit Example')
  })

  it('says at once what is missing or wrong', async () => {
    const made = await kitFor('Wrong Example')
    const wrong = { ...day('visit', '2026-08-01'), 'visit-time': 'noon', 'visit-place': 'x'.repeat(201) }
    const answer = await champion.post('/loans/planned', order(made, wrong))
    expect([answer.status, errorsOn(answer)]).toEqual([
      422,
      [
        'Day of the visit must be today or in the future',
        'Time must be like 09:30 or 14:30',
        'Place must be 200 characters or less',
      ],
    ])
    const late = await champion.post('/loans/planned', order(made, { ...day('visit', '2026-10-30') }))
    expect(errorsOn(late)).toEqual(['The review date must be after the day of the visit'])
    const gift = await champion.post('/loans/planned', order(made, { keep: 'gift' }))
    expect(errorsOn(gift)).toContain('Only a loan can be handed over later. Give it once they have it')
    const { url, id } = await planned('Unready Example')
    const nothing = await champion.post(url, { version: await versionOf(id) })
    expect(errorsOn(nothing)).toEqual(['Choose at least one item', 'Choose how they accepted the agreement'])
    const future = { line: 'x', version: 1, agreement: 'paper', ...day('taken', '2026-08-04'), 'taken-time': '09:00' }
    expect(errorsOn(await champion.post(url, future))).toContain('It cannot have been handed over in the future')
  })

  it('that nobody said anything about stands on the worklist the next day, is put off, and called off', async () => {
    const { id, url, tablet } = await planned('Missed Example', day('visit', '2026-08-04'))
    app.setClock(new Date('2026-08-05T08:00:00Z'))
    const next = await app.signedInAs('champion')
    try {
      expect(text((await next.get('/')).text)).toContain('Not handed over yet')
      const bad = await next.post(`${url}/day`, { version: 1 })
      expect([bad.status, errorsOn(bad)]).toEqual([422, ['Enter the day of the visit']])
      const moved = { version: await versionOf(id), ...day('visit', '2026-08-07'), 'visit-place': 'Library' }
      expect((await next.post(`${url}/day`, moved)).status).toBe(303)
      expect(text((await next.get(`/packing-list?on=2026-08-07`)).text)).toContain(
        'No time noted: Missed Example Library',
      )
      expect((await next.post(`${url}/call-off`, { version: 1 })).status).toBe(409)
      expect((await next.post(`${url}/call-off`, { version: await versionOf(id) })).status).toBe(303)
      expect((await next.get(url)).headers.location).toBe(`/loans/${id}`)
      expect(text((await next.get(`/items/${tablet.tag}`)).text)).toContain('Available')
    } finally {
      app.setClock(startOfTest)
    }
  })

  it('shows what is not ready, and hands none of that over', async () => {
    const person = await serviceUser(app.db, { ...here(), name: 'Early Example' })
    const waiting = await itemInTurnaround(app.db, { ...here(), tag: 'NOT-READY' })
    const form = { ...lendFields([waiting.id], { 'without-charger': 'yes' }), 'service-user': person.id }
    const answer = await champion.post('/loans/planned', {
      ...form,
      ...day('due', '2026-10-26'),
      ...day('visit', '2026-08-03'),
    })
    const id = Number(/\d+$/.exec(answer.headers.location ?? '')?.[0])
    expect(text((await champion.get('/packing-list')).text)).toContain('(Not ready: it is being made ready)')
    const [line] = await linesOf(id)
    const send = { line: String(line!.id), version: 1, agreement: 'paper' }
    const refused = await champion.post(`/loans/${id}/hand-over`, send)
    expect([refused.status, errorsOn(refused)[0]]).toEqual([409, expect.stringContaining('one is not ready')])
    await expect(
      app.pool.query('update loan_lines set taken_at = from_at where id = $1', [line!.id]),
    ).rejects.toMatchObject({ code: expect.stringMatching(/^23/) })
  })

  it('of another organisation is not there', async () => {
    const { id, url } = await planned('Ours Example')
    const stranger = await app.signedInAs(app.people.foreignActors.champion)
    expect((await stranger.get(url)).status).toBe(404)
    expect((await stranger.post(`${url}/call-off`, { version: await versionOf(id) })).status).toBe(404)
    expect(text((await stranger.get('/packing-list')).text)).toContain('Nothing is to be handed over on this day.')
  })
})
