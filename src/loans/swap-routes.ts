import type { Request, Response } from 'express'
import { canBeLent } from '../items/rules.ts'
import { londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Refusal, Stale, Taken } from '../lib/refusals.ts'
import { findByCode } from '../scan/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { presentOvertaken } from './history-presenter.ts'
import { explainTaken, type LendableRow, listChosenItems, listFreeAlike } from './lend-queries.ts'
import { findLoan, listLoanEvents, listLoanLines } from './queries.ts'
import { dueFromNow, isOpen, staysWhereItIs } from './rules.ts'
import { swapItem } from './swap-actions.ts'
import { parseSwap } from './swap-form.ts'
import { presentSwap } from './swap-presenter.ts'
import { whyTaken } from './taken-presenter.ts'

/** One item of a loan for another. */
export const swapRoutes = [
  get('/loans/:id/lines/:line/swap', 'loan:write', showSwap),
  post('/loans/:id/lines/:line/swap', 'loan:write', swap),
]

const VIEW = 'loans/swap'

async function showSwap(req: Request, res: Response): Promise<void> {
  const shown = await readLine(req)
  const { loan } = shown
  if (loan.service_user_id !== null) {
    await recordInAudit(req, { verb: 'loan:viewed', subject: ['loan', loan.id], serviceUserId: loan.service_user_id })
  }
  const code = queryText(req, 'code')
  const { item } = await findNew(req, code)
  renderPage(res, VIEW, await swapPage(req, shown, { 'new-item': code }, item))
}

/** The line they have it under. One that ended, or is of another loan, is not there to be swapped. */
async function readLine(req: Request) {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const lineId = idFrom(req, 'line')
  const [loan, lines] = await Promise.all([findLoan(db, actor, id), listLoanLines(db, actor, id)])
  const line = lines.find((one) => one.id === lineId)
  if (!loan || !line || line.taken_at === null) throw new NotFound()
  return { loan, lines, line }
}

type NewItem = { item: LendableRow; problem: null } | { item: null; problem: string }

async function findNew(req: Request, code: string): Promise<NewItem> {
  const { db, actor } = context(req)
  const none = (problem: string): NewItem => ({ item: null, problem })
  if (code === '') return none('Scan or type what they get')
  const { items, kits } = await findByCode(db, actor, code)
  const [found] = items
  if (kits.length > 0) return none('This is the label of a kit. Scan one item')
  if (items.length > 1)
    return none(`Several items have this number. Type one of the asset tags: ${items.map(({ tag }) => tag).join(', ')}`)
  if (!found) return none(`No item has the tag or number ${code}`)
  if (!canBeLent(found.category)) return none(staysWhereItIs(found.tag))
  const [item] = await listChosenItems(db, actor, [found.id])
  return item ? { item, problem: null } : none(`No item has the tag or number ${code}`)
}

async function swap(req: Request, res: Response): Promise<void> {
  const shown = await readLine(req)
  const { loan, lines, line } = shown
  const code = fieldText(req.body, 'new-item').slice(0, 200)
  const found = await findNew(req, code)
  const today = londonToday(context(req).now)
  const rest = lines.filter((other) => other.id !== line.id && isOpen(other))
  const form = parseSwap(req.body, found, {
    items: found.item ? [...rest, found.item] : rest,
    hadNoCharger: loan.lent_without_charger,
    supportedUntil: dueFromNow(line.due_on ?? today, today),
  })
  const { values, errors, value } = form
  if (errors || !found.item) {
    return showAgain(res, VIEW, await swapPage(req, shown, values, found.item, { errors: errors ?? [] }))
  }
  const order = { ...value, lineId: line.id, itemId: found.item.id }
  try {
    const url = await createOnce(
      req,
      formKeyOf(req.body),
      ({ id }: { id: number }) => `/loans/${id}`,
      (change) => swapItem(change, loan.id, order),
    )
    req.session.flash = `${line.tag} is swapped for ${found.item.tag}.`
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    showAgain(
      res,
      VIEW,
      await swapPage(req, await readLine(req), values, found.item, await whyNot(req, error, found.item)),
      409,
    )
  }
}

async function whyNot(
  req: Request,
  error: Refusal,
  item: LendableRow,
): Promise<{ errors: FieldError[]; version?: number }> {
  const { db, actor, now } = context(req)
  const { loan, line } = await readLine(req)
  const today = londonToday(now)
  if (error instanceof Stale) {
    const [last] = await listLoanEvents(db, actor, loan.id)
    return { errors: [{ field: 'new-item', text: presentOvertaken(last) }], version: loan.version }
  }
  if (!(error instanceof Taken)) return { errors: [{ field: 'new-item', text: error.message }] }
  const until = londonMidnightAfter(dueFromNow(line.due_on ?? today, today))
  const wardId = loan.ward_id ?? undefined
  const taken = await explainTaken(db, actor, [line.item_id, item.id], {
    from: now,
    until,
    wardId,
    exceptLineIds: [line.id],
  })
  const inTheWay = taken.filter((row) => row.item_id === item.id || row.is_out)
  const errors = inTheWay.map((row) => ({ field: 'new-item', text: whyTaken(row, today, true) }))
  return {
    errors:
      errors.length > 0 ? errors : [{ field: 'new-item', text: `Someone took ${item.tag} a moment ago. Try again.` }],
  }
}

async function swapPage(
  req: Request,
  shown: Awaited<ReturnType<typeof readLine>>,
  values: Typed,
  item: LendableRow | null,
  more: { errors?: FieldError[]; version?: number } = {},
) {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const until = londonMidnightAfter(dueFromNow(shown.line.due_on ?? today, today))
  const free = await listFreeAlike(db, actor, [shown.line.item_id], { from: now, until }, [shown.line.item_id])
  const version = req.method === 'POST' ? versionOf(req.body) : undefined
  return presentSwap({
    ...shown,
    key: formKeyOf(req.body),
    free,
    item,
    today,
    values,
    ...(version && { version }),
    ...more,
  })
}
