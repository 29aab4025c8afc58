import { fieldText, fieldTexts } from '../lib/fields.ts'
import { cleanCode } from '../lib/text.ts'

export interface ShiftForm {
  /** What is ticked, and what was ticked already when the page was shown. */
  counted: number[]
  before: number[]
  /** What was scanned meanwhile, or nothing. */
  code: string
  /** The count that the page showed; null: none had begun. */
  checkId: number | null
}

/** Reads what was counted at the end of a shift. Nothing of it can be wrong: what was not ticked was not counted. */
export function parseShift(body: unknown): ShiftForm {
  const [checkId] = idsIn([fieldText(body, 'check')])
  return {
    counted: idsIn(fieldTexts(body, 'counted')),
    before: idsIn(fieldText(body, 'before').split(' ')),
    code: cleanCode(fieldText(body, 'code')),
    checkId: checkId ?? null,
  }
}

function idsIn(texts: string[]): number[] {
  return [...new Set(texts.filter((text) => /^[1-9]\d{0,14}$/.test(text)).map(Number))]
}
