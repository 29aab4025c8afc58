import type { Request, Response } from 'express'
import { londonMidnightAfter, londonToday } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf } from '../lib/fields.ts'
import { NotFound, Refusal, Taken } from '../lib/refusals.ts'
import { findByCode } from '../scan/queries.ts'
import { findServiceUser, searchServiceUsers } from '../service-users/queries.ts'
import { listWards } from '../wards/queries.ts'
import { may } from '../web/access.ts'
import { context, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { type Borrower, lendItems } from './actions.ts'
import { type BorrowerAsked, borrowerAsked, itemIdsOf, lendValues, parseLend } from './lend-form.ts'
import { type LendShown, presentLend, presentPerson, presentTaken, presentWho } from './lend-presenter.ts'
import {
  explainTaken,
  findAgreement,
  listChosenItems,
  listFreeAlike,
  listKitItemIds,
  listStaff,
  readLoanLengths,
} from './lend-queries.ts'
import { defaultDueOn } from './rules.ts'

/** Lending: who, then what and until when, then the loan. Nothing is kept between the pages but what they carry. */
export const lendRoutes = [
  get('/loans/new', 'loan:write', showNewLoan),
  post('/loans/new/people', 'loan:write', findPeople),
  post('/loans/new/items', 'loan:write', changeChosen),
  post('/loans', 'loan:write', lend),
]

const MOST_PEOPLE = 20

async function showNewLoan(req: Request, res: Response): Promise<void> {
  const itemIds = await itemsAsked(req)
  const asked = borrowerAsked(req.query)
  if (!asked) return renderPage(res, 'loans/who', await whoPage(req, { itemIds }))
  renderPage(res, 'loans/lend', presentLend(await lendShown(req, asked, itemIds)))
}

/** What the address asks for: items, and the items of a kit. */
async function itemsAsked(req: Request): Promise<number[]> {
  const { db, actor } = context(req)
  const kit = queryText(req, 'kit')
  const ofKit = /^[1-9]\d{0,14}$/.test(kit) ? await listKitItemIds(db, actor, Number(kit)) : []
  return [...new Set([...itemIdsOf(req.query), ...ofKit])]
}

async function whoPage(
  req: Request,
  more: { itemIds: number[]; search?: string; people?: ReturnType<typeof presentPerson>[]; errors?: FieldError[] },
) {
  const { db, actor } = context(req)
  const [wards, staff] = await Promise.all([listWards(db, actor), listStaff(db, actor)])
  return presentWho({ wards, staff, ...more })
}

/** Changes nothing. It is a post all the same, so that no name stands in an address, a log or the browser's history. */
async function findPeople(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const search = fieldText(req.body, 'search')
  const itemIds = itemIdsOf(req.body)
  if (search === '') {
    const errors = [{ field: 'search', text: 'Enter a name, an NHS number or a phone number' }]
    return showAgain(res, 'loans/who', await whoPage(req, { itemIds, errors }))
  }
  const found = await searchServiceUsers(db, actor, search, MOST_PEOPLE)
  renderPage(res, 'loans/who', await whoPage(req, { itemIds, search, people: found.map(presentPerson) }))
}

/** Adds what was scanned, or removes one, and shows the form again. Changes nothing in the database. */
async function changeChosen(req: Request, res: Response): Promise<void> {
  const asked = borrowerAsked(req.body)
  if (!asked) throw new NotFound()
  const removed = queryText(req, 'remove')
  const chosen = itemIdsOf(req.body).filter((id) => String(id) !== removed)
  const added = removed === '' ? await addScanned(req, chosen) : { itemIds: chosen }
  const values = { ...lendValues(req.body), scan: added.errors ? fieldText(req.body, 'scan') : '' }
  const page = presentLend({ ...(await lendShown(req, asked, added.itemIds)), values, ...added })
  renderPage(res, 'loans/lend', page, { status: added.errors ? 422 : 200 })
}

interface Scanned {
  itemIds: number[]
  errors?: FieldError[]
  notice?: string
}

async function addScanned(req: Request, chosen: number[]): Promise<Scanned> {
  const { db, actor } = context(req)
  const code = fieldText(req.body, 'scan')
  if (code === '') return { itemIds: chosen, errors: [{ field: 'scan', text: 'Scan or type an item or a kit' }] }
  const { items, kits } = await findByCode(db, actor, code)
  if (items.length > 1) {
    const tags = items.map((item) => item.tag).join(', ')
    return {
      itemIds: chosen,
      errors: [{ field: 'scan', text: `Several items have this number. Type the asset tag of one: ${tags}` }],
    }
  }
  const found = items[0] ? [items[0].id] : kits[0] ? await listKitItemIds(db, actor, kits[0].id) : []
  if (found.length === 0) {
    const text = kits[0] ? `The kit ${kits[0].tag} has no items` : `No item or kit has the tag or number ${code}`
    return { itemIds: chosen, errors: [{ field: 'scan', text }] }
  }
  const isNew = found.some((id) => !chosen.includes(id))
  return {
    itemIds: [...new Set([...chosen, ...found])],
    notice: isNew ? `${code} is added.` : `${code} was added before.`,
  }
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
  const shown = () => lendShown(req, asked, itemIds)
  if (form.errors) return showAgain(res, 'loans/lend', presentLend({ ...(await shown()), ...form }))

  const agreement = form.value.agreement && (await agreementAccepted(req, form.value.agreement))
  const order = { ...form.value, agreement, borrower: borrowerOf(asked), itemIds }
  try {
    const to = await createOnce(
      req,
      formKeyOf(req.body),
      (loan: { id: number }) => `/loans/${loan.id}`,
      (change) => lendItems(change, order),
    )
    req.session.flash = order.dueOn === null ? 'Given to keep.' : 'Lent.'
    res.redirect(303, to)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const why = await whyNotLent(req, error, itemIds, order.dueOn)
    showAgain(res, 'loans/lend', presentLend({ ...(await shown()), values: form.values, ...why }), 409)
  }
}

async function agreementAccepted<T extends { way: string }>(req: Request, accepted: T) {
  const { db, actor } = context(req)
  const version = await findAgreement(db, actor)
  if (!version) throw new NotFound()
  return { ...accepted, versionId: version.id }
}

function borrowerOf({ kind, id }: BorrowerAsked): Borrower {
  if (kind === 'service-user') return { serviceUserId: id }
  return kind === 'ward' ? { wardId: id } : { staffId: id }
}

/** Asked after the rollback: who has what, and what like it is free. */
async function whyNotLent(req: Request, refusal: Refusal, itemIds: number[], dueOn: string | null) {
  if (!(refusal instanceof Taken)) return { errors: [{ field: 'scan', text: refusal.message }] }
  const { db, actor, now } = context(req)
  const rows = await explainTaken(db, actor, itemIds, dueOn === null ? null : londonMidnightAfter(dueOn))
  if (rows.length === 0)
    return { errors: [{ field: 'scan', text: 'Someone else took one of these just now. Try again.' }] }
  const free = await listFreeAlike(db, actor, [...new Set(rows.map((row) => row.category))])
  return { taken: presentTaken(rows, free, londonToday(now), may(actor, 'service-user:read')) }
}

/** Everything the lend form shows, but what was typed. Somebody else's borrower is nobody. */
async function lendShown(req: Request, asked: BorrowerAsked, itemIds: number[]): Promise<LendShown> {
  const { db, actor, now } = context(req)
  const [name, items, agreement, weeks] = await Promise.all([
    borrowerNameOf(req, asked),
    listChosenItems(db, actor, itemIds),
    findAgreement(db, actor),
    readLoanLengths(db, actor),
  ])
  if (name === null) throw new NotFound()
  const categories = items.map((item) => item.category)
  return {
    key: formKeyOf(req.body),
    borrower: { ...asked, name },
    items,
    values: {},
    agreement,
    defaultDueOn: defaultDueOn(categories, weeks, londonToday(now)),
  }
}

async function borrowerNameOf(req: Request, { kind, id }: BorrowerAsked): Promise<string | null> {
  const { db, actor } = context(req)
  if (kind === 'service-user') return (await findServiceUser(db, actor, id))?.name ?? null
  const list = kind === 'ward' ? await listWards(db, actor) : await listStaff(db, actor)
  return list.find((row) => row.id === id)?.name ?? null
}
