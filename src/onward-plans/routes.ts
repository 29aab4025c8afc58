import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findLoan, listLoanLines } from '../loans/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { closeRescue, planOnward, SaidBefore } from './actions.ts'
import { parseOnwardPlan, tickedIn } from './form.ts'
import { devicesToAskAbout, type OnwardShown, presentOnwardPlan } from './presenter.ts'
import { listRescues } from './queries.ts'
import { isRescueOutcome, onwardPlanUrl, rescueOutcomes } from './rules.ts'

export const onwardPlanRoutes = [
  get('/loans/:id/onward-plan', 'loan:write', showPlan),
  post('/loans/:id/onward-plan', 'loan:write', savePlan),
  post('/loans/:id/onward-plan/rescues/:rescue/:outcome', 'loan:write', closeFromPlan),
  post('/turnaround/:id/rescues/:rescue/:outcome', 'turnaround:write', closeFromSheet),
]

const VIEW = 'onward-plans/plan'

async function showPlan(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  const { id, service_user_id } = shown.loan
  await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', id], serviceUserId: service_user_id })
  renderPage(res, VIEW, presentOnwardPlan({ ...shown, key: formKeyOf({}) }))
}

async function savePlan(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  const key = formKeyOf(req.body)
  const devices = devicesToAskAbout(shown.lines, shown.rescues)
  const isSavingAlready = shown.rescues.some(({ closed_at }) => closed_at === null)
  const form = parseOnwardPlan(req.body, { devices, isSavingAlready, today: shown.today })
  const again = { ...shown, key, values: form.values, ...tickedIn(req.body) }
  if (form.errors) return showAgain(res, VIEW, presentOnwardPlan({ ...again, errors: form.errors }))
  const { value } = form
  try {
    const url = await createOnce(req, key, onwardPlanUrl, (change) => planOnward(change, shown.loan.id, value))
    req.session.flash = 'What comes next is written down.'
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await showRefused(req, res, again, error)
  }
}

async function showRefused(req: Request, res: Response, again: OnwardShown, error: RuleBroken): Promise<void> {
  await keepRefusal(req, error)
  const errors = [{ field: '', text: error.message }]
  showAgain(res, VIEW, presentOnwardPlan({ ...again, ...(await readShown(req)), errors }), 409)
}

/** A loan to a person. What a ward or a colleague has is reviewed like any other loan, and asks for no plan. */
async function readShown(req: Request) {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const [loan, lines, rescues] = await Promise.all([
    findLoan(db, actor, id),
    listLoanLines(db, actor, id),
    listRescues(db, actor, id),
  ])
  if (!loan || loan.service_user_id === null) throw new NotFound()
  return { loan: { ...loan, service_user_id: loan.service_user_id }, lines, rescues, today: londonToday(now) }
}

async function closeFromPlan(req: Request, res: Response): Promise<void> {
  const loanId = idFrom(req)
  await close(req, { loanId })
  res.redirect(303, onwardPlanUrl(loanId))
}

/** From the bench: whoever makes things ready need not see whose loan it was. */
async function closeFromSheet(req: Request, res: Response): Promise<void> {
  const itemId = idFrom(req)
  await close(req, { itemId })
  res.redirect(303, `/turnaround/${itemId}`)
}

async function close(req: Request, of: { loanId: number } | { itemId: number }): Promise<void> {
  const outcome = textFrom(req, 'outcome')
  if (!isRescueOutcome(outcome)) throw new NotFound()
  const rescueId = idFrom(req, 'rescue')
  try {
    const tag = await inTransaction(req, (change) => closeRescue(change, rescueId, outcome, of))
    req.session.flash = `${tag}. ${rescueOutcomes[outcome].done}`
  } catch (error) {
    if (!(error instanceof SaidBefore)) throw error
    req.session.flash = 'Somebody said so before.'
  }
}
