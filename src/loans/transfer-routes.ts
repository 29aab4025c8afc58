import type { Request, Response } from 'express'
import { londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, versionOf } from '../lib/fields.ts'
import { NotFound, Refusal, Stale, Taken } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { agreementAccepted, borrowerOf, describeBorrower, findPeople, whoPage } from './choosing-routes.ts'
import { presentOvertaken } from './history-presenter.ts'
import { type BorrowerAsked, borrowerAsked } from './lend-form.ts'
import { explainTaken, findAgreement } from './lend-queries.ts'
import { lineIdsOf } from './lines-form.ts'
import { findLoan, listLoanEvents, listLoanLines } from './queries.ts'
import { dueFromNow, isOpen } from './rules.ts'
import { whyTaken } from './taken-presenter.ts'
import { transferLoan } from './transfer-actions.ts'
import { parseTransfer } from './transfer-form.ts'
import { presentTransfer, type TransferShown, transferUrl } from './transfer-presenter.ts'

/** A loan goes straight on to somebody else: who, then what of it. */
export const transferRoutes = [
  get('/loans/:id/transfer', 'loan:write', showTransfer),
  post('/loans/:id/transfer/people', 'loan:write', askPeople),
  get('/loans/:id/transfer/people', 'loan:write', showPeople),
  post('/loans/:id/transfer', 'loan:write', transfer),
]

const VIEW = 'loans/transfer'
const WHO = 'loans/who'

async function readLoan(req: Request) {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [loan, lines] = await Promise.all([findLoan(db, actor, id), listLoanLines(db, actor, id)])
  if (!loan) throw new NotFound()
  return { loan, lines }
}

/** What the page that asks who it goes to leads to. */
function purposeOf(loanId: number) {
  return {
    url: transferUrl(loanId),
    verb: 'Transfer',
    title: 'Who does it go to?',
    back: { href: `/loans/${loanId}`, text: `Loan ${loanId}` },
  }
}

async function showTransfer(req: Request, res: Response): Promise<void> {
  const asked = borrowerAsked(req.query)
  const shown = await readLoan(req)
  if (!asked) return renderPage(res, WHO, await whoPage(req, { itemIds: [], purpose: purposeOf(shown.loan.id) }))
  const page = await transferPage(req, asked, shown)
  await recordViews(req, shown.loan, asked)
  renderPage(res, VIEW, page)
}

/** The page says whose loan it is, and with their date of birth whose it is to be. */
async function recordViews(req: Request, loan: { id: number; service_user_id: number | null }, asked: BorrowerAsked) {
  const { service_user_id } = loan
  if (service_user_id !== null) {
    await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', loan.id], serviceUserId: service_user_id })
  }
  if (asked.kind !== 'service-user') return
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', asked.id],
    serviceUserId: asked.id,
  })
}

async function askPeople(req: Request, res: Response): Promise<void> {
  const { loan } = await readLoan(req)
  const search = fieldText(req.body, 'search').slice(0, 200)
  if (search === '') {
    const errors = [{ field: 'search', text: 'Enter a name, an NHS number or a phone number' }]
    return showAgain(res, WHO, await whoPage(req, { itemIds: [], purpose: purposeOf(loan.id), errors }))
  }
  req.session.borrowerSearch = search
  res.redirect(303, `${transferUrl(loan.id)}/people`)
}

async function showPeople(req: Request, res: Response): Promise<void> {
  const { loan } = await readLoan(req)
  const search = req.session.borrowerSearch
  if (!search) return res.redirect(303, transferUrl(loan.id))
  const found = await findPeople(req, search)
  renderPage(res, WHO, await whoPage(req, { itemIds: [], purpose: purposeOf(loan.id), search, found }))
}

async function transfer(req: Request, res: Response): Promise<void> {
  const asked = borrowerAsked(req.body)
  if (!asked) throw new NotFound()
  const shown = await readLoan(req)
  const { loan } = shown
  const today = londonToday(context(req).now)
  const open = shown.lines.filter(isOpen).map((line) => ({ ...line, until: dueFromNow(line.due_on, today) }))
  const sides = { fromWard: loan.ward_id !== null, toWard: asked.kind === 'ward' }
  const { values, errors, value } = parseTransfer(req.body, open, sides)
  const again = { values, ticked: lineIdsOf(req.body), version: versionOf(req.body) }
  if (errors) return showAgain(res, VIEW, await transferPage(req, asked, shown, { ...again, errors }))
  try {
    const agreement = value.agreement && (await agreementAccepted(req, value.agreement))
    const order = { ...value, agreement, to: borrowerOf(asked) }
    const urlOf = ({ id }: { id: number }) => `/loans/${id}`
    const url = await createOnce(req, formKeyOf(req.body), urlOf, (change) => transferLoan(change, loan.id, order))
    req.session.flash = `Transferred from loan ${loan.id}. This is the new loan.`
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const why = await whyNot(req, error, asked, value.lineIds)
    showAgain(res, VIEW, await transferPage(req, asked, await readLoan(req), { ...again, ...why }), 409)
  }
}

/** Who stands in the way, and when: a booking in the ward's pool, somebody it was lent on to, somebody's plan. */
async function whyNot(
  req: Request,
  error: Refusal,
  asked: BorrowerAsked,
  lineIds: number[],
): Promise<{ errors: FieldError[]; version?: number }> {
  const { db, actor, now } = context(req)
  const { loan, lines } = await readLoan(req)
  const today = londonToday(now)
  if (error instanceof Stale) {
    const [last] = await listLoanEvents(db, actor, loan.id)
    return { errors: [{ field: 'line', text: presentOvertaken(last) }], version: loan.version }
  }
  if (!(error instanceof Taken)) return { errors: [{ field: 'line', text: error.message }] }
  const moved = lines.filter(({ id }) => lineIds.includes(id))
  const last =
    moved
      .map((line) => dueFromNow(line.due_on, today))
      .sort()
      .at(-1) ?? today
  const wanted = { from: now, until: londonMidnightAfter(last), exceptLineIds: lineIds }
  const wardId = asked.kind === 'ward' ? { wardId: asked.id } : {}
  const itemIds = moved.map((line) => line.item_id)
  const taken = await explainTaken(db, actor, itemIds, { ...wanted, ...wardId })
  const errors = taken.map((row) => ({ field: 'line', text: whyTaken(row, today, may(actor, 'service-user:read')) }))
  return {
    errors: errors.length > 0 ? errors : [{ field: 'line', text: 'Someone planned to use it meanwhile. Try again.' }],
  }
}

async function transferPage(
  req: Request,
  asked: BorrowerAsked,
  shown: Awaited<ReturnType<typeof readLoan>>,
  more: Partial<TransferShown> = {},
) {
  const { db, actor, now } = context(req)
  const [borrower, agreement] = await Promise.all([describeBorrower(req, asked), findAgreement(db, actor)])
  return presentTransfer({
    key: formKeyOf(req.body),
    ...shown,
    borrower: { ...asked, ...borrower },
    agreement,
    today: londonToday(now),
    ...more,
  })
}
