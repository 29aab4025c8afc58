import type { Request, Response } from 'express'
import { formKeyOf } from '../lib/fields.ts'
import { NotFound, Refusal } from '../lib/refusals.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { handOverLoans } from './actions.ts'
import { idAsked, parseHandover } from './form.ts'
import { type HandoverShown, presentHandover } from './presenter.ts'
import { findCarer, listChampions } from './queries.ts'
import { loansInWords } from './rules.ts'

/** Champions hand loans over to each other. They stand before the routes of one loan, `/loans/:id`. */
export const handoverRoutes = [
  get('/loans/handovers', 'loan:write', showHandover),
  post('/loans/handovers', 'loan:write', handOver),
]

const VIEW = 'handovers/handover'

async function showHandover(req: Request, res: Response): Promise<void> {
  const chosen = idAsked(req.query, 'from') ?? context(req).actor.staffId
  renderPage(res, VIEW, await handoverPage(req, idAsked(req.query, 'loan'), { chosen }))
}

async function handOver(req: Request, res: Response): Promise<void> {
  const { values, errors, value } = parseHandover(req.body)
  const loanId = idAsked(req.body, 'loan')
  if (errors) return showAgain(res, VIEW, await handoverPage(req, loanId, { values, errors }))
  let done = 'This form was sent before, and what it asked for was done.'
  try {
    const url = await createOnce(
      req,
      formKeyOf(req.body),
      // whoever is limited to a caseload may have handed the person over with the loan
      () => (loanId && !context(req).actor.caseloadOnly ? `/loans/${loanId}` : '/loans'),
      async (change) => {
        done = `Handed over: ${loansInWords(await handOverLoans(change, value))}.`
      },
    )
    req.session.flash = done
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    showAgain(
      res,
      VIEW,
      await handoverPage(req, loanId, { values, errors: [{ field: 'to', text: error.message }] }),
      409,
    )
  }
}

async function handoverPage(req: Request, loanId: number | null, more: Partial<HandoverShown> = {}) {
  const { db, actor } = context(req)
  const [champions, loan] = await Promise.all([
    listChampions(db, actor),
    loanId === null ? null : findCarer(db, actor, loanId),
  ])
  if (loan === undefined) throw new NotFound()
  return presentHandover({ key: formKeyOf(req.body), champions, loan, ...more })
}
