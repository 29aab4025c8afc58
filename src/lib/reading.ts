/**
 * What came of reading something that a person typed, a scanner sent or a spreadsheet held: the value, or why not.
 * `reason` is for the program to decide by; `text` is a whole sentence that may be shown as it is. A caller writes
 * `if (read.error) ...` and TypeScript then knows that `read.value` is there.
 */
export type Reading<Value, Reason extends string = string> =
  | { value: Value; error?: undefined }
  | { value?: undefined; error: ReadingError<Reason> }

export type ReadingError<Reason extends string = string> = { reason: Reason; text: string }

export function accept<Value>(value: Value): { value: Value } {
  return { value }
}

export function refuse<Reason extends string>(reason: Reason, text: string): { error: ReadingError<Reason> } {
  return { error: { reason, text } }
}
