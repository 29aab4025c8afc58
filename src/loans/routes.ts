import type { Request, Response } from 'express'
import { addWeeks, formatLongDate, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import type { FieldError, Parsed, Typed } from '../lib/fields.ts'
import { NotFound, Refusal, Taken } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { extendLoan, giveItems, returnItems } from './actions.ts'
import { presentAgreement } from './agreement-presenter.ts'
import { whyTaken } from './lend-presenter.ts'
import { explainTaken } from './lend-queries.ts'
import { type LinesForm, lineIdsOf, parseExtension, parseLines, parseReturn } from './lines-form.ts'
import { type LineFormName, type LinesPage, presentLinesForm, presentLoan, presentLoans } from './presenter.ts'
import { findLoan, listLoanEvents, listLoanLines, listLoans, loanFilters } from './queries.ts'

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

const PAGE_SIZE = 50
const WEEKS_AHEAD = 4

async function showLoans(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const filter = loanFilters.find((name) => name === queryText(req, 'show')) ?? 'open'
  const list = await listLoans(db, actor, filter, today, addWeeks(today, WEEKS_AHEAD), {
    ...idCursor(req),
    size: PAGE_SIZE,
  })
  renderPage(res, 'loans/list', presentLoans({ list, filter, today, mayLend: may(actor, 'loan:write') }))
}

function idCursor(req: Request): { after?: string; before?: string } {
  const isId = (text: string) => /^[1-9]\d{0,14}$/.test(text)
  const before = queryText(req, 'before')
  const after = queryText(req, 'after')
  if (isId(before)) return { before }
  return isId(after) ? { after } : {}
}

async function showLoan(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const { loan, lines } = await readLoan(req)
  const events = await listLoanEvents(db, actor, loan.id)
  await recordView(req, loan)
  renderPage(
    res,
    'loans/loan',
    presentLoan({
      loan,
      lines,
      events,
      now,
      today: londonToday(now),
      mayChange: may(actor, 'loan:write'),
      maySeePerson: may(actor, 'service-user:read'),
    }),
  )
}

async function readLoan(req: Request) {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [loan, lines] = await Promise.all([findLoan(db, actor, id), listLoanLines(db, actor, id)])
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
  if (loan.agreement_body === null) throw new NotFound()
  await recordView(req, loan)
  const isLarge = queryText(req, 'print') === 'large'
  renderPage(res, 'loans/agreement', presentAgreement(loan, lines, isLarge), { layout: 'print' })
}

function showLinesForm(name: LineFormName) {
  return async (req: Request, res: Response): Promise<void> => {
    renderPage(res, 'loans/lines', await linesPage(req, name, {}))
  }
}

interface LinesAgain {
  ticked?: number[]
  values?: Typed
  errors?: FieldError[]
}

async function linesPage(req: Request, name: LineFormName, again: LinesAgain): Promise<LinesPage> {
  const { actor, now } = context(req)
  const { loan, lines } = await readLoan(req)
  if (!may(actor, 'loan:write')) throw new NotFound()
  return presentLinesForm(name, { loan, lines, today: londonToday(now), ...again })
}

function saveExtension(req: Request, res: Response): Promise<void> {
  const form = parseExtension(req.body, londonToday(context(req).now))
  return changeLines(req, res, 'extension', form, async (change, id, value) => {
    const dueOn = await extendLoan(change, id, value)
    return `Extended. The new review date is ${formatLongDate(dueOn)}.`
  })
}

function saveReturn(req: Request, res: Response): Promise<void> {
  const form = parseReturn(req.body, londonToday(context(req).now))
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

/** Changes the ticked lines and goes to the loan; or shows the form again with what stands in the way. */
async function changeLines<T extends LinesForm>(
  req: Request,
  res: Response,
  name: LineFormName,
  form: Parsed<T>,
  work: (change: Change, loanId: number, value: T) => Promise<string>,
): Promise<void> {
  const again = { ticked: lineIdsOf(req.body), values: form.values }
  if (form.errors) return showAgain(res, 'loans/lines', await linesPage(req, name, { ...again, errors: form.errors }))
  const loanId = idFrom(req)
  try {
    req.session.flash = await inTransaction(req, (change) => work(change, loanId, form.value))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const errors = await whyRefused(req, error, form.value)
    return showAgain(res, 'loans/lines', await linesPage(req, name, { ...again, errors }), 409)
  }
  res.redirect(303, `/loans/${loanId}`)
}

/** Whose plan stands in the way, and when; or the refusal's own words. */
async function whyRefused(req: Request, refusal: Refusal, form: LinesForm & { dueOn?: string }): Promise<FieldError[]> {
  const { db, actor, now } = context(req)
  if (!(refusal instanceof Taken) || form.dueOn === undefined) return [{ field: 'line', text: refusal.message }]
  const { lines } = await readLoan(req)
  const itemIds = lines.filter((line) => form.lineIds.includes(line.id)).map((line) => line.item_id)
  const taken = await explainTaken(db, actor, itemIds, londonMidnightAfter(form.dueOn), form.lineIds)
  const reasons = taken.map((row) => ({ field: 'due', text: whyTaken(row, londonToday(now), true) }))
  return reasons.length > 0 ? reasons : [{ field: 'due', text: 'Someone planned to use it meanwhile. Try again.' }]
}
