import type { Request, Response } from 'express'
import type { Actor } from '../lib/actor.ts'
import { addDays, isDate, londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { context, queryText, textFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { addMinutes, dayOf, timetableUrl } from './rules.ts'
import { presentSheet } from './sheet-presenter.ts'
import { presentTimetable, presentWardsToBook } from './timetable-presenter.ts'
import {
  findWardByCode,
  findWardWithWaits,
  listPlans,
  listWardItems,
  listWardsToBook,
  type WardRow,
} from './timetable-queries.ts'
import { isPart, MOST_ITEMS, mondayOf, partAt } from './timetable-rules.ts'
import { presentWeek } from './week-presenter.ts'

export const timetableRoutes = [
  get('/wards', 'booking:read', showWards),
  get('/wards/:code/timetable', 'booking:read', showTimetable),
  get('/wards/:code/week', 'booking:read', showWeek),
  get('/wards/:code/sheet', 'booking:write', showSheet),
]

/** Ward staff book on their own wards, and look at the others. Nobody books on a ward that is closed. */
export function mayBookOn(actor: Actor, ward: Pick<WardRow, 'id' | 'closed_at'>): boolean {
  const isOwn = actor.role !== 'ward-staff' || actor.wardIds.includes(ward.id)
  return may(actor, 'booking:write') && ward.closed_at === null && isOwn
}

async function showWards(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const wards = await listWardsToBook(db, actor)
  renderPage(
    res,
    'bookings/wards',
    presentWardsToBook(wards, (ward) => mayBookOn(actor, ward)),
  )
}

async function showTimetable(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const code = textFrom(req, 'code')
  const today = londonToday(now)
  const asked = queryText(req, 'on')
  const isNear = asked === '' || isNearDate(asked, today)
  const date = asked === '' || !isNear ? today : asked
  const ward = await findWardWithWaits(db, actor, code, { on: date, now })
  if (!ward) throw new NotFound()
  if (!isNear) return res.redirect(303, timetableUrl(ward.code))
  const part = queryText(req, 'part')
  const items = await listWardItems(db, actor, ward.id, MOST_ITEMS)
  const mayBook = mayBookOn(actor, ward)
  const day = dayOf(date)
  const plans = await listPlans(
    db,
    actor,
    items.map(({ id }) => id),
    day,
    // nothing is booked for longer than half a day
    mayBook ? { wardId: ward.id, since: addMinutes(day.from, -24 * 60) } : undefined,
  )
  const page = presentTimetable({
    ward,
    items,
    plans,
    date,
    part: isPart(part) ? part : partAt(date, now),
    now,
    mayBook,
    waits: mayBook ? ward.waits : [],
  })
  renderPage(res, 'bookings/timetable', page)
}

async function showWeek(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward) throw new NotFound()
  const today = londonToday(now)
  const asked = queryText(req, 'on')
  const monday = mondayOf(isNearDate(asked, today) ? asked : today)
  const items = await listWardItems(db, actor, ward.id, MOST_ITEMS)
  const item = items.find(({ id }) => String(id) === queryText(req, 'item'))
  if (!item) throw new NotFound()
  const week = { from: dayOf(monday).from, until: dayOf(addDays(monday, 6)).until }
  const plans = await listPlans(db, actor, [item.id], week)
  const page = presentWeek({ ward, item, plans, monday, now, mayBook: mayBookOn(actor, ward) })
  renderPage(res, 'bookings/week', page)
}

/** For when the network is down: printed before, so it is asked for by whoever books there. */
async function showSheet(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const asked = queryText(req, 'on')
  const date = isNearDate(asked, today) ? asked : today
  const ward = await findWardWithWaits(db, actor, textFrom(req, 'code'), { on: date, now })
  if (!ward || !mayBookOn(actor, ward)) throw new NotFound()
  const items = await listWardItems(db, actor, ward.id, MOST_ITEMS)
  const plans = await listPlans(
    db,
    actor,
    items.map(({ id }) => id),
    dayOf(date),
  )
  const page = presentSheet({ ward, items, plans, date, now, organisation: actor.organisationName, waits: ward.waits })
  renderPage(res, 'bookings/sheet', page, { layout: 'print' })
}

/** Within living memory of the service, so that no address leads to a year that the clocks do not know. */
function isNearDate(text: string, today: string): boolean {
  return isDate(text) && Math.abs(Number(text.slice(0, 4)) - Number(today.slice(0, 4))) <= 10
}
