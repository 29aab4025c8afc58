/** What the forms call their fields, in one place for the page that shows them and the form that reads them. */

/** The choice for the column at this place. Columns go by their place, since a heading may be any text at all. */
export function columnField(at: number): string {
  return `column-${at}`
}

export type WordKind = 'category' | 'place'

/** More words than these are no words, but a column that was matched with the wrong thing. */
export const mostWords = 100

/** The choice for one word; the word itself comes along under `wordField`. */
export function meaningField(kind: WordKind, at: number): string {
  return `${kind}-${at}`
}

export function wordField(kind: WordKind, at: number): string {
  return `${kind}-${at}-word`
}

export type Step =
  | ''
  | '/sheet'
  | '/words'
  | '/preview'
  | '/errors.csv'
  | '/apply'
  | '/discard'
  | '/progress'
  | '/result'

/** Where a step of an import is; `path` is that of its kind. */
export function importPath({ path }: { path: string }, id: number, step: Step = ''): string {
  return `${path}/${id}${step}`
}
