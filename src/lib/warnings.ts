/** Something that speaks against what is asked for, and that one may go on in spite of. */
export interface Warning {
  /** One word that stays the same: it comes back with the next press, and says what was seen. */
  code: string
  text: string
}

/** The codes of warnings that a form was shown with, as one value of it. */
export function codesOf(warnings: readonly Warning[]): string {
  return warnings.map(({ code }) => code).join(' ')
}

/** Whether all of these were seen before the button was pressed again: only then was it meant. */
export function isNothingNew(warnings: readonly Warning[], seen: string): boolean {
  const codes = new Set(seen.split(' '))
  return warnings.every(({ code }) => codes.has(code))
}

/** All of them in one sentence each, for beside a field. */
export function warningsInWords(warnings: readonly Warning[], otherwise: string): string {
  return `${warnings.map(({ text }) => text).join('. ')}. ${otherwise}, or save once more if you go on`
}
