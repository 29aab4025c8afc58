import { aboutCode, codeKey, whyNoCode } from '../data-allowances/stock-rules.ts'
import { type Reading, refuse } from '../lib/reading.ts'
import { keyedHash, seal } from '../lib/sealed.ts'
import type { FileKind } from './kinds-rules.ts'
import { refusedCell, sealedCell } from './sealed-cells-rules.ts'
import { guessMapping, readSheet } from './sheet-actions.ts'
import { type FileToKeep, rowAsCsv } from './workbook-actions.ts'

/**
 * Seals the codes in a file before it is kept, so that it lies nowhere as it was sent. Every column that is not known by its
 * heading as one that holds no code is sealed: one with an odd heading too.
 */
export async function sealCodes(
  kept: FileToKeep,
  kind: FileKind,
  seal: (code: string) => string,
): Promise<Reading<FileToKeep>> {
  if (kept.format === 'workbook') {
    return refuse('several-sheets', 'The workbook has several sheets. Save the one with the stock as a file of its own')
  }
  const { value: sheet, error } = await readSheet(kept.bytes, kind, kept.format)
  if (error) return { error }
  const known = guessMapping(sheet, kind)
  const isOpen = sheet.headings.map((heading) => {
    const field = known.get(heading)
    return field !== undefined && field !== kind.sealedField
  })
  const isNumbered = kept.format === 'sheet'
  const pieces: string[] = [rowAsCsv(isNumbered ? 1 : null, sheet.headings)]
  let line = 2
  await sheet.eachRow(({ line: at, cells }) => {
    const hidden = cells.map((cell, place) => (cell.trim() === '' || isOpen[place] ? cell : seal(cell.trim())))
    // each row stays on its line, so that what is wrong with it is found in the file that was sent
    if (!isNumbered) pieces.push('\n'.repeat(Math.max(0, at - line)))
    pieces.push(rowAsCsv(isNumbered ? at : null, hidden))
    line = at + 1
  })
  return { value: { ...kept, bytes: Buffer.from(pieces.join('')) } }
}

/** What stands in a cell in place of a code: a hash that tells whether it is known, and the code itself, both with our key. */
export function sealedCellOf(key: string, organisationId: number, code: string): string {
  const why = whyNoCode(code)
  if (why !== null) return refusedCell(why)
  const hash = keyedHash(key, `${organisationId} ${codeKey(code)}`).toString('hex')
  return sealedCell({ hash, sealed: seal(key, code, aboutCode(organisationId, hash)).toString('base64') })
}
