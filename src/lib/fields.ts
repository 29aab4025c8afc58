/** One wrong field: what to say, and the id of the field it belongs to. */
export interface FieldError {
  field: string
  text: string
}

/** What was typed, by field, to be shown again. */
export type Typed = Record<string, string>

/** A form read: either what it means, or what is wrong with it; always what was typed. */
export type Parsed<T> =
  | { value: T; errors: undefined; values: Typed }
  | { value: undefined; errors: FieldError[]; values: Typed }

export function accepted<T>(value: T, values: Typed = {}): Parsed<T> {
  return { value, errors: undefined, values }
}

export function rejected(errors: FieldError[], values: Typed): Parsed<never> {
  return { value: undefined, errors, values }
}

/**
 * One field of a form body as text. A field sent twice arrives as an array and counts as not answered; control
 * characters that PostgreSQL cannot hold or a line cannot show are dropped.
 */
export function fieldText(body: unknown, name: string): string {
  const value = fieldOf(body, name)
  return typeof value === 'string' ? withoutControls(value).trim() : ''
}

/** Every value of a field that may be sent several times, such as checkboxes. */
export function fieldTexts(body: unknown, name: string): string[] {
  const value = fieldOf(body, name)
  const list = Array.isArray(value) ? value : [value]
  return list.filter((entry) => typeof entry === 'string' && entry !== '').map((entry) => withoutControls(entry).trim())
}

/** Everything that was typed into the named fields, to be shown again. */
export function typedValues(body: unknown, names: readonly string[]): Typed {
  return Object.fromEntries(names.map((name) => [name, fieldText(body, name)]))
}

function fieldOf(body: unknown, name: string): unknown {
  if (typeof body !== 'object' || body === null || !Object.hasOwn(body, name)) return undefined
  return (body as Record<string, unknown>)[name]
}

function withoutControls(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: dropping them is the point; tab and line ends stay
  return text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, '')
}

const formKeyPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/

/** The key a form that creates something carries, so that sending it twice has one effect; a new one if it lost its own. */
export function formKeyOf(body: unknown): string {
  const key = fieldText(body, 'key').toLowerCase()
  return formKeyPattern.test(key) ? key : crypto.randomUUID()
}

/** The version a form was shown with; 0, which nothing has, if it lost its own. */
export function versionOf(body: unknown): number {
  const text = fieldText(body, 'version')
  return /^\d{1,9}$/.test(text) ? Number(text) : 0
}
