import type { Request, Response } from 'express'
import type { PersonsData } from '../data-allowances/forecast-rules.ts'
import { addWeeks, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type FieldError, type Parsed, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Refusal, Stale, Taken } from '../lib/refusals.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { isPlanned } from '../visits/rules.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, listCursor, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { presentAgreement } from './agreement-presenter.ts'
import { presentOvertaken } from './history-presenter.ts'
import { reviewSentence } from './lend-presenter.ts'
import { explainTaken, findAgreement, readLoanLengths } from './lend-queries.ts'
import { extendLoan, giveItems, returnItems } from './line-actions.ts'
import { isReturnDated, type LinesForm, lineIdsOf, parseExtension, parseLines, parseReturn } from './lines-form.ts'
import { type LineFormName, type LinesShown, presentLinesForm } from './lines-presenter.ts'
import { presentLoans } from './list-presenter.ts'
import { listLoans, loanFilters } from './list-queries.ts'
import { presentLoan } from './presenter.ts'
import {
  findLoan,
  findLoanWithData,
  type LoanDetail,
  type LoanLineRow,
  listLoanEvents,
  listLoanLines,
} from './queries.ts'
import { isOpen, laterDueOn } from './rules.ts'
import { whyTaken } from './taken-presenter.ts'

export const loanRoutes = [
  get('/loans', 'loan:read', showLoans),
  get('/loans/:id', 'loan:read', showLoan),
  get('/loans/:id/agreement', 'loan:write', showAgreement),
  get('/loans/:id/extension', 'loan:write', showLinesForm('extension')),
  post('/loans/:id/extension', 'loan:write', saveExtension),
  get('/loans/:id/return', 'loan:write', showLinesForm('return')),
  post('/loans/:id/return', 'loan:write', saveReturn),
  get('/loans/:id/gift', 'loan:write', showLinesForm('gift')),
  post('/loans/:id/gift', 'loan:write', saveGift),
]

const LINES = 'loans/lines'
const PAGE_SIZE = 50
const WEEKS_AHEAD = 4

async function showLoans(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const filter = loanFilters.find((name) => name === queryText(req, 'show')) ?? 'open'
  const list = await listLoans(db, actor, filter, today, addWeeks(today, WEEKS_AHEAD), {
    ...listCursor(req),
    size: PAGE_SIZE,
  })
  renderPage(res, 'loans/list', presentLoans({ list, filter, today, mayLend: may(actor, 'loan:write') }))
}

async function showLoan(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const mayReadData = may(actor, 'data-allowance:read')
  const { loan, lines } = await readLoan(req, mayReadData)
  const events = await listLoanEvents(db, actor, loan.id)
  await recordView(req, loan)
  renderPage(
    res,
    'loans/loan',
    presentLoan({
      loan,
      lines,
      events,
      data: loan.data ?? null,
      now,
      today: londonToday(now),
      mayChange: may(actor, 'loan:write'),
      mayReport: may(actor, 'item:report-fault'),
      mayRaise: may(actor, 'concern:raise'),
      maySeePerson: may(actor, 'service-user:read'),
      maySeeIncidents: may(actor, 'incident:read'),
    }),
  )
}

type LoanRead = LoanDetail & { data?: PersonsData | null }

async function readLoan(req: Request, withData = false) {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const find: Promise<LoanRead | undefined> = withData ? findLoanWithData(db, actor, id, now) : findLoan(db, actor, id)
  const [loan, lines] = await Promise.all([find, listLoanLines(db, actor, id)])
  if (!loan) throw new NotFound()
  return { loan, lines }
}

/** A loan to a person is part of their record. */
async function recordView(req: Request, loan: { id: number; service_user_id: number | null }): Promise<void> {
  if (loan.service_user_id === null) return
  await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', loan.id], serviceUserId: loan.service_user_id })
}

async function showAgreement(req: Request, res: Response): Promise<void> {
  const { loan, lines } = await readLoan(req)
  const agreed = loan.agreement_body === null ? await agreementToSign(req, lines) : {}
  await recordView(req, loan)
  const isLarge = queryText(req, 'print') === 'large'
  renderPage(res, 'loans/agreement', presentAgreement({ ...loan, ...agreed }, lines, isLarge), { layout: 'print' })
}

/** What is still to be handed over is signed for then: the sheet to bring along. */
async function agreementToSign(req: Request, lines: LoanLineRow[]) {
  const { db, actor } = context(req)
  const current = lines.some(isPlanned) ? await findAgreement(db, actor) : undefined
  if (!current) throw new NotFound()
  return { agreement_body: current.body, agreement_number: current.number }
}

function showLinesForm(name: LineFormName) {
  return async (req: Request, res: Response): Promise<void> => {
    const { db, actor, now } = context(req)
    const today = londonToday(now)
    const [shown, weeks] = await Promise.all([readLoan(req), readLoanLengths(db, actor)])
    await recordView(req, shown.loan)
    const offered = laterDueOn(shown.lines.filter(isOpen), weeks, today)
    renderPage(res, LINES, presentLinesForm(name, { ...shown, today, offered }))
  }
}

async function saveExtension(req: Request, res: Response): Promise<void> {
  const { lines } = await readLoan(req)
  const form = parseExtension(req.body, lines, londonToday(context(req).now))
  return changeLines(req, res, 'extension', form, async (change, id, value) => {
    const dueOn = await extendLoan(change, id, value)
    return `Extended. ${reviewSentence(value.dueOn, dueOn)}`
  })
}

async function saveReturn(req: Request, res: Response): Promise<void> {
  // what came back today can be no too early a day, and needs no look at the lines first
  const lines = isReturnDated(req.body) ? (await readLoan(req)).lines : []
  const form = parseReturn(req.body, lines, londonToday(context(req).now))
  return changeLines(req, res, 'return', form, async (change, id, value) => {
    await returnItems(change, id, value)
    return 'Taken back. Make each item ready before it is lent again.'
  })
}

function saveGift(req: Request, res: Response): Promise<void> {
  return changeLines(req, res, 'gift', parseLines(req.body), async (change, id, value) => {
    await giveItems(change, id, value)
    return 'Given to keep.'
  })
}

type AnyLinesForm = LinesForm & { dueOn?: string; returnedOn?: string | null }

/** A rule that was broken is about the date, where one was typed, or else about the lines. */
function fieldOf({ dueOn, returnedOn }: AnyLinesForm): string {
  if (dueOn) return 'due'
  return returnedOn ? 'returned' : 'line'
}

/** Changes the ticked lines and goes to the loan; or shows the form again with what stands in the way. */
async function changeLines<T extends AnyLinesForm>(
  req: Request,
  res: Response,
  name: LineFormName,
  form: Parsed<T>,
  work: (change: Change, loanId: number, value: T) => Promise<string>,
): Promise<void> {
  const { values } = form
  if (form.errors) return showLinesAgain(req, res, name, { values, errors: form.errors }, 422)
  const loanId = idFrom(req)
  try {
    req.session.flash = await inTransaction(req, (change) => work(change, loanId, form.value))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    if (error instanceof Stale) return showOvertaken(req, res, name, values)
    const errors =
      error instanceof Taken
        ? await whyTakenNow(req, name, form.value)
        : [{ field: fieldOf(form.value), text: error.message }]
    return showLinesAgain(req, res, name, { values, errors }, 409)
  }
  res.redirect(303, `/loans/${loanId}`)
}

type LinesAgain = Pick<LinesShown, 'values' | 'errors' | 'version'>

async function showLinesAgain(req: Request, res: Response, name: LineFormName, again: LinesAgain, status: 409 | 422) {
  const page = presentLinesForm(name, {
    ...(await readLoan(req)),
    today: londonToday(context(req).now),
    ticked: lineIdsOf(req.body),
    version: versionOf(req.body),
    ...again,
  })
  showAgain(res, LINES, page, status)
}

/** The lines as they are now, and what was done to them: sent once more, the form is meant. */
async function showOvertaken(req: Request, res: Response, name: LineFormName, values: Typed): Promise<void> {
  const { db, actor } = context(req)
  const { loan } = await readLoan(req)
  const [last] = await listLoanEvents(db, actor, loan.id)
  const errors = [{ field: 'line', text: presentOvertaken(last) }]
  return showLinesAgain(req, res, name, { values, errors, version: loan.version }, 409)
}

/**
 * Who stands in the way, and when: for more time, whoever planned to have the item then; for a return, whoever it was
 * lent on to; for a gift, anybody who counts on it.
 */
async function whyTakenNow(req: Request, name: LineFormName, { lineIds, dueOn }: AnyLinesForm): Promise<FieldError[]> {
  const { db, actor, now } = context(req)
  const { loan, lines } = await readLoan(req)
  const itemIds = lines.filter((line) => lineIds.includes(line.id)).map((line) => line.item_id)
  const until = dueOn === undefined ? null : londonMidnightAfter(nextWorkingDay(dueOn))
  const wardId = loan.ward_id ?? undefined
  const rows = await explainTaken(db, actor, itemIds, { from: now, until, wardId, exceptLineIds: lineIds })
  const inTheWay = name === 'return' ? rows.filter((row) => row.is_out) : rows
  const field = name === 'extension' ? 'due' : 'line'
  const reasons = inTheWay.map((row) => ({ field, text: whyTaken(row, londonToday(now), true) }))
  return reasons.length > 0 ? reasons : [{ field, text: 'Someone planned to use it meanwhile. Try again.' }]
}
