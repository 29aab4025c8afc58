import type { Request, Response } from 'express'
import { fieldText } from '../lib/fields.ts'
import { NotFound } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { answerThroughLink, followUp, openCheckIn, saveWish } from './actions.ts'
import { deadQuestion, presentCheckIns, presentQuestion, thanks } from './presenter.ts'
import { findLoanForCheckIns, type LoanForCheckIns } from './queries.ts'
import { isAnswer } from './rules.ts'

export const checkInRoutes = [
  get('/how-is-it-going/:token', 'public', showQuestion),
  post('/how-is-it-going/:token', 'public', saveAnswer),
  get('/loans/:id/check-ins', 'loan:write', showCheckIns),
  post('/loans/:id/check-ins', 'loan:write', saveWishOf),
  post('/loans/:id/check-ins/:checkIn', 'loan:write', saveFollowUp),
]

const SAID = 'check-ins/said'
const VIEW = 'check-ins/loan'

/** Looking changes nothing: a mail scanner that follows every link answers for nobody. */
async function showQuestion(req: Request, res: Response): Promise<void> {
  const { db, clock } = services(req)
  const token = tokenOf(req)
  const open = await openCheckIn(db, token, clock())
  if (!open) return renderPage(res, SAID, deadQuestion, { status: 404 })
  renderPage(res, 'check-ins/question', presentQuestion(token))
}

async function saveAnswer(req: Request, res: Response): Promise<void> {
  const { db, clock } = services(req)
  const token = tokenOf(req)
  const answer = fieldText(req.body, 'answer')
  if (!isAnswer(answer)) {
    if (!(await openCheckIn(db, token, clock()))) return renderPage(res, SAID, deadQuestion, { status: 404 })
    return showAgain(res, 'check-ins/question', presentQuestion(token))
  }
  try {
    await answerThroughLink({ db, clock, requestId: req.id }, token, answer)
  } catch (error) {
    if (!(error instanceof NotFound)) throw error
    return renderPage(res, SAID, deadQuestion, { status: 404 })
  }
  renderPage(res, SAID, thanks)
}

function tokenOf(req: Request): string {
  const { token } = req.params
  return typeof token === 'string' && /^[\w-]{43}$/.test(token) ? token : ''
}

async function showCheckIns(req: Request, res: Response): Promise<void> {
  const loan = await findOr404(req)
  await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', loan.id], serviceUserId: loan.service_user_id })
  renderPage(res, VIEW, presentCheckIns(loan))
}

async function saveWishOf(req: Request, res: Response): Promise<void> {
  const loan = await findOr404(req)
  const mayAsk = fieldText(req.body, 'may-ask')
  if (mayAsk !== 'yes' && mayAsk !== 'no') {
    return showAgain(res, VIEW, presentCheckIns(loan, [{ field: 'may-ask', text: 'Choose what they said' }]))
  }
  await inTransaction(req, (change) => saveWish(change, loan.id, mayAsk === 'yes'))
  req.session.flash = mayAsk === 'yes' ? 'They are asked after 2 and 6 weeks.' : 'They are not asked.'
  res.redirect(303, `/loans/${loan.id}/check-ins`)
}

async function saveFollowUp(req: Request, res: Response): Promise<void> {
  const loan = await findOr404(req)
  await inTransaction(req, (change) => followUp(change, loan.id, idFrom(req, 'checkIn')))
  req.session.flash = 'It is written down that you followed it up.'
  res.redirect(303, `/loans/${loan.id}/check-ins`)
}

async function findOr404(req: Request): Promise<LoanForCheckIns> {
  const { db, actor } = context(req)
  const loan = await findLoanForCheckIns(db, actor, idFrom(req))
  if (!loan) throw new NotFound()
  return loan
}
