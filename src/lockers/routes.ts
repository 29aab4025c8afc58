import type { Request, Response } from 'express'
import { findWardByCode, findWardWithPeople } from '../bookings/timetable-queries.ts'
import { type FieldError, formKeyOf, type Typed } from '../lib/fields.ts'
import { NotFound, Refusal, RuleBroken } from '../lib/refusals.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post, postStep } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { collectDevice, depositDevice, handOverDevice, openBay, PersonNotHere } from './actions.ts'
import { bayIn, parseDeposit, parseHandOver, parseOpening, readId } from './form.ts'
import { presentDepositForm } from './form-presenter.ts'
import { presentDeposit, presentLockers } from './presenter.ts'
import { type BayRow, findDeposit, listBays, listWitnesses } from './queries.ts'
import { depositUrl, endedInWords, insteadInWords, lockersUrl, nearestBay, outOfService } from './rules.ts'
import { presentSlip } from './slip-presenter.ts'

export const lockerRoutes = [
  get('/wards/:code/lockers', 'locker:read', showLockers),
  get('/wards/:code/lockers/deposit', 'locker:write', showForm),
  // the slip is printed after it
  postStep('/wards/:code/lockers', 'locker:write', saveDeposit),
  get('/lockers/:id', 'locker:read', showDeposit),
  get('/lockers/:id/slip', 'locker:read', showSlip),
  post('/lockers/:id/collection', 'locker:write', saveCollection),
  post('/lockers/:id/hand-over', 'locker:write', saveHandOver),
  post('/lockers/:id/opening', 'locker:write', saveOpening),
]

const FORM = 'lockers/form'
const PAGE = 'lockers/deposit'

/** To the staff of another ward there are no lockers: what is in them is other people's. */
function requireOurs<Ward extends { id: number; closed_at: string | null }>(
  req: Request,
  ward: Ward | undefined,
): Ward {
  const { actor } = context(req)
  if (!ward || (actor.role === 'ward-staff' && !actor.wardIds.includes(ward.id))) throw new NotFound()
  return ward
}

async function showLockers(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const ward = requireOurs(req, await findWardByCode(db, actor, textFrom(req, 'code')))
  const bays = await listBays(db, actor, ward.id)
  renderPage(res, 'lockers/list', presentLockers({ ward, bays, now }))
}

async function readGround(req: Request, bayId: number | undefined) {
  const { db, actor } = context(req)
  const ward = requireOurs(req, await findWardWithPeople(db, actor, textFrom(req, 'code')))
  const bays = await listBays(db, actor, ward.id)
  const bay = bays.find(({ id }) => id === bayId)
  if (!bay) throw new NotFound()
  return { ward, people: ward.people, bays, bay }
}

async function showForm(req: Request, res: Response): Promise<void> {
  const ground = await readGround(req, readId(queryText(req, 'bay')))
  if (ground.bay.deposit_id !== null) return res.redirect(303, depositUrl({ id: ground.bay.deposit_id }))
  renderPage(res, FORM, presentDepositForm({ ...ground, ...unusable(ground), key: formKeyOf({}) }))
}

/** Of a bay that is shown out of service to whoever comes to fill it: the nearest that does. */
function unusable({ bays, bay }: { bays: BayRow[]; bay: BayRow }) {
  if (!bay.is_out_of_service || bay.connector === null) return {}
  const offer = nearestBay(bays, bay.id, bay.connector)
  return { offer, errors: [{ field: '', text: `${outOfService(bay)} ${insteadInWords(offer)}` }] }
}

async function saveDeposit(req: Request, res: Response): Promise<void> {
  const bayId = bayIn(req.body)
  const ground = await readGround(req, bayId)
  const form = parseDeposit(req.body)
  const again = { ...ground, key: formKeyOf(req.body), values: form.values }
  if (form.errors) return showAgain(res, FORM, presentDepositForm({ ...again, errors: form.errors }))
  const order = { ...form.value, wardId: ground.ward.id, bayId: ground.bay.id }
  try {
    const location = await createOnce(req, again.key, depositUrl, (change) => depositDevice(change, order))
    req.session.flash = `The device is in ${ground.bay.tag}.`
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const refused = await explain(req, error, order)
    showAgain(res, FORM, presentDepositForm({ ...again, ...refused }), 409)
  }
}

/** Why it was refused, and the nearest bay that would do; asked afterwards, so that it is as it stands now. */
async function explain(req: Request, error: Refusal, order: { bayId: number; wardId: number; connector: string }) {
  if (error instanceof PersonNotHere) return { errors: [{ field: 'person', text: error.message }] }
  const { db, actor } = context(req)
  const offer = nearestBay(await listBays(db, actor, order.wardId), order.bayId, order.connector)
  return { offer, errors: [{ field: 'connector', text: `${error.message} ${insteadInWords(offer)}` }] }
}

async function readShown(req: Request) {
  const { db, actor, now } = context(req)
  const deposit = await findDeposit(db, actor, idFrom(req))
  if (!deposit) throw new NotFound()
  const isOpen = deposit.ended_at === null && may(actor, 'locker:write')
  return { deposit, now, witnesses: isOpen ? await listWitnesses(db, actor, deposit.ward_id) : [] }
}

async function recordView(req: Request, { id, service_user_id }: { id: number; service_user_id: number | null }) {
  if (service_user_id === null) return
  await recordInAudit(req, { verb: 'locker:viewed', subject: ['locker-deposit', id], serviceUserId: service_user_id })
}

async function showDeposit(req: Request, res: Response): Promise<void> {
  const shown = await readShown(req)
  await recordView(req, shown.deposit)
  renderPage(res, PAGE, presentDeposit(shown))
}

async function showSlip(req: Request, res: Response): Promise<void> {
  const { deposit } = await readShown(req)
  await recordView(req, deposit)
  renderPage(res, 'lockers/slip', presentSlip(deposit), { layout: 'print' })
}

async function saveCollection(req: Request, res: Response): Promise<void> {
  await takeOut(req, res, { done: 'It is with its owner again.', field: '', values: {} }, collectDevice)
}

async function saveHandOver(req: Request, res: Response): Promise<void> {
  const form = parseHandOver(req.body)
  const { values } = form
  if (form.errors) return showWrong(req, res, { values, errors: form.errors })
  await takeOut(req, res, { done: 'It is handed over.', field: 'handed-to', values }, (change, id) =>
    handOverDevice(change, id, form.value),
  )
}

async function saveOpening(req: Request, res: Response): Promise<void> {
  const form = parseOpening(req.body)
  const { values } = form
  if (form.errors) return showWrong(req, res, { values, errors: form.errors })
  await takeOut(req, res, { done: 'It is opened, and both names are kept.', field: 'witness', values }, (change, id) =>
    openBay(change, id, form.value),
  )
}

/** What is wrong with a form; of what is out already there is no form any more, so that is said instead. */
async function showWrong(req: Request, res: Response, { values, errors }: { values: Typed; errors: FieldError[] }) {
  const shown = await readShown(req)
  if (shown.deposit.ended_at === null) return showAgain(res, PAGE, presentDeposit({ ...shown, values, errors }))
  const refusal = new RuleBroken(endedInWords(shown.deposit))
  await keepRefusal(req, refusal)
  showAgain(res, PAGE, presentDeposit({ ...shown, errors: [{ field: '', text: refusal.message }] }), 409)
}

interface Outcome {
  done: string
  /** The field that a refusal belongs to. */
  field: string
  values: Typed
}

async function takeOut(
  req: Request,
  res: Response,
  { done, field, values }: Outcome,
  action: (change: Change, id: number) => Promise<void>,
): Promise<void> {
  try {
    await inTransaction(req, (change) => action(change, idFrom(req)))
  } catch (error) {
    if (!(error instanceof Refusal) || error.status !== 409) throw error
    await keepRefusal(req, error)
    const shown = await readShown(req)
    // what is out has no form any more that an error could lead to
    const errors: FieldError[] = [{ field: shown.deposit.ended_at === null ? field : '', text: error.message }]
    return showAgain(res, PAGE, presentDeposit({ ...shown, values, errors }), 409)
  }
  const { deposit } = await readShown(req)
  req.session.flash = done
  res.redirect(303, lockersUrl(deposit.ward_code))
}
