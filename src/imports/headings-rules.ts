import { inNormalForm } from '../lib/normal-form.ts'

/** How the headings of one kind of spreadsheet are recognised. All of them in the form that `headingKey` gives. */
export interface HeadingRules {
  /** Every field, in the order in which they choose their columns. */
  fields: readonly string[]
  /** What people and programs write over each, the surest first: where a file has several, the first in the list is taken. */
  known: Readonly<Record<string, readonly string[]>>
  /** Where no heading is one of these word for word, a word in it may still say enough: "Device IMEI (from box)". */
  telling: Readonly<Record<string, RegExp>>
  /** A heading in which no such word tells anything. */
  neverTelling?: RegExp
  /** A heading that means a field only in certain company. */
  onlyWhere: Readonly<Record<string, (keys: readonly string[]) => boolean>>
  /** What to say about columns that are left out on purpose. */
  leftOut: readonly { heading: RegExp; why: string; isWarning?: true }[]
}

/**
 * A heading as it is compared: Shelf's `cf:Serial, type:text`, Snipe-IT's `_snipeit_imei_1` and a program's `assetModel`
 * become what a person would have written, then lower case without punctuation.
 */
export function headingKey(heading: string): string {
  return inNormalForm(heading, 'NFKC')
    .replace(/^\s*cf:\s*(.*?)\s*(?:,\s*type:.*)?$/i, '$1')
    .replace(/^_snipeit_(.*?)(?:_\d+)?$/i, '$1')
    .replace(/(\p{Ll})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/(\p{Ll})(Id)\b/gu, '$1 $2')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

export interface Column {
  heading: string
  /** Up to three different values that stand under it. */
  samples: string[]
}

/**
 * Which column holds which field, by its heading. A column with nothing under it is never chosen, so that a file whose
 * "Model" is empty falls back to its "Name".
 */
export function guessColumns(columns: readonly Column[], rules: HeadingRules): Map<string, string> {
  const keys = columns.map(({ heading }) => headingKey(heading))
  const free = new Map(
    columns.flatMap(({ samples }, at) => (samples.length > 0 ? [[at, keys[at] ?? '']] : [])) as [number, string][],
  )
  const found = new Map<string, string>()
  const take = (field: string, at: number | undefined) => {
    const heading = at === undefined ? undefined : columns[at]?.heading
    if (at === undefined || heading === undefined) return
    found.set(heading, field)
    free.delete(at)
  }
  for (const field of rules.fields) take(field, surestColumn(field, free, keys, rules))
  const isFound = new Set(found.values())
  for (const field of rules.fields.filter((name) => !isFound.has(name))) take(field, tellingColumn(field, free, rules))
  return found
}

function surestColumn(
  field: string,
  free: Map<number, string>,
  keys: readonly string[],
  { known, onlyWhere }: HeadingRules,
): number | undefined {
  for (const heading of known[field] ?? []) {
    for (const [at, key] of free) if (key === heading && (onlyWhere[key]?.(keys) ?? true)) return at
  }
  return undefined
}

function tellingColumn(
  field: string,
  free: Map<number, string>,
  { telling, neverTelling }: HeadingRules,
): number | undefined {
  for (const [at, key] of free) if (telling[field]?.test(key) && !neverTelling?.test(key)) return at
  return undefined
}

/** Why a column is left out, where there is more to say than that it is. */
export function whyLeftOut(heading: string, { leftOut }: HeadingRules): string | undefined {
  const key = headingKey(heading)
  return leftOut.find((kind) => kind.heading.test(key))?.why
}

/** What must be said of columns that are left out, wherever they are shown: rows may not mean what they seem to. */
export function warningsOn(headings: readonly string[], { leftOut }: HeadingRules): string[] {
  return headings.flatMap((heading) => {
    const key = headingKey(heading)
    const kind = leftOut.find((one) => one.heading.test(key))
    return kind?.isWarning ? [`“${heading}” is left out. ${kind.why}.`] : []
  })
}
