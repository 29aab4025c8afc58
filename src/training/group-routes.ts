import type { Request, Response } from 'express'
import { requireFit } from '../diary/check-actions.ts'
import { explainTime } from '../diary/explain-actions.ts'
import { listChampions } from '../diary/queries.ts'
import { fieldText, formKeyOf, type Typed, versionOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken, Taken } from '../lib/refusals.ts'
import type { Warning } from '../lib/warnings.ts'
import { searchServiceUsers } from '../service-users/queries.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { cancelGroup, InviteToBeMeant, invite, planGroup, writeSheet } from './group-actions.ts'
import { type GroupOrder, parseGroup, parseInvited, parseSheet } from './group-form.ts'
import { type GroupShown, presentGroup, presentGroupForm } from './group-presenter.ts'
import { findGroup, listPeopleToInvite } from './group-queries.ts'
import { NOTHING_CHOSEN } from './group-rules.ts'
import { groupUrl } from './links-rules.ts'

export const groupRoutes = [
  get('/training/groups/new', 'training:write', showNew),
  post('/training/groups', 'training:write', saveNew),
  get('/training/groups/:id', 'training:read', showGroup),
  // a name that is looked for stands in no address
  post('/training/groups/:id/find', 'training:write', findPeople),
  post('/training/groups/:id/people', 'training:write', saveInvited),
  post('/training/groups/:id/attendance', 'training:write', saveSheet),
  post('/training/groups/:id/cancellation', 'training:write', cancel),
]

const FORM = 'training/group-form'
const PAGE = 'training/group'
const MOST_FOUND = 10

async function showNew(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, await formPage(req))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const { value, values, errors } = parseGroup(req.body, context(req).now)
  if (errors) return showAgain(res, FORM, await formPage(req, { values, errors }))
  try {
    const to = ({ id }: { id: number }) => groupUrl(id)
    const location = await createOnce(req, formKeyOf(req.body), to, (change) => plan(change, value, values))
    req.session.flash = 'The session is planned. Invite people to it.'
    res.redirect(303, location)
  } catch (error) {
    const { refusal, why } = explainTime(error)
    await keepRefusal(req, refusal)
    showAgain(res, FORM, await formPage(req, { values, ...why }), 409)
  }
}

async function plan(change: Change, order: GroupOrder, { anyway = '' }: Typed) {
  const { championId, startsAt, minutes, way } = order
  const time = { championId, startsAt, endsAt: new Date(startsAt.getTime() + minutes * 60_000), travelMinutes: 0 }
  await requireFit(change, { time, person: null, way, seen: anyway })
  return planGroup(change, order)
}

async function formPage(req: Request, form: FormShown & { warnings?: Warning[] } = {}) {
  const { db, actor, now } = context(req)
  const champions = await listChampions(db, actor)
  return presentGroupForm({ champions, staffId: actor.staffId, now, key: formKeyOf(req.body), ...form })
}

async function showGroup(req: Request, res: Response): Promise<void> {
  renderPage(res, PAGE, await groupPage(req))
}

async function findPeople(req: Request, res: Response): Promise<void> {
  const find = fieldText(req.body, 'find').slice(0, 200)
  if (find !== '') await recordInAudit(req, { verb: 'service-user:searched' })
  renderPage(res, PAGE, await groupPage(req, { find }))
}

async function saveInvited(req: Request, res: Response): Promise<void> {
  const invited = parseInvited(req.body)
  if (!invited) throw new NotFound()
  const id = idFrom(req)
  const anyway = String((req.body as Typed).anyway ?? '')
  try {
    const location = await createOnce(
      req,
      formKeyOf(req.body),
      () => groupUrl(id),
      (change) => invite(change, id, invited, anyway),
    )
    req.session.flash = 'They are on the list. Tell them in a way that is safe for them.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof RuleBroken || error instanceof Taken)) throw error
    await keepRefusal(req, error)
    const warnings = error instanceof InviteToBeMeant ? error.warnings : []
    const text =
      warnings.length > 0 ? 'Look at what speaks against it, and invite them once more if you go on' : error.message
    const errors = [{ field: 'find', text }]
    showAgain(res, PAGE, await groupPage(req, { only: invited.personId, warnings, errors }), 409)
  }
}

async function saveSheet(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  const { value, values } = parseSheet(req.body)
  try {
    await inTransaction(req, (change) => writeSheet(change, id, value))
    req.session.flash = 'It is written down who came. Open each one to say how it went for them.'
    res.redirect(303, groupUrl(id))
  } catch (error) {
    if (!(error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const errors = [{ field: value.ids.length === 0 ? 'find' : `came-${value.ids[0]}`, text: error.message }]
    const status = error.message === NOTHING_CHOSEN ? 422 : 409
    showAgain(res, PAGE, await groupPage(req, { values, errors }), status)
  }
}

async function cancel(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => cancelGroup(change, idFrom(req), versionOf(req.body)))
  req.session.flash = 'The session is cancelled, and every place in it. Tell whoever was invited.'
  res.redirect(303, groupUrl(idFrom(req)))
}

/** `find`: what was typed to find somebody; `only`: the one whose invitation was asked for. */
async function groupPage(
  req: Request,
  {
    find = '',
    only,
    ...more
  }: { find?: string; only?: number } & Pick<GroupShown, 'warnings' | 'values' | 'errors'> = {},
) {
  const { db, actor, now } = context(req)
  const group = await findGroup(db, actor, idFrom(req))
  if (!group) throw new NotFound()
  await recordInAudit(req, { verb: 'training:group-viewed', subject: ['diary-entry', group.id] })
  const ids = find === '' ? [only].flatMap((id) => id ?? []) : await idsFound(req, find)
  const isAsked = find !== '' || only !== undefined
  const found = isAsked ? await listPeopleToInvite(db, actor, ids) : null
  return presentGroup({ group, now, find, found, key: () => crypto.randomUUID(), ...more })
}

async function idsFound(req: Request, find: string): Promise<number[]> {
  const { db, actor } = context(req)
  return (await searchServiceUsers(db, actor, find, MOST_FOUND)).map(({ id }) => id)
}
