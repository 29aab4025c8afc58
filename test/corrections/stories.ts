import {
  availableItem,
  type Item,
  itemBookedLater,
  type Loan,
  type LoanOverrides,
  loanTo,
  serviceUser,
} from '../../seeds/factories.ts'
import { returnItems } from '../../src/loans/line-actions.ts'
import { doSteps } from '../../src/turnaround/actions.ts'
import type { Step } from '../../src/turnaround/rules.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { brokenRules } from '../holds/invariants.ts'
import { dateFields, type Fields } from '../loans/forms.ts'
import type { TestApp } from '../support/app.ts'

export const reason = 'They were mixed up at the desk'

/** An item on our shelf. */
export function onOurShelf({ db, people }: TestApp, columns: object = {}): Promise<Item> {
  return availableItem(db, { organisation_id: people.organisationId, ...columns })
}

/** A loan a week old, of one tablet unless others are named, in the audit as every loan is. */
export async function ourLoan(
  app: TestApp,
  overrides: LoanOverrides = {},
): Promise<Loan & { lineId: number; item: Item }> {
  const items = overrides.items ?? [await onOurShelf(app)]
  const lentBy = { id: app.people.actors.champion.staffId }
  const loan = await loanTo(app.db, { organisationId: app.people.organisationId, lentBy, ...overrides, items })
  await app.changeAs('champion', async (change) => change.audit({ verb: 'loan:lent', subject: ['loan', loan.id] }))
  return { ...loan, lineId: loan.lines[0]!.id, item: items[0]! }
}

/** Lent on Monday 27 July, back on Friday 31 July, on the bench since. */
export async function returnedLoan(app: TestApp) {
  const loan = await ourLoan(app)
  const back = { lineIds: [loan.lineId], returnedOn: '2026-07-31', version: loan.version }
  await app.changeAs('champion', (change) => returnItems(change, loan.id, back))
  return { ...loan, version: loan.version + 1 }
}

export function ourPerson({ db, people }: TestApp, name: string) {
  return serviceUser(db, { organisation_id: people.organisationId, name })
}

/** Books an item from 9am on a day in August 2026, for an hour. */
export function bookedOn({ db }: TestApp, item: Item, day: number) {
  const at = (hour: number) => new Date(Date.UTC(2026, 7, day, hour))
  return itemBookedLater(db, { item, from: at(8), until: at(9) })
}

export function correctionFields(loan: { version: number }, lineIds: number[], fields: Fields = {}): Fields {
  return { version: loan.version, line: lineIds.map(String), reason, ...fields }
}

export function dateCorrection(loan: { version: number }, lineIds: number[], which: string, day: string): Fields {
  return correctionFields(loan, lineIds, { which, ...dateFields('right', day) })
}

export function storedLine({ db }: TestApp, id: number) {
  return db.selectFrom('loan_lines').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

/** The turnarounds of an item, the first first. */
export function benchesOf({ db }: TestApp, item: Pick<Item, 'id'>) {
  return db
    .selectFrom('item_holds')
    .select(['id', 'taken_at', 'ended_at', 'ended_as'])
    .where('item_id', '=', item.id)
    .where('kind', '=', 'turnaround')
    .orderBy('id')
    .execute()
}

/** What stands on record of the corrections of a loan: why, and what each change replaced. */
export async function onRecord({ db }: TestApp, loanId: number) {
  return db
    .selectFrom('loan_corrections as correction')
    .innerJoin('loan_correction_reasons as why', 'why.correction_id', 'correction.id')
    .innerJoin('loan_correction_changes as change', 'change.correction_id', 'correction.id')
    .select([
      'correction.kind',
      'correction.other_loan_id',
      'why.reason',
      'change.line_id',
      'change.before',
      'change.after',
    ])
    .where('correction.loan_id', '=', loanId)
    .orderBy('change.id')
    .execute()
}

export function rulesBroken({ db }: TestApp) {
  return brokenRules(db)
}

/** Ticks steps of an item's newest turnaround; all of them, and so it is ready, unless some are named. */
export async function tick(app: TestApp, itemId: number, steps: Step[] = stepsFor('tablet')): Promise<void> {
  const benches = await benchesOf(app, { id: itemId })
  const holdId = benches.at(-1)!.id
  const ticked = steps.map((step) => ({ step, method: step === 'wiped' ? ('factory-reset' as const) : null, note: '' }))
  await app.changeAs('champion', (change) => doSteps(change, itemId, holdId, ticked))
}
