import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { formKeyOf, versionOf } from '../lib/fields.ts'
import { NotFound, NotUnique, RuleBroken, Stale } from '../lib/refusals.ts'
import { listPlatforms } from '../platforms/queries.ts'
import { may } from '../web/access.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { approveGuide, beginNextVersion, changeDraft, retireGuide, takeOverStarters, writeGuide } from './actions.ts'
import { parseApproval, parseNewGuide, parseWords } from './form.ts'
import { presentApproval, presentGuideForm } from './form-presenter.ts'
import { presentGuide, presentGuidePrint, presentGuides } from './presenter.ts'
import { findGuide, type Guide, listGuides } from './queries.ts'
import { guideUrl, isDraft } from './rules.ts'

export const guideRoutes = [
  get('/guides', 'guide:read', showGuides),
  get('/guides/new', 'guide:write', showNew),
  post('/guides', 'guide:write', saveNew),
  post('/guides/starters', 'guide:write', saveStarters),
  get('/guides/:id', 'guide:read', showGuide),
  get('/guides/:id/print', 'guide:read', showPrint),
  get('/guides/:id/edit', 'guide:write', showEdit),
  post('/guides/:id', 'guide:write', saveEdit),
  get('/guides/:id/approval', 'guide:write', showApproval),
  post('/guides/:id/approval', 'guide:write', saveApproval),
  post('/guides/:id/versions', 'guide:write', saveVersion),
  post('/guides/:id/retirement', 'guide:write', saveRetirement),
]

const FORM = 'guides/form'
const APPROVAL = 'guides/approval'
const draftIsThere = [
  { field: 'purpose', text: 'There is a draft of this already, in this form and language. Change that one' },
]

async function showGuides(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const mayChange = may(actor, 'guide:write')
  const guides = await listGuides(db, actor, mayChange)
  const language = queryText(req, 'language')
  const shown = { guides, language, today: londonToday(now), mayChange, key: formKeyOf({}) }
  renderPage(res, 'guides/list', presentGuides(shown))
}

async function showNew(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, FORM, presentGuideForm({ platforms: await listPlatforms(db, actor), key: formKeyOf({}) }))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const [form, key] = [parseNewGuide(req.body), formKeyOf(req.body)]
  const again = async (errors = form.errors) =>
    showAgain(res, FORM, presentGuideForm({ ...form, errors, platforms: await listPlatforms(db, actor), key }))
  if (form.errors) return again()
  const { value } = form
  try {
    const location = await createOnce(
      req,
      key,
      ({ id }: { id: number }) => guideUrl(id),
      (change) => writeGuide(change, value),
    )
    req.session.flash = 'Saved as a draft. Nobody is given it until it is approved.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof NotUnique)) throw error
    await again(draftIsThere)
  }
}

async function saveStarters(req: Request, res: Response): Promise<void> {
  let made = 0
  const location = await createOnce(
    req,
    formKeyOf(req.body),
    () => '/guides',
    async (change) => {
      made = await takeOverStarters(change)
    },
  )
  req.session.flash =
    made === 0 ? 'You have all of them.' : `${made} guides are here as drafts. Read each, and approve what is right.`
  res.redirect(303, location)
}

async function showGuide(req: Request, res: Response): Promise<void> {
  const { actor, now } = context(req)
  const guide = await findReadable(req)
  const mayChange = may(actor, 'guide:write')
  renderPage(res, 'guides/guide', presentGuide({ guide, today: londonToday(now), mayChange, key: formKeyOf({}) }))
}

async function showPrint(req: Request, res: Response): Promise<void> {
  const isLarge = queryText(req, 'print') === 'large'
  const guide = await findReadable(req)
  renderPage(res, 'guides/print', presentGuidePrint(guide, isLarge), { layout: 'print' })
}

async function showEdit(req: Request, res: Response): Promise<void> {
  const guide = await findReadable(req)
  if (!isDraft(guide)) return res.redirect(303, guideUrl(guide.id))
  renderPage(res, FORM, presentGuideForm({ guide }))
}

async function saveEdit(req: Request, res: Response): Promise<void> {
  const guide = await findReadable(req)
  const form = parseWords(guide.form, req.body)
  const version = versionOf(req.body)
  if (form.errors) return showAgain(res, FORM, presentGuideForm({ guide, ...form, version }))
  const { value, values } = form
  try {
    await inTransaction(req, (change) => changeDraft(change, guide.id, version, value))
    req.session.flash = 'Your changes are saved.'
    res.redirect(303, guideUrl(guide.id))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const text = 'Somebody changed this after you opened it. Saving again replaces what they wrote'
    const now = await findReadable(req)
    showAgain(res, FORM, presentGuideForm({ guide: now, values, errors: [{ field: 'title', text }] }), 409)
  }
}

async function showApproval(req: Request, res: Response): Promise<void> {
  const guide = await findReadable(req)
  if (!isDraft(guide)) return res.redirect(303, guideUrl(guide.id))
  renderPage(res, APPROVAL, presentApproval({ guide, today: londonToday(context(req).now) }))
}

async function saveApproval(req: Request, res: Response): Promise<void> {
  const guide = await findReadable(req)
  const today = londonToday(context(req).now)
  const form = parseApproval(req.body, today)
  if (form.errors) return showAgain(res, APPROVAL, presentApproval({ guide, today, ...form }))
  await inTransaction(req, (change) => approveGuide(change, guide.id, versionOf(req.body), form.value))
  req.session.flash = 'It is approved in your name, and handed out from now on.'
  res.redirect(303, guideUrl(guide.id))
}

async function saveVersion(req: Request, res: Response): Promise<void> {
  const guide = await findReadable(req)
  try {
    const location = await createOnce(
      req,
      formKeyOf(req.body),
      ({ id }: { id: number }) => guideUrl(id, '/edit'),
      (change) => beginNextVersion(change, guide.id),
    )
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof NotUnique)) throw error
    throw new RuleBroken('Somebody has begun a new version already. It is among the guides, as a draft.')
  }
}

async function saveRetirement(req: Request, res: Response): Promise<void> {
  await inTransaction(req, (change) => retireGuide(change, idFrom(req), versionOf(req.body)))
  req.session.flash = 'It is out of use. Nobody is given it any more.'
  res.redirect(303, '/guides')
}

/** A draft is for whoever writes guides: to everybody else it is not there. */
async function findReadable(req: Request): Promise<Guide> {
  const { db, actor } = context(req)
  const guide = await findGuide(db, actor, idFrom(req))
  const isTheirs = guide && (guide.approved_at !== null || may(actor, 'guide:write'))
  if (!isTheirs) throw new NotFound()
  return guide
}
