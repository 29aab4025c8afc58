import type { Request, Response } from 'express'
import { context, idFrom } from '../web/context.ts'
import { showAgain } from '../web/errors.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { saveColumns, saveMeanings } from './actions.ts'
import { importPath } from './field-names.ts'
import { parseColumns, parseMeanings } from './form.ts'
import type { FileKind } from './kinds-rules.ts'
import { type ColumnsShown, presentColumns, presentWords } from './presenter.ts'
import { listPlaces } from './queries.ts'
import { guessMapping } from './sheet-actions.ts'
import { hasAny, openStep, type Step, strangeWordsOf } from './step-routes.ts'
import { placesToChoose } from './words-rules.ts'

export async function showColumns(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (step) renderPage(res, 'imports/columns', presentColumns(columnsOf(step)))
}

function columnsOf({ kind, id, fileName, sheet, mapping }: Step): ColumnsShown {
  const { columns, rowCount } = sheet
  return { kind, id, fileName, rowCount, columns, guess: guessMapping(sheet, kind), chosen: mapping.columns }
}

export async function chooseColumns(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (!step) return
  const form = parseColumns(req.body, step.sheet.headings, kind)
  if (form.errors) return showAgain(res, 'imports/columns', presentColumns({ ...columnsOf(step), ...form }))

  const mapping = await inTransaction(req, (change) => saveColumns(change, kind, step.id, form.value))
  const { words } = await strangeWordsOf(req, { ...step, mapping })
  res.redirect(303, importPath(kind, step.id, hasAny(words) ? '/words' : '/preview'))
}

export async function showWords(kind: FileKind, req: Request, res: Response): Promise<void> {
  const step = await openStep(kind, req, res)
  if (!step) return
  const { words, places } = await strangeWordsOf(req, step)
  if (!hasAny(words)) return res.redirect(303, importPath(kind, step.id, '/preview'))
  renderPage(
    res,
    'imports/words',
    presentWords({ ...step, meanings: step.mapping.meanings, words, places: placesToChoose(places) }),
  )
}

export async function chooseWords(kind: FileKind, req: Request, res: Response): Promise<void> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  const meanings = parseMeanings(req.body, placesToChoose(await listPlaces(db, actor)))
  await inTransaction(req, (change) => saveMeanings(change, kind, id, meanings))
  res.redirect(303, importPath(kind, id, '/preview'))
}
