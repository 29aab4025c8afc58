import type { Request, Response } from 'express'
import { recordReplacement } from '../incidents/task-actions.ts'
import { canBeLent } from '../items/rules.ts'
import { londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, Refusal, Taken } from '../lib/refusals.ts'
import { tieLoan } from '../referrals/actions.ts'
import { findReferral, listSuitableKits } from '../referrals/queries.ts'
import { categoriesWanted } from '../referrals/rules.ts'
import { findByCode } from '../scan/queries.ts'
import { heldFrom } from '../visits/rules.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { type LoanOrder, lendItems } from './actions.ts'
import { agreementAccepted, borrowerOf, describeBorrower, findPeople, whoPage } from './choosing-routes.ts'
import {
  type BorrowerAsked,
  borrowerAsked,
  dueAsked,
  itemIdsOf,
  lendValues,
  parseLend,
  parsePlan,
  referralAsked,
  replacesAsked,
  withDueOffered,
} from './lend-form.ts'
import { type LendShown, presentLend, reviewSentence } from './lend-presenter.ts'
import {
  explainTaken,
  findAgreement,
  listChosenItems,
  listFreeAlike,
  listKitItemIds,
  readLoanLengths,
} from './lend-queries.ts'
import { defaultDueOn, staysWhereItIs } from './rules.ts'
import { whoUrl } from './who-presenter.ts'

/** Lending: who, then what and until when, then the loan. Nothing is kept between the pages but what they carry. */
export const lendRoutes = [
  get('/loans/new', 'loan:write', showNewLoan),
  post('/loans/new/people', 'loan:write', askPeople),
  get('/loans/new/people', 'loan:write', showPeople),
  post('/loans/new/items', 'loan:write', changeChosen),
  post('/loans', 'loan:write', lend),
  post('/loans/planned', 'loan:write', planLoan),
]

const LEND = 'loans/lend'

async function showNewLoan(req: Request, res: Response): Promise<void> {
  const itemIds = await itemsAsked(req)
  const asked = borrowerAsked(req.query)
  if (!asked) return renderPage(res, 'loans/who', await whoPage(req, { itemIds }))
  const [replaces, referral] = [replacesAsked(req.query), referralAsked(req.query)]
  const typed: Typed = {
    ...(replaces !== null && { incident: String(replaces) }),
    ...(referral !== null && { referral: String(referral) }),
  }
  const shown = await lendShown(req, asked, itemIds, typed)
  await recordView(req, asked)
  renderPage(res, LEND, presentLend(shown))
}

/** The form says who somebody is, with their date of birth and NHS number: that is a look at their record. */
async function recordView(req: Request, { kind, id }: BorrowerAsked): Promise<void> {
  if (kind !== 'service-user') return
  await recordInAudit(req, { verb: 'service-user:viewed', subject: ['service-user', id], serviceUserId: id })
}

/** What the address asks for: items, and the items of a kit. */
async function itemsAsked(req: Request): Promise<number[]> {
  const { db, actor } = context(req)
  const kit = queryText(req, 'kit')
  const ofKit = /^[1-9]\d{0,14}$/.test(kit) ? await listKitItemIds(db, actor, Number(kit)) : []
  return [...new Set([...itemIdsOf(req.query), ...ofKit])]
}

/**
 * A name that is looked for may not stand in an address. It waits in the session for a page that is got and not posted,
 * since only to such a page does the Back button lead.
 */
async function askPeople(req: Request, res: Response): Promise<void> {
  const search = fieldText(req.body, 'search').slice(0, 200)
  const itemIds = itemIdsOf(req.body)
  if (search === '') {
    const errors = [{ field: 'search', text: 'Enter a name, an NHS number or a phone number' }]
    return showAgain(res, 'loans/who', await whoPage(req, { itemIds, errors }))
  }
  req.session.borrowerSearch = search
  res.redirect(303, whoUrl(itemIds, '/loans/new/people'))
}

async function showPeople(req: Request, res: Response): Promise<void> {
  const itemIds = itemIdsOf(req.query)
  const search = req.session.borrowerSearch
  if (!search) return res.redirect(303, whoUrl(itemIds))
  await recordInAudit(req, { verb: 'service-user:searched' })
  renderPage(res, 'loans/who', await whoPage(req, { itemIds, search, found: await findPeople(req, search) }))
}

/** Adds what was scanned, removes an item or puts another in its place, and shows the form again. Writes nothing. */
async function changeChosen(req: Request, res: Response): Promise<void> {
  const asked = borrowerAsked(req.body)
  if (!asked) throw new NotFound()
  const changed = await chosenAfter(req, itemIdsOf(req.body))
  const values = { ...lendValues(req.body), scan: changed.scan }
  const shown = await lendShown(req, asked, changed.itemIds, values)
  await recordView(req, asked)
  const page = presentLend({ ...shown, ...changed, isChoosing: !changed.errors })
  renderPage(res, LEND, page, { status: changed.errors ? 422 : 200 })
}

interface Chosen {
  itemIds: number[]
  /** What is left in the scan box. */
  scan: string
  errors?: FieldError[]
  notice?: string
}

async function chosenAfter(req: Request, chosen: number[]): Promise<Chosen> {
  const scan = fieldText(req.body, 'scan')
  const removed = queryText(req, 'remove')
  if (removed === '') return addScanned(req, chosen, scan)
  const [added] = itemIdsOf({ item: queryText(req, 'add') })
  const itemIds = chosen.flatMap((id) => (String(id) === removed ? (added ?? []) : id))
  return { itemIds, scan }
}

async function addScanned(req: Request, chosen: number[], code: string): Promise<Chosen> {
  const { db, actor } = context(req)
  // the box is empty again: the message repeats the code, and the next one scanned must not be added to it
  const refuse = (text: string) => ({ itemIds: chosen, scan: '', errors: [{ field: 'scan', text }] })
  if (code === '') return refuse('Scan or type an item or a kit')
  const { items, kits } = await findByCode(db, actor, code)
  const [item] = items
  const [kit] = kits
  if (items.length > 1) {
    const tags = items.map(({ tag }) => tag).join(', ')
    return refuse(`Several items have this number. Type the asset tag of one: ${tags}`)
  }
  if (item && !canBeLent(item.category)) return refuse(staysWhereItIs(item.tag))
  const found = item ? [item.id] : kit ? await listKitItemIds(db, actor, kit.id) : []
  if (found.length === 0) {
    return refuse(kit ? `The kit ${kit.tag} has no items` : `No item or kit has the tag or number ${code}`)
  }
  const isNew = found.some((id) => !chosen.includes(id))
  const notice = `${item?.tag ?? kit?.tag} ${isNew ? 'is added' : 'was added before'}.`
  return { itemIds: [...new Set([...chosen, ...found])], scan: '', notice }
}

async function lend(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const asked = borrowerAsked(req.body)
  if (!asked) throw new NotFound()
  // a tag still in the scan box was meant to come along: it is added and shown, and nothing is lent unseen
  if (fieldText(req.body, 'scan') !== '') return changeChosen(req, res)
  const itemIds = itemIdsOf(req.body)
  const items = await listChosenItems(db, actor, itemIds)
  if (items.length !== itemIds.length) throw new NotFound()
  const form = parseLend(req.body, asked.kind, items, londonToday(now))
  const shown = () => lendShown(req, asked, itemIds, form.values)
  if (form.errors) return showAgain(res, LEND, presentLend({ ...(await shown()), errors: form.errors }))

  const agreement = form.value.agreement && (await agreementAccepted(req, form.value.agreement))
  const order = { ...form.value, agreement, borrower: borrowerOf(asked), itemIds }
  try {
    res.redirect(303, await makeLoan(req, order))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const again = await shown()
    showAgain(res, LEND, presentLend({ ...again, errors: whyNotLent(error, again) }), 409)
  }
}

/** The same for a visit to come: the items are held from its day on, and the loan says when. */
async function planLoan(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const asked = borrowerAsked(req.body)
  if (!asked) throw new NotFound()
  if (fieldText(req.body, 'scan') !== '') return changeChosen(req, res)
  const itemIds = itemIdsOf(req.body)
  const items = await listChosenItems(db, actor, itemIds)
  if (items.length !== itemIds.length) throw new NotFound()
  const form = parsePlan(req.body, asked.kind, items, londonToday(now))
  const again = { isPlanning: true }
  if (form.errors) {
    const shown = await lendShown(req, asked, itemIds, form.values)
    return showAgain(res, LEND, presentLend({ ...shown, ...again, errors: form.errors }))
  }
  const { visit, ...value } = form.value
  const from = heldFrom(visit, now)
  try {
    const planned = { from, time: visit.time, place: visit.place }
    res.redirect(303, await makeLoan(req, { ...value, agreement: null, borrower: borrowerOf(asked), itemIds, planned }))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const shown = await lendShown(req, asked, itemIds, form.values, from)
    showAgain(res, LEND, presentLend({ ...shown, ...again, errors: whyNotLent(error, shown) }), 409)
  }
}

/** Gives where the loan is, and says at its top when the review is; to a form sent twice, that it was sent before. */
async function makeLoan(req: Request, order: LoanOrder): Promise<string> {
  let done = 'This form was sent before. This is the loan it made.'
  const [replaces, referral] = [replacesAsked(req.body), referralAsked(req.body)]
  const url = await createOnce(
    req,
    formKeyOf(req.body),
    (loan: { id: number }) => `/loans/${loan.id}`,
    async (change) => {
      const loan = await lendItems(change, order)
      if (replaces !== null) await recordReplacement(change, replaces, loan.id)
      if (referral !== null) await tieLoan(change, referral, loan.id)
      if (order.planned) done = 'Planned. The items are held for the visit.'
      else done = order.dueOn && loan.dueOn ? `Lent. ${reviewSentence(order.dueOn, loan.dueOn)}` : 'Given to keep.'
      return loan
    },
  )
  req.session.flash = done
  return url
}

/** One line for each item that is taken; the form says beside it who has it. */
function whyNotLent(refusal: Refusal, { taken }: LendShown): FieldError[] {
  if (!(refusal instanceof Taken)) return [{ field: 'scan', text: refusal.message }]
  if (taken.length === 0) return [{ field: 'scan', text: 'Someone else took one of these just now. Try again.' }]
  return taken.map((row) => ({ field: `item-${row.item_id}`, text: `${row.tag} cannot be lent now` }))
}

/** Everything the lend form shows. Somebody else's borrower is nobody, and their items are left out. */
async function lendShown(
  req: Request,
  asked: BorrowerAsked,
  itemIds: number[],
  typed: Typed = {},
  from?: Date,
): Promise<LendShown> {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  const [borrower, items, agreement, weeks] = await Promise.all([
    describeBorrower(req, asked),
    listChosenItems(db, actor, itemIds),
    findAgreement(db, actor),
    readLoanLengths(db, actor),
  ])
  const categories = items.map((item) => item.category)
  const offered = defaultDueOn(categories, weeks, today)
  const values = withDueOffered(typed, offered)
  const dueOn = dueAsked(values, asked.kind, offered)
  const until = dueOn === null ? null : londonMidnightAfter(dueOn)
  const wanted = { from: from ?? now, until, ...(asked.kind === 'ward' && { wardId: asked.id }) }
  const taken = await explainTaken(db, actor, itemIds, wanted)
  const takenIds = taken.map((row) => row.item_id)
  const free = await listFreeAlike(db, actor, takenIds, wanted, itemIds)
  const referral = await referralToMeet(req, asked, values, { itemIds, until: dueOn ?? today })
  return {
    key: formKeyOf(req.body),
    replaces: replacesAsked(values),
    referral,
    borrower: { ...asked, ...borrower },
    items,
    values,
    offered,
    supportedUntil: dueOn ?? today,
    agreement,
    taken,
    free,
    today,
    maySeeNames: may(actor, 'service-user:read'),
  }
}

/** What the referral of this loan still asks for, and kits that would meet it as long as nothing is chosen. */
async function referralToMeet(
  req: Request,
  { kind, id }: BorrowerAsked,
  values: Typed,
  { itemIds, until }: { itemIds: number[]; until: string },
): Promise<LendShown['referral']> {
  const asked = referralAsked(values)
  if (asked === null) return null
  const { db, actor, now } = context(req)
  const referral = await findReferral(db, actor, asked)
  if (!referral || kind !== 'service-user' || referral.service_user_id !== id) throw new NotFound()
  const open = referral.asks.filter(({ is_met }) => !is_met).map(({ ask }) => ask)
  const categories = itemIds.length === 0 ? categoriesWanted(open) : []
  const kits = await listSuitableKits(db, actor, { categories, from: now, until: londonMidnightAfter(until), limit: 5 })
  return { id: asked, open, kits }
}
