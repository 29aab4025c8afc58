import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, loanTo, placement, serviceUser } from '../../seeds/factories.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const lentBy = () => ({ lentBy: { id: app.people.actors.champion.staffId } })
const key = () => ({ key: crypto.randomUUID() })

/** A tablet with its charger, due on a day; 31 August is four weeks from the day of the tests. */
async function lent(dueOn: string, name = 'Sam Example') {
  const person = await serviceUser(app.db, { ...here(), name })
  const tablet = await availableItem(app.db, here())
  const charger = await availableItem(app.db, { ...here(), category: 'charger' })
  const lentAt = new Date(startOfTest.getTime() - 60 * 24 * 3_600_000)
  const loan = await loanTo(app.db, { ...lentBy(), serviceUser: person, items: [tablet, charger], dueOn, lentAt })
  const line = loan.lines.find(({ item_id }) => item_id === tablet.id)!
  return { person, tablet, charger, loan, line, url: `/loans/${loan.id}/onward-plan` }
}

const agreed = { choices: ['extend', 'social-tariff'], notes: 'Ring by Friday.', 'agreed-with': 'person' }
const answer = (more: object = {}) => ({ ...agreed, keep: 'nothing', ...key(), ...more })

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

async function worklistSections() {
  const page = await champion.get('/')
  const found = page.text.matchAll(/<section id="([a-z-]+)".*?<\/section>/gs)
  return Object.fromEntries([...found].map(([html, id]) => [id, text(html)]))
}

const plansOf = (loanId: number) =>
  app.db.selectFrom('onward_plans').selectAll().where('loan_id', '=', loanId).orderBy('id').execute()

const rescuesOf = (itemId: number) =>
  app.db.selectFrom('rescues').selectAll().where('item_id', '=', itemId).orderBy('id').execute()

describe('four weeks before its review', () => {
  it('a loan asks what comes next, on the worklist and on its own page, until that is agreed', async () => {
    const soon = await lent('2026-08-31', 'Asked Example')
    const later = await lent('2026-09-01', 'Later Example')
    const before = await worklistSections()
    expect(before.onward).toContain(`Asked Example About ${soon.tablet.tag}, ${soon.charger.tag} When 31 Aug 2026`)
    expect(before.onward).not.toContain('Later Example')
    expect(text((await champion.get(`/loans/${soon.loan.id}`)).text)).toContain('People lose their access')
    expect(text((await champion.get(`/loans/${later.loan.id}`)).text)).toContain('There is time')

    const saved = await champion.post(soon.url, answer())
    expect([saved.status, saved.headers.location]).toEqual([303, soon.url])
    expect((await worklistSections()).onward ?? '').not.toContain('Asked Example')
    expect(text((await champion.get(`/loans/${soon.loan.id}`)).text)).toContain(
      'Agreed Keep it for longer A social tariff On 3 August 2026 Notes Ring by Friday.',
    )
    const shown = (await champion.get(soon.url)).text
    expect(shown).toMatch(new RegExp(`<form action="${soon.url}".*?name="key" value="[0-9a-f-]{36}"`, 's'))
    const page = text(shown)
    expect(page).toContain('Next Extend the loan Help them to ask their provider for the social tariff')
    expect(page).toContain('The person, on 3 August 2026')
  })

  it('asks again once the loan was extended past what was agreed about', async () => {
    const { url, loan } = await lent('2026-08-10', 'Extended Example')
    expect((await worklistSections()).due).toMatch(
      /Extended Example About \S+, \S+ When 10 Aug 2026 .*? Plan what comes next/,
    )
    await champion.post(url, answer())
    expect((await worklistSections()).due).toMatch(
      /Extended Example About \S+, \S+ When 10 Aug 2026 in 7 days What to do Review/,
    )
    const lines = loan.lines.map(({ id }) => String(id))
    const due = { 'due-day': '28', 'due-month': '8', 'due-year': '2026' }
    expect((await champion.post(`/loans/${loan.id}/extension`, { line: lines, version: 1, ...due })).status).toBe(303)
    expect((await worklistSections()).onward).toContain('Extended Example')
  })

  it('asks nothing of a ward, whose loans are reviewed alone', async () => {
    const loan = await placement(app.db, {
      ...lentBy(),
      ward: { ...here(), id: app.people.ward.id },
      dueOn: '2026-08-20',
    })
    expect((await champion.get(`/loans/${loan.id}/onward-plan`)).status).toBe(404)
    expect((await champion.post(`/loans/${loan.id}/onward-plan`, answer())).status).toBe(404)
    expect(text((await champion.get(`/loans/${loan.id}`)).text)).not.toContain('What comes next')
  })
})

describe('writing a plan down', () => {
  it('says everything that is missing or wrong at once, and keeps what was typed', async () => {
    const { url, line, tablet } = await lent('2026-08-20')
    const empty = await champion.post(url, key())
    expect([empty.status, errorsOn(empty)]).toEqual([
      422,
      [
        'Choose what comes next',
        'Say whether they want to keep anything that is on it, or that nobody asked yet',
        'Say who agreed to it',
      ],
    ])
    const wrong = await champion.post(url, {
      choices: ['extend', 'nothing-more'],
      keep: [String(line.id), 'nothing'],
      notes: 'x'.repeat(1_001),
      'agreed-with': 'somebody-for-them',
      'agreed-on-day': '4',
      'agreed-on-month': '8',
      'agreed-on-year': '2026',
      ...key(),
    })
    expect(errorsOn(wrong)).toEqual([
      'Choose either what comes next, or that they need nothing more',
      'Choose either what they want to keep, nothing, or that nobody asked yet',
      `Say what they want to keep of what is on ${tablet.tag}`,
      'What was agreed must be 1,000 characters or less',
      'Say who agreed to it for them',
      'Day it was agreed must be today or in the past',
    ])
    expect(wrong.text).toContain('x'.repeat(1_001))
  })

  it('keeps every plan, and makes one of a form that is sent twice', async () => {
    const { url, loan } = await lent('2026-08-20')
    const form = answer()
    const [first, second] = [await champion.post(url, form), await champion.post(url, form)]
    expect([first.headers.location, second.headers.location]).toEqual([url, url])
    const other = { 'agreed-with': 'somebody-for-them', 'agreed-who': 'Her daughter', choices: 'nothing-more' }
    await champion.post(url, answer(other))
    expect((await plansOf(loan.id)).map(({ choices, agreed_who }) => [choices, agreed_who])).toEqual([
      [['extend', 'social-tariff'], ''],
      [['nothing-more'], 'Her daughter'],
    ])
    expect(text((await champion.get(url)).text)).toContain('Next Take it back')
  })

  it('is refused once nothing is with them any more', async () => {
    const { url, loan } = await lent('2026-08-20')
    const lines = loan.lines.map(({ id }) => String(id))
    await champion.post(`/loans/${loan.id}/return`, { line: lines, version: 1 })
    const late = await champion.post(url, answer({ keep: [] }))
    expect([late.status, errorsOn(late)]).toEqual([409, ['Nothing of this loan is with them any more.']])
  })
})

describe('what somebody wants to keep', () => {
  async function withPhotos() {
    const made = await lent('2026-08-20')
    const { url, line } = made
    await champion.post(url, answer({ keep: String(line.id), [`keep-${line.id}`]: 'Photos of the summer' }))
    const [rescue] = await rescuesOf(made.tablet.id)
    return { ...made, rescue: rescue! }
  }

  async function takeBack({ loan }: { loan: { id: number; lines: { id: number }[] } }) {
    await champion.post(`/loans/${loan.id}/return`, { line: loan.lines.map(({ id }) => String(id)), version: 1 })
  }

  async function holdOf(itemId: number): Promise<number> {
    const hold = await app.db
      .selectFrom('item_holds')
      .select('id')
      .where('item_id', '=', itemId)
      .where('kind', '=', 'turnaround')
      .executeTakeFirstOrThrow()
    return hold.id
  }

  it('stops the bench before it signs out or wipes, until somebody says that it is saved', async () => {
    const made = await withPhotos()
    const { tablet, rescue } = made
    await takeBack(made)
    const sheet = await champion.get(`/turnaround/${tablet.id}`)
    expect(text(sheet.text)).toContain('Photos to save first Photos of the summer Asked for by')
    expect(sheet.text).toMatch(/value="wiped" disabled/)
    expect(sheet.text).toContain(`formaction="/turnaround/${tablet.id}/rescues/${rescue.id}/saved"`)
    const turnaround = await holdOf(tablet.id)
    const wipe = { turnaround, steps: ['storage-card-out', 'signed-out', 'wiped'], 'wipe-method': 'factory-reset' }
    const stopped = await champion.post(`/turnaround/${tablet.id}`, wipe)
    expect([stopped.status, errorsOn(stopped)]).toEqual([
      409,
      [`${tablet.tag}: photos to save first. Nobody said yet that this is saved: Photos of the summer.`],
    ])
    const scan = { code: tablet.tag, step: ['signed-out'] }
    const scanned = await champion.post('/turnaround/bench', scan)
    expect([scanned.status, text(scanned.text)]).toEqual([409, expect.stringContaining('photos to save first')])

    const admin = await app.signedInAs('administrator')
    const saved = await admin.post(`/turnaround/${tablet.id}/rescues/${rescue.id}/saved`)
    expect([saved.status, saved.headers.location]).toEqual([303, `/turnaround/${tablet.id}`])
    expect((await champion.post(`/turnaround/${tablet.id}`, wipe)).status).toBe(303)
    expect(text((await champion.get(`/items/${tablet.tag}`)).text)).toContain('what they wanted to keep of it is saved')
  })

  it('may not be wanted any more, which is said once', async () => {
    const { url, rescue, tablet } = await withPhotos()
    const way = `${url}/rescues/${rescue.id}/not-wanted`
    expect((await champion.post(way)).headers.location).toBe(url)
    expect((await champion.post(`${url}/rescues/${rescue.id}/saved`)).status).toBe(303)
    expect(text((await champion.get(url)).text)).toContain('Somebody said so before.')
    expect((await rescuesOf(tablet.id)).map(({ closed_as }) => closed_as)).toEqual(['not-wanted'])
  })

  it('is not asked for twice while it waits, and is nobody else’s', async () => {
    const { url, line, tablet, rescue } = await withPhotos()
    expect((await champion.get(url)).text).not.toContain('name="keep"')
    await champion.post(url, answer({ keep: String(line.id), [`keep-${line.id}`]: 'Again' }))
    expect(await rescuesOf(tablet.id)).toHaveLength(1)
    const { url: otherUrl } = await lent('2026-08-20')
    expect((await champion.post(`${otherUrl}/rescues/${rescue.id}/saved`)).status).toBe(404)
    expect((await champion.post(`/turnaround/${tablet.id}/rescues/${rescue.id}/burnt`)).status).toBe(404)
  })

  it('is kept by PostgreSQL, also for a script that goes round the app', async () => {
    const made = await withPhotos()
    const { tablet, charger, rescue, line } = made
    await takeBack(made)
    const hold = await holdOf(tablet.id)
    const { staffId: by, organisationId: us } = app.people.actors.champion
    const tick = (step: string, method: string | null = null) =>
      app.pool.query(
        `insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by, method)
         values ($1, $2, $3, now(), $4, $5)`,
        [us, hold, step, by, method],
      )
    await expect(tick('wiped', 'factory-reset')).rejects.toMatchObject({ constraint: 'photos_are_saved_first' })
    await expect(tick('signed-out')).rejects.toMatchObject({ constraint: 'photos_are_saved_first' })
    await tick('inspected')
    await expect(
      app.pool.query("update turnaround_steps set step = 'wiped', method = 'factory-reset' where hold_id = $1", [hold]),
    ).rejects.toMatchObject({ constraint: 'photos_are_saved_first' })
    const ask = (itemId: number) =>
      app.pool.query(
        `insert into rescues (organisation_id, loan_line_id, item_id, what, asked_at, asked_by)
         values ($1, $2, $3, 'More', now(), $4)`,
        [us, line.id, itemId, by],
      )
    await expect(ask(tablet.id)).rejects.toMatchObject({ constraint: 'one_open_rescue_an_item' })
    await expect(ask(charger.id)).rejects.toMatchObject({ constraint: 'rescue_is_of_its_line' })
    await expect(
      app.pool.query("update rescues set what = 'Nothing' where id = $1", [rescue.id]),
    ).rejects.toMatchObject({
      constraint: 'rescue_stays_itself',
    })
    const close = "update rescues set closed_at = asked_at, closed_by = $2, closed_as = 'saved' where id = $1"
    await app.pool.query(close, [rescue.id, by])
    await expect(app.pool.query(close, [rescue.id, by])).rejects.toMatchObject({ constraint: 'rescue_stays_itself' })
    await expect(app.pool.query("update onward_plans set notes = ''")).rejects.toMatchObject({ code: '42501' })
    expect(stepsFor('tablet')).toContain('wiped')
  })
})
