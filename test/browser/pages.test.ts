import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Page } from 'playwright-core'
import {
  actorFor,
  caseloadCounts,
  examplePin,
  organisation,
  pinOf,
  type Staff,
  secondStep,
  staffMember,
} from '../../seeds/factories.ts'
import { features } from '../../src/features.ts'
import type { Actor } from '../../src/lib/actor.ts'
import { makeWorkbook, textRows } from '../lib/workbooks.ts'
import { codeAt } from '../second-step/phones.ts'
import { checkAccessibility, checkAtThisWidth, checkShape, tabThrough } from '../support/accessibility.ts'
import { openBrowser, screenshot } from '../support/browser.ts'
import { describeKinds } from '../support/in-page.js'
import { password } from '../support/people.ts'
import { arrive, type Site, startSite } from '../support/site.ts'
import { nurseOf, tabletOf } from '../tablets/stories.ts'
import { type Extremes, longName, longTag, makeExtremes } from './extremes.ts'

let site: Site
let made: Extremes

beforeAll(async () => {
  site = await startSite()
  made = await makeExtremes(site.app, site.app.people.actors.champion)
  const { organisationId, actors } = site.app.people
  await caseloadCounts(site.app.db, { organisation_id: organisationId, by: { id: actors.champion.staffId } })
  imports = await makeImports()
  phones = await makePhones()
  await makeTablet()
})
afterAll(() => site.close())

/** A page in one of the states it can be in. */
interface Shown {
  name: string
  path: (made: Extremes) => string
  /** What is done there before the page is as it should be. */
  act?: (page: Page) => Promise<void>
  /** The status of the answer; an act may lead to another. */
  status?: number
  /** Short pages may be gone through by keyboard too (see `judge`); the long ones only repeat what these show. */
  byKeyboard?: boolean
}

const press = (page: Page, name: string | RegExp) =>
  arrive(page, () => page.getByRole('main').getByRole('button', { name }).first().click())

const search = (text: string) => async (page: Page) => {
  await page
    .getByRole('main')
    .getByRole('searchbox')
    .or(page.getByLabel('Name, NHS number or phone'))
    .first()
    .fill(text)
  await arrive(page, () => page.keyboard.press('Enter'))
}

/** Looks for somebody outside one's reach by birthday and NHS number. */
async function findOutside(page: Page): Promise<void> {
  for (const [part, text] of [
    ['Day', '29'],
    ['Month', '2'],
    ['Year', '1984'],
  ] as const) {
    await page.getByRole('textbox', { name: part, exact: true }).fill(text)
  }
  await page.getByLabel('Their NHS number').fill(made.nhsNumber)
  await press(page, 'Find this person')
}

async function openRecord(page: Page): Promise<void> {
  await findOutside(page)
  await page.getByLabel('Why do you need').fill(`They rang ${longName}`.slice(0, 900))
  await press(page, /^Open it/)
}

let imports: Awaited<ReturnType<typeof makeImports>>

/** Files as the page for uploading takes them, in each of the states an import can be in. */
async function makeImports() {
  const { db, people: staff } = site.app
  const columns = { organisation_id: staff.organisationId, staff_id: staff.actors.champion.staffId, kind: 'items' }
  const stage = async (text: string, more: object = {}) => {
    const row = {
      ...columns,
      file_name: `${longName}.csv`,
      created_at: site.app.clock(),
      bytes: Buffer.from(text),
      ...more,
    }
    return (await db.insertInto('imports').values(row).returning('id').executeTakeFirstOrThrow()).id
  }
  const pressed = async (id: number, more: object = { stage: 'writing', done_count: 3_000, of_count: 9_998 }) => {
    const { organisation_id, staff_id } = columns
    const run = { organisation_id, import_id: id, asked_by: staff_id, asked_at: site.app.clock(), row_count: 10_000 }
    await db
      .insertInto('import_runs')
      .values({ ...run, seen: '', seen_rows: '{}', ...more })
      .execute()
    return id
  }
  const changed = Array.from({ length: 30 }, (_, at) => ({
    line: at + 2,
    column: 'Asset tag',
    value: at === 0 ? longName : `NEW-${at}`,
    text: 'It was new. Somebody has added it meanwhile, and not as the spreadsheet has it',
  }))
  const stopped = {
    seen_rows: null,
    ended_at: site.app.clock(),
    ended_as: 'changed',
    problems: JSON.stringify(changed),
    problem_count: 1_234,
  }
  const heading = 'Asset tag,Category,Model,Cost\n'
  const loans = { kind: 'loans' }
  const people = { kind: 'people' }
  const counts = { kind: 'counts' }
  const appointments = { kind: 'appointments' }
  const countHeading = 'Counted on,Ward,Breakdown,Group,People\n'
  const personHeading = 'Full name,Date of birth,NHS number\n'
  const loanHeading = 'Asset tag,Full name,Date of birth,Ward,Lent on,Review date\n'
  const sheets = { [longName.slice(0, 31)]: textRows([['Asset tag'], ['NEW-1']]), Other: textRows([['x']]) }
  const result = { created: 1, updated: 0, unchanged: 0, newModels: 0, completedModels: 0 }
  return {
    ready: await stage(`${heading}NEW-1,Tablet,${longName.slice(0, 90)},\n`),
    strange: await stage(`${heading}NEW-2,${longName.slice(0, 80)},Slate,\n`),
    wrong: await stage(`${heading}NEW-3,Tablet,Slate,${longName}\nNEW-3,Tablet,Slate,free\n`),
    done: await stage('', { bytes: null, applied_at: site.app.clock(), result: JSON.stringify(result) }),
    underWay: await pressed(await stage(`${heading}NEW-4,Tablet,Slate,\n`)),
    stopped: await pressed(await stage(`${heading}NEW-5,Tablet,Slate,\n`), stopped),
    loansUnderWay: await pressed(await stage(loanHeading, loans), {}),
    workbook: await stage('', { bytes: await makeWorkbook({ sheets }), format: 'workbook' }),
    loans: await stage(`${loanHeading}NEW-1,${longName.slice(0, 80)},1984-02-29,ash,2026-07-01,2026-11-02\n`, loans),
    loansWrong: await stage(`${loanHeading}NEW-1,,,${longName},yesterday,2026-11-02\n`, loans),
    loansDone: await stage('', {
      ...loans,
      bytes: null,
      applied_at: site.app.clock(),
      result: JSON.stringify({ ...result, errors: 0, newLoans: 1, newPeople: 1 }),
    }),
    appointments: await stage(
      `Full name,DOB,Day,Time,Way,First,Link\n${longName.slice(0, 150)},29/2/2084,5/8/2026,25:00,${longName},No,http://x\n`,
      appointments,
    ),
    counts: await stage(`${countHeading}1/7/2026,,Age,18 to 24,340\n2/7/2026,ash,Everybody,,1200\n`, counts),
    countsWrong: await stage(`${countHeading}1/7/2026,,Age,${longName},many\n`, counts),
    peopleWorkbook: await stage('', { ...people, bytes: await makeWorkbook({ sheets }), format: 'workbook' }),
    people: await stage(`${personHeading}${longName.slice(0, 150)},29/2/1984,9990000018\n`, people),
    peopleWrong: await stage(`${personHeading}${longName.slice(0, 150)},29/2/2084,${longName}\n,yesterday,\n`, people),
    peopleUnderWay: await pressed(await stage(personHeading, people), {}),
    peopleDone: await stage('', {
      ...people,
      bytes: null,
      applied_at: site.app.clock(),
      result: JSON.stringify({ ...result, errors: 0, newPeople: 1 }),
    }),
    loansWorkbook: await stage('', { ...loans, bytes: await makeWorkbook({ sheets }), format: 'workbook' }),
  }
}

/** Routes of the manifest that are got and are no pages: files to download. */
const isFile = (route: string) => /\/export$|\.(csv|xlsx|svg)$|\/copy$|\/calendar$/.test(route)

/**
 * Every page there is, for who uses it. As `filled` it holds all that is long, strange or many; `empty` is the same page
 * in an organisation that has nothing yet.
 */
/** The page of another kind of spreadsheet, made by one presenter and one view that are judged with items. */
const asOfItems = { as: 'champion', shown: [] } satisfies { as: keyof typeof roles; shown: Shown[] }

const pages: Record<string, { as: keyof typeof roles; shown: Shown[] }> = {
  'GET /': {
    as: 'champion',
    shown: [{ name: 'worklist', path: () => '/', byKeyboard: true }],
  },
  'GET /loans': {
    as: 'champion',
    shown: [
      { name: 'loans', path: () => '/loans?show=all', byKeyboard: true },
      { name: 'loans-overdue', path: () => '/loans?show=overdue' },
    ],
  },
  'GET /loans/:id': {
    as: 'champion',
    shown: [
      { name: 'loan-forty', path: ({ fortyId }) => `/loans/${fortyId}` },
      { name: 'loan-part', path: ({ partId }) => `/loans/${partId}`, byKeyboard: true },
      { name: 'loan-closed', path: ({ closedId }) => `/loans/${closedId}` },
      { name: 'loan-gift', path: ({ giftId }) => `/loans/${giftId}` },
      { name: 'loan-ward', path: ({ wardLoanId }) => `/loans/${wardLoanId}` },
    ],
  },
  'GET /loans/:id/agreement': {
    as: 'champion',
    shown: [
      { name: 'agreement', path: ({ partId }) => `/loans/${partId}/agreement`, byKeyboard: true },
      { name: 'agreement-large', path: ({ partId }) => `/loans/${partId}/agreement?print=large` },
      { name: 'agreement-forty', path: ({ fortyId }) => `/loans/${fortyId}/agreement` },
    ],
  },
  'GET /loans/:id/extension': {
    as: 'champion',
    shown: [
      { name: 'extension', path: ({ partId }) => `/loans/${partId}/extension`, byKeyboard: true },
      { name: 'extension-nothing', path: ({ closedId }) => `/loans/${closedId}/extension` },
      {
        name: 'extension-errors',
        path: ({ partId }) => `/loans/${partId}/extension`,
        act: async (page) => {
          await page.getByRole('checkbox').uncheck()
          await page.getByLabel('Month').fill('13')
          await press(page, 'Extend')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /loans/:id/return': {
    as: 'champion',
    shown: [
      { name: 'return', path: ({ partId }) => `/loans/${partId}/return`, byKeyboard: true },
      { name: 'return-forty', path: ({ fortyId }) => `/loans/${fortyId}/return` },
      {
        name: 'return-errors',
        path: ({ partId }) => `/loans/${partId}/return`,
        act: async (page) => {
          await page.getByLabel('Year').fill('26')
          await press(page, 'Take back')
        },
      },
    ],
  },
  'GET /loans/:id/gift': {
    as: 'champion',
    shown: [
      { name: 'gift', path: ({ partId }) => `/loans/${partId}/gift`, byKeyboard: true },
      { name: 'gift-ward', path: ({ wardLoanId }) => `/loans/${wardLoanId}/gift` },
    ],
  },
  'GET /loans/:id/lines/:line/swap': {
    as: 'champion',
    shown: [
      {
        name: 'swap',
        path: ({ fortyId, fortyLineId }) => `/loans/${fortyId}/lines/${fortyLineId}/swap?code=${longTag}`,
        byKeyboard: true,
      },
      {
        name: 'swap-errors',
        path: ({ fortyId, fortyLineId }) => `/loans/${fortyId}/lines/${fortyLineId}/swap`,
        act: async (page) => {
          await page.getByLabel('It came back broken').check()
          await press(page, 'Swap')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /loans/:id/transfer': {
    as: 'champion',
    shown: [
      { name: 'transfer-who', path: ({ fortyId }) => `/loans/${fortyId}/transfer` },
      {
        name: 'transfer',
        path: ({ fortyId, other }) => `/loans/${fortyId}/transfer?service-user=${other.id}`,
        byKeyboard: true,
      },
      {
        name: 'transfer-errors',
        path: ({ partId, person }) => `/loans/${partId}/transfer?service-user=${person.id}`,
        act: (page) => press(page, 'Transfer'),
      },
    ],
  },
  'GET /loans/:id/transfer/people': {
    as: 'champion',
    shown: [{ name: 'transfer-people', path: ({ partId }) => `/loans/${partId}/transfer`, act: search('Wolfe') }],
  },
  'GET /loans/handovers': {
    as: 'champion',
    shown: [
      { name: 'handover', path: ({ partId }) => `/loans/handovers?loan=${partId}`, byKeyboard: true },
      { name: 'handover-errors', path: () => '/loans/handovers', act: (page) => press(page, 'Hand over all of them') },
    ],
  },
  'GET /loans/extensions': {
    as: 'champion',
    shown: [
      { name: 'extensions', path: ({ person }) => `/loans/extensions?service-user=${person.id}`, byKeyboard: true },
      {
        name: 'extensions-errors',
        path: () => '/loans/extensions',
        act: async (page) => {
          await page.getByLabel('Until a day I choose').check()
          await page.getByLabel('Month').fill('13')
          await press(page, 'Extend')
        },
      },
      {
        name: 'extensions-in-the-way',
        path: ({ person }) => `/loans/extensions?service-user=${person.id}`,
        act: async (page) => {
          await page.getByLabel('Until a day I choose').check()
          await page.getByRole('textbox', { name: 'Day' }).fill('7')
          await page.getByLabel('Month').fill('8')
          await page.getByLabel('Year').fill('2026')
          await press(page, 'Extend')
        },
      },
    ],
  },
  'GET /packing-list': {
    as: 'champion',
    shown: [
      { name: 'packing-list', path: () => '/packing-list', byKeyboard: true },
      { name: 'packing-list-empty', path: () => '/packing-list?on=2026-12-25' },
    ],
  },
  'GET /loans/:id/hand-over': {
    as: 'champion',
    shown: [
      { name: 'hand-over', path: ({ visitId }) => `/loans/${visitId}/hand-over`, byKeyboard: true },
      {
        name: 'hand-over-errors',
        path: ({ visitId }) => `/loans/${visitId}/hand-over`,
        act: (page) => press(page, 'Handed over'),
      },
    ],
  },
  'GET /loans/:id/onward-plan': {
    as: 'champion',
    shown: [
      { name: 'onward-plan', path: ({ plannedId }) => `/loans/${plannedId}/onward-plan`, byKeyboard: true },
      {
        name: 'onward-plan-errors',
        path: ({ partId }) => `/loans/${partId}/onward-plan`,
        act: (page) => press(page, 'Save the plan'),
      },
    ],
  },
  'GET /loans/returns': {
    as: 'champion',
    shown: [
      { name: 'returns', path: () => '/loans/returns', byKeyboard: true },
      {
        name: 'returns-errors',
        path: () => '/loans/returns',
        act: async (page) => {
          await page.getByText('They came back on another day').click()
          await page.getByLabel('Year').fill('26')
          await press(page, 'Take back')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /loans/returns/:id': {
    as: 'champion',
    shown: [
      {
        name: 'returns-many',
        path: () => '/loans/returns',
        act: async (page) => {
          const box = page.getByLabel('Scan what came back')
          await box.fill(`${longTag}\n${made.freeItem.tag}\n${longName}\n${made.returningTag}\n${made.freeItem.tag}`)
          await press(page, 'Take back')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /loans/:id/corrections': {
    as: 'champion',
    shown: [{ name: 'corrections', path: ({ partId }) => `/loans/${partId}/corrections`, byKeyboard: true }],
  },
  'GET /loans/:id/corrections/date': {
    as: 'champion',
    shown: [
      {
        name: 'correct-date-errors',
        path: ({ partId }) => `/loans/${partId}/corrections/date`,
        act: (page) => press(page, 'Correct the date'),
        byKeyboard: true,
      },
      { name: 'correct-date-forty', path: ({ fortyId }) => `/loans/${fortyId}/corrections/date` },
    ],
  },
  'GET /loans/:id/corrections/item': {
    as: 'champion',
    shown: [
      { name: 'correct-item', path: ({ partId }) => `/loans/${partId}/corrections/item`, byKeyboard: true },
      { name: 'correct-item-forty', path: ({ fortyId }) => `/loans/${fortyId}/corrections/item` },
    ],
  },
  'GET /loans/:id/corrections/return': {
    as: 'champion',
    shown: [
      { name: 'undo-return', path: ({ partId }) => `/loans/${partId}/corrections/return`, byKeyboard: true },
      { name: 'undo-gift', path: ({ giftId }) => `/loans/${giftId}/corrections/return` },
      { name: 'undo-nothing', path: ({ fortyId }) => `/loans/${fortyId}/corrections/return` },
    ],
  },
  'GET /loans/:id/corrections/borrower': {
    as: 'champion',
    shown: [
      { name: 'correct-borrower', path: ({ partId }) => `/loans/${partId}/corrections/borrower`, byKeyboard: true },
      {
        name: 'correct-borrower-form',
        path: ({ wardLoanId, other }) => `/loans/${wardLoanId}/corrections/borrower?service-user=${other.id}`,
        byKeyboard: true,
      },
    ],
  },
  'GET /loans/:id/corrections/borrower/people': {
    as: 'champion',
    shown: [
      {
        name: 'correct-borrower-found',
        path: ({ partId }) => `/loans/${partId}/corrections/borrower`,
        act: search('Wolfe'),
      },
    ],
  },
  'GET /loans/new': {
    as: 'champion',
    shown: [
      { name: 'who', path: () => '/loans/new', byKeyboard: true },
      { name: 'lend-empty', path: ({ other }) => `/loans/new?service-user=${other.id}`, byKeyboard: true },
      { name: 'lend-ward', path: ({ freeItem }) => `/loans/new?ward=${site.app.people.ward.id}&item=${freeItem.id}` },
      { name: 'lend-forty', path: ({ person, kitId }) => `/loans/new?service-user=${person.id}&kit=${kitId}` },
      {
        name: 'lend-errors',
        path: ({ person, freeItem }) => `/loans/new?service-user=${person.id}&item=${freeItem.id}`,
        act: async (page) => {
          await page.locator('#due').fill('45')
          await page.getByLabel('Spoken, with a witness').check()
          await press(page, /^Lend$/)
        },
        byKeyboard: true,
      },
      {
        name: 'lend-taken',
        path: ({ other, takenItem }) => `/loans/new?service-user=${other.id}&item=${takenItem.id}`,
        act: async (page) => {
          await page.getByLabel('On paper').check()
          await page.getByLabel('They have a charger that fits').check()
          await press(page, /^Lend$/)
        },
        byKeyboard: true,
      },
      {
        name: 'lend-unknown',
        path: ({ other }) => `/loans/new?service-user=${other.id}`,
        act: async (page) => {
          await page.getByLabel('Scan or type an item or a kit').fill(longName)
          await press(page, 'Add')
        },
      },
    ],
  },
  'GET /loans/new/people': {
    as: 'champion',
    shown: [
      {
        name: 'people-found',
        path: ({ freeItem }) => `/loans/new?item=${freeItem.id}`,
        act: search('Wolfe'),
        byKeyboard: true,
      },
      { name: 'people-none', path: () => '/loans/new', act: search('Xyqwv') },
      { name: 'people-errors', path: () => '/loans/new', act: search('') },
    ],
  },
  'GET /items': {
    as: 'champion',
    shown: [
      { name: 'items', path: () => '/items' },
      { name: 'items-none', path: () => `/items?search=${encodeURIComponent(longName)}`, byKeyboard: true },
    ],
  },
  'GET /items/:tag': {
    as: 'champion',
    shown: [
      { name: 'item', path: ({ freeItem }) => `/items/${freeItem.tag}`, byKeyboard: true },
      { name: 'item-taken', path: ({ takenItem }) => `/items/${takenItem.tag}` },
      { name: 'item-returned', path: ({ returnedItem }) => `/items/${returnedItem.tag}` },
    ],
  },
  'GET /items/new': {
    as: 'champion',
    shown: [
      { name: 'item-new-model', path: () => '/items/new' },
      {
        name: 'item-new-errors',
        path: ({ modelId }) => `/items/new?model=${modelId}&tag=${encodeURIComponent(longName)}`,
        act: (page) => press(page, 'Add this item'),
      },
    ],
  },
  'GET /items/:tag/edit': {
    as: 'champion',
    shown: [{ name: 'item-edit', path: ({ freeItem }) => `/items/${freeItem.tag}/edit` }],
  },
  'GET /items/:tag/model': {
    as: 'champion',
    shown: [{ name: 'item-model', path: ({ freeItem }) => `/items/${freeItem.tag}/model` }],
  },
  'GET /items/labels': {
    as: 'champion',
    shown: [
      { name: 'labels', path: ({ freeItem }) => `/items/labels?item=${encodeURIComponent(freeItem.tag)}` },
      {
        name: 'labels-errors',
        path: () => `/items/labels?item=${encodeURIComponent(longName)}`,
        act: async (page) => {
          await page.getByLabel('Avery L7651').check()
          await press(page, 'Make the labels')
        },
      },
    ],
  },
  'GET /items/import': {
    as: 'champion',
    shown: [
      { name: 'import', path: () => '/items/import', byKeyboard: true },
      { name: 'import-errors', path: () => '/items/import', act: (page) => press(page, 'Continue') },
    ],
  },
  'GET /items/import/:id': {
    as: 'champion',
    shown: [{ name: 'import-columns', path: () => `/items/import/${imports.ready}` }],
  },
  'GET /items/import/:id/sheet': {
    as: 'champion',
    shown: [
      { name: 'import-sheet', path: () => `/items/import/${imports.workbook}/sheet` },
      {
        name: 'import-sheet-errors',
        path: () => `/items/import/${imports.workbook}/sheet`,
        act: (page) => press(page, 'Continue'),
      },
    ],
  },
  'GET /items/import/:id/words': {
    as: 'champion',
    shown: [{ name: 'import-words', path: () => `/items/import/${imports.strange}/words` }],
  },
  'GET /items/import/:id/preview': {
    as: 'champion',
    shown: [
      { name: 'import-preview', path: () => `/items/import/${imports.ready}/preview` },
      { name: 'import-preview-errors', path: () => `/items/import/${imports.wrong}/preview` },
    ],
  },
  'GET /items/import/:id/progress': {
    as: 'champion',
    shown: [
      { name: 'import-progress', path: () => `/items/import/${imports.underWay}/progress`, byKeyboard: true },
      { name: 'import-progress-stopped', path: () => `/items/import/${imports.stopped}/progress` },
    ],
  },
  'GET /items/import/:id/result': {
    as: 'champion',
    shown: [{ name: 'import-result', path: () => `/items/import/${imports.done}/result` }],
  },
  'GET /loans/import': { as: 'champion', shown: [{ name: 'import-loans', path: () => '/loans/import' }] },
  'GET /loans/import/:id': {
    as: 'champion',
    shown: [{ name: 'import-loans-columns', path: () => `/loans/import/${imports.loans}` }],
  },
  'GET /loans/import/:id/sheet': {
    as: 'champion',
    shown: [{ name: 'import-loans-sheet', path: () => `/loans/import/${imports.loansWorkbook}/sheet` }],
  },
  'GET /loans/import/:id/words': {
    as: 'champion',
    shown: [{ name: 'import-loans-words', path: () => `/loans/import/${imports.loansWrong}/words` }],
  },
  'GET /loans/import/:id/preview': {
    as: 'champion',
    shown: [
      { name: 'import-loans-preview', path: () => `/loans/import/${imports.loans}/preview` },
      { name: 'import-loans-preview-errors', path: () => `/loans/import/${imports.loansWrong}/preview` },
    ],
  },
  'GET /loans/import/:id/progress': {
    as: 'champion',
    shown: [{ name: 'import-loans-progress', path: () => `/loans/import/${imports.loansUnderWay}/progress` }],
  },
  'GET /loans/import/:id/result': {
    as: 'champion',
    shown: [{ name: 'import-loans-result', path: () => `/loans/import/${imports.loansDone}/result` }],
  },
  'GET /service-users/import': {
    as: 'champion',
    shown: [{ name: 'import-people', path: () => '/service-users/import' }],
  },
  'GET /service-users/import/:id': {
    as: 'champion',
    shown: [{ name: 'import-people-columns', path: () => `/service-users/import/${imports.people}` }],
  },
  'GET /service-users/import/:id/sheet': {
    as: 'champion',
    shown: [{ name: 'import-people-sheet', path: () => `/service-users/import/${imports.peopleWorkbook}/sheet` }],
  },
  'GET /service-users/import/:id/preview': {
    as: 'champion',
    shown: [
      { name: 'import-people-preview', path: () => `/service-users/import/${imports.people}/preview` },
      { name: 'import-people-preview-errors', path: () => `/service-users/import/${imports.peopleWrong}/preview` },
    ],
  },
  'GET /service-users/import/:id/progress': {
    as: 'champion',
    shown: [{ name: 'import-people-progress', path: () => `/service-users/import/${imports.peopleUnderWay}/progress` }],
  },
  'GET /service-users/import/:id/result': {
    as: 'champion',
    shown: [{ name: 'import-people-result', path: () => `/service-users/import/${imports.peopleDone}/result` }],
  },
  'GET /reports': { as: 'champion', shown: [{ name: 'reports', path: () => '/reports' }] },
  'GET /reports/methods': { as: 'champion', shown: [{ name: 'reports-methods', path: () => '/reports/methods' }] },
  'GET /reports/:name': {
    as: 'champion',
    shown: [
      { name: 'report-reach', path: () => '/reports/reach', byKeyboard: true },
      { name: 'report-equity', path: () => '/reports/equity' },
      { name: 'report-stock', path: () => '/reports/stock' },
    ],
  },
  'GET /reports/:name/print': {
    as: 'champion',
    shown: [{ name: 'report-print', path: () => '/reports/stock/print' }],
  },
  'GET /admin/settings/disclosure': {
    as: 'administrator',
    shown: [
      {
        name: 'settings-disclosure-errors',
        path: () => '/admin/settings/disclosure',
        act: (page) => press(page, 'Save for good'),
      },
    ],
  },
  'GET /reports/side-by-side': {
    as: 'commissioner',
    shown: [{ name: 'side-by-side', path: () => '/reports/side-by-side' }],
  },
  'GET /admin/settings/sharing': {
    as: 'administrator',
    shown: [
      {
        name: 'sharing-errors',
        path: () => '/admin/settings/sharing',
        act: (page) => press(page, 'Share our published figures'),
      },
    ],
  },
  'GET /admin/settings/targets': {
    as: 'administrator',
    shown: [{ name: 'targets', path: () => '/admin/settings/targets' }],
  },
  'GET /admin/settings/targets/:year/:figure': {
    as: 'administrator',
    shown: [
      {
        name: 'target-errors',
        path: () => '/admin/settings/targets/year-2026/people',
        act: (page) => press(page, 'Save'),
      },
    ],
  },
  'GET /caseload-counts': { as: 'champion', shown: [{ name: 'caseload-counts', path: () => '/caseload-counts' }] },
  'GET /caseload-counts/days/:day/:ward': {
    as: 'champion',
    shown: [{ name: 'caseload-count-set', path: () => '/caseload-counts/days/2026-07-01/all', byKeyboard: true }],
  },
  'GET /caseload-counts/import': {
    as: 'champion',
    shown: [{ name: 'import-counts', path: () => '/caseload-counts/import' }],
  },
  'GET /caseload-counts/import/:id': {
    as: 'champion',
    shown: [{ name: 'import-counts-columns', path: () => `/caseload-counts/import/${imports.counts}` }],
  },
  'GET /caseload-counts/import/:id/preview': {
    as: 'champion',
    shown: [
      { name: 'import-counts-preview', path: () => `/caseload-counts/import/${imports.counts}/preview` },
      { name: 'import-counts-preview-errors', path: () => `/caseload-counts/import/${imports.countsWrong}/preview` },
    ],
  },
  'GET /appointments/import': {
    as: 'champion',
    shown: [{ name: 'import-appointments', path: () => '/appointments/import' }],
  },
  'GET /appointments/import/:id': {
    as: 'champion',
    shown: [{ name: 'import-appointments-columns', path: () => `/appointments/import/${imports.appointments}` }],
  },
  'GET /appointments/import/:id/preview': {
    as: 'champion',
    shown: [
      { name: 'import-appointments-preview', path: () => `/appointments/import/${imports.appointments}/preview` },
    ],
  },
  'GET /appointments/import/:id/sheet': asOfItems,
  'GET /appointments/import/:id/progress': asOfItems,
  'GET /appointments/import/:id/result': asOfItems,
  'GET /caseload-counts/import/:id/sheet': asOfItems,
  'GET /caseload-counts/import/:id/words': asOfItems,
  'GET /caseload-counts/import/:id/progress': asOfItems,
  'GET /caseload-counts/import/:id/result': asOfItems,
  'GET /models': { as: 'champion', shown: [{ name: 'models', path: () => '/models' }] },
  'GET /models/new': {
    as: 'champion',
    shown: [{ name: 'model-new-errors', path: () => '/models/new', act: (page) => press(page, 'Add this model') }],
  },
  'GET /models/:id': { as: 'champion', shown: [{ name: 'model', path: ({ modelId }) => `/models/${modelId}` }] },
  'GET /models/:id/edit': {
    as: 'champion',
    shown: [{ name: 'model-edit', path: ({ modelId }) => `/models/${modelId}/edit` }],
  },
  'GET /kits': { as: 'champion', shown: [{ name: 'kits', path: () => '/kits' }] },
  'GET /kits/new': {
    as: 'champion',
    shown: [{ name: 'kit-new-errors', path: () => '/kits/new', act: (page) => press(page, 'Add this kit') }],
  },
  'GET /kits/:id': {
    as: 'champion',
    shown: [
      { name: 'kit-forty', path: ({ kitId }) => `/kits/${kitId}` },
      { name: 'kit-empty', path: ({ emptyKitId }) => `/kits/${emptyKitId}` },
    ],
  },
  'GET /kits/:id/edit': { as: 'champion', shown: [{ name: 'kit-edit', path: ({ kitId }) => `/kits/${kitId}/edit` }] },
  'GET /turnaround': { as: 'champion', shown: [{ name: 'turnaround', path: () => '/turnaround', byKeyboard: true }] },
  'GET /turnaround/bench': {
    as: 'champion',
    shown: [
      { name: 'bench-choose', path: () => '/turnaround/bench', byKeyboard: true },
      { name: 'bench', path: () => '/turnaround/bench?step=cleaned&step=wiped&method=factory-reset', byKeyboard: true },
      { name: 'bench-errors', path: () => '/turnaround/bench?step=wiped', status: 422 },
      {
        name: 'bench-not-ours',
        path: () => '/turnaround/bench?step=cleaned',
        act: async (page) => {
          await page.keyboard.type(longTag)
          await arrive(page, () => page.keyboard.press('Enter'))
        },
      },
    ],
  },
  'GET /turnaround/bench/cards': {
    as: 'champion',
    shown: [{ name: 'bench-cards', path: () => '/turnaround/bench/cards', byKeyboard: true }],
  },
  'GET /turnaround/:id': {
    as: 'champion',
    shown: [{ name: 'turnaround-item', path: ({ returnedItem }) => `/turnaround/${returnedItem.id}` }],
  },
  'GET /invitation/:token': {
    as: 'nobody',
    shown: [
      { name: 'invitation-dead', path: () => '/invitation/nonsense', status: 404, byKeyboard: true },
      { name: 'invitation', path: ({ invitation }) => invitation, byKeyboard: true },
      { name: 'invitation-errors', path: ({ invitation }) => invitation, act: (page) => press(page, 'Save') },
    ],
  },
  'GET /how-is-it-going/:token': {
    as: 'nobody',
    shown: [{ name: 'check-in', path: ({ checkIn }) => checkIn, byKeyboard: true }],
  },
  'GET /read/:key': {
    as: 'nobody',
    shown: [{ name: 'guide-by-link', path: ({ guideLink }) => guideLink }],
  },
  'GET /loans/:id/check-ins': {
    as: 'champion',
    shown: [{ name: 'check-ins', path: ({ askedLoanId }) => `/loans/${askedLoanId}/check-ins` }],
  },
  'GET /reset-password': {
    as: 'nobody',
    shown: [
      { name: 'reset-password', path: () => '/reset-password', byKeyboard: true },
      { name: 'reset-password-errors', path: () => '/reset-password', act: (page) => press(page, 'Send me a link') },
    ],
  },
  'GET /reset-password/:token': {
    as: 'nobody',
    shown: [{ name: 'reset-dead', path: () => '/reset-password/nonsense', status: 404 }],
  },
  'GET /account': {
    as: 'champion',
    shown: [{ name: 'account', path: () => '/account', byKeyboard: true }],
  },
  'GET /account/password': {
    as: 'champion',
    shown: [
      { name: 'account-password', path: () => '/account/password', byKeyboard: true },
      { name: 'account-password-errors', path: () => '/account/password', act: (page) => press(page, 'Change it') },
    ],
  },
  'GET /tablet': {
    as: 'nobody',
    shown: [
      { name: 'tablet-enrol', path: () => '/tablet', byKeyboard: true },
      { name: 'tablet-enrol-errors', path: () => '/tablet', act: (page) => press(page, 'Enrol this tablet') },
    ],
  },
  'GET /sign-in/who': {
    as: 'tablet',
    shown: [
      { name: 'who', path: () => '/sign-in/who', byKeyboard: true },
      { name: 'who-errors', path: () => '/sign-in/who', act: (page) => press(page, 'Use this badge') },
    ],
  },
  'GET /sign-in/pin': {
    as: 'tablet',
    shown: [
      { name: 'pin', path: () => `/sign-in/pin?who=${nurse.id}`, byKeyboard: true },
      { name: 'pin-errors', path: () => `/sign-in/pin?who=${nurse.id}`, act: (page) => press(page, 'Sign in') },
      { name: 'pin-none', path: () => `/sign-in/pin?who=${site.app.people.actors['ward-staff'].staffId}` },
    ],
  },
  'GET /sign-in/done': {
    as: 'tablet',
    shown: [
      { name: 'tablet-home', path: () => `/sign-in/pin?who=${nurse.id}`, act: signInByPin, byKeyboard: true },
      { name: 'done', path: ({ freeItem }) => `/incidents/new?item=${freeItem.id}`, act: doTask, byKeyboard: true },
    ],
  },
  'GET /account/pin': {
    as: 'nurse',
    shown: [
      { name: 'account-pin', path: () => '/account/pin', byKeyboard: true },
      { name: 'account-pin-errors', path: () => '/account/pin', act: (page) => press(page, 'Change my PIN') },
    ],
  },
  'GET /account/badge': {
    as: 'nurse',
    shown: [
      { name: 'account-badge', path: () => '/account/badge', byKeyboard: true },
      { name: 'account-badge-errors', path: () => '/account/badge', act: (page) => press(page, 'Make a badge') },
    ],
  },
  'GET /account/badge/card': {
    as: 'nurse',
    shown: [
      {
        name: 'badge-card',
        path: () => '/account/badge',
        act: async (page) => {
          await page.getByLabel('Your password').fill(password)
          await press(page, 'Make a badge')
        },
      },
    ],
  },
  'GET /admin/wards': {
    as: 'administrator',
    shown: [
      { name: 'wards', path: () => '/admin/wards', byKeyboard: true },
      { name: 'wards-closed', path: () => '/admin/wards?show=closed' },
    ],
  },
  'GET /admin/wards/new': {
    as: 'administrator',
    shown: [
      { name: 'ward-new', path: () => '/admin/wards/new', byKeyboard: true },
      { name: 'ward-new-errors', path: () => '/admin/wards/new', act: (page) => press(page, 'Add') },
    ],
  },
  'GET /admin/wards/:id': {
    as: 'administrator',
    shown: [
      { name: 'ward-in-use', path: () => `/admin/wards/${site.app.people.ward.id}` },
      { name: 'ward-empty', path: ({ emptyWardId }) => `/admin/wards/${emptyWardId}`, byKeyboard: true },
      { name: 'ward-closed', path: ({ closedWardId }) => `/admin/wards/${closedWardId}` },
    ],
  },
  'GET /admin/wards/:id/edit': {
    as: 'administrator',
    shown: [
      { name: 'ward-edit', path: ({ emptyWardId }) => `/admin/wards/${emptyWardId}/edit` },
      {
        name: 'ward-edit-taken',
        path: ({ emptyWardId }) => `/admin/wards/${emptyWardId}/edit`,
        act: async (page) => {
          await page.getByLabel('Name', { exact: true }).fill('ash ward')
          await page.getByLabel('Code').fill('ash')
          await press(page, 'Save changes')
        },
      },
    ],
  },
  'GET /admin/sites': {
    as: 'administrator',
    shown: [{ name: 'sites', path: () => '/admin/sites', byKeyboard: true }],
  },
  'GET /admin/sites/new': {
    as: 'administrator',
    shown: [
      { name: 'site-new', path: () => '/admin/sites/new', byKeyboard: true },
      { name: 'site-new-errors', path: () => '/admin/sites/new', act: (page) => press(page, 'Add this site') },
    ],
  },
  'GET /admin/sites/:id/edit': {
    as: 'administrator',
    shown: [{ name: 'site-edit', path: ({ siteId }) => `/admin/sites/${siteId}/edit` }],
  },
  'GET /admin/tablets': {
    as: 'administrator',
    shown: [
      { name: 'tablets', path: () => '/admin/tablets', byKeyboard: true },
      { name: 'tablets-revoked', path: () => '/admin/tablets?show=revoked' },
    ],
  },
  'GET /admin/tablets/new': {
    as: 'administrator',
    shown: [
      {
        name: 'tablet-new',
        path: () => '/admin/tablets/new',
        act: (page) => press(page, 'Make a code'),
        byKeyboard: true,
      },
    ],
  },
  'GET /admin/tablets/:id': {
    as: 'administrator',
    shown: [
      { name: 'tablet', path: () => `/admin/tablets/${sharedTablet.id}`, byKeyboard: true },
      {
        name: 'tablet-code',
        path: () => '/admin/tablets/new',
        act: async (page) => {
          await page.getByLabel('What do you call it?').fill(`Next ${longName.slice(0, 55)}`)
          await page.getByLabel('Which ward is it for?').selectOption({ index: 1 })
          await press(page, 'Make a code')
        },
      },
    ],
  },
  'GET /sign-in/code': {
    as: 'halfway',
    shown: [
      { name: 'code', path: () => '/sign-in/code', byKeyboard: true },
      { name: 'code-errors', path: () => '/sign-in/code', act: (page) => press(page, 'Sign in') },
    ],
  },
  'GET /sign-in/set-up': {
    as: 'settingUp',
    shown: [
      { name: 'set-up', path: () => '/sign-in/set-up', byKeyboard: true },
      { name: 'set-up-errors', path: () => '/sign-in/set-up', act: (page) => press(page, 'Check the code') },
    ],
  },
  'GET /account/second-step': {
    as: 'withPhone',
    shown: [{ name: 'second-step', path: () => '/account/second-step', byKeyboard: true }],
  },
  'GET /account/second-step/begin': {
    as: 'withPhone',
    shown: [
      { name: 'second-step-begin', path: () => '/account/second-step/begin', byKeyboard: true },
      {
        name: 'second-step-begin-errors',
        path: () => '/account/second-step/begin',
        act: (page) => press(page, 'Go on'),
      },
    ],
  },
  'GET /account/second-step/recovery-codes': {
    as: 'withPhone',
    shown: [{ name: 'second-step-recovery-codes', path: () => '/account/second-step/recovery-codes' }],
  },
  'GET /account/second-step/off': {
    as: 'withPhone',
    shown: [{ name: 'second-step-off', path: () => '/account/second-step/off' }],
  },
  'GET /account/second-step/set-up': {
    as: 'withPhone',
    shown: [{ name: 'second-step-set-up', path: () => '/account/second-step/begin', act: beginSetUp }],
  },
  'GET /account/second-step/codes': {
    as: 'withPhone',
    shown: [{ name: 'second-step-codes', path: () => '/account/second-step/set-up', act: finishSetUp }],
  },
  'GET /admin/settings': {
    as: 'administrator',
    shown: [{ name: 'settings', path: () => '/admin/settings', byKeyboard: true }],
  },
  'GET /admin/settings/second-step': {
    as: 'administrator',
    shown: [
      { name: 'settings-second-step', path: () => '/admin/settings/second-step', byKeyboard: true },
      {
        name: 'settings-second-step-errors',
        path: () => '/admin/settings/second-step',
        act: async (page) => {
          await page.getByLabel('Nobody has to').uncheck()
          await press(page, 'Save')
        },
      },
    ],
  },
  'GET /admin/staff': {
    as: 'administrator',
    shown: [
      { name: 'staff', path: () => '/admin/staff', byKeyboard: true },
      { name: 'staff-closed', path: () => '/admin/staff?show=closed' },
    ],
  },
  'GET /admin/staff/review': {
    as: 'administrator',
    shown: [{ name: 'staff-review', path: () => '/admin/staff/review' }],
  },
  'GET /admin/staff/new': {
    as: 'administrator',
    shown: [
      { name: 'staff-new', path: () => '/admin/staff/new', byKeyboard: true },
      { name: 'staff-new-errors', path: () => '/admin/staff/new', act: (page) => press(page, 'Send the invitation') },
    ],
  },
  'GET /admin/staff/:id': {
    as: 'administrator',
    shown: [{ name: 'staff-member', path: ({ staffId }) => `/admin/staff/${staffId}`, byKeyboard: true }],
  },
  'GET /admin/staff/:id/edit': {
    as: 'administrator',
    shown: [{ name: 'staff-edit', path: ({ staffId }) => `/admin/staff/${staffId}/edit` }],
  },
  'GET /messages': {
    as: 'administrator',
    shown: [
      { name: 'messages', path: () => '/messages', byKeyboard: true },
      { name: 'messages-stuck', path: () => '/messages?show=stuck' },
    ],
  },
  'GET /messages/:id': {
    as: 'administrator',
    shown: [{ name: 'message', path: ({ messageId }) => `/messages/${messageId}`, byKeyboard: true }],
  },
  'GET /repairs': {
    as: 'champion',
    shown: [
      { name: 'repairs', path: () => '/repairs', byKeyboard: true },
      { name: 'repairs-over', path: () => '/repairs?show=over' },
    ],
  },
  'GET /repairs/new': {
    as: 'champion',
    shown: [
      { name: 'repair-new', path: ({ returnedItem }) => `/repairs/new?item=${returnedItem.id}`, byKeyboard: true },
      {
        name: 'repair-new-errors',
        path: ({ returnedItem }) => `/repairs/new?item=${returnedItem.id}`,
        act: async (page) => {
          await page.getByLabel('Month').fill('13')
          await page.getByLabel('What does it cost?').fill('a lot')
          await press(page, 'Send to repair')
        },
      },
    ],
  },
  'GET /repairs/:id': {
    as: 'champion',
    shown: [{ name: 'repair', path: ({ repairId }) => `/repairs/${repairId}`, byKeyboard: true }],
  },
  'GET /repairs/:id/edit': {
    as: 'champion',
    shown: [{ name: 'repair-edit', path: ({ repairId }) => `/repairs/${repairId}/edit` }],
  },
  'GET /items/:tag/retire': {
    as: 'champion',
    shown: [
      { name: 'retire', path: ({ returnedItem }) => `/items/${returnedItem.tag}/retire`, byKeyboard: true },
      {
        name: 'retire-errors',
        path: ({ returnedItem }) => `/items/${returnedItem.tag}/retire`,
        act: (page) => press(page, 'Retire it'),
      },
      { name: 'retired', path: ({ goneItem }) => `/items/${goneItem.tag}/retire`, byKeyboard: true },
    ],
  },
  'GET /incidents': { as: 'champion', shown: [{ name: 'incidents', path: () => '/incidents' }] },
  'GET /incidents/new': {
    as: 'champion',
    shown: [
      { name: 'report-which', path: () => '/incidents/new' },
      {
        name: 'report-errors',
        path: ({ freeItem }) => `/incidents/new?item=${freeItem.id}`,
        act: (page) => press(page, 'Report it'),
      },
    ],
  },
  'GET /incidents/:id': {
    as: 'champion',
    shown: [{ name: 'incident', path: ({ incidentId }) => `/incidents/${incidentId}`, byKeyboard: true }],
  },
  'GET /incidents/:id/edit': {
    as: 'champion',
    shown: [{ name: 'incident-edit', path: ({ incidentId }) => `/incidents/${incidentId}/edit` }],
  },
  'GET /incidents/:id/found': {
    as: 'champion',
    shown: [{ name: 'incident-found', path: ({ incidentId }) => `/incidents/${incidentId}/found` }],
  },
  'GET /incidents/:id/tasks/:task': {
    as: 'champion',
    shown: [{ name: 'incident-task', path: ({ incidentId, taskId }) => `/incidents/${incidentId}/tasks/${taskId}` }],
  },
  'GET /stock-checks': {
    as: 'champion',
    shown: [{ name: 'stock-checks', path: () => '/stock-checks', byKeyboard: true }],
  },
  'GET /stock-checks/new': {
    as: 'champion',
    shown: [
      {
        name: 'stock-check-new-errors',
        path: () => '/stock-checks/new',
        act: (page) => press(page, 'Begin'),
        byKeyboard: true,
      },
    ],
  },
  'GET /stock-checks/:id': {
    as: 'champion',
    shown: [
      { name: 'stock-check', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}`, byKeyboard: true },
      { name: 'stock-check-not-ours', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}?list=unknown` },
    ],
  },
  'GET /stock-checks/:id/print': {
    as: 'champion',
    shown: [{ name: 'stock-check-print', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}/print` }],
  },
  'GET /stock-checks/:id/finish': {
    as: 'champion',
    shown: [{ name: 'stock-check-finish', path: ({ stockCheckId }) => `/stock-checks/${stockCheckId}/finish` }],
  },
  'GET /wards': { as: 'wardStaff', shown: [{ name: 'timetables', path: () => '/wards', byKeyboard: true }] },
  'GET /wards/:code/timetable': {
    as: 'wardStaff',
    shown: [
      { name: 'timetable', path: () => '/wards/ash/timetable?part=morning' },
      { name: 'timetable-of-others', path: () => '/wards/long/timetable' },
    ],
  },
  'GET /wards/:code/week': {
    as: 'wardStaff',
    shown: [{ name: 'ward-week', path: ({ bookableId }) => `/wards/ash/week?item=${bookableId}&on=2026-08-03` }],
  },
  'GET /wards/:code/sheet': { as: 'wardStaff', shown: [{ name: 'ward-sheet', path: () => '/wards/ash/sheet' }] },
  'GET /wards/:code/waiting-list': {
    as: 'wardStaff',
    shown: [{ name: 'waiting-list', path: () => '/wards/ash/waiting-list', byKeyboard: true }],
  },
  'GET /wards/:code/waiting-list/new': {
    as: 'wardStaff',
    shown: [
      {
        name: 'waiting-list-errors',
        path: () => '/wards/ash/waiting-list/new',
        act: (page) => press(page, 'Put them on the list'),
        byKeyboard: true,
      },
    ],
  },
  'GET /bookings/new': {
    as: 'wardStaff',
    shown: [
      {
        name: 'booking-errors',
        path: ({ bookableId }) => `/bookings/new?ward=ash&item=${bookableId}&on=2026-08-03&from=09:00`,
        act: (page) => press(page, 'Book'),
        byKeyboard: true,
      },
    ],
  },
  'GET /bookings/wanted': {
    as: 'wardStaff',
    shown: [
      {
        name: 'booking-wanted-errors',
        path: () => '/bookings/wanted?ward=ash',
        act: (page) => press(page, 'Find and book'),
        byKeyboard: true,
      },
    ],
  },
  'GET /bookings/:id': {
    as: 'wardStaff',
    shown: [
      { name: 'booking', path: ({ bookingId }) => `/bookings/${bookingId}`, byKeyboard: true },
      { name: 'booking-out', path: ({ outBookingId }) => `/bookings/${outBookingId}`, byKeyboard: true },
    ],
  },
  'GET /bookings/:id/repeats': {
    as: 'wardStaff',
    shown: [{ name: 'booking-repeat', path: ({ bookingId }) => `/bookings/${bookingId}/repeats` }],
  },
  'GET /bookings/:id/time': {
    as: 'wardStaff',
    shown: [{ name: 'booking-move', path: ({ bookingId }) => `/bookings/${bookingId}/time` }],
  },
  'GET /wards/:code': { as: 'wardStaff', shown: [{ name: 'ward-now', path: () => '/wards/ash', byKeyboard: true }] },
  'GET /wards/:code/shift-count': {
    as: 'wardStaff',
    shown: [{ name: 'shift-count', path: () => '/wards/ash/shift-count', byKeyboard: true }],
  },
  'GET /wards/:code/connectivity': {
    as: 'wardStaff',
    shown: [
      {
        name: 'connectivity-errors',
        path: () => '/wards/ash/connectivity',
        act: (page) => press(page, 'Note it'),
        byKeyboard: true,
      },
    ],
  },
  'GET /wards/:code/cables': {
    as: 'wardStaff',
    shown: [{ name: 'cables', path: () => '/wards/ash/cables', byKeyboard: true }],
  },
  'GET /wards/:code/leaving': {
    as: 'wardStaff',
    shown: [{ name: 'leaving', path: () => '/wards/ash/leaving' }],
  },
  'GET /wards/:code/leaving/:id': {
    as: 'wardStaff',
    shown: [{ name: 'leaver', path: ({ wardPersonId }) => `/wards/ash/leaving/${wardPersonId}`, byKeyboard: true }],
  },
  'GET /wards/:code/lockers': {
    as: 'wardStaff',
    shown: [{ name: 'lockers', path: () => '/wards/ash/lockers', byKeyboard: true }],
  },
  'GET /wards/:code/lockers/deposit': {
    as: 'wardStaff',
    shown: [
      {
        name: 'locker-deposit-errors',
        path: ({ bayId }) => `/wards/ash/lockers/deposit?bay=${bayId}`,
        act: (page) => press(page, 'Put it in'),
        byKeyboard: true,
      },
    ],
  },
  'GET /lockers/:id': {
    as: 'wardStaff',
    shown: [{ name: 'locker', path: ({ depositId }) => `/lockers/${depositId}`, byKeyboard: true }],
  },
  'GET /lockers/:id/slip': {
    as: 'wardStaff',
    shown: [{ name: 'locker-slip', path: ({ depositId }) => `/lockers/${depositId}/slip` }],
  },
  'GET /scan': {
    as: 'champion',
    shown: [
      { name: 'scan', path: () => '/scan' },
      { name: 'scan-several', path: () => '/scan?code=twin' },
      { name: 'scan-none', path: () => `/scan?code=${encodeURIComponent(longName)}` },
    ],
  },
  'GET /people': { as: 'wardStaff', shown: [{ name: 'people', path: () => '/people', byKeyboard: true }] },
  'GET /people/:id': {
    as: 'wardStaff',
    shown: [{ name: 'summary', path: ({ wardPersonId }) => `/people/${wardPersonId}`, byKeyboard: true }],
  },
  'GET /service-users/:id/restrictions': {
    as: 'wardStaff',
    shown: [
      {
        name: 'restrictions',
        path: ({ wardPersonId }) => `/service-users/${wardPersonId}/restrictions`,
        byKeyboard: true,
      },
      {
        name: 'restrictions-errors',
        path: ({ wardPersonId }) => `/service-users/${wardPersonId}/restrictions`,
        act: (page) => press(page, 'Write it down'),
      },
    ],
  },
  'GET /restrictions/:id': {
    as: 'wardStaff',
    shown: [
      {
        name: 'restriction',
        path: ({ restrictionId }) => `/restrictions/${restrictionId}`,
        act: (page) => press(page, 'It holds on'),
        byKeyboard: true,
      },
    ],
  },
  'GET /concerns': {
    as: 'informationGovernance',
    shown: [
      { name: 'concerns', path: () => '/concerns', byKeyboard: true },
      { name: 'concerns-none', path: () => '/concerns?show=closed' },
    ],
  },
  'GET /concerns/new': {
    as: 'wardStaff',
    shown: [
      {
        name: 'concern-new',
        path: ({ wardPersonId }) => `/concerns/new?person=${wardPersonId}`,
        act: async (page) => {
          await page.getByLabel('Yes, and I say who below').check()
          await press(page, 'Raise this concern')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /concerns/:id': {
    as: 'informationGovernance',
    shown: [
      {
        name: 'concern',
        path: ({ concernId }) => `/concerns/${concernId}`,
        act: (page) => press(page, 'Close this concern'),
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/quotations': {
    as: 'champion',
    shown: [
      {
        name: 'quotations-of-person',
        path: ({ quotedId }) => `/service-users/${quotedId}/quotations`,
        act: (page) => press(page, 'Write it down'),
        byKeyboard: true,
      },
    ],
  },
  'GET /quotations': {
    as: 'informationGovernance',
    shown: [
      { name: 'quotations', path: () => '/quotations', byKeyboard: true },
      { name: 'quotations-refused', path: () => '/quotations?show=refused' },
    ],
  },
  'GET /quotations/:id': {
    as: 'informationGovernance',
    shown: [
      {
        name: 'quotation',
        path: ({ quotationId }) => `/quotations/${quotationId}`,
        act: (page) => press(page, 'Refuse them'),
        byKeyboard: true,
      },
    ],
  },
  'GET /wards/:code/report': {
    as: 'wardStaff',
    shown: [{ name: 'ward-report', path: () => '/wards/ash/report', byKeyboard: true }],
  },
  'GET /sites/:id/report': {
    as: 'champion',
    shown: [{ name: 'site-report', path: ({ siteId }) => `/sites/${siteId}/report` }],
  },
  'GET /reports/by-email': {
    as: 'commissioner',
    shown: [
      { name: 'by-email', path: () => '/reports/by-email', act: (page) => press(page, 'Save'), byKeyboard: true },
    ],
  },
  'GET /reports/words': { as: 'commissioner', shown: [{ name: 'words', path: () => '/reports/words' }] },
  'GET /appointments/today': {
    as: 'wardStaff',
    shown: [{ name: 'appointments-today', path: () => '/appointments/today' }],
  },
  'GET /appointments/now': {
    as: 'careTeam',
    shown: [{ name: 'appointments-now', path: () => '/appointments/now' }],
  },
  'GET /appointments/:id/now': {
    as: 'champion',
    shown: [
      {
        name: 'appointment-cannot-get-in',
        path: ({ pastAppointmentId }) => `/appointments/${pastAppointmentId}/now`,
        byKeyboard: true,
      },
      { name: 'appointment-cannot-get-in-early', path: ({ appointmentId }) => `/appointments/${appointmentId}/now` },
    ],
  },
  'GET /appointments/:id/call-sheet': {
    as: 'champion',
    shown: [
      { name: 'appointment-call-sheet', path: ({ appointmentId }) => `/appointments/${appointmentId}/call-sheet` },
    ],
  },
  'GET /training': {
    as: 'champion',
    shown: [{ name: 'training', path: () => '/training', byKeyboard: true }],
  },
  'GET /training/staff': {
    as: 'champion',
    shown: [
      {
        name: 'training-staff-errors',
        path: () => '/training/staff',
        act: (page) => press(page, 'Save who came'),
        byKeyboard: true,
      },
    ],
  },
  'GET /training/groups/new': {
    as: 'champion',
    shown: [
      {
        name: 'training-group-new',
        path: () => '/training/groups/new',
        act: (page) => press(page, 'Plan the session'),
        byKeyboard: true,
      },
    ],
  },
  'GET /training/groups/:id': {
    as: 'champion',
    shown: [{ name: 'training-group', path: ({ groupId }) => `/training/groups/${groupId}`, byKeyboard: true }],
  },
  'GET /training/groups/:id/edit': {
    as: 'champion',
    shown: [
      { name: 'training-group-edit', path: ({ groupId }) => `/training/groups/${groupId}/edit`, byKeyboard: true },
    ],
  },
  'GET /training/:id': {
    as: 'champion',
    shown: [
      {
        name: 'training-session',
        path: ({ trainingId }) => `/training/${trainingId}`,
        act: (page) => press(page, 'Save how it went'),
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/training': {
    as: 'champion',
    shown: [
      {
        name: 'training-plan',
        path: ({ wardPersonId }) => `/service-users/${wardPersonId}/training`,
        act: (page) => press(page, 'Plan the session'),
        byKeyboard: true,
      },
    ],
  },
  'GET /trial-calls': {
    as: 'champion',
    shown: [{ name: 'trial-calls', path: () => '/trial-calls', byKeyboard: true }],
  },
  'GET /trial-calls/:id': {
    as: 'champion',
    shown: [
      {
        name: 'trial-call',
        path: ({ trialCallId }) => `/trial-calls/${trialCallId}`,
        act: (page) => press(page, 'Save how it went'),
        byKeyboard: true,
      },
    ],
  },
  'GET /appointments/:id/trial-calls': {
    as: 'champion',
    shown: [
      {
        name: 'trial-call-arrange',
        path: ({ appointmentId }) => `/appointments/${appointmentId}/trial-calls`,
        act: async (page) => {
          await page.getByLabel('At what time?').fill('half past')
          await press(page, 'Arrange the call')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /data-allowances/stock': {
    as: 'champion',
    shown: [{ name: 'data-stock', path: () => '/data-allowances/stock', byKeyboard: true }],
  },
  'GET /data-allowances/from-stock': {
    as: 'champion',
    shown: [{ name: 'data-from-stock', path: () => '/data-allowances/from-stock', byKeyboard: true }],
  },
  'GET /data-allowances/:id/code': {
    as: 'champion',
    shown: [{ name: 'data-code', path: ({ dataAllowanceId }) => `/data-allowances/${dataAllowanceId}/code` }],
  },
  'GET /data-allowances/stock/import': asOfItems,
  'GET /data-allowances/stock/import/:id': asOfItems,
  'GET /data-allowances/stock/import/:id/sheet': asOfItems,
  'GET /data-allowances/stock/import/:id/preview': asOfItems,
  'GET /data-allowances/stock/import/:id/progress': asOfItems,
  'GET /data-allowances/stock/import/:id/result': asOfItems,
  'GET /data-allowances/readings/import': asOfItems,
  'GET /data-allowances/readings/import/:id': asOfItems,
  'GET /data-allowances/readings/import/:id/sheet': asOfItems,
  'GET /data-allowances/readings/import/:id/preview': asOfItems,
  'GET /data-allowances/readings/import/:id/progress': asOfItems,
  'GET /data-allowances/readings/import/:id/result': asOfItems,
  'GET /data-allowances': {
    as: 'champion',
    shown: [{ name: 'data-allowances', path: () => '/data-allowances', byKeyboard: true }],
  },
  'GET /data-allowances/new': {
    as: 'champion',
    shown: [{ name: 'data-allowance-new', path: () => '/data-allowances/new', byKeyboard: true }],
  },
  'GET /data-allowances/:id': {
    as: 'champion',
    shown: [
      {
        name: 'data-allowance',
        path: ({ dataAllowanceId }) => `/data-allowances/${dataAllowanceId}`,
        byKeyboard: true,
      },
    ],
  },
  'GET /diary': {
    as: 'champion',
    shown: [
      { name: 'diary-week', path: ({ diaryOn }) => `/diary?show=week&on=${diaryOn}`, byKeyboard: true },
      { name: 'diary-team', path: ({ diaryOn }) => `/diary?show=team&on=${diaryOn}` },
    ],
  },
  'GET /diary/hours/:id': {
    as: 'champion',
    shown: [
      {
        name: 'diary-hours',
        path: ({ championId }) => `/diary/hours/${championId}`,
        act: async (page) => {
          await page.getByLabel('Leave, or another whole day away').check()
          await page.locator('#first').fill('21')
          await page.locator('#first-month').fill('8')
          await page.locator('#first-year').fill('2026')
          await page.getByRole('button', { name: 'Save', exact: true }).click()
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /appointments/:id/times': {
    as: 'champion',
    shown: [
      { name: 'diary-times', path: ({ appointmentId }) => `/appointments/${appointmentId}/times`, byKeyboard: true },
      { name: 'diary-no-times', path: ({ cramped }) => `/appointments/${cramped}/times?length=90` },
    ],
  },
  'GET /diary/new': {
    as: 'champion',
    shown: [
      {
        name: 'diary-new',
        path: ({ wardPersonId }) => `/diary/new?person=${wardPersonId}`,
        act: (page) => press(page, 'Save'),
      },
    ],
  },
  'GET /diary/entries/:id/move': {
    as: 'champion',
    shown: [
      { name: 'diary-move', path: ({ diaryEntryId }) => `/diary/entries/${diaryEntryId}/move`, byKeyboard: true },
    ],
  },
  'GET /diary/entries/:id': {
    as: 'champion',
    shown: [{ name: 'diary-entry', path: ({ diaryEntryId }) => `/diary/entries/${diaryEntryId}`, byKeyboard: true }],
  },
  'GET /appointments': {
    as: 'champion',
    shown: [
      { name: 'appointments', path: () => '/appointments', byKeyboard: true },
      { name: 'appointments-over', path: () => '/appointments?show=over' },
    ],
  },
  'GET /service-users/:id/appointments': {
    as: 'careTeam',
    shown: [{ name: 'appointments-of', path: ({ wardPersonId }) => `/service-users/${wardPersonId}/appointments` }],
  },
  'GET /service-users/:id/appointments/new': {
    as: 'careTeam',
    shown: [
      {
        name: 'appointment-new',
        path: ({ wardPersonId }) => `/service-users/${wardPersonId}/appointments/new`,
        act: (page) => press(page, 'Make'),
        byKeyboard: true,
      },
    ],
  },
  'GET /appointments/:id': {
    as: 'champion',
    shown: [
      { name: 'appointment', path: ({ appointmentId }) => `/appointments/${appointmentId}`, byKeyboard: true },
      {
        name: 'appointment-cancelled',
        path: ({ cancelledAppointmentId }) => `/appointments/${cancelledAppointmentId}`,
      },
    ],
  },
  'GET /appointments/:id/edit': {
    as: 'champion',
    shown: [{ name: 'appointment-edit', path: ({ appointmentId }) => `/appointments/${appointmentId}/edit` }],
  },
  'GET /appointments/:id/details': {
    as: 'champion',
    shown: [
      {
        name: 'appointment-details',
        path: ({ appointmentId }) => `/appointments/${appointmentId}/details`,
        act: async (page) => {
          await page.getByLabel('Link to join').fill('http://meet.example')
          await press(page, 'Save')
        },
      },
      { name: 'appointment-in-person', path: ({ pastAppointmentId }) => `/appointments/${pastAppointmentId}/details` },
    ],
  },
  'GET /appointments/:id/outcome': {
    as: 'champion',
    shown: [
      {
        name: 'appointment-outcome',
        path: ({ pastAppointmentId }) => `/appointments/${pastAppointmentId}/outcome`,
        act: (page) => press(page, 'Save'),
        byKeyboard: true,
      },
    ],
  },
  'GET /referrals': {
    as: 'champion',
    shown: [
      { name: 'referrals', path: () => '/referrals', byKeyboard: true },
      { name: 'referrals-declined', path: () => '/referrals?show=declined' },
      { name: 'referrals-none', path: () => '/referrals?show=withdrawn' },
    ],
  },
  'GET /referrals/new': {
    as: 'careTeam',
    shown: [
      { name: 'referral-new', path: () => '/referrals/new', byKeyboard: true },
      { name: 'referral-known', path: ({ wardPersonId }) => `/referrals/new?person=${wardPersonId}` },
      { name: 'referral-errors', path: () => '/referrals/new', act: (page) => press(page, 'Send') },
    ],
  },
  'GET /referrals/:id': {
    as: 'champion',
    shown: [
      { name: 'referral', path: ({ referralId }) => `/referrals/${referralId}`, byKeyboard: true },
      { name: 'referral-declined', path: ({ declinedReferralId }) => `/referrals/${declinedReferralId}` },
      {
        name: 'referral-lend',
        path: ({ wardPersonId, referralId }) => `/loans/new?service-user=${wardPersonId}&referral=${referralId}`,
      },
    ],
  },
  'GET /referrals/:id/first-appointment': {
    as: 'champion',
    shown: [{ name: 'referral-appointment', path: ({ referralId }) => `/referrals/${referralId}/first-appointment` }],
  },
  'GET /referrals/:id/decline': {
    as: 'champion',
    shown: [
      {
        name: 'referral-decline',
        path: ({ referralId }) => `/referrals/${referralId}/decline`,
        act: (page) => press(page, 'Decline it'),
        byKeyboard: true,
      },
    ],
  },
  'GET /referrals/:id/withdraw': {
    as: 'careTeam',
    shown: [{ name: 'referral-withdraw', path: ({ referralId }) => `/referrals/${referralId}/withdraw` }],
  },
  'GET /service-users': { as: 'champion', shown: [{ name: 'service-users', path: () => '/service-users' }] },
  'GET /service-users/search': {
    as: 'champion',
    shown: [
      { name: 'service-users-found', path: () => '/service-users', act: search('Wolfe') },
      { name: 'service-users-none', path: () => '/service-users', act: search(longName.slice(80)) },
    ],
  },
  'GET /service-users/new': {
    as: 'champion',
    shown: [
      { name: 'service-user-new', path: () => '/service-users/new', act: (page) => press(page, 'Add this person') },
    ],
  },
  'GET /service-users/:id': {
    as: 'champion',
    shown: [
      { name: 'service-user-long', path: ({ person }) => `/service-users/${person.id}` },
      { name: 'service-user-right-to-left', path: ({ other }) => `/service-users/${other.id}`, byKeyboard: true },
    ],
  },
  'GET /service-users/:id/edit': {
    as: 'champion',
    shown: [{ name: 'service-user-edit', path: ({ person }) => `/service-users/${person.id}/edit` }],
  },
  'GET /service-users/:id/merge': {
    as: 'champion',
    shown: [{ name: 'service-user-merge-with', path: ({ person }) => `/service-users/${person.id}/merge` }],
  },
  'GET /service-users/:id/merge/:other': {
    as: 'champion',
    shown: [
      {
        name: 'service-user-merge',
        path: ({ person, other }) => `/service-users/${person.id}/merge/${other.id}`,
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/merges/:merge': {
    as: 'champion',
    shown: [
      {
        name: 'service-user-merge-undo',
        path: ({ person, mergeId }) => `/service-users/${person.id}/merges/${mergeId}`,
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/supporters/new': {
    as: 'champion',
    shown: [
      {
        name: 'supporter-new-errors',
        path: ({ person }) => `/service-users/${person.id}/supporters/new`,
        act: async (page) => {
          await page.getByLabel('Devices and data').check()
          await page.getByLabel('Not asked yet').check()
          await press(page, 'Add this supporter')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/supporters/:supporter': {
    as: 'champion',
    shown: [
      {
        name: 'supporter',
        path: ({ person, supporterId }) => `/service-users/${person.id}/supporters/${supporterId}`,
      },
    ],
  },
  'GET /service-users/:id/print': {
    as: 'champion',
    shown: [{ name: 'service-user-print', path: ({ person }) => `/service-users/${person.id}/print` }],
  },
  'GET /service-users/:id/sections/:section': {
    as: 'champion',
    shown: [
      ...[
        'contact',
        'contact-instruction',
        'where',
        'care',
        'emergency',
        'language',
        'needs',
        'agreement',
        'equity',
      ].map((section) => ({
        name: `service-user-${section}`,
        path: ({ person }: Extremes) => `/service-users/${person.id}/sections/${section}`,
        byKeyboard: section === 'where',
      })),
      {
        name: 'service-user-needs-errors',
        path: ({ person }) => `/service-users/${person.id}/sections/needs`,
        act: async (page) => {
          await page.getByLabel('Large print').check()
          await page.getByLabel('Month').fill('13')
          await press(page, 'Save')
        },
      },
    ],
  },
  'GET /service-users/:id/safe-contact': {
    as: 'champion',
    shown: [
      { name: 'safe-contact', path: ({ person }) => `/service-users/${person.id}/safe-contact`, byKeyboard: true },
      { name: 'safe-contact-nothing', path: ({ other }) => `/service-users/${other.id}/safe-contact` },
    ],
  },
  'GET /service-users/:id/safe-contact/channels/:channel': {
    as: 'champion',
    shown: [
      { name: 'safe-contact-call', path: ({ person }) => `/service-users/${person.id}/safe-contact/channels/call` },
      {
        name: 'safe-contact-errors',
        path: ({ other }) => `/service-users/${other.id}/safe-contact/channels/text`,
        act: async (page) => {
          await page.getByLabel('From').selectOption('Midday')
          await press(page, 'Save')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/safe-contact/supporters/:supporter/channels/:channel': {
    as: 'champion',
    shown: [
      {
        name: 'safe-contact-supporter',
        path: ({ person, supporterId }) =>
          `/service-users/${person.id}/safe-contact/supporters/${supporterId}/channels/email`,
      },
    ],
  },
  'GET /service-users/:id/safe-contact/private': {
    as: 'champion',
    shown: [
      {
        name: 'private-notes',
        path: ({ person }) => `/service-users/${person.id}/safe-contact/private`,
        act: (page) => press(page, /This holds no more/),
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/safe-contact/private/new': {
    as: 'champion',
    shown: [
      {
        name: 'private-note-new',
        path: ({ person }) => `/service-users/${person.id}/safe-contact/private/new`,
        act: (page) => press(page, 'Save and pause everything'),
      },
    ],
  },
  'GET /service-users/:id/conversation/paper': {
    as: 'champion',
    shown: [{ name: 'conversation-paper', path: ({ person }) => `/service-users/${person.id}/conversation/paper` }],
  },
  'GET /service-users/:id/preferences': {
    as: 'champion',
    shown: [{ name: 'preferences', path: ({ person }) => `/service-users/${person.id}/preferences` }],
  },
  'GET /service-users/:id/preferences/:purpose': {
    as: 'champion',
    shown: [
      {
        name: 'preference-errors',
        path: ({ person }) => `/service-users/${person.id}/preferences/first-meeting`,
        act: async (page) => {
          await page.getByLabel('If that cannot be').selectOption('Face to face')
          await press(page, 'Save')
        },
      },
    ],
  },
  'GET /service-users/:id/signposts': {
    as: 'champion',
    shown: [{ name: 'signposts-print', path: ({ person }) => `/service-users/${person.id}/signposts` }],
  },
  'GET /platforms': { as: 'champion', shown: [{ name: 'platforms', path: () => '/platforms' }] },
  'GET /platforms/new': {
    as: 'administrator',
    shown: [{ name: 'platform-errors', path: () => '/platforms/new', act: (page) => press(page, 'Save') }],
  },
  'GET /platforms/:id': {
    as: 'administrator',
    shown: [{ name: 'platform', path: ({ platformId }) => `/platforms/${platformId}`, byKeyboard: true }],
  },
  'GET /platforms/:id/edit': {
    as: 'administrator',
    shown: [{ name: 'platform-edit', path: ({ platformId }) => `/platforms/${platformId}/edit` }],
  },
  'GET /guides': { as: 'administrator', shown: [{ name: 'guides', path: () => '/guides', byKeyboard: true }] },
  'GET /guides/new': {
    as: 'administrator',
    shown: [{ name: 'guide-errors', path: () => '/guides/new', act: (page) => press(page, 'Save') }],
  },
  'GET /guides/:id': {
    as: 'administrator',
    shown: [{ name: 'guide', path: ({ easyGuideId }) => `/guides/${easyGuideId}` }],
  },
  'GET /guides/:id/print': {
    as: 'champion',
    shown: [{ name: 'guide-print', path: ({ easyGuideId }) => `/guides/${easyGuideId}/print?print=large` }],
  },
  'GET /guides/:id/edit': {
    as: 'administrator',
    shown: [{ name: 'guide-edit', path: ({ draftGuideId }) => `/guides/${draftGuideId}/edit` }],
  },
  'GET /guides/:id/approval': {
    as: 'administrator',
    shown: [{ name: 'guide-approval', path: ({ draftGuideId }) => `/guides/${draftGuideId}/approval` }],
  },
  'GET /letters': {
    as: 'champion',
    shown: [
      {
        name: 'letters-to-post',
        path: () => '/letters',
        act: (page) => press(page, 'Mark as posted'),
        byKeyboard: true,
      },
    ],
  },
  'GET /letters/print': { as: 'champion', shown: [{ name: 'letters-batch', path: () => '/letters/print' }] },
  'GET /letters/addresses': {
    as: 'champion',
    shown: [{ name: 'letters-addresses', path: () => '/letters/addresses' }],
  },
  'GET /appointments/:id/letter': {
    as: 'champion',
    shown: [
      { name: 'letter', path: ({ appointmentId }) => `/appointments/${appointmentId}/letter` },
      {
        name: 'letter-easy',
        path: ({ appointmentId }) => `/appointments/${appointmentId}/letter?format=large-easy-read`,
      },
    ],
  },
  'GET /appointments/:id/told': {
    as: 'champion',
    shown: [
      {
        name: 'told-errors',
        path: ({ appointmentId }) => `/appointments/${appointmentId}/told`,
        act: (page) => press(page, 'Write down that they were told'),
      },
    ],
  },
  'GET /service-users/:id/guides': {
    as: 'champion',
    shown: [{ name: 'guides-of-person', path: ({ person }) => `/service-users/${person.id}/guides` }],
  },
  'GET /signposts': {
    as: 'administrator',
    shown: [{ name: 'signposts', path: () => '/signposts', byKeyboard: true }],
  },
  'GET /signposts/new': {
    as: 'administrator',
    shown: [{ name: 'signpost-errors', path: () => '/signposts/new', act: (page) => press(page, 'Save') }],
  },
  'GET /signposts/:id/edit': {
    as: 'administrator',
    shown: [{ name: 'signpost-edit', path: ({ signpostId }) => `/signposts/${signpostId}/edit` }],
  },
  'GET /evidence': { as: 'champion', shown: [{ name: 'evidence', path: () => '/evidence' }] },
  'GET /service-users/:id/conversation': {
    as: 'champion',
    shown: [
      { name: 'conversation', path: ({ person }) => `/service-users/${person.id}/conversation`, byKeyboard: true },
      { name: 'conversation-nothing', path: ({ other }) => `/service-users/${other.id}/conversation` },
    ],
  },
  'GET /service-users/:id/conversation/new': {
    as: 'champion',
    shown: [
      {
        name: 'conversation-new',
        path: ({ other }) => `/service-users/${other.id}/conversation/new`,
        act: (page) => press(page, 'Begin'),
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/conversation/finish': {
    as: 'champion',
    shown: [
      {
        name: 'conversation-finish',
        path: ({ person }) => `/service-users/${person.id}/conversation/finish`,
        act: async (page) => {
          await page.getByLabel('Year').fill('2020')
          await press(page, 'Finish')
        },
      },
    ],
  },
  'GET /service-users/:id/conversation/parts/:part': {
    as: 'champion',
    shown: [
      {
        name: 'conversation-opening',
        path: ({ person }) => `/service-users/${person.id}/conversation/parts/opening`,
        act: async (page) => {
          await page
            .getByRole('group', { name: /overheard/ })
            .getByLabel('Yes')
            .check()
          await press(page, 'Save')
        },
      },
      {
        name: 'conversation-words',
        path: ({ person }) => `/service-users/${person.id}/conversation/parts/own-words`,
        byKeyboard: true,
      },
      { name: 'conversation-senses', path: ({ person }) => `/service-users/${person.id}/conversation/parts/senses` },
    ],
  },
  'GET /service-users/:id/conversation/held/:conversation': {
    as: 'champion',
    shown: [
      {
        name: 'conversation-held',
        path: ({ person, conversationId }) => `/service-users/${person.id}/conversation/held/${conversationId}`,
      },
    ],
  },
  'GET /service-users/:id/history': {
    as: 'champion',
    shown: [{ name: 'service-user-history', path: ({ other }) => `/service-users/${other.id}/history?views=yes` }],
  },
  'GET /open-record': {
    as: 'informationGovernance',
    shown: [
      { name: 'open-record', path: () => '/open-record', byKeyboard: true },
      {
        name: 'open-record-errors',
        path: () => '/open-record',
        act: (page) => press(page, 'Find this person'),
      },
    ],
  },
  'GET /open-record/found': {
    as: 'informationGovernance',
    shown: [
      { name: 'open-record-found', path: () => '/open-record', act: findOutside },
      {
        name: 'open-record-no-reason',
        path: () => '/open-record/found',
        act: (page) => press(page, /^Open it/),
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/opened': {
    as: 'informationGovernance',
    shown: [{ name: 'opened-record', path: () => '/open-record', act: openRecord, byKeyboard: true }],
  },
  'GET /openings': {
    as: 'informationGovernance',
    shown: [
      { name: 'openings', path: () => '/openings' },
      { name: 'openings-none', path: () => '/openings?show=seen', byKeyboard: true },
    ],
  },
  'GET /openings/:id': {
    as: 'informationGovernance',
    shown: [{ name: 'opening', path: ({ openingId }) => `/openings/${openingId}`, byKeyboard: true }],
  },
  'GET /retention': {
    as: 'informationGovernance',
    shown: [
      { name: 'retention', path: () => '/retention' },
      { name: 'retention-held', path: () => '/retention?show=held' },
      { name: 'retention-periods', path: () => '/retention?show=periods', byKeyboard: true },
    ],
  },
  'GET /retention/periods': {
    as: 'informationGovernance',
    shown: [
      {
        name: 'retention-years-errors',
        path: () => '/retention/periods',
        act: async (page) => {
          await page.getByLabel('A person’s record').fill('0')
          await press(page, 'Save')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/legal-holds': {
    as: 'informationGovernance',
    shown: [
      {
        name: 'legal-holds-errors',
        path: ({ person }) => `/service-users/${person.id}/legal-holds`,
        act: (page) => press(page, 'Lift the hold'),
        byKeyboard: true,
      },
    ],
  },
  'GET /subject-access': {
    as: 'informationGovernance',
    shown: [
      { name: 'subject-access', path: () => '/subject-access' },
      { name: 'subject-access-none', path: () => '/subject-access?show=closed', byKeyboard: true },
    ],
  },
  'GET /service-users/:id/subject-access/new': {
    as: 'informationGovernance',
    shown: [
      {
        name: 'subject-access-new-errors',
        path: () => '/open-record',
        act: async (page) => {
          await openRecord(page)
          await arrive(page, () => page.getByRole('link', { name: 'They ask for a copy of their data' }).click())
          await press(page, 'Write it down')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /subject-access/:id': {
    as: 'informationGovernance',
    shown: [
      { name: 'subject-access-request', path: ({ requestId }) => `/subject-access/${requestId}` },
      {
        name: 'subject-access-request-errors',
        path: ({ requestId }) => `/subject-access/${requestId}`,
        act: (page) => press(page, 'Close it'),
        byKeyboard: true,
      },
    ],
  },
  'GET /subject-access/:id/review': {
    as: 'informationGovernance',
    shown: [
      { name: 'subject-access-review', path: ({ requestId }) => `/subject-access/${requestId}/review` },
      {
        name: 'subject-access-review-errors',
        path: ({ requestId }) => `/subject-access/${requestId}/review`,
        act: async (page) => {
          await page.getByLabel('Leave it out: it is about somebody else').first().check()
          await press(page, 'Save what is decided')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /admin/settings/numbers': {
    as: 'administrator',
    shown: [
      {
        name: 'settings-numbers-errors',
        path: () => '/admin/settings/numbers',
        act: async (page) => {
          await page.getByLabel('In a crisis').fill('')
          await press(page, 'Save')
        },
      },
    ],
  },
  'GET /admin/messages': {
    as: 'administrator',
    shown: [{ name: 'message-settings', path: () => '/admin/messages' }],
  },
  'GET /admin/messages/:kind': {
    as: 'administrator',
    shown: [{ name: 'message-setting', path: () => '/admin/messages/session-in-two-days', byKeyboard: true }],
  },
  'GET /admin/messages/:kind/letter/print': {
    as: 'administrator',
    shown: [{ name: 'message-letter', path: () => '/admin/messages/loan-made/letter/print' }],
  },
  'GET /admin/messages/:kind/:form': {
    as: 'administrator',
    shown: [
      {
        name: 'message-words-errors',
        path: () => '/admin/messages/loan-made/email',
        act: async (page) => {
          await page.getByLabel('Subject').fill('From the NHS')
          await page.getByLabel('Email', { exact: true }).fill('Hello {{nickname}}')
          await press(page, 'Save')
        },
        byKeyboard: true,
      },
      {
        name: 'message-words-preview',
        path: () => '/admin/messages/loan-made/email',
        act: async (page) => {
          await page.getByLabel('Email', { exact: true }).fill('Hello {{name}},\n\nthe crisis team writes.')
          await press(page, 'See how it reads')
        },
      },
    ],
  },
  'GET /admin/settings/calls': {
    as: 'administrator',
    shown: [
      {
        name: 'settings-calls-errors',
        path: () => '/admin/settings/calls',
        act: async (page) => {
          await page.getByLabel('Break between two calls').fill('a while')
          await press(page, 'Save')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /admin/settings/data': {
    as: 'administrator',
    shown: [
      {
        name: 'settings-data-errors',
        path: () => '/admin/settings/data',
        act: async (page) => {
          await page.getByLabel('A video call').fill('a lot')
          await press(page, 'Save')
        },
        byKeyboard: true,
      },
    ],
  },
  'GET /admin/settings/openings': {
    as: 'administrator',
    shown: [
      { name: 'settings-openings', path: () => '/admin/settings/openings', byKeyboard: true },
      {
        name: 'settings-openings-errors',
        path: () => '/admin/settings/openings',
        act: async (page) => {
          await page.getByLabel('Minutes').fill('0')
          await press(page, 'Save')
        },
      },
    ],
  },
  'GET /caseloads': {
    as: 'champion',
    shown: [{ name: 'caseloads', path: () => '/caseloads', byKeyboard: true }],
  },
  'GET /caseloads/:id': {
    as: 'champion',
    shown: [
      { name: 'caseload-nobodys', path: () => '/caseloads/nobody' },
      {
        name: 'caseload-errors',
        path: () => '/caseloads/nobody',
        act: (page) => press(page, 'Hand over'),
      },
      {
        name: 'caseload-empty',
        path: () => `/caseloads/${site.app.people.actors.champion.staffId}`,
        byKeyboard: true,
      },
    ],
  },
  'GET /service-users/:id/champion': {
    as: 'champion',
    shown: [
      { name: 'service-user-champion', path: ({ person }) => `/service-users/${person.id}/champion`, byKeyboard: true },
      {
        name: 'service-user-champion-errors',
        path: ({ person }) => `/service-users/${person.id}/champion`,
        act: (page) => press(page, 'Save'),
      },
    ],
  },
  'GET /audit': {
    as: 'informationGovernance',
    shown: [
      { name: 'audit', path: () => '/audit' },
      { name: 'audit-none', path: () => '/audit?from-day=1&from-month=1&from-year=2040', byKeyboard: true },
      {
        name: 'audit-no-number',
        path: () => '/audit?kind=loan',
        act: (page) => press(page, 'Find the record'),
      },
      { name: 'audit-errors', path: () => '/audit?from-day=45&from-month=1&from-year=2026', status: 422 },
    ],
  },
  'GET /sign-in': {
    as: 'nobody',
    shown: [
      { name: 'sign-in', path: () => '/sign-in?notice=out', byKeyboard: true },
      { name: 'sign-in-errors', path: () => '/sign-in', act: (page) => press(page, 'Sign in'), byKeyboard: true },
    ],
  },
  'GET /help': { as: 'nobody', shown: [{ name: 'help', path: () => '/help', byKeyboard: true }] },
  'GET /waiting-form': {
    as: 'late',
    shown: [{ name: 'waiting-form', path: () => '/waiting-form', byKeyboard: true }],
  },
}

const roles = {
  champion: () => site.app.people.actors.champion,
  informationGovernance: () => site.app.people.actors['information-governance'],
  administrator: () => site.app.people.actors.administrator,
  careTeam: () => site.app.people.actors['care-team'],
  commissioner: () => site.app.people.actors.commissioner,
  wardStaff: () => site.app.people.actors['ward-staff'],
  nobody: () => null,
  tablet: () => null,
  nurse: () => nurseActor,
  late: () => site.app.people.actors.administrator,
  withPhone: () => phones.withPhone,
  halfway: () => phones.withPhone,
  settingUp: () => phones.settingUp,
}

async function openFor(who: keyof typeof roles): Promise<Page> {
  const actor = roles[who]()
  if (who === 'tablet') return openTablet()
  if (actor === null) return openBrowser()
  if (who === 'halfway' || who === 'settingUp') return givePassword(actor.email)
  const page = await site.signedInAs(actor)
  if (who === 'late') await sendTooLate(page, actor)
  return page
}

/** A ward's tablet, and somebody who works there. */
let sharedTablet: Awaited<ReturnType<typeof tabletOf>>
let nurse: Staff
let nurseActor: Actor

async function makeTablet(): Promise<void> {
  const { db, people } = site.app
  sharedTablet = await tabletOf(site.app, people.ward, longName.slice(0, 60))
  nurse = await staffMember(db, {
    organisation_id: people.organisationId,
    role: 'ward-staff',
    wards: [people.ward],
    name: longName,
    password,
  })
  await pinOf(db, nurse)
  nurseActor = await actorFor(db, nurse)
  for (let n = 0; n < 24; n += 1) await nurseOf(site.app, { pin: null })
}

async function openTablet(): Promise<Page> {
  const page = await openBrowser()
  await page.context().addCookies([{ name: 'tablet', value: sharedTablet.token, url: site.address }])
  return page
}

async function signInByPin(page: Page): Promise<void> {
  await page.getByLabel('Your PIN').fill(examplePin)
  await press(page, 'Sign in')
}

async function doTask(page: Page): Promise<void> {
  await page.getByLabel('Damaged, can be put right').check()
  await page.getByLabel('What else do you know?').fill(longName)
  await press(page, 'Report it')
}

/** Somebody with a phone, and somebody who has to set one up. */
let phones: { withPhone: Actor; settingUp: Actor }

async function makePhones(): Promise<typeof phones> {
  const { db, pool, people, services } = site.app
  const withPhone = await staffMember(db, { organisation_id: people.organisationId, password, name: longName })
  await secondStep(db, withPhone, { key: services.secondStepKey })
  const { id: organisation_id } = await organisation(db)
  await pool.query('update second_step_rules set is_required = true where organisation_id = $1', [organisation_id])
  const settingUp = await staffMember(db, { organisation_id, password, email: `${'x'.repeat(60)}@trust.example` })
  return { withPhone: await actorFor(db, withPhone), settingUp: await actorFor(db, settingUp) }
}

async function givePassword(email: string): Promise<Page> {
  const page = await openBrowser()
  await page.goto(`${site.address}/sign-in`)
  await page.getByLabel('Email address').fill(email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await arrive(page, () => page.keyboard.press('Enter'))
  return page
}

async function beginSetUp(page: Page): Promise<void> {
  await page.getByLabel('Your password').fill(password)
  await page.getByLabel('Code of 6 digits').fill(codeAt(site.app.clock()))
  await press(page, 'Go on')
}

async function finishSetUp(page: Page): Promise<void> {
  const secret = (await page.locator('.app-secret').textContent()) ?? ''
  await page.getByLabel('Code of 6 digits').fill(codeAt(site.app.clock(), secret))
  await press(page, 'Check the code')
}

/** Sends a form an hour after the session ended, and signs in again. */
async function sendTooLate(page: Page, actor: Actor): Promise<void> {
  await page.goto(`${site.address}/kits/new`)
  const now = site.app.clock()
  site.app.setClock(new Date(now.getTime() + 90 * 60_000))
  await press(page, 'Add this kit')
  await page.getByLabel('Email address').fill(actor.email)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await arrive(page, () => page.keyboard.press('Enter'))
  site.app.setClock(now)
}

interface Judged {
  name: string
  byKeyboard?: boolean
  /** Once for each page; its other states, which look the same when wide, are judged when narrow. */
  atBothWidths?: boolean
}

/**
 * The fault run goes through every state of every page at both widths, with axe and by keyboard. Here each state is seen
 * when narrow, where more can go wrong; axe is asked of the first of each page, and of those with a kind of thing that no
 * state before had, which are also gone through by keyboard, or judged when wide.
 */
const isWholeRun = process.env.WHOLE_RUN === 'yes'
const narrow = { width: 320, height: 800 }
const wide = { width: 1280, height: 800 }
const seen = { controls: new Set<string>(), components: new Set<string>() }

/** Whether a kind of them is on the page that was on none before. */
async function hasNew(page: Page, what: keyof typeof seen): Promise<boolean> {
  const kinds = (await page.evaluate(describeKinds))[what]
  const isNew = kinds.some((kind) => !seen[what].has(kind))
  for (const kind of kinds) seen[what].add(kind)
  return isNew
}

/** What a machine can tell of the page as it stands; pictures of it at both widths when somebody asks for them. */
async function judge(page: Page, { name, byKeyboard = false, atBothWidths = true }: Judged): Promise<void> {
  await page.setViewportSize(narrow)
  await page.mouse.move(0, 0)
  await screenshot(page, `pages-${name}-320`)
  const hasNewControls = await hasNew(page, 'controls')
  const hasNewComponents = await hasNew(page, 'components')
  const isLikeOthers = !isWholeRun && !atBothWidths && !hasNewControls && !hasNewComponents
  await (isLikeOthers ? checkShape : checkAccessibility)(page, name)
  if (isWholeRun || (byKeyboard && hasNewControls)) await tabThrough(page)

  const isJudgedWide = atBothWidths && (isWholeRun || hasNewComponents)
  if (!isJudgedWide && !isWholeRun && !process.env.SCREENSHOTS) return
  await page.setViewportSize(wide)
  await screenshot(page, `pages-${name}`)
  if (isJudgedWide) await checkAtThisWidth(page, name)
  if (isWholeRun) await tabThrough(page)
}

/** What is only looked at is narrow from the start: a wide page takes twice as long to be laid out. */
async function show(page: Page, { path, act, status = 200 }: Shown): Promise<void> {
  await page.setViewportSize(act ? wide : narrow)
  const answer = await page.goto(`${site.address}${path(made)}`)
  expect([path(made), answer?.status()]).toEqual([path(made), status])
  await act?.(page)
}

describe('the table of pages', () => {
  it('has every page of every feature, and none that is gone', () => {
    const routes = features.flatMap((feature) => feature.routes).filter(({ method }) => method === 'get')
    const names = routes.map(({ path }) => `GET ${path}`).filter((name) => !isFile(name))
    expect(Object.keys(pages).sort()).toEqual(names.sort())
  })
})

describe('every page, with all that is long, strange or many', () => {
  const groups = Map.groupBy(
    Object.entries(pages),
    ([route, { as }]) => `${as}, ${route.split('/').slice(0, 3).join('/')}`,
  )

  it.each([...groups])('can be used by everybody: %s', async (_, group) => {
    const page = await openFor(group[0]?.[1].as ?? 'nobody')
    for (const [at, state] of group.flatMap(([, { shown }]) => [...shown.entries()])) {
      await show(page, state)
      await judge(page, { ...state, atBothWidths: at === 0 })
    }
  })
})

describe('every list, in an organisation that has nothing yet', () => {
  const lists = [
    '/',
    '/loans',
    '/loans/new',
    '/loans/extensions',
    '/items',
    '/items/new',
    '/items/import',
    '/models',
    '/kits',
    '/turnaround',
    '/repairs',
    '/incidents',
    '/stock-checks',
    '/items/labels',
    '/service-users',
  ]

  it('says so, and how to begin', async () => {
    const page = await site.signedInAs(site.app.people.foreignActors.champion)
    for (const path of lists) {
      await show(page, { name: path, path: () => path })
      await judge(page, { name: `empty${path.replaceAll('/', '-')}`, atBothWidths: false })
    }
  })

  it('shows each role its own home', async () => {
    for (const role of ['ward-staff', 'care-team', 'commissioner', 'administrator'] as const) {
      const page = await site.signedInAs(site.app.people.actors[role])
      await judge(page, { name: `home-${role}` })
    }
  })

  it('shows ward staff what their ward has', async () => {
    const page = await site.signedInAs(site.app.people.actors['ward-staff'])
    for (const path of ['/loans', `/loans/${made.wardLoanId}`, '/items', '/kits']) {
      await show(page, { name: path, path: () => path })
      await judge(page, {
        name: `ward${path.replaceAll('/', '-')}`,
        byKeyboard: path === '/loans',
        atBothWidths: false,
      })
    }
  })
})

describe('what went wrong', () => {
  it('is said on a page that everybody can use', async () => {
    const page = await site.signedInAs(site.app.people.actors['care-team'])
    await show(page, { name: '403', path: () => '/loans', status: 403 })
    await judge(page, { name: 'error-403', byKeyboard: true })
    await show(page, { name: '404', path: () => `/${longTag}`, status: 404 })
    await judge(page, { name: 'error-404', byKeyboard: true })
  })

  it('is said where a form was changed by somebody else meanwhile', async () => {
    const page = await site.signedInAs(site.app.people.actors.champion)
    await show(page, { name: 'extension', path: ({ partId }) => `/loans/${partId}/extension` })
    await site.app.db
      .updateTable('loans')
      .set((eb) => ({ version: eb('version', '+', 1) }))
      .where('id', '=', made.partId)
      .execute()
    await press(page, 'Extend')
    expect(await page.title()).toMatch(/^Error: /)
    await judge(page, { name: 'extension-overtaken', byKeyboard: true })
  })
})
