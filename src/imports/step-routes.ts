import type { Request, Response } from 'express'
import { context, idFrom } from '../web/context.ts'
import { Done, mappingOf, type OpenImport, openImport, readStaged, UnderWay } from './actions.ts'
import { importPath } from './field-names.ts'
import type { FileKind } from './kinds-rules.ts'
import type { Mapping } from './mapping-rules.ts'
import { listPlaces } from './queries.ts'
import type { Sheet } from './sheet-actions.ts'
import { StrangeWordFinder, type StrangeWords } from './strange-words-rules.ts'
import { Places } from './words-rules.ts'

/** An import that waits. One that is done shows what came of it, whichever of its pages is asked for. */
export async function openWaiting(kind: FileKind, req: Request, res: Response): Promise<OpenImport | null> {
  const { db, actor } = context(req)
  const id = idFrom(req)
  try {
    return await openImport(db, actor, kind.kind, id)
  } catch (error) {
    if (!(error instanceof Done || error instanceof UnderWay)) throw error
    res.redirect(303, importPath(kind, id, error instanceof Done ? '/result' : '/progress'))
    return null
  }
}

/** An import that waits, with its rows and how they are read so far. */
export interface Step {
  kind: FileKind
  id: number
  fileName: string
  sheet: Sheet
  mapping: Mapping
}

/** While nobody has said which sheet of a workbook it is, every page leads there. */
export async function openStep(kind: FileKind, req: Request, res: Response): Promise<Step | null> {
  const staged = await openWaiting(kind, req, res)
  if (!staged) return null
  if (staged.format === 'workbook') {
    res.redirect(303, importPath(kind, staged.id, '/sheet'))
    return null
  }
  const sheet = await readStaged(staged, kind)
  return { kind, id: staged.id, fileName: nameOf(staged), sheet, mapping: mappingOf(staged, sheet, kind) }
}

export function nameOf({ file_name, sheet }: { file_name: string; sheet: string | null }): string {
  return sheet === null ? file_name : `${file_name}, ${sheet}`
}

export async function strangeWordsOf(req: Request, { kind, sheet, mapping }: Step) {
  const { db, actor } = context(req)
  const places = await listPlaces(db, actor)
  const words = new StrangeWordFinder(sheet.headings, mapping, kind, new Places(places))
  await sheet.eachRow((row) => words.add(row))
  return { places, words: words.found }
}

export function hasAny({ categories, places }: StrangeWords): boolean {
  return categories.length + places.length > 0
}
