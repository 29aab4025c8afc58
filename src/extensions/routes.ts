import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import { listUrl } from '../lib/keyset.ts'
import { Refusal } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { extendLines } from './actions.ts'
import { type LinesAsked, linesAsked, linesTicked, parseExtensions } from './form.ts'
import { type ExtensionsShown, presentExtensions } from './presenter.ts'
import { listOpenLines } from './queries.ts'
import { LinesInTheWay, MOST_LINES, reviewDays } from './rules.ts'

/** Extending what several people have. They stand before the routes of one loan, `/loans/:id`. */
export const extensionRoutes = [
  get('/loans/extensions', 'loan:write', showExtensions),
  post('/loans/extensions', 'loan:write', extend),
]

const VIEW = 'extensions/extensions'

async function showExtensions(req: Request, res: Response): Promise<void> {
  const asked = linesAsked(req.query)
  const page = await extensionsPage(req, asked)
  if (asked.borrower?.kind === 'service-user') {
    // all that one person has is a look at their record
    const { id } = asked.borrower
    await recordInAudit(req, { verb: 'service-user:viewed', subject: ['service-user', id], serviceUserId: id })
  }
  renderPage(res, VIEW, page)
}

async function extend(req: Request, res: Response): Promise<void> {
  const filter = linesAsked(req.body)
  const { values, errors, value } = parseExtensions(req.body, londonToday(context(req).now))
  const again = { values, ticked: linesTicked(req.body).map(({ id }) => id) }
  if (errors) return showAgain(res, VIEW, await extensionsPage(req, filter, { ...again, errors }))
  let done = 'This form was sent before, and what it asked for was done.'
  try {
    const url = await createOnce(
      req,
      formKeyOf(req.body),
      () => urlAfter(filter),
      async (change) => {
        const { lines, loans } = await extendLines(change, value)
        done = `Extended: ${counted(lines, 'item')} of ${counted(loans, 'loan')}.`
      },
    )
    req.session.flash = done
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const why =
      error instanceof LinesInTheWay
        ? { inTheWay: error.lines }
        : { errors: [{ field: value.dueOn ? 'due' : 'line', text: error.message }] }
    showAgain(res, VIEW, await extensionsPage(req, filter, { ...again, ...why }), 409)
  }
}

/** The list they came from, as it is now: what was extended has left it. */
function urlAfter({ show, borrower }: LinesAsked): string {
  if (borrower?.kind === 'service-user') return `/service-users/${borrower.id}`
  return listUrl('/loans', { show: show === 'week' ? 'due' : show })
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`
}

async function extensionsPage(req: Request, filter: LinesAsked, more: Partial<ExtensionsShown> = {}) {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const wanted = { ...reviewDays(filter.show, today), borrower: filter.borrower }
  const rows = await listOpenLines(db, actor, wanted, MOST_LINES + 1)
  return presentExtensions({ key: formKeyOf(req.body), filter, rows, today, ...more })
}
