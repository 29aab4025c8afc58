import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { takeOffStaffTraining, writeStaffSession } from './staff-actions.ts'
import { parseStaffSession } from './staff-form.ts'
import { presentStaffTraining } from './staff-presenter.ts'
import { listStaffedWards, listTrainedStaff, listWrittenTrainings } from './staff-queries.ts'

export const staffTrainingRoutes = [
  get('/training/staff', 'training:read', showStaffTraining),
  post('/training/staff/wards/:id', 'training:write', saveSession),
  post('/training/staff/:id/cancellation', 'training:write', takeOff),
]

const PAGE = 'training/staff'
const MOST_WRITTEN = 20

async function showStaffTraining(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, await pageOf(req, queryText(req, 'ward')))
}

async function saveSession(req: Request, res: Response): Promise<void> {
  const wardId = idFrom(req)
  const { now } = context(req)
  const { value, values, errors } = parseStaffSession(req.body, londonToday(now))
  if (errors) return showAgain(res, PAGE, await pageOf(req, String(wardId), { values, errors }))
  try {
    const to = () => `/training/staff?ward=${wardId}`
    const location = await createOnce(req, formKeyOf(req.body), to, (change) =>
      writeStaffSession(change, wardId, value),
    )
    req.session.flash = 'It is written down who came.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const problem = [{ field: 'came', text: error.message }]
    showAgain(res, PAGE, await pageOf(req, String(wardId), { values, errors: problem }), 409)
  }
}

async function takeOff(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => takeOffStaffTraining(change, idFrom(req)))
  req.session.flash = 'It is taken off.'
  res.redirect(303, '/training/staff')
}

async function pageOf(req: Request, asked: string, form: FormShown = {}) {
  const { db, actor, now } = context(req)
  const wards = await listStaffedWards(db, actor)
  const ward = asked === '' ? wards[0] : wards.find(({ id }) => String(id) === asked)
  if (!ward && asked !== '') throw new NotFound()
  const wardId = ward?.id ?? 0
  const [members, written] = await Promise.all([
    listTrainedStaff(db, actor, wardId),
    listWrittenTrainings(db, actor, { wardId, most: MOST_WRITTEN }),
  ])
  return presentStaffTraining({
    ward,
    wards,
    members,
    written,
    key: formKeyOf(req.body),
    today: londonToday(now),
    ...form,
  })
}
