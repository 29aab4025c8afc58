import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import { availableItem, type Item, type ItemOverrides, itemInTurnaround, loanTo } from '../../seeds/factories.ts'
import { benchWork, cardCode, readCard, scanOutcome, waitingText } from '../../src/turnaround/bench-rules.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import type { Visitor } from '../support/app.ts'
import { arrive, type Site, startSite } from '../support/site.ts'

let site: Site
let champion: Visitor

beforeAll(async () => {
  site = await startSite()
  champion = await site.app.signedInAs('champion')
})
afterAll(() => site.close())

const here = () => ({ organisation_id: site.app.people.organisationId })
/** Came back a day ago, and was looked over. */
const returned = (more: ItemOverrides = {}) => itemInTurnaround(site.app.db, { ...here(), ...more })

async function stateOf(item: Item) {
  const hold = await site.app.db
    .selectFrom('item_holds')
    .select(['id', 'ended_as'])
    .where('item_id', '=', item.id)
    .where('kind', '=', 'turnaround')
    .executeTakeFirstOrThrow()
  const steps = await site.app.db
    .selectFrom('turnaround_steps')
    .select(['step', 'method', 'done_by'])
    .where('hold_id', '=', hold.id)
    .orderBy('step')
    .execute()
  return { ended: hold.ended_as, steps: steps.map(({ step }) => step), rows: steps }
}

function text(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replace(/\s+/g, ' ')
    .trim()
}

const scan = (code: string, step: string[], method = '') => champion.post('/turnaround/bench', { code, step, method })

/** What the page after a scan says, aloud: the message, or the reason at the box. */
async function said(answer: { status: number; text: string; headers: Record<string, string> }): Promise<string> {
  const page = answer.status === 303 ? await champion.get(answer.headers.location ?? '') : answer
  const found = /id="done-text">(.*?)<\/p>/.exec(page.text) ?? /id="code-error">(.*?)<input/s.exec(page.text)
  return text(found?.[1] ?? '')
}

describe('a card', () => {
  it('says what its code says, however a scanner sends the letters', () => {
    const work = benchWork(['cleaned', 'wiped', 'signed-out'], 'factory-reset')
    expect(cardCode(work)).toBe('STEP:signed-out+wiped=factory-reset+cleaned')
    expect(readCard(cardCode(work))).toEqual({ kind: 'work', work })
    expect(readCard(' step:CLEANED ')).toEqual({ kind: 'work', work: { steps: ['cleaned'], method: null } })
    expect(readCard('undo')).toEqual({ kind: 'undo' })
    expect(readCard('TAB-1')).toBeUndefined()
    expect(readCard('STEP:polished+cleaned')).toEqual({ kind: 'work', work: { steps: [], method: null } })
  })
})

describe('a scan, by rule', () => {
  const tablet = stepsFor('tablet')

  it('does what may be done now, and says what waits for what', () => {
    const work = benchWork(['signed-out', 'wiped', 'cleaned'], 'factory-reset')
    const outcome = scanOutcome(work, tablet, ['inspected'])
    expect(outcome.ticked.map(({ step }) => step)).toEqual(['signed-out'])
    expect(waitingText(outcome)).toBe('Wiped, cleaned wait for: storage card out, accessories complete, SIM checked.')
  })

  it('does a whole set in one go, where each step is the ground of the next', () => {
    const work = benchWork([...tablet], 'device-management')
    const outcome = scanOutcome(work, tablet, [])
    expect([outcome.ticked.map(({ step }) => step), outcome.left]).toEqual([tablet, []])
    expect(outcome.ticked.find(({ step }) => step === 'wiped')?.method).toBe('device-management')
  })

  it('passes over what a thing does not need and what was done before', () => {
    const outcome = scanOutcome(benchWork(['wiped', 'cleaned'], 'factory-reset'), stepsFor('charger'), [
      'inspected',
      'cleaned',
    ])
    expect(outcome).toEqual({ ticked: [], already: ['cleaned'], waiting: [], left: [] })
  })
})

describe('the bench', () => {
  it('marks the steps of each item that is scanned, with who, and says what is left', async () => {
    const item = await returned()
    const answer = await scan(item.tag, ['sim-checked', 'charged'])
    expect([answer.status, answer.headers.location]).toEqual([303, '/turnaround/bench?step=sim-checked&step=charged'])
    expect(await said(answer)).toBe(
      `${item.tag}: SIM checked, charged to 80%. Left to do: accessories complete, storage card out, signed out of accounts, wiped, cleaned.`,
    )
    const state = await stateOf(item)
    expect(state.steps).toEqual(['charged', 'inspected', 'sim-checked'])
    expect(state.rows[0]?.done_by).toBe(site.app.people.actors.champion.staffId)
    const again = await scan(item.tag, ['sim-checked', 'charged'])
    expect([again.status, await said(again)]).toEqual([
      409,
      expect.stringContaining(`${item.tag}: nothing new. Done before: SIM checked, charged to 80%.`),
    ])
    expect((await stateOf(item)).steps).toHaveLength(3)
  })

  it('keeps how a batch was wiped', async () => {
    const item = await returned()
    await scan(item.tag, ['storage-card-out', 'signed-out', 'wiped'], 'device-management')
    expect((await stateOf(item)).rows.find(({ step }) => step === 'wiped')?.method).toBe('device-management')
  })

  it('takes back the last scan, also when the item was ready with it', async () => {
    const charger = await returned({ category: 'charger' })
    expect(await said(await scan(charger.tag, ['cleaned']))).toBe(
      `${charger.tag}: cleaned. ${charger.tag} is ready to lend.`,
    )
    expect((await stateOf(charger)).ended).toBe('ready')
    expect(await said(await scan('UNDO', ['cleaned']))).toBe(`Taken back: the last scan of ${charger.tag}.`)
    expect(await stateOf(charger)).toMatchObject({ ended: null, steps: ['inspected'] })
    expect(await said(await scan('UNDO', ['cleaned']))).toContain('There is no scan to take back')
  })

  it('takes nothing back from somebody who has it by now', async () => {
    const charger = await returned({ category: 'charger' })
    await said(await scan(charger.tag, ['cleaned']))
    await loanTo(site.app.db, { items: [charger], lentAt: new Date('2026-08-03T09:30:01Z') })
    const answer = await scan('UNDO', ['cleaned'])
    expect([answer.status, await said(answer)]).toEqual([409, expect.stringContaining('has gone on from the bench')])
    expect((await stateOf(charger)).ended).toBe('ready')
  })

  it.each([
    ['nothing of ours', async () => 'NOBODYS-1', 'No item has the tag or number NOBODYS-1'],
    [
      'not on the bench',
      async () => (await availableItem(site.app.db, { ...here(), tag: 'SHELF-1' })).tag,
      'SHELF-1 is not being made ready',
    ],
    [
      'another organisation’s',
      async () =>
        (await itemInTurnaround(site.app.db, { organisation_id: site.app.people.otherOrganisationId, tag: 'THEIRS-1' }))
          .tag,
      'No item has the tag or number THEIRS-1',
    ],
    ['nothing at all', async () => '', 'Scan an item or a step card'],
    ['a card of another time', async () => 'STEP:polished', 'This card is not known any more'],
  ])('says so of what is %s, and keeps the work for the next scan', async (_what, make, words) => {
    const answer = await scan(await make(), ['cleaned'])
    expect([409, 422]).toContain(answer.status)
    expect(await said(answer)).toContain(words)
    expect(answer.text).toContain('name="step" value="cleaned"')
    expect(/id="code"[^>]*value=""/.test(answer.text)).toBe(true)
  })

  it('does nothing before anybody said what is done', async () => {
    const item = await returned()
    expect(await said(await scan(item.tag, []))).toContain(`Nothing was done to ${item.tag}: scan a step card first`)
    expect(await said(await scan(item.tag, ['wiped']))).toContain(`Nothing was done to ${item.tag}`)
    expect((await stateOf(item)).steps).toEqual(['inspected'])
    expect(text((await champion.get('/turnaround/bench?step=wiped')).text)).toContain('Choose how they were wiped')
  })
})

/** As a scanner does: types the code wherever the focus is, and presses Enter. */
async function scanAt(page: Page, code: string): Promise<string> {
  await page.keyboard.type(code)
  await arrive(page, () => page.keyboard.press('Enter'))
  expect(await page.locator(':focus').getAttribute('id')).toBe('code')
  const said = page.locator('#done-text').or(page.locator('#code-error'))
  return (await said.first().textContent()) ?? ''
}

describe.each([
  ['with JavaScript', true, 20],
  ['without JavaScript', false, 4],
])('a batch of returns, by scanner alone, %s', (_how, javaScript, count) => {
  it('goes through the bench from the first card to the last item', async () => {
    const page = await site.signedInAs(site.app.people.actors.champion, { javaScript })
    await page.goto(`${site.address}/turnaround/bench`)
    const items = await Promise.all(
      Array.from({ length: count }, (_, n) => returned({ category: n % 3 === 2 ? 'charger' : 'tablet' })),
    )
    const [first] = items as [Item]
    expect(await scanAt(page, first.tag)).toContain('scan a step card first')
    await scanAt(page, 'STEP:storage-card-out+signed-out+wiped=factory-reset')
    for (const item of items.filter(({ category }) => category === 'tablet')) {
      expect(await scanAt(page, item.tag)).toContain(`${item.tag}: storage card out, signed out of accounts, wiped.`)
    }
    expect(await scanAt(page, 'NOBODYS-1')).toContain('No item has the tag or number NOBODYS-1')
    await scanAt(page, 'STEP:accessories-complete+sim-checked+cleaned+charged')
    for (const item of items) expect(await scanAt(page, item.tag)).toContain(`${item.tag} is ready to lend.`)
    await scanAt(page, 'UNDO')
    const last = items.at(-1) as Item
    expect((await stateOf(last)).ended).toBeNull()
    await scanAt(page, last.tag)
    for (const item of items) expect((await stateOf(item)).ended).toBe('ready')
  })
})
