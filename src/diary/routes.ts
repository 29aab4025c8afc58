import type { Request, Response } from 'express'
import { addDays, londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { context, queryText } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { findHours } from './hours-queries.ts'
import { presentDiary } from './presenter.ts'
import { type Champion, listChampions, listEntries } from './queries.ts'
import { presentTeam } from './team-presenter.ts'
import { listTeam } from './team-queries.ts'
import { dayAsked, mondayOf, spanOfDays } from './week-rules.ts'

export const diaryRoutes = [get('/diary', 'diary:read', showDiary)]

/** The diary of whoever asks, unless another one is named; from Monday to Sunday, unless a day is. */
async function showDiary(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  if (queryText(req, 'show') === 'team') return showTeam(req, res)
  const show = queryText(req, 'show') === 'day' ? 'day' : 'week'
  const on = dayAsked(queryText(req, 'on'), today)
  const champions = await listChampions(db, actor)
  const { id } = championAsked(champions, queryText(req, 'champion'), actor.staffId)
  const first = show === 'week' ? mondayOf(on) : on
  const span = spanOfDays(first, show === 'week' ? addDays(first, 6) : first)
  const [champion, entries] = await Promise.all([
    findHours(db, actor, id, first),
    listEntries(db, actor, { championId: id, ...span }),
  ])
  if (!champion) throw new NotFound()
  renderPage(res, 'diary/diary', presentDiary({ show, champion, champions, entries, on, today }))
}

async function showTeam(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const monday = mondayOf(dayAsked(queryText(req, 'on'), today))
  const sunday = addDays(monday, 6)
  const rows = await listTeam(db, actor, { first: monday, last: sunday, ...spanOfDays(monday, sunday) })
  renderPage(res, 'diary/team', presentTeam({ rows, monday, today, championId: actor.staffId }))
}

function championAsked(champions: Champion[], asked: string, own: number): Champion {
  const champion = champions.find(({ id }) => String(id) === (asked === '' ? String(own) : asked))
  if (!champion) throw new NotFound()
  return champion
}
