import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText } from '../lib/fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { cleanCode, isLongerThan } from '../lib/text.ts'
import { type FoundItem, findByCodeAnywhere } from '../scan/queries.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { postStep } from '../web/routes.ts'
import { type Change, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { AlreadySo, noteUnknownCode, scanItem, undoScan, undoUnknownCode } from './actions.ts'
import { presentCheck, presentChooseScanned, presentScanned } from './presenter.ts'
import { countStandings, findCheckItem, type StockCheck } from './queries.ts'
import { checkUrl, MOST_CODE_CHARACTERS } from './rules.ts'
import { CHECK, checkShown, findOr404, say, sightOf } from './shared-routes.ts'

export const stockScanRoutes = [
  postStep('/stock-checks/:id/scans', 'stock-check:write', scan),
  postStep('/stock-checks/:id/items/:itemId/undo', 'stock-check:write', undoItem),
  postStep('/stock-checks/:id/codes/:codeId/undo', 'stock-check:write', undoCode),
]

/** One scan, or the choice between several items that have the number that was scanned. */
async function scan(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const check = await findOr404(req)
  const code = cleanCode(fieldText(req.body, 'code'))
  // it has no box any more to be wrong in: that it is finished is what there is to say
  if (check.finished_at !== null) return scanUnknown(req, res, check, code)
  const problem = codeProblem(code)
  if (problem !== undefined) return showScanAgain(req, res, check, problem)
  const { items, kits } = await findByCodeAnywhere(db, actor, code)
  const chosen = chosenAmong(req, items)
  if (chosen) return scanOne(req, res, check, chosen.id)
  const [item] = items
  if (kits[0]) return showScanAgain(req, res, check, `${kits[0].tag} is a kit. Scan the items in it one by one`)
  if (!item) return scanUnknown(req, res, check, code)
  if (items.length > 1) return askWhich(req, res, check, items)
  return scanOne(req, res, check, item.id)
}

function codeProblem(code: string): string | undefined {
  if (code === '') return 'Scan or type an item'
  if (!isLongerThan(code, MOST_CODE_CHARACTERS)) return undefined
  return `What you scanned must be ${MOST_CODE_CHARACTERS} characters or less`
}

async function scanOne(req: Request, res: Response, check: StockCheck, itemId: number): Promise<void> {
  const { db, actor, now } = context(req)
  await refusedOnPage(req, res, check, async () => {
    const isFirst = await wasFirst(inTransaction(req, (change) => scanItem(change, check.id, itemId)))
    const [item, counts] = await Promise.all([
      findCheckItem(db, actor, check.id, itemId),
      countStandings(db, actor, check.id),
    ])
    if (item) sayScanned(req, presentScanned(item, isFirst, counts, londonToday(now), sightOf(req)))
  })
}

async function scanUnknown(req: Request, res: Response, check: StockCheck, code: string): Promise<void> {
  await refusedOnPage(req, res, check, async () => {
    const isFirst = await wasFirst(inTransaction(req, (change) => noteUnknownCode(change, check.id, code)))
    const text = isFirst ? `“${code}” is none of ours. It is noted as you scanned it.` : `“${code}” is noted already.`
    const link = { href: `${checkUrl(check.id)}?list=unknown#list`, text: 'See what is not ours' }
    sayScanned(req, { text, isWarning: true, link })
  })
}

/** False where the thing had been scanned before. */
async function wasFirst(scanned: Promise<void>): Promise<boolean> {
  try {
    await scanned
    return true
  } catch (error) {
    if (error instanceof AlreadySo) return false
    throw error
  }
}

/** Back to the box for the next scan; or the page again, which says why this one was not added. */
async function refusedOnPage(req: Request, res: Response, check: StockCheck, work: () => Promise<void>): Promise<void> {
  try {
    await work()
    res.redirect(303, checkUrl(check.id))
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    sayScanned(req, { text: error.message, isWarning: true })
    res.redirect(303, checkUrl(check.id))
  }
}

function askWhich(req: Request, res: Response, check: StockCheck, items: FoundItem[]): void {
  const wasAsked = fieldText(req.body, 'asked') !== ''
  const page = presentChooseScanned(check, cleanCode(fieldText(req.body, 'code')), items, wasAsked)
  renderPage(res, 'stock-checks/choose', page, { status: wasAsked ? 422 : 200 })
}

async function showScanAgain(req: Request, res: Response, check: StockCheck, text: string): Promise<void> {
  const shown = await checkShown(req, check)
  const errors = [{ field: 'code', text }]
  showAgain(res, CHECK, presentCheck({ ...shown, errors, code: fieldText(req.body, 'code') }))
}

async function undoItem(req: Request, res: Response): Promise<void> {
  const itemId = idFrom(req, 'itemId')
  await undo(req, res, (change, checkId) => undoScan(change, checkId, itemId))
}

async function undoCode(req: Request, res: Response): Promise<void> {
  const codeId = idFrom(req, 'codeId')
  await undo(req, res, (change, checkId) => undoUnknownCode(change, checkId, codeId))
}

type Undo = (change: Change, checkId: number) => Promise<string>

async function undo(req: Request, res: Response, work: Undo): Promise<void> {
  const check = await findOr404(req)
  try {
    const what = await inTransaction(req, (change) => work(change, check.id))
    sayScanned(req, { text: `The scan of ${what} is taken back.` })
  } catch (error) {
    if (!(error instanceof AlreadySo)) throw error
    sayScanned(req, { text: 'That was taken back already.' })
  }
  res.redirect(303, checkUrl(check.id))
}

/** Which of the items with the number that was scanned was chosen, if any was. Any other item is one that nobody has. */
function chosenAmong(req: Request, items: FoundItem[]): FoundItem | undefined {
  const text = fieldText(req.body, 'item')
  if (text === '') return undefined
  const chosen = items.find(({ id }) => String(id) === text)
  if (!chosen) throw new NotFound()
  return chosen
}

/** The page has a box with the focus, ready for the next scan, which reads this out. */
function sayScanned(req: Request, flash: Parameters<typeof say>[1]): void {
  say(req, { ...flash, leavesFocus: true })
}
