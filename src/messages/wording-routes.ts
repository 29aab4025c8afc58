import type { Request, Response } from 'express'
import { type FieldError, fieldText, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { isNothingNew, type Warning } from '../lib/warnings.ts'
import { context, queryText, textFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { isWorded, type WordedKind } from './ours-rules.ts'
import { switchMessage, wordMessage } from './wording-actions.ts'
import { parseWording } from './wording-form.ts'
import { formsOf, isSettled } from './wording-kinds-rules.ts'
import { knownOf, quietOf } from './wording-known-rules.ts'
import {
  formNames,
  presentLetterPreview,
  presentSetting,
  presentSettings,
  presentWording,
  settingUrl,
} from './wording-presenter.ts'
import { noOwn, previewsOf } from './wording-preview-rules.ts'
import { listMessageSettings, readMessageSetting } from './wording-queries.ts'
import { isWordingForm, type WordingForm, wordingForms } from './wording-rules.ts'

export const wordingRoutes = [
  get('/admin/messages', 'settings:read', showAll),
  get('/admin/messages/:kind', 'settings:read', showOne),
  post('/admin/messages/:kind/switch', 'settings:write', saveSwitch),
  get('/admin/messages/:kind/letter/print', 'settings:read', showLetter),
  get('/admin/messages/:kind/:form', 'settings:write', showWording),
  post('/admin/messages/:kind/:form', 'settings:write', saveWording),
  post('/admin/messages/:kind/:form/preview', 'settings:write', showPreview),
  post('/admin/messages/:kind/:form/ours', 'settings:write', saveOurs),
]

const FORM = 'messages/wording'
const overtaken = 'Somebody changed this after you opened it. Saving again replaces what they wrote'

async function showAll(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  renderPage(res, 'messages/settings', presentSettings(await listMessageSettings(db, actor)))
}

async function showOne(req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const kind = settledFrom(req)
  const found = await readMessageSetting(db, actor, kind)
  renderPage(res, 'messages/setting', presentSetting({ kind, ...found, quiet: quietOf(found), now }))
}

async function saveSwitch(req: Request, res: Response): Promise<void> {
  const kind = settledFrom(req)
  const isOn = fieldText(req.body, 'on') === 'yes'
  await inTransaction(req, (change) => switchMessage(change, kind, versionOf(req.body), isOn))
  req.session.flash = isOn ? 'It goes out again.' : 'Nobody gets it any more.'
  res.redirect(303, settingUrl(kind))
}

async function showLetter(req: Request, res: Response): Promise<void> {
  const { kind, versions, organisation, quiet } = await findWorded(req, 'letter')
  const shown = { kind, current: versions[0], organisation, quiet, now: context(req).now }
  const page = presentLetterPreview(shown, queryText(req, 'agreed') === 'yes')
  renderPage(res, 'messages/letter', page, { layout: 'print' })
}

async function showWording(req: Request, res: Response): Promise<void> {
  const { kind, form, versions } = await findWorded(req)
  renderPage(res, FORM, presentWording({ kind, form, current: versions[0] }))
}

async function saveWording(req: Request, res: Response): Promise<void> {
  const { kind, form, versions, quiet } = await findWorded(req)
  const [version, current] = [versionOf(req.body), versions[0]]
  const { errors, values, value } = parseWording(req.body, { kind, form, quiet })
  const again = (
    more: { values: Typed; errors?: FieldError[]; warnings?: Warning[]; version?: number },
    status: 409 | 422,
  ) => showAgain(res, FORM, presentWording({ kind, form, current, version, ...more }), status)
  if (errors) return again({ values, errors }, 422)
  const { own, warnings } = value
  if (!isNothingNew(warnings, fieldText(req.body, 'anyway'))) return again({ values, warnings }, 409)
  try {
    await inTransaction(req, (change) => wordMessage(change, kind, version, own))
    req.session.flash = `Saved. The ${formNames[form].toLowerCase()} reads so from now on.`
    res.redirect(303, settingUrl(kind))
  } catch (error) {
    if (!(error instanceof Stale)) throw error
    await keepRefusal(req, error)
    const field = wordingForms[form][0]
    again(
      { values, errors: [{ field, text: overtaken }], version: (await findWorded(req)).versions[0]?.version ?? 0 },
      409,
    )
  }
}

/** How it would read, before anything is saved. */
async function showPreview(req: Request, res: Response): Promise<void> {
  const { kind, form, versions, organisation, quiet } = await findWorded(req)
  const { errors, values, value } = parseWording(req.body, { kind, form, quiet })
  const shown = { kind, form, current: versions[0], version: versionOf(req.body), values }
  if (errors) return showAgain(res, FORM, presentWording({ ...shown, errors }))
  const known = knownOf({ ...noOwn, ...value.own }, quiet)
  const previews = previewsOf({ kind, form, known, organisation, now: context(req).now })
  renderPage(res, FORM, presentWording({ ...shown, warnings: value.warnings, previews }))
}

async function saveOurs(req: Request, res: Response): Promise<void> {
  const { kind, form } = await findWorded(req)
  const ours = Object.fromEntries(wordingForms[form].map((part) => [part, null]))
  await inTransaction(req, (change) => wordMessage(change, kind, versionOf(req.body), ours))
  req.session.flash = `The ${formNames[form].toLowerCase()} is in our words again.`
  res.redirect(303, settingUrl(kind))
}

function settledFrom(req: Request) {
  const kind = textFrom(req, 'kind')
  if (!isSettled(kind)) throw new NotFound()
  return kind
}

/** What is worded by this address, with all that was decided about it; not found where there is nothing to word. */
async function findWorded(req: Request, asked = textFrom(req, 'form')) {
  const { db, actor } = context(req)
  const kind = settledFrom(req)
  if (!isWorded(kind) || !isWordingForm(asked) || !formsOf(kind).includes(asked)) throw new NotFound()
  const worded: { kind: WordedKind; form: WordingForm } = { kind, form: asked }
  const found = await readMessageSetting(db, actor, kind)
  return { ...worded, ...found, quiet: quietOf(found) }
}
