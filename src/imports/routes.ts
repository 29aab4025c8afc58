import type { Request, Response } from 'express'
import { writeCsv } from '../lib/csv.ts'
import { fieldText, formKeyOf } from '../lib/fields.ts'
import type { Reading } from '../lib/reading.ts'
import { NotFound, NotUnique, Stale, Taken } from '../lib/refusals.ts'
import type { Right } from '../web/access.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, services } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, type Handler, post, postFile, type Route } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { applyImport, Done, discardImport, type OpenImport, saveSheet, stageImport, UnderWay } from './actions.ts'
import { importPath } from './field-names.ts'
import { parseSheetChoice, parseUpload } from './form.ts'
import { type FileKind, fileKinds, mostBytes } from './kinds-rules.ts'
import { chooseColumns, chooseWords, showColumns, showWords } from './matching-routes.ts'
import { planImport, printOf } from './planning-actions.ts'
import { presentPreview, presentResult } from './preview-presenter.ts'
import { findImport, listImports } from './queries.ts'
import { askForImport } from './run-actions.ts'
import { presentProgress } from './run-presenter.ts'
import { findProgress } from './run-queries.ts'
import { LONG } from './run-rules.ts'
import { sealCodes, sealedCellOf } from './sealing-actions.ts'
import { hasAny, nameOf, openStep, openWaiting, type Step, strangeWordsOf } from './step-routes.ts'
import { presentSheet, presentUpload } from './upload-presenter.ts'
import { type FileToKeep, keepFile, keepSheet, sheetsOf } from './workbook-actions.ts'

const upload = { field: 'file', maxBytes: mostBytes }

export const importRoutes = [
  ...routesOf(fileKinds.items, 'item:import'),
  ...routesOf(fileKinds.loans, 'loan:import'),
  ...routesOf(fileKinds.people, 'service-user:import'),
  ...routesOf(fileKinds.counts, 'caseload-count:write'),
  ...routesOf(fileKinds.appointments, 'appointment:import'),
  ...routesOf(fileKinds['data-stock'], 'data-allowance:import'),
  ...routesOf(fileKinds['data-readings'], 'data-allowance:import'),
]

type KindHandler = (kind: FileKind, req: Request, res: Response) => Promise<void> | void

/** The same pages for every kind of spreadsheet, each behind the right of its own kind. */
function routesOf(kind: FileKind, right: Right): Route[] {
  const { path } = kind
  const of =
    (handler: KindHandler): Handler =>
    (req, res) =>
      handler(kind, req, res)
  return [
    get(path, right, of(showUpload)),
    postFile(path, right, upload, of(receiveFile)),
    get(`${path}/template.csv`, right, of(sendTemplate)),
    get(`${path}/:id`, right, of(showColumns)),
    post(`${path}/:id`, right, of(chooseColumns)),
    get(`${path}/:id/sheet`, right, of(showSheets)),
    post(`${path}/:id/sheet`, right, of(chooseSheet)),
    // a kind of which no word has to be matched with ours has no such page
    ...(Object.keys(kind.words).length === 0
      ? []
      : [get(`${path}/:id/words`, right, of(showWords)), post(`${path}/:id/words`, right, of(chooseWords))]),
    get(`${path}/:id/preview`, right, of(showPreview)),
    get(`${path}/:id/errors.csv`, right, of(sendErrors)),
    post(`${path}/:id/apply`, right, of(apply)),
    post(`${path}/:id/discard`, right, of(discard)),
    get(`${path}/:id/progress`, right, of(showProgress)),
    get(`${path}/:id/result`, right, of(showResult)),
  ]
}

const RECENT = 5

async function showUpload(kind: FileKind, req: Request, res: Response): Promise<void> {
  const recent = await recentImports(kind, req)
  renderPage(res, 'imports/upload', presentUpload({ kind, key: formKeyOf(undefined), recent }))
}

function recentImports({ kind }: FileKind, req: Request) {
  const { db, actor } = context(req)
  return listImports(db, { ...actor, kind }, RECENT)
}

async function receiveFile(kind: FileKind, req: Request, res: Response): Promise<void> {
  const file = parseUpload(req)
  const kept = file.error ? file : await keepSealed(kind, req, await keepFile(file.value.bytes, kind))
  if (file.error || kept.error) {
    const error = (file.error ?? kept.error)?.text
    const recent = await recentImports(kind, req)
    return showAgain(res, 'imports/upload', presentUpload({ kind, key: formKeyOf(req.body), error, recent }))
  }
  const staged = { ...kept.value, kind: kind.kind, name: file.value.name }
  const pathTo = (id: number) => importPath(kind, id)
  res.redirect(303, await createOnce(req, formKeyOf(req.body), pathTo, (change) => stageImport(change, staged)))
}

/** A file that may hold codes is kept with all of them encrypted. */
async function keepSealed(kind: FileKind, req: Request, kept: Reading<FileToKeep>): Promise<Reading<FileToKeep>> {
  if (kept.error || kind.sealedField === undefined) return kept
  const { secondStepKey } = services(req)
  const { organisationId } = context(req).actor
  return await sealCodes(kept.value, kind, (code) => sealedCellOf(secondStepKey, organisationId, code))
}

function sendTemplate(kind: FileKind, _req: Request, res: Response): void {
  const headings = kind.template.map((field) => kind.fields[field]?.label ?? '')
  sendCsv(res, `${kind.kind}-template.csv`, writeCsv(headings, []))
}

async function showSheets(kind: FileKind, req: Request, res: Response): Promise<void> {
  const staged = await openWaiting(kind, req, res)
  if (!staged) return
  if (staged.format !== 'workbook') return res.redirect(303, importPath(kind, staged.id))
  renderPage(res, 'imports/sheet', presentSheet({ kind, ...(await sheetsShown(kind, staged)) }))
}

async function sheetsShown(kind: FileKind, staged: OpenImport) {
  const { value: sheets, error } = await sheetsOf(staged.bytes, kind)
  if (error) throw new Error(`A staged workbook can no longer be read: ${error.reason}`)
  return { id: staged.id, fileName: staged.file_name, sheets }
}

async function chooseSheet(kind: FileKind, req: Request, res: Response): Promise<void> {
  const staged = await openWaiting(kind, req, res)
  if (!staged) return
  if (staged.format !== 'workbook') return res.redirect(303, importPath(kind, staged.id))
  const shown = await sheetsShown(kind, staged)
  const name = parseSheetChoice(
    req.body,
    shown.sheets.map((sheet) => sheet.name),
  )
  const kept = name.error ? name : await keepSealed(kind, req, await keepSheet(staged.bytes, name.value, kind))
  if (name.error || kept.error) {
    const again = { value: fieldText(req.body, 'sheet'), error: (name.error ?? kept.error)?.text }
    return showAgain(res, 'imports/sheet', presentSheet({ kind, ...shown, ...again }))
  }
  await inTransaction(req, (change) => saveSheet(change, kind.kind, staged.id, kept.value))
  res.redirect(303, importPath(kind, staged.id))
}

async function showPreview(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (step) renderPage(res, 'imports/preview', await previewOf(req, step))
}

async function previewOf(req: Request, step: Step, { changedMeanwhile = false } = {}) {
  const { db, actor, now } = context(req)
  const { words, places } = await strangeWordsOf(req, step)
  const plan = await planImport(db, actor, step, { now })
  return presentPreview({ ...step, plan, print: printOf(plan), places, hasWords: hasAny(words), changedMeanwhile })
}

async function sendErrors(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (!step) return
  const { db, actor, now } = context(req)
  const { problems } = await planImport(db, actor, step, { now })
  const rows = problems.map(({ line, column, value, text }) => [line, column, value, text])
  await recordInAudit(req, { verb: 'import:errors-exported', subject: ['import', step.id] })
  sendCsv(res, `import-${step.id}-errors.csv`, writeCsv(['Line', 'Column', 'What it says', 'What to do'], rows))
}

function sendCsv(res: Response, fileName: string, text: string): void {
  res.attachment(fileName).type('text/csv; charset=utf-8').send(text)
}

/** Nothing is imported that nobody has seen: where the plan is another by now, it is shown again. */
async function apply(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (!step) return
  const { id } = step
  if (step.sheet.rowCount > LONG[kind.kind]) return await applyLater(step, req, res)
  try {
    await inTransaction(req, (change) => applyImport(change, kind, id, fieldText(req.body, 'seen')))
  } catch (error) {
    if (error instanceof Done) return res.redirect(303, importPath(kind, id, '/result'))
    if (error instanceof Stale || error instanceof NotUnique || error instanceof Taken) {
      return await showPreviewAgain(kind, req, res)
    }
    throw error
  }
  res.redirect(303, importPath(kind, id, '/result'))
}

/** What would be done is held against what was seen now, where somebody waits for the answer, and once more by the job. */
async function applyLater(step: Step, req: Request, res: Response): Promise<void> {
  const { kind, id } = step
  const { db, actor, now } = context(req)
  const plan = await planImport(db, actor, step, { now })
  const isSeen = plan.problems.length === 0 && printOf(plan) === fieldText(req.body, 'seen')
  if (!isSeen) return await showPreviewAgain(kind, req, res)
  try {
    await inTransaction(req, (change) => askForImport(change, kind.kind, id, plan))
  } catch (error) {
    const isAsked = error instanceof UnderWay || error instanceof NotUnique
    if (!isAsked && !(error instanceof Done)) throw error
  }
  res.redirect(303, importPath(kind, id, '/progress'))
}

async function showProgress(kind: FileKind, req: Request, res: Response): Promise<void> {
  const { db, actor, now } = context(req)
  const id = idFrom(req)
  const run = await findProgress(db, { ...actor, kind: kind.kind }, id)
  if (run.applied_at !== null) return res.redirect(303, importPath(kind, id, '/result'))
  if (run.asked_at === null) return res.redirect(303, importPath(kind, id, '/preview'))
  renderPage(res, 'imports/progress', presentProgress(kind, run, now))
}

async function showPreviewAgain(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (step) showAgain(res, 'imports/preview', await previewOf(req, step, { changedMeanwhile: true }), 409)
}

async function discard(kind: FileKind, req: Request, res: Response): Promise<void> {
  const fileName = await inTransaction(req, (change) => discardImport(change, kind.kind, idFrom(req)))
  req.session.flash = `${fileName} was discarded. Nothing was imported.`
  res.redirect(303, kind.path)
}

async function showResult(kind: FileKind, req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const found = await findImport(db, { ...actor, kind: kind.kind }, idFrom(req))
  if (!found) throw new NotFound()
  if (!found.result) return res.redirect(303, importPath(kind, found.id, '/progress'))
  renderPage(res, 'imports/result', presentResult(kind, nameOf(found), found.result))
}
