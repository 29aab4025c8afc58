import type { Request, Response } from 'express'
import { findWardByCode, type WardRow } from '../bookings/timetable-queries.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { cancelComing } from './actions.ts'
import { presentLeaver, presentLeaving } from './presenter.ts'
import { findLeaver, listLeavers } from './queries.ts'
import { type Leaver, leavingUrl } from './rules.ts'

export const leavingRoutes = [
  get('/wards/:code/leaving', 'leaving:read', showLeaving),
  get('/wards/:code/leaving/:id', 'leaving:read', showLeaver),
  post('/wards/:code/leaving/:id/bookings', 'leaving:write', saveCancellation),
]

/** Ward staff look after their own wards; to them there is no other. */
async function wardOf(req: Request): Promise<WardRow> {
  const { db, actor } = context(req)
  const ward = await findWardByCode(db, actor, textFrom(req, 'code'))
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  return ward
}

async function showLeaving(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const ward = await wardOf(req)
  renderPage(res, 'leaving/list', presentLeaving(ward, await listLeavers(db, actor, { wardId: ward.id, now })))
}

async function findShown(req: Request): Promise<{ ward: WardRow; leaver: Leaver }> {
  const { db, actor, now } = context(req)
  const ward = await wardOf(req)
  const leaver = await findLeaver(db, actor, { wardId: ward.id, personId: idFrom(req), now })
  if (!leaver) throw new NotFound()
  return { ward, leaver }
}

async function showLeaver(req: Request, res: Response): Promise<void> {
  const { ward, leaver } = await findShown(req)
  const { id } = leaver
  await recordInAudit(req, { verb: 'leaving:viewed', subject: ['service-user', id], serviceUserId: id })
  renderPage(res, 'leaving/person', presentLeaver(ward, leaver))
}

/** One press for all of them. A second press finds nothing more to cancel, and says that it is done. */
async function saveCancellation(req: Request, res: Response): Promise<void> {
  const { ward, leaver } = await findShown(req)
  try {
    const count = await inTransaction(req, (change) =>
      cancelComing(change, { wardId: ward.id, serviceUserId: leaver.id }),
    )
    req.session.flash = count === 1 ? 'The booking is cancelled.' : `${count} bookings are cancelled.`
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    req.session.flash = error.message
  }
  res.redirect(303, leavingUrl(ward))
}
