import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { addException, cancelException, saveHours } from './hours-actions.ts'
import { parseException, parseHours } from './hours-form.ts'
import { type HoursShown, presentHours } from './hours-presenter.ts'
import { findHours } from './hours-queries.ts'
import { isDuring, mayKeepHoursOf, type NewException } from './hours-rules.ts'
import { championUrl } from './links-rules.ts'
import { type EntryRow, listEntries } from './queries.ts'
import { spanOfDays } from './week-rules.ts'

export const hoursRoutes = [
  get('/diary/hours/:id', 'diary:read', showHours),
  post('/diary/hours/:id', 'diary:write', saveWeek),
  post('/diary/hours/:id/exceptions', 'diary:write', saveException),
  post('/diary/exceptions/:id/cancellation', 'diary:write', takeOff),
]

const PAGE = 'diary/hours'
const overtaken: FieldError = {
  field: 'from-1',
  text: 'Somebody changed these hours after you opened them. Check them, and save again',
}

async function showHours(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, await hoursPage(req))
}

async function saveWeek(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { value, values, errors } = parseHours(req.body)
  if (errors) return showAgain(res, PAGE, await hoursPage(req, { hours: { values, errors } }))
  try {
    await inTransaction(req, (change) => saveHours(change, id, { seen: fieldText(req.body, 'seen'), hours: value }))
    req.session.flash = 'The hours are saved. Times for calls are found in them from now on.'
    res.redirect(303, championUrl(id))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    showAgain(res, PAGE, await hoursPage(req, { hours: { values, errors: [overtaken] } }), 409)
  }
}

async function saveException(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { value, values, errors } = parseException(req.body, londonToday(context(req).now))
  if (errors) return showAgain(res, PAGE, await hoursPage(req, { exception: { values, errors } }))
  const inTheWay = values.anyway === 'yes' ? [] : await bookedThen(req, id, value)
  if (inTheWay.length > 0) {
    const text = 'Something is booked then. Look at what has to be rearranged, and save once more if you go on'
    const exception = { values, errors: [{ field: 'kind', text }] }
    return showAgain(res, PAGE, await hoursPage(req, { exception, inTheWay }), 409)
  }
  const location = await createOnce(
    req,
    formKeyOf(req.body),
    () => championUrl(id),
    (change) => addException(change, id, value),
  )
  req.session.flash = 'It is written down.'
  res.redirect(303, location)
}

/** What has to be rearranged when somebody is away: nothing, when they work more. */
async function bookedThen(req: Request, championId: number, asked: NewException): Promise<EntryRow[]> {
  if (asked.kind === 'extra') return []
  const { db, actor, now } = context(req)
  const span = spanOfDays(asked.firstOn, asked.lastOn)
  const from = new Date(Math.max(span.from.getTime(), now.getTime()))
  const entries = await listEntries(db, actor, { championId, ...span, from })
  return entries.filter((entry) => isDuring(entry, asked))
}

async function takeOff(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const championId = await inTransaction(req, (change) => cancelException(change, id))
  req.session.flash = 'It is taken off.'
  res.redirect(303, championUrl(championId))
}

async function hoursPage(req: Request, more: Pick<HoursShown, 'hours' | 'exception' | 'inTheWay'> = {}) {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const champion = await findHours(db, actor, idFrom(req), today)
  if (!champion) throw new NotFound()
  const mayChange = mayKeepHoursOf(actor, champion.id)
  return presentHours({ champion, mayChange, today, key: formKeyOf(req.body), ...more })
}
