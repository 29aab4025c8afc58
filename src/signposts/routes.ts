import type { Request, Response } from 'express'
import { flagsOf } from '../conversations/flag-rules.ts'
import { readTalk } from '../conversations/queries.ts'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { findServiceUser } from '../service-users/queries.ts'
import { may } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { addSignpost, checkSignpost, editSignpost, endSignpost } from './actions.ts'
import { parseSignpost } from './form.ts'
import { presentSignpostForm, presentSignpostPrint, presentSignposts } from './presenter.ts'
import { findSignpost, listSignposts } from './queries.ts'
import { kinds, type Signpost } from './rules.ts'

export const signpostRoutes = [
  get('/signposts', 'signpost:read', showSignposts),
  get('/signposts/new', 'signpost:write', showNew),
  post('/signposts', 'signpost:write', saveNew),
  get('/signposts/:id/edit', 'signpost:write', showEdit),
  post('/signposts/:id', 'signpost:write', saveEdit),
  post('/signposts/:id/checked', 'signpost:write', check),
  post('/signposts/:id/ended', 'signpost:write', end),
  get('/service-users/:id/signposts', 'conversation:read', showPrint),
]

const FORM = 'signposts/form'

async function showSignposts(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const asked = queryText(req, 'kind')
  const kind = Object.hasOwn(kinds, asked) ? asked : ''
  const signposts = await listSignposts(db, actor, kind || undefined)
  const mayChange = may(actor, 'signpost:write')
  renderPage(res, 'signposts/list', presentSignposts({ signposts, kind, today: londonToday(now), mayChange }))
}

function showNew(_req: Request, res: Response): void {
  renderPage(res, FORM, presentSignpostForm({ key: formKeyOf({}) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const form = parseSignpost(req.body, londonToday(context(req).now))
  const key = formKeyOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentSignpostForm({ ...form, key }))
  const location = await createOnce(
    req,
    key,
    () => '/signposts',
    (change) => addSignpost(change, form.value),
  )
  req.session.flash = `${form.value.name} is added.`
  res.redirect(303, location)
}

async function showEdit(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, presentSignpostForm({ signpost: await findOr404(req) }))
}

async function saveEdit(req: Request, res: Response): Promise<void> {
  const signpost = await findOr404(req)
  const form = parseSignpost(req.body, londonToday(context(req).now))
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentSignpostForm({ signpost, ...form, version }))
  try {
    await inTransaction(req, (change) => editSignpost(change, signpost.id, version, form.value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, '/signposts')
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const errors = [
      { field: 'name', text: 'Somebody changed this after you opened it. Saving again replaces what they wrote' },
    ]
    showAgain(res, FORM, presentSignpostForm({ signpost: await findOr404(req), values: form.values, errors }), 409)
  }
}

async function check(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => checkSignpost(change, idFrom(req)))
  req.session.flash = 'It is marked as checked today.'
  res.redirect(303, '/signposts')
}

async function end(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => endSignpost(change, idFrom(req)))
  req.session.flash = 'It is taken off the list.'
  res.redirect(303, '/signposts')
}

async function showPrint(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const person = await findServiceUser(db, actor, idFrom(req))
  if (!person) throw new NotFound()
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  const [talk, signposts] = [await readTalk(db, actor, person.id), await listSignposts(db, actor)]
  const isLarge = queryText(req, 'print') === 'large'
  const page = presentSignpostPrint({
    person,
    signposts,
    flags: flagsOf(talk.newest),
    today: londonToday(now),
    isLarge,
  })
  renderPage(res, 'signposts/print', page, { layout: 'print' })
}

async function findOr404(req: Request): Promise<Signpost> {
  const { db, actor } = context(req)
  const signpost = await findSignpost(db, actor, idFrom(req))
  if (!signpost) throw new NotFound()
  return signpost
}
