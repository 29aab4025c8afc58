import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { LooksLikeTwins } from '../service-users/actions.ts'
import { listTwins } from '../service-users/queries.ts'
import { findPersonToTellOf } from '../service-users/tell-of-queries.ts'
import { listWards } from '../wards/queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idCursor, idFrom, queryText, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { changeFirstAppointment, endReferral, makeReferral, reopenReferral, sayMet } from './actions.ts'
import { parseEnding, parseFirstAppointment, parseReferral } from './form.ts'
import {
  presentEnding,
  presentFirstAppointment,
  presentReferralForm,
  type ReferralFormShown,
} from './form-presenter.ts'
import { isReferralFilter, presentReferrals } from './list-presenter.ts'
import { presentReferral } from './presenter.ts'
import { findReferral, listReferrals, type ReferralDetail } from './queries.ts'
import { type Ask, asks, type Ending, nearUntil } from './rules.ts'

export const referralRoutes = [
  get('/referrals', 'referral:read', showReferrals),
  get('/referrals/new', 'referral:write', showNewReferral),
  post('/referrals', 'referral:write', saveNewReferral),
  get('/referrals/:id', 'referral:read', showReferral),
  get('/referrals/:id/first-appointment', 'referral:write', showAppointment),
  post('/referrals/:id/first-appointment', 'referral:write', saveAppointment),
  post('/referrals/:id/asks/:ask', 'referral:decide', saveAsk),
  get('/referrals/:id/decline', 'referral:decide', showEnding('declined')),
  post('/referrals/:id/decline', 'referral:decide', saveEnding('declined')),
  get('/referrals/:id/withdraw', 'referral:write', showEnding('withdrawn')),
  post('/referrals/:id/withdraw', 'referral:write', saveEnding('withdrawn')),
  post('/referrals/:id/reopening', 'referral:decide', reopen),
]

const PAGE_SIZE = 50
const FORM = 'referrals/form'
const ENDING = 'referrals/ending'
const APPOINTMENT = 'referrals/appointment'

async function showReferrals(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const show = queryText(req, 'show')
  const filter = isReferralFilter(show) ? show : 'open'
  const today = londonToday(now)
  const asked = { ...idCursor(req), size: PAGE_SIZE }
  const list = await listReferrals(db, actor, { filter, nearUntil: nearUntil(today), asked })
  renderPage(
    res,
    'referrals/list',
    presentReferrals({ list, filter, today, isChampion: may(actor, 'referral:decide') }),
  )
}

async function showNewReferral(req: Request, res: Response): Promise<void> {
  const asked = queryText(req, 'person')
  renderPage(res, FORM, await formPage(req, { person: asked }))
}

interface FormAgain extends Pick<ReferralFormShown, 'twins' | 'hasHolder'> {
  values?: Typed
  errors?: FieldError[]
  person?: string | undefined
}

/** The form for somebody on record, where one is named whom whoever asks may see, or for somebody new. */
async function formPage(req: Request, { person: asked = '', ...form }: FormAgain) {
  const { db, actor, now } = context(req)
  const id = /^[1-9]\d{0,14}$/.test(asked) ? Number(asked) : null
  const person = id === null || form.twins ? undefined : await findPersonToTellOf(db, actor, id)
  if (id !== null && !form.twins && !person) throw new NotFound()
  if (person) await recordView(req, person.id)
  const isChampion = may(actor, 'referral:decide')
  const all = isChampion || actor.wardIds.length > 1 ? await listWards(db, actor) : []
  const teams = isChampion ? all : all.filter(({ id: ward }) => actor.wardIds.includes(ward))
  const key = formKeyOf(req.body)
  return presentReferralForm({ key, person, teams, isChampion, today: londonToday(now), ...form })
}

async function recordView(req: Request, serviceUserId: number): Promise<void> {
  await recordInAudit(req, { verb: 'service-user:viewed', subject: ['service-user', serviceUserId], serviceUserId })
}

async function saveNewReferral(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const asker = { isChampion: may(actor, 'referral:decide'), wardIds: actor.wardIds }
  const form = parseReferral(req.body, londonToday(now), asker)
  const person = fieldText(req.body, 'person')
  if (form.errors) return showAgain(res, FORM, await formPage(req, { ...form, person }))
  const { value, values } = form
  try {
    const location = await createOnce(req, formKeyOf(req.body), urlOf, (change) => makeReferral(change, value))
    req.session.flash = asker.isChampion ? 'The referral is saved.' : 'Your referral is sent to the digital champions.'
    res.redirect(303, location)
  } catch (error) {
    showAgain(res, FORM, await formPage(req, { values, person, ...(await whoElse(req, error, value)) }))
  }
}

/** Who may be the one that was described; what PostgreSQL refused meanwhile is found when it is sent again. */
async function whoElse(
  req: Request,
  error: unknown,
  { person }: { person: { added?: { nhs_number: string | null } | undefined } },
): Promise<FormAgain> {
  if (error instanceof NotUnique) {
    await keepRefusal(req, error)
    return {
      errors: [{ field: 'nhs-number', text: 'Somebody with this NHS number was added just now. Send it again' }],
    }
  }
  if (!(error instanceof LooksLikeTwins)) throw error
  const number = person.added?.nhs_number ?? null
  const hasHolder = number !== null && error.twins.some(({ nhs_number }) => nhs_number === number)
  for (const { id } of error.twins) await recordView(req, id)
  return { twins: error.twins, hasHolder }
}

async function showReferral(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const referral = await viewReferral(req)
  const twins = may(actor, 'service-user:merge') ? await findTwins(req, referral) : []
  const rights = {
    decide: may(actor, 'referral:decide'),
    lend: may(actor, 'loan:write'),
    seeRecord: may(actor, 'service-user:read'),
    seeLoans: may(actor, 'service-user:read'),
    raise: may(actor, 'concern:raise') && referral.ended_as !== 'withdrawn',
    seeSummary: actor.role === 'care-team' && may(actor, 'person:summary'),
  }
  renderPage(res, 'referrals/referral', presentReferral({ referral, twins, may: rights }))

  async function findTwins(_: Request, one: ReferralDetail) {
    const { service_user: name, date_of_birth, nhs_number, nhs_number_given, ended_as } = one
    if (date_of_birth === null || ended_as !== null) return []
    const found = await listTwins(db, actor, { name, date_of_birth, nhs_number: nhs_number_given ?? nhs_number })
    return found.filter(({ id }) => id !== one.service_user_id)
  }
}

async function viewReferral(req: Request): Promise<ReferralDetail> {
  const referral = await findReferralOr404(req)
  await recordInAudit(req, {
    verb: 'referral:viewed',
    subject: ['referral', referral.id],
    serviceUserId: referral.service_user_id,
  })
  return referral
}

async function findReferralOr404(req: Request): Promise<ReferralDetail> {
  const { db, actor } = context(req)
  const referral = await findReferral(db, actor, idFrom(req))
  if (!referral) throw new NotFound()
  return referral
}

async function showAppointment(req: Request, res: Response): Promise<void> {
  renderPage(res, APPOINTMENT, presentFirstAppointment(await viewReferral(req)))
}

async function saveAppointment(req: Request, res: Response): Promise<void> {
  const form = parseFirstAppointment(req.body, londonToday(context(req).now))
  const referral = await findReferralOr404(req)
  if (form.errors) return showAgain(res, APPOINTMENT, presentFirstAppointment(referral, form))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => changeFirstAppointment(change, referral.id, versionOf(req.body), value))
    req.session.flash = 'The first appointment is saved.'
    res.redirect(303, urlOf(referral))
  } catch (error) {
    await keepStale(req, error)
    const errors = [{ field: 'appointment', text: overtaken }]
    showAgain(res, APPOINTMENT, presentFirstAppointment(await findReferralOr404(req), { values, errors }), 409)
  }
}

const overtaken =
  'Somebody changed this referral after you opened it. Look at it again, and save once more if you still mean it'

async function keepStale(req: Request, error: unknown): Promise<void> {
  if (!(error instanceof Stale)) throw error
  await keepRefusal(req, error)
}

async function saveAsk(req: Request, res: Response): Promise<void> {
  const ask = textFrom(req, 'ask')
  if (!Object.hasOwn(asks, ask)) throw new NotFound()
  const id = idFrom(req)
  const isMet = fieldText(req.body, 'met') === 'yes'
  await inTransaction(req, (change) => sayMet(change, id, ask as Ask, isMet))
  req.session.flash = isMet ? 'Written down as met.' : 'Written down as not met.'
  res.redirect(303, urlOf({ id }))
}

function showEnding(ending: Ending) {
  return async (req: Request, res: Response): Promise<void> => {
    renderPage(res, ENDING, presentEnding(await viewReferral(req), ending))
  }
}

function saveEnding(ending: Ending) {
  return async (req: Request, res: Response): Promise<void> => {
    const form = parseEnding(ending, req.body)
    const referral = await findReferralOr404(req)
    if (form.errors) return showAgain(res, ENDING, presentEnding(referral, ending, form))
    const { value, values } = form
    try {
      await inTransaction(req, (change) => endReferral(change, referral.id, versionOf(req.body), { ending, ...value }))
      req.session.flash = ending === 'declined' ? 'The referral is declined.' : 'The referral is withdrawn.'
      res.redirect(303, urlOf(referral))
    } catch (error) {
      await keepStale(req, error)
      const errors = [{ field: 'why', text: overtaken }]
      showAgain(res, ENDING, presentEnding(await findReferralOr404(req), ending, { values, errors }), 409)
    }
  }
}

async function reopen(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  await inTransaction(req, (change) => reopenReferral(change, id))
  req.session.flash = 'The referral goes on.'
  res.redirect(303, urlOf({ id }))
}

function urlOf({ id }: { id: number }): string {
  return `/referrals/${id}`
}
