import type { Request, Response } from 'express'
import { addDays, londonMidnight, londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Refusal, Stale, Taken } from '../lib/refusals.ts'
import { findAgreement } from '../loans/lend-queries.ts'
import { findLoan, listLoanLines } from '../loans/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { callOff, handOver, putOff } from './actions.ts'
import { type HandOverForm, lineIdsIn, parseHandOver, parsePutOff } from './form.ts'
import { type HandOverShown, presentHandOver, presentPackingList } from './presenter.ts'
import { listPacking, listReadiness } from './queries.ts'
import { isPlanned } from './rules.ts'
import { visitDay } from './visit-rules.ts'

export const handOverRoutes = [
  get('/packing-list', 'loan:write', showPackingList),
  get('/loans/:id/hand-over', 'loan:write', showHandOver),
  post('/loans/:id/hand-over', 'loan:write', saveHandOver),
  post('/loans/:id/hand-over/day', 'loan:write', savePutOff),
  post('/loans/:id/hand-over/call-off', 'loan:write', saveCallOff),
]

const VIEW = 'visits/hand-over'
const MOST_PACKED = 500

async function showPackingList(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const day = visitDay(queryText(req, 'on'), londonToday(now))
  const days = { from: londonMidnight(day), until: londonMidnightAfter(day) }
  const rows = await listPacking(db, actor, days, MOST_PACKED)
  const around = { before: addDays(day, -1), after: addDays(day, 1) }
  const page = presentPackingList({
    rows,
    day,
    ...around,
    organisation: actor.organisationName,
    now,
    limit: MOST_PACKED,
  })
  renderPage(res, 'visits/packing-list', page, { layout: 'print' })
}

async function showHandOver(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  if (!shown.lines.some(isPlanned)) return res.redirect(303, `/loans/${shown.loan.id}`)
  const { id, service_user_id } = shown.loan
  if (service_user_id !== null) {
    await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', id], serviceUserId: service_user_id })
  }
  renderPage(res, VIEW, presentHandOver(shown))
}

async function readShown(req: Request) {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [loan, lines, readiness] = await Promise.all([
    findLoan(db, actor, id),
    listLoanLines(db, actor, id),
    listReadiness(db, actor, id),
  ])
  if (!loan) throw new NotFound()
  return { loan, lines, readiness }
}

async function saveHandOver(req: Request, res: Response): Promise<void> {
  const { now } = context(req)
  const shown = await readShown(req)
  const lineIds = lineIdsIn(req.body)
  const form = parseHandOver(req.body, { lineIds, asksAgreement: shown.loan.agreement_number === null, now })
  const again = { values: form.values, ticked: lineIds }
  if (form.errors) return showAgain(res, VIEW, presentHandOver({ ...shown, ...again, errors: form.errors }))
  const agreement = form.value.agreement && (await agreementAccepted(req, form.value.agreement))
  await changeLoan(req, res, again, 'Handed over. It is on loan from now on.', (change, id) =>
    handOver(change, id, { ...form.value, agreement }),
  )
}

async function agreementAccepted(req: Request, accepted: NonNullable<HandOverForm['agreement']>) {
  const { db, actor } = context(req)
  const version = await findAgreement(db, actor)
  if (!version) throw new NotFound()
  return { ...accepted, versionId: version.id }
}

async function savePutOff(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  const form = parsePutOff(req.body, londonToday(context(req).now))
  const again = { values: form.values, isPuttingOff: true }
  if (form.errors) return showAgain(res, VIEW, presentHandOver({ ...shown, ...again, errors: form.errors }))
  await changeLoan(req, res, again, 'It is planned for another day.', (change, id) => putOff(change, id, form.value))
}

async function saveCallOff(req: Request, res: Response): Promise<void> {
  await readShown(req)
  const version = versionOf(req.body)
  await changeLoan(req, res, {}, 'Called off. The items are free again.', (change, id) => callOff(change, id, version))
}

type Again = Partial<Pick<HandOverShown, 'ticked' | 'isPuttingOff'>> & { values?: Typed }

/** Does it and goes to the loan; or shows the page as it is now, with what stands in the way. */
async function changeLoan(
  req: Request,
  res: Response,
  again: Again,
  done: string,
  work: (change: Change, loanId: number) => Promise<void>,
): Promise<void> {
  const loanId = idFrom(req)
  try {
    await inTransaction(req, (change) => work(change, loanId))
    req.session.flash = done
    res.redirect(303, `/loans/${loanId}`)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const shown = await readShown(req)
    if (!shown.lines.some(isPlanned)) return res.redirect(303, `/loans/${loanId}`)
    const field = again.isPuttingOff ? 'visit' : 'line'
    const errors = [{ field, text: whyNot(error, again.isPuttingOff ?? false) }]
    showAgain(res, VIEW, presentHandOver({ ...shown, ...again, errors }), 409)
  }
}

function whyNot(error: Refusal, isPuttingOff: boolean): string {
  if (error instanceof Stale)
    return 'Someone changed this loan after you opened it. Look at it again and send it once more.'
  if (!(error instanceof Taken)) return error.message
  return isPuttingOff
    ? 'Somebody else is to have one of the items then. Choose another day'
    : 'Not all of these can be handed over: one is not ready, or somebody else had it then. Untick it, or make it ready first'
}
