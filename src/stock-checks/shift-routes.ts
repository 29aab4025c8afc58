import type { Request, Response } from 'express'
import { findWardByCode, type WardRow } from '../bookings/timetable-queries.ts'
import { NotFound, NotUnique, RuleBroken } from '../lib/refusals.ts'
import { findByCodeAnywhere } from '../scan/queries.ts'
import { context, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, postStep } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo, scanItem } from './actions.ts'
import { findOpenCheck } from './queries.ts'
import { checkUrl } from './rules.ts'
import { countShift } from './shift-actions.ts'
import { parseShift, type ShiftForm } from './shift-form.ts'
import { presentShift } from './shift-presenter.ts'
import { listCountItems } from './shift-queries.ts'

/** A stock check of a ward by its own staff, ticked on its tablet in place of scanned. */
export const shiftRoutes = [
  get('/wards/:code/shift-count', 'stock-check:write', showShift),
  postStep('/wards/:code/shift-count', 'stock-check:write', saveShift),
]

const SHIFT = 'stock-checks/shift'

async function wardOf(req: Request): Promise<WardRow> {
  const { db, actor } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  return ward
}

async function shiftShown(req: Request, ward: WardRow) {
  const { db, actor } = context(req)
  const open = await findOpenCheck(db, actor, ward.id)
  return { ward, open, items: await listCountItems(db, actor, ward.id, open?.id ?? null) }
}

async function showShift(req: Request, res: Response): Promise<void> {
  renderPage(res, SHIFT, presentShift(await shiftShown(req, await wardOf(req))))
}

/** What is ticked is kept. A scan goes on with the count; else it leads to what was not counted, and to the end of it. */
async function saveShift(req: Request, res: Response): Promise<void> {
  const ward = await wardOf(req)
  const form = parseShift(req.body)
  try {
    const scanned = form.code === '' ? null : await itemScanned(req, form.code)
    if (typeof scanned === 'string') return await showCodeAgain(req, res, ward, form, scanned)
    const checkId = await count(req, ward, form, scanned)
    if (scanned === null) return res.redirect(303, `${checkUrl(checkId)}/finish`)
    req.session.flash = { text: `${scanned.tag} is counted.`, leavesFocus: true }
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    req.session.flash = error.message
  }
  res.redirect(303, `/wards/${ward.code}/shift-count`)
}

/** The item that a code means, or why it means none. */
async function itemScanned(req: Request, code: string): Promise<{ id: number; tag: string } | string> {
  const { db, actor } = context(req)
  const { items } = await findByCodeAnywhere(db, actor, code)
  const [item] = items
  if (!item) return `No item of ours has the tag or number ${code}`
  return items.length === 1 ? item : `More than one item has the number ${code}. Scan or type the asset tag`
}

/** Two who begin in the same moment count together: the second finds the count of the first. */
async function count(req: Request, ward: WardRow, form: ShiftForm, scanned: { id: number } | null): Promise<number> {
  const run = () =>
    inTransaction(req, async (change) => {
      const checkId = await countShift(change, { ...form, wardId: ward.id })
      if (scanned) await ignoreRepeat(scanItem(change, checkId, scanned.id))
      return checkId
    })
  try {
    return await run()
  } catch (error) {
    if (!(error instanceof NotUnique) || error.constraint !== 'one_open_stock_check_a_place') throw error
    return await run()
  }
}

async function ignoreRepeat(scan: Promise<void>): Promise<void> {
  try {
    await scan
  } catch (error) {
    if (!(error instanceof AlreadySo)) throw error
  }
}

/** What was ticked is kept, on the page and in the count. */
async function showCodeAgain(req: Request, res: Response, ward: WardRow, form: ShiftForm, text: string) {
  await count(req, ward, form, null)
  const shown = await shiftShown(req, ward)
  showAgain(res, SHIFT, presentShift({ ...shown, values: { code: form.code }, errors: [{ field: 'code', text }] }))
}
