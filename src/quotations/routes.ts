import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findPersonToTellOf, type PersonToTellOf } from '../service-users/tell-of-queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, listCursor, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { approveQuotation, refuseQuotation, takeQuotationBack, writeQuotation } from './actions.ts'
import { parseQuotation, parseRefusal } from './form.ts'
import {
  presentPersonsQuotations,
  presentQuotation,
  presentQuotations,
  presentShownWords,
  type QuotationShown,
} from './presenter.ts'
import {
  type FoundQuotation,
  findQuotation,
  listNamesToLeaveOut,
  listQuotations,
  listQuotationsOf,
  listShownWords,
} from './queries.ts'
import { listed, personsQuotationsUrl, quotationsUrl, quotationUrl, wordsUrl } from './rules.ts'

/** What people say about the service, and agreed to have shown. */
export const quotationRoutes = [
  get('/service-users/:id/quotations', 'quotation:write', showPersonsQuotations),
  post('/service-users/:id/quotations', 'quotation:write', saveQuotation),
  get(quotationsUrl, 'quotation:approve', showQuotations),
  get(`${quotationsUrl}/:id`, 'quotation:read', showQuotation),
  post(`${quotationsUrl}/:id/approval`, 'quotation:approve', saveApproval),
  post(`${quotationsUrl}/:id/refusal`, 'quotation:approve', saveRefusal),
  post(`${quotationsUrl}/:id/taking-back`, 'quotation:take-back', saveTakingBack),
  get(wordsUrl, 'report:read', showWords),
]

const OF_PERSON = 'quotations/person'
const ONE = 'quotations/quotation'
const PAGE_SIZE = 50
const WORDS_ON_A_PAGE = 20

async function findPerson(req: Request): Promise<PersonToTellOf> {
  const { db, actor } = context(req)
  const person = await findPersonToTellOf(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

async function personsPage(req: Request, person: PersonToTellOf, form: FormShown = {}) {
  const { db, actor } = context(req)
  const quotations = await listQuotationsOf(db, actor, person.id)
  return presentPersonsQuotations({ person, quotations, key: formKeyOf(req.body), ...form })
}

async function showPersonsQuotations(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  renderPage(res, OF_PERSON, await personsPage(req, person))
}

async function saveQuotation(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await findPerson(req)
  const form = parseQuotation(req.body, londonToday(now), await listNamesToLeaveOut(db, actor, person.id))
  if (form.errors) return showAgain(res, OF_PERSON, await personsPage(req, person, form))
  const { value, values } = form
  try {
    const url = await createOnce(
      req,
      formKeyOf(req.body),
      () => personsQuotationsUrl(person),
      (change) => writeQuotation(change, person.id, value),
    )
    req.session.flash = 'The words are written down. Information governance reads them before anybody else does.'
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const errors = [{ field: 'words', text: error.message }]
    showAgain(res, OF_PERSON, await personsPage(req, person, { values, errors }), 409)
  }
}

async function showQuotations(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const asked = queryText(req, 'show')
  const show = listed.find((one) => one === asked) ?? 'waiting'
  const list = await listQuotations(db, actor, show, { ...idCursor(req), size: PAGE_SIZE })
  renderPage(res, 'quotations/list', presentQuotations({ list, show }))
}

async function findOr404(req: Request): Promise<FoundQuotation> {
  const { db, actor } = context(req)
  const quotation = await findQuotation(db, actor, idFrom(req))
  if (!quotation) throw new NotFound()
  return quotation
}

function page(
  req: Request,
  quotation: FoundQuotation,
  more: Pick<QuotationShown, 'values' | 'errors' | 'problem'> = {},
) {
  const { actor } = context(req)
  const rights = { mayDecide: may(actor, 'quotation:approve'), staffId: actor.staffId }
  return presentQuotation({ quotation, ...rights, key: formKeyOf(req.body), ...more })
}

async function showQuotation(req: Request, res: Response): Promise<void> {
  const quotation = await findOr404(req)
  await recordInAudit(req, {
    verb: 'quotation:viewed',
    subject: ['quotation', quotation.id],
    serviceUserId: quotation.service_user_id,
  })
  renderPage(res, ONE, page(req, quotation))
}

async function saveApproval(req: Request, res: Response): Promise<void> {
  const { id } = await findOr404(req)
  await saveOne(req, res, 'Approved. The words are shown on the reports from now on.', (change) =>
    approveQuotation(change, id),
  )
}

async function saveRefusal(req: Request, res: Response): Promise<void> {
  const quotation = await findOr404(req)
  const form = parseRefusal(req.body)
  if (form.errors) return showAgain(res, ONE, page(req, quotation, form))
  const { value } = form
  await saveOne(req, res, 'Refused. Whoever wrote the words down can read why.', (change) =>
    refuseQuotation(change, quotation.id, value),
  )
}

async function saveTakingBack(req: Request, res: Response): Promise<void> {
  const { id } = await findOr404(req)
  await saveOne(req, res, 'The words are taken back. They are shown nowhere any more.', (change) =>
    takeQuotationBack(change, id),
  )
}

/** Does it once, however often its form is sent; whoever was overtaken sees the words as they are now. */
async function saveOne(
  req: Request,
  res: Response,
  done: string,
  save: (change: Change) => Promise<void>,
): Promise<void> {
  try {
    const url = await createOnce(req, formKeyOf(req.body), () => quotationUrl({ id: idFrom(req) }), save)
    req.session.flash = done
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof Stale || error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    showAgain(res, ONE, page(req, await findOr404(req), { problem: error.message }), 409)
  }
}

async function showWords(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const list = await listShownWords(db, actor, { ...placeCursor(req), size: WORDS_ON_A_PAGE })
  renderPage(res, 'quotations/words', presentShownWords(list))
}

const PLACE = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What is no place counts as none, and the list begins at its first page. */
function placeCursor(req: Request): { after?: string; before?: string } {
  const cursor = listCursor(req)
  return PLACE.test(cursor.before ?? cursor.after ?? '') ? cursor : {}
}
