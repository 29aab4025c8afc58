/**
 * Cells that a spreadsheet would run as a formula. The list is OWASP's ("CSV Injection"): = + - @, a tab, a line end, and
 * the wide forms of the four signs, which some spreadsheets take for the plain ones.
 */
const RUNS = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/
const NEUTRALISED = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/

/**
 * Puts a `'` in front of a cell that would run, so that a spreadsheet shows it as text. One that has a `'` there already
 * gets another, so that taking one off again gives back what was. NUL comes out: neither the database nor a text file
 * can hold it.
 */
export function neutralise(cell: string): string {
  const text = cell.includes('\0') ? cell.replaceAll('\0', '') : cell
  return RUNS.test(text) ? `'${text}` : text
}

/** Takes off the `'` that `neutralise` put there. */
export function stripNeutraliser(cell: string): string {
  return NEUTRALISED.test(cell) ? cell.slice(1) : cell
}
