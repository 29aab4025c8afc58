import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { findSigner } from '../pins/queries.ts'
import { provePin } from '../pins/signing-actions.ts'
import { findPersonToTellOf, type PersonToTellOf } from '../service-users/tell-of-queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { endRestriction, reviewRestriction, signForPerson, writeRestriction } from './actions.ts'
import { parseEnding, parsePermit, parseRestriction, parseReview } from './form.ts'
import { presentRestriction, presentRestrictions, type RestrictionShown, type RestrictionsShown } from './presenter.ts'
import { type FoundRestriction, findRestriction, readRestrictions } from './queries.ts'
import { type PermitForm, restrictionsUrl, restrictionUrl } from './rules.ts'

/** What a care plan keeps from somebody. */
export const restrictionRoutes = [
  get('/service-users/:id/restrictions', 'restriction:write', showRestrictions),
  post('/service-users/:id/restrictions', 'restriction:write', saveRestriction),
  post('/service-users/:id/restrictions/permits', 'restriction:permit', savePermit),
  get('/restrictions/:id', 'restriction:write', showRestriction),
  post('/restrictions/:id/review', 'restriction:write', saveReview),
  post('/restrictions/:id/end', 'restriction:write', saveEnding),
]

const PAGE = 'restrictions/restrictions'
const ONE = 'restrictions/restriction'

async function findPerson(req: Request): Promise<PersonToTellOf> {
  const { db, actor } = context(req)
  const person = await findPersonToTellOf(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  return person
}

async function shownFor(req: Request, person: PersonToTellOf, forms: Pick<RestrictionsShown, 'written' | 'signed'>) {
  const { db, actor, now } = context(req)
  const all = await readRestrictions(db, actor, person.id, now)
  const back = `${may(actor, 'service-user:read') ? '/service-users' : '/people'}/${person.id}`
  const rights = { maySign: may(actor, 'restriction:permit'), back }
  return presentRestrictions({ ...all, ...rights, person, today: londonToday(now), key: formKeyOf(req.body), ...forms })
}

async function showRestrictions(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  renderPage(res, PAGE, await shownFor(req, person, {}))
}

async function saveRestriction(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const form = parseRestriction(req.body, londonToday(context(req).now))
  if (form.errors) return showAgain(res, PAGE, await shownFor(req, person, { written: form }))
  const { value } = form
  const url = await createOnce(
    req,
    formKeyOf(req.body),
    () => restrictionsUrl(person),
    (change) => writeRestriction(change, person.id, value),
  )
  req.session.flash = 'It is written down. Nothing of that kind can be lent to them or booked for them.'
  res.redirect(303, url)
}

async function savePermit(req: Request, res: Response): Promise<void> {
  const person = await findPerson(req)
  const form = parsePermit(req.body)
  if (form.errors) return showAgain(res, PAGE, await shownFor(req, person, { signed: form }))
  const proof = await proveSigner(req, person, form.value)
  if (proof.error) {
    const signed = { values: form.values, errors: [proof.error] }
    return showAgain(res, PAGE, await shownFor(req, person, { signed }))
  }
  const { pin: _, ...permit } = form.value
  const { pinId, wardId } = proof
  try {
    const url = await createOnce(
      req,
      formKeyOf(req.body),
      () => restrictionsUrl(person),
      (change) => signForPerson(change, { ...permit, personId: person.id, wardId, pinId }),
    )
    req.session.flash = 'It is signed for.'
    res.redirect(303, url)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const signed = { values: form.values, errors: [{ field: 'tag', text: error.message }] }
    showAgain(res, PAGE, await shownFor(req, person, { signed }), 409)
  }
}

/** Whoever signs works on the ward that the person is on; a wrong PIN is told of the person. */
async function proveSigner(req: Request, person: PersonToTellOf, { signerId, pin }: PermitForm) {
  const { db, actor, now } = context(req)
  const [ward] = (await readRestrictions(db, actor, person.id, now)).wards
  const wardId = ward?.id ?? 0
  const proof = await provePin(
    {
      db,
      inTransaction: (work) => inTransaction(req, work),
      audit: (change, signer) =>
        change.audit({
          verb: 'restriction:not-signed',
          subject: ['service-user', person.id],
          serviceUserId: person.id,
          details: { signer, why: 'wrong PIN' },
        }),
    },
    { signer: await findSigner(db, actor, wardId, signerId), pin },
  )
  return proof.error ? proof : { ...proof, wardId }
}

async function findOr404(req: Request): Promise<FoundRestriction> {
  const { db, actor } = context(req)
  const restriction = await findRestriction(db, actor, idFrom(req))
  if (!restriction) throw new NotFound()
  return restriction
}

async function showRestriction(req: Request, res: Response): Promise<void> {
  const restriction = await findOr404(req)
  const { service_user_id: serviceUserId } = restriction
  await recordInAudit(req, { verb: 'service-user:viewed', subject: ['service-user', serviceUserId], serviceUserId })
  renderPage(res, ONE, presentRestriction({ restriction, version: restriction.version }))
}

async function saveReview(req: Request, res: Response): Promise<void> {
  const restriction = await findOr404(req)
  const form = parseReview(req.body, londonToday(context(req).now))
  const version = versionOf(req.body)
  if (form.errors) return showOneAgain(res, { restriction, version, reviewed: form })
  const { value: reviewOn } = form
  const done = 'It holds on.'
  await saveOne(req, res, done, () =>
    inTransaction(req, (change) => reviewRestriction(change, restriction.id, { version, reviewOn })),
  )
}

async function saveEnding(req: Request, res: Response): Promise<void> {
  const restriction = await findOr404(req)
  const form = parseEnding(req.body)
  const version = versionOf(req.body)
  if (form.errors) return showOneAgain(res, { restriction, version, ended: form })
  const { value: because } = form
  const done = 'It has ended. Such things can be lent to them and booked for them again.'
  await saveOne(req, res, done, () =>
    inTransaction(req, (change) => endRestriction(change, restriction.id, { version, because })),
  )
}

function showOneAgain(res: Response, shown: RestrictionShown, status: 409 | 422 = 422): void {
  showAgain(res, ONE, presentRestriction(shown), status)
}

/** Does it once; somebody who was overtaken sees it as it is now. */
async function saveOne(req: Request, res: Response, done: string, save: () => Promise<void>): Promise<void> {
  try {
    await save()
    req.session.flash = done
    res.redirect(303, restrictionUrl({ id: idFrom(req) }))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const restriction = await findOr404(req)
    showOneAgain(res, { restriction, version: restriction.version, problem: error.message }, 409)
  }
}
