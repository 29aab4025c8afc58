import type { Request, Response } from 'express'
import { fieldText, formKeyOf } from '../lib/fields.ts'
import { NotFound, Refusal } from '../lib/refusals.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { findBooking, listBookedHolds } from './queries.ts'
import { repeatBooking, WeeksClash } from './repeat-actions.ts'
import { presentRepeat } from './repeat-presenter.ts'
import { MOST_REPEATS } from './repeat-rules.ts'
import { bookingUrl } from './rules.ts'

export const repeatRoutes = [
  get('/bookings/:id/repeats', 'booking:write', showForm),
  post('/bookings/:id/repeats', 'booking:write', repeat),
]

const FORM = 'bookings/repeat'

async function readShown(req: Request) {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const [booking, holds] = await Promise.all([findBooking(db, actor, id), listBookedHolds(db, actor, id)])
  if (!booking || holds.length === 0) throw new NotFound()
  return { booking, holds }
}

async function showForm(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentRepeat({ ...(await readShown(req)), key: formKeyOf({}), weeks: '4' }))
}

async function repeat(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  const weeks = fieldText(req.body, 'weeks')
  const key = formKeyOf(req.body)
  const count = /^\d{1,2}$/.test(weeks) ? Number(weeks) : 0
  if (count < 1 || count > MOST_REPEATS) {
    const errors = [{ field: 'weeks', text: `Choose 1 to ${MOST_REPEATS} weeks` }]
    return showAgain(res, FORM, presentRepeat({ ...shown, key, weeks, errors }))
  }
  const { id } = shown.booking
  const leavesOut = fieldText(req.body, 'leave-out') === 'yes'
  try {
    const to = bookingUrl({ id })
    let said = ''
    const location = await createOnce(
      req,
      key,
      () => to,
      async (change) => {
        const { booked } = await repeatBooking(change, id, { weeks: count, leavesOut })
        said = booked === 1 ? 'It is booked for 1 more week.' : `It is booked for ${booked} more weeks.`
      },
    )
    req.session.flash = said || 'It is booked.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const clashes = error instanceof WeeksClash ? error.clashes : []
    const errors = [{ field: 'weeks', text: error.message }]
    showAgain(res, FORM, presentRepeat({ ...shown, key, weeks, errors, clashes }), 409)
  }
}
