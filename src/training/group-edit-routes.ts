import type { Request, Response } from 'express'
import { type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { replanGroup } from './group-actions.ts'
import { presentGroupEdit } from './group-edit-presenter.ts'
import { parseGroupPlan } from './group-form.ts'
import { findGroupToChange, type GroupRecord } from './group-queries.ts'
import { groupUrl } from './links-rules.ts'

export const groupEditRoutes = [
  get('/training/groups/:id/edit', 'training:write', showEdit),
  post('/training/groups/:id', 'training:write', saveEdit),
]

const FORM = 'training/group-edit'

async function showEdit(req: Request, res: Response): Promise<void> {
  const group = await groupOr404(req)
  renderPage(res, FORM, presentGroupEdit({ group, version: group.plan_version }))
}

async function saveEdit(req: Request, res: Response): Promise<void> {
  const group = await groupOr404(req)
  const version = versionOf(req.body)
  const { value, values, errors } = parseGroupPlan(req.body, group.way)
  if (errors) return showAgain(res, FORM, presentGroupEdit({ group, version, values, errors }))
  try {
    await inTransaction(req, (change) => replanGroup(change, group.id, version, value))
    req.session.flash = 'Your changes are saved. If it is somewhere else now, tell whoever is invited.'
    res.redirect(303, groupUrl(group.id))
  } catch (error) {
    await showRefused(req, res, error, { group, version, values })
  }
}

async function showRefused(
  req: Request,
  res: Response,
  error: unknown,
  shown: { group: GroupRecord; version: number; values: Typed },
): Promise<void> {
  const isOvertaken = error instanceof Stale
  if (!isOvertaken && !(error instanceof RuleBroken || error instanceof Taken)) throw error
  await keepRefusal(req, error)
  if (isOvertaken) {
    const group = await groupOr404(req)
    return showAgain(
      res,
      FORM,
      presentGroupEdit({ ...shown, group, version: group.plan_version, isOvertaken: true }),
      409,
    )
  }
  const errors = [{ field: error instanceof Taken ? 'places' : 'topic', text: error.message }]
  showAgain(res, FORM, presentGroupEdit({ ...shown, errors }), 409)
}

async function groupOr404(req: Request): Promise<GroupRecord> {
  const { db, actor } = context(req)
  const group = await findGroupToChange(db, actor, idFrom(req))
  if (!group) throw new NotFound()
  return group
}
