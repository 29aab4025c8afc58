/** What a column may hold: the heading we write ourselves, what to put under it, and one example. */
export interface FieldTexts {
  label: string
  write: string
  example: string
}

/** Everything that one kind of spreadsheet may say. Templates, lists of choices and messages all come from such a table. */
export type FieldTable<F extends string = string> = Readonly<Record<F, FieldTexts>>

export function isFieldOf<F extends string>(fields: FieldTable<F>, text: string): text is F {
  return Object.hasOwn(fields, text)
}

/** The field with this heading or name, as somebody may write it in a map file. */
export function fieldCalled(fields: FieldTable, name: string): string | undefined {
  const wanted = name.trim().toLowerCase()
  return Object.entries(fields).find(
    ([field, { label }]) => field.toLowerCase() === wanted || label.toLowerCase() === wanted,
  )?.[0]
}

/** For the list of choices on the page. */
export function fieldOptions(fields: FieldTable): { value: string; text: string }[] {
  return Object.entries(fields).map(([value, { label }]) => ({ value, text: label }))
}
