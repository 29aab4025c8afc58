import type { Request, Response } from 'express'
import { type FieldError, formKeyOf, type Parsed, type Typed } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { findServiceUser } from '../service-users/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { handOverPeople } from './actions.ts'
import { caseloadAsked, parseCarer, parseCaseloadHandover } from './form.ts'
import { caseloadUrl, presentCarer, presentCaseload, presentCaseloads } from './presenter.ts'
import { findCarerOf, listCaseloadPeople, listCaseloads, listEntriesLeft } from './queries.ts'
import { type CaseloadHandover, handedOverInWords } from './rules.ts'

export const caseloadRoutes = [
  get('/caseloads', 'caseload:write', showCaseloads),
  get('/caseloads/:id', 'caseload:write', showCaseload),
  post('/caseloads/:id', 'caseload:write', handOver),
  get('/service-users/:id/champion', 'caseload:write', showCarer),
  post('/service-users/:id/champion', 'caseload:write', changeCarer),
]

const PAGE_SIZE = 50

async function showCaseloads(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  renderPage(res, 'caseloads/caseloads', presentCaseloads(await listCaseloads(db, actor, now)))
}

async function showCaseload(req: Request, res: Response): Promise<void> {
  await recordInAudit(req, { verb: 'caseload:viewed', ...subjectOf(caseloadFrom(req)) })
  renderPage(res, 'caseloads/caseload', await caseloadPage(req))
}

function subjectOf(staffId: number | null) {
  return staffId === null ? {} : { subject: ['staff', staffId] as ['staff', number] }
}

async function handOver(req: Request, res: Response): Promise<void> {
  const from = caseloadFrom(req)
  const form = parseCaseloadHandover(req.body, from)
  const again = async (errors: FieldError[], status: 409 | 422) =>
    showAgain(res, 'caseloads/caseload', await caseloadPage(req, { values: form.values, errors }), status)
  await saveHandover(req, res, form, caseloadUrl(from), again)
}

async function showCarer(req: Request, res: Response): Promise<void> {
  const page = await carerPage(req)
  const subject: ['service-user', number] = ['service-user', idFrom(req)]
  await recordInAudit(req, { verb: 'service-user:viewed', subject, serviceUserId: idFrom(req) })
  renderPage(res, 'caseloads/carer', page)
}

async function changeCarer(req: Request, res: Response): Promise<void> {
  const form = parseCarer(req.body, idFrom(req))
  const again = async (errors: FieldError[], status: 409 | 422) =>
    showAgain(res, 'caseloads/carer', await carerPage(req, { values: form.values, errors }), status)
  await carerPage(req)
  await saveHandover(req, res, form, `/service-users/${idFrom(req)}`, again)
}

/** Hands over and goes on to the page; or shows the form again with what stands in the way. */
async function saveHandover(
  req: Request,
  res: Response,
  form: Parsed<CaseloadHandover>,
  url: string,
  again: (errors: FieldError[], status: 409 | 422) => Promise<void>,
): Promise<void> {
  if (form.errors) return again(form.errors, 422)
  let done = 'This form was sent before, and what it asked for was done.'
  try {
    const to = await createOnce(
      req,
      formKeyOf(req.body),
      () => url,
      async (change) => {
        done = handedOverInWords(await handOverPeople(change, form.value))
      },
    )
    req.session.flash = done
    res.redirect(303, to)
  } catch (error) {
    if (!(error instanceof RuleBroken || error instanceof Stale || error instanceof Taken)) throw error
    await keepRefusal(req, error)
    await again([{ field: 'to', text: error.message }], 409)
  }
}

/** The champion whose caseload the address names; null for the people on nobody's. */
function caseloadFrom(req: Request): number | null {
  const asked = caseloadAsked(textFrom(req, 'id'))
  if (asked === undefined) throw new NotFound()
  return asked
}

async function caseloadPage(req: Request, more: { values?: Typed; errors?: FieldError[] } = {}) {
  const { db, actor, now } = context(req)
  const staffId = caseloadFrom(req)
  const champions = await listCaseloads(db, actor, now)
  const champion = staffId === null ? null : champions.find(({ id }) => id === staffId)
  if (champion === undefined) throw new NotFound()
  const list = await listCaseloadPeople(db, actor, staffId, { ...idCursor(req), size: PAGE_SIZE })
  const left = staffId === null ? [] : await listEntriesLeft(db, actor, staffId, now)
  return presentCaseload({ champion, champions, list, left, key: formKeyOf(req.body), ...more })
}

async function carerPage(req: Request, more: { values?: Typed; errors?: FieldError[] } = {}) {
  const { db, actor, now } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  const [carer, champions] = await Promise.all([findCarerOf(db, actor, person.id), listCaseloads(db, actor, now)])
  return presentCarer({ person, carer, champions, key: formKeyOf(req.body), ...more })
}
