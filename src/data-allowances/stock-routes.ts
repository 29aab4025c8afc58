import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { unseal } from '../lib/sealed.ts'
import { may } from '../web/access.ts'
import { context, idFrom, queryText, services } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { saveSession } from '../web/session.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { choicesOf, holderOf, nobody } from './holder-routes.ts'
import { presentAllowance } from './presenter.ts'
import { findAllowance } from './queries.ts'
import { giveFromStock, lookAtCode } from './stock-actions.ts'
import { parseReason, parseStockOrder } from './stock-form.ts'
import { presentCode, presentStock, presentStockForm } from './stock-presenter.ts'
import { listStock } from './stock-queries.ts'
import { aboutCode } from './stock-rules.ts'
import { allowanceUrl } from './words-rules.ts'

export const dataStockRoutes = [
  get('/data-allowances/stock', 'data-allowance:read', showStock),
  get('/data-allowances/from-stock', 'data-allowance:write', showForm),
  post('/data-allowances/from-stock', 'data-allowance:write', give),
  post('/data-allowances/:id/code', 'data-allowance:write', askForCode),
  get('/data-allowances/:id/code', 'data-allowance:write', showCode),
]

const FORM = 'data-allowances/from-stock'

async function showStock(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const stock = await listStock(db, actor, londonToday(now))
  renderPage(res, 'data-allowances/stock', presentStock(stock, may(actor, 'data-allowance:import')))
}

async function showForm(req: Request, res: Response): Promise<void> {
  const holder = await holderOf(req, queryText(req, 'person'), queryText(req, 'line'))
  const choices = await choicesOf(req, holder)
  renderPage(res, FORM, presentStockForm({ holder, choices, stock: await stockOf(req), key: formKeyOf({}) }))
}

async function give(req: Request, res: Response): Promise<void> {
  const holder = await holderOf(req, fieldText(req.body, 'person'), fieldText(req.body, 'line'))
  const { value, errors, values } = parseStockOrder(req.body, londonToday(context(req).now), holder !== null)
  const again = { holder, choices: await choicesOf(req, holder), key: formKeyOf(req.body), values }
  if (errors) return showAgain(res, FORM, presentStockForm({ ...again, stock: await stockOf(req), errors }))
  try {
    const location = await createOnce(
      req,
      again.key,
      ({ id }: { id: number }) => allowanceUrl(id),
      async (change) => {
        const given = await giveFromStock(change, holder ?? nobody, value)
        req.session.flash = given.simNumber ? `It is given. Hand out the SIM ${given.simNumber}.` : 'It is given.'
        return given
      },
    )
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Taken || error instanceof RuleBroken || error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const problem = [{ field: 'stock', text: error.message }]
    showAgain(res, FORM, presentStockForm({ ...again, stock: await stockOf(req), errors: problem }), 409)
  }
}

function stockOf(req: Request) {
  const { db, actor, now } = context(req)
  return listStock(db, actor, londonToday(now))
}

/** The code goes by no address: whoever asked finds it once, in their own session. */
async function askForCode(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const form = parseReason(req.body)
  if (form.errors) return await showAllowanceAgain(req, res, form, 422)
  try {
    const location = await createOnce(
      req,
      formKeyOf(req.body),
      () => allowanceUrl(id, 'code'),
      async (change) => {
        const { sealed, hash } = await lookAtCode(change, id, form.value)
        req.session.voucherCode = { allowanceId: id, hash: hash.toString('hex'), sealed: sealed.toString('base64') }
      },
    )
    await saveSession(req)
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    await showAllowanceAgain(req, res, { ...form, errors: [{ field: 'reason', text: error.message }] }, 409)
  }
}

async function showCode(req: Request, res: Response): Promise<void> {
  const allowance = await findOr404(req)
  const { voucherCode: kept } = req.session
  const isTheirs = kept?.allowanceId === allowance.id
  if (isTheirs) {
    delete req.session.voucherCode
    await saveSession(req)
  }
  renderPage(res, 'data-allowances/code', presentCode(allowance.id, isTheirs && kept ? codeOf(req, kept) : null))
}

function codeOf(req: Request, { hash, sealed }: { hash: string; sealed: string }): string {
  const about = aboutCode(context(req).actor.organisationId, hash)
  return unseal(services(req).secondStepKey, Buffer.from(sealed, 'base64'), about)
}

async function showAllowanceAgain(
  req: Request,
  res: Response,
  form: Pick<ReturnType<typeof parseReason>, 'values' | 'errors'>,
  status: 409 | 422,
): Promise<void> {
  const allowance = await findOr404(req)
  const { now } = context(req)
  showAgain(res, 'data-allowances/allowance', presentAllowance({ allowance, now, key: formKeyOf({}), ...form }), status)
}

async function findOr404(req: Request) {
  const { db, actor, now } = context(req)
  const allowance = await findAllowance(db, actor, idFrom(req), now)
  if (!allowance) throw new NotFound()
  return allowance
}
