import type { Request, Response } from 'express'
import { writeCsv } from '../lib/csv.ts'
import { fieldText, formKeyOf } from '../lib/fields.ts'
import { NotFound, NotUnique, Stale } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { get, post, postFile } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import {
  applyImport,
  Done,
  discardImport,
  mappingOf,
  openImport,
  saveColumns,
  saveMeanings,
  stageImport,
} from './actions.ts'
import { importPath, uploadPath } from './field-names.ts'
import { fields, templateFields } from './fields-rules.ts'
import { parseColumns, parseMeanings, parseUpload } from './form.ts'
import type { Mapping } from './mapping-rules.ts'
import { type ColumnsShown, presentColumns, presentUpload, presentWords } from './presenter.ts'
import { presentPreview, presentResult } from './preview-presenter.ts'
import { findImport, listImports, listPlaces } from './queries.ts'
import { guessMapping, largestFile, planImport, printOf, readSheet, readStaged, type Sheet } from './sheet-actions.ts'
import { findStrangeWords, type StrangeWords } from './strange-words-rules.ts'
import { Places } from './words-rules.ts'

const upload = { field: 'file', maxBytes: largestFile.maxBytes }

export const importRoutes = [
  get(uploadPath, 'item:import', showUpload),
  postFile(uploadPath, 'item:import', upload, receiveFile),
  get(`${uploadPath}/template.csv`, 'item:import', sendTemplate),
  get(`${uploadPath}/:id`, 'item:import', showColumns),
  post(`${uploadPath}/:id`, 'item:import', chooseColumns),
  get(`${uploadPath}/:id/words`, 'item:import', showWords),
  post(`${uploadPath}/:id/words`, 'item:import', chooseWords),
  get(`${uploadPath}/:id/preview`, 'item:import', showPreview),
  get(`${uploadPath}/:id/errors.csv`, 'item:import', sendErrors),
  post(`${uploadPath}/:id/apply`, 'item:import', apply),
  post(`${uploadPath}/:id/discard`, 'item:import', discard),
  get(`${uploadPath}/:id/result`, 'item:import', showResult),
]

const RECENT = 5

async function showUpload(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const recent = await listImports(db, actor, RECENT)
  renderPage(res, 'imports/upload', presentUpload({ key: formKeyOf(undefined), recent }))
}

async function receiveFile(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const file = parseUpload(req)
  const sheet = file.error ? file : await readSheet(file.value.bytes)
  if (file.error || sheet.error) {
    const error = (file.error ?? sheet.error)?.text
    const recent = await listImports(db, actor, RECENT)
    return showAgain(res, 'imports/upload', presentUpload({ key: formKeyOf(req.body), error, recent }))
  }
  const to = await createOnce(req, formKeyOf(req.body), importPath, (change) => stageImport(change, file.value))
  res.redirect(303, to)
}

function sendTemplate(_req: Request, res: Response): void {
  sendCsv(
    res,
    'items-template.csv',
    writeCsv(
      templateFields.map((field) => fields[field].label),
      [],
    ),
  )
}

/** An import that waits, with its file and how that is read so far. */
interface Step {
  id: number
  fileName: string
  sheet: Sheet
  mapping: Mapping
}

/** An import that is done shows what came of it, whichever of its pages is asked for. */
async function openStep(req: Request, res: Response): Promise<Step | null> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  try {
    const staged = await openImport(db, actor, id)
    const sheet = await readStaged(staged.bytes)
    return { id, fileName: staged.file_name, sheet, mapping: mappingOf(staged, sheet) }
  } catch (error) {
    if (!(error instanceof Done)) throw error
    res.redirect(303, importPath(id, '/result'))
    return null
  }
}

async function showColumns(req: Request, res: Response): Promise<void> {
  const step = await openStep(req, res)
  if (step) renderPage(res, 'imports/columns', presentColumns(columnsOf(step)))
}

function columnsOf({ id, fileName, sheet, mapping }: Step): ColumnsShown {
  const { columns, table } = sheet
  return { id, fileName, rowCount: table.rows.length, columns, guess: guessMapping(sheet), chosen: mapping.columns }
}

async function chooseColumns(req: Request, res: Response): Promise<void> {
  const step = await openStep(req, res)
  if (!step) return
  const form = parseColumns(req.body, step.sheet.table.headings)
  if (form.errors) return showAgain(res, 'imports/columns', presentColumns({ ...columnsOf(step), ...form }))

  const mapping = await inTransaction(req, (change) => saveColumns(change, step.id, form.value))
  const { words } = await strangeWordsOf(req, { ...step, mapping })
  res.redirect(303, importPath(step.id, hasAny(words) ? '/words' : '/preview'))
}

async function strangeWordsOf(req: Request, { sheet, mapping }: Step) {
  const { db, actor } = context(req)
  const places = await listPlaces(db, actor)
  return { places, words: findStrangeWords(sheet.table, mapping, new Places(places)) }
}

function hasAny({ categories, places }: StrangeWords): boolean {
  return categories.length + places.length > 0
}

async function showWords(req: Request, res: Response): Promise<void> {
  const step = await openStep(req, res)
  if (!step) return
  const { words, places } = await strangeWordsOf(req, step)
  if (!hasAny(words)) return res.redirect(303, importPath(step.id, '/preview'))
  renderPage(res, 'imports/words', presentWords({ ...step, meanings: step.mapping.meanings, words, places }))
}

async function chooseWords(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const meanings = parseMeanings(req.body, await listPlaces(db, actor))
  await inTransaction(req, (change) => saveMeanings(change, id, meanings))
  res.redirect(303, importPath(id, '/preview'))
}

async function showPreview(req: Request, res: Response): Promise<void> {
  const step = await openStep(req, res)
  if (step) renderPage(res, 'imports/preview', await previewOf(req, step))
}

async function previewOf(req: Request, step: Step, { changedMeanwhile = false } = {}) {
  const { db, actor, now } = context(req)
  const { words, places } = await strangeWordsOf(req, step)
  const plan = await planImport(db, actor, step, { now })
  return presentPreview({ ...step, plan, print: printOf(plan), places, hasWords: hasAny(words), changedMeanwhile })
}

async function sendErrors(req: Request, res: Response): Promise<void> {
  const step = await openStep(req, res)
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
async function apply(req: Request, res: Response): Promise<void> {
  const id = idFrom(req)
  try {
    await inTransaction(req, (change) => applyImport(change, id, fieldText(req.body, 'seen')))
  } catch (error) {
    if (error instanceof Done) return res.redirect(303, importPath(id, '/result'))
    if (error instanceof Stale || error instanceof NotUnique) return await showPreviewAgain(req, res)
    throw error
  }
  res.redirect(303, importPath(id, '/result'))
}

async function showPreviewAgain(req: Request, res: Response): Promise<void> {
  const step = await openStep(req, res)
  if (step) showAgain(res, 'imports/preview', await previewOf(req, step, { changedMeanwhile: true }), 409)
}

async function discard(req: Request, res: Response): Promise<void> {
  const fileName = await inTransaction(req, (change) => discardImport(change, idFrom(req)))
  req.session.flash = `${fileName} was discarded. Nothing was imported.`
  res.redirect(303, uploadPath)
}

async function showResult(req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const found = await findImport(db, actor, idFrom(req))
  if (!found) throw new NotFound()
  if (!found.result) return res.redirect(303, importPath(found.id, '/preview'))
  renderPage(res, 'imports/result', presentResult(found.file_name, found.result))
}
