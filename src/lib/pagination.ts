/** What a list is sorted by in one of its rows, in order: where a page of a keyset-paged list ends. */
export type CursorValues = (string | number | null)[]

/** What each value of a cursor must be. With a `?` it may also be null. */
export type CursorShape = readonly ('string' | 'number' | 'string?' | 'number?')[]

const MOST_CHARACTERS = 2_000
const MOST_VALUES = 8

/**
 * Writes a cursor for the address of the next page. It is readable by anybody who cares to, so it must hold nothing that
 * its reader may not see; what decides who sees what is the query's scope, never the cursor.
 */
export function encodeCursor(values: CursorValues): string {
  if (!isCursor(values)) throw new RangeError('A cursor holds 1 to 8 texts, finite numbers or nulls')
  const text = Buffer.from(JSON.stringify(values)).toString('base64url')
  if (text.length > MOST_CHARACTERS) throw new RangeError('A cursor of more than 2,000 characters')
  return text
}

/**
 * Reads a cursor from an address, where anybody may have changed it: null for anything but a cursor of the given shape.
 * With a shape, numbers must be whole, since they are compared with ids and dates; without, any mix of values is taken.
 */
export function decodeCursor(text: unknown, shape?: CursorShape): CursorValues | null {
  if (typeof text !== 'string' || text.length > MOST_CHARACTERS || !/^[A-Za-z0-9_-]+$/.test(text)) return null
  const values = parseJson(Buffer.from(text, 'base64url').toString())
  if (!isCursor(values)) return null
  return shape === undefined || fits(values, shape) ? values : null
}

function fits(values: CursorValues, shape: CursorShape): boolean {
  return (
    values.length === shape.length &&
    values.every((value, at) => {
      const type = shape[at] ?? ''
      if (value === null) return type.endsWith('?')
      return type.startsWith(typeof value) && (typeof value === 'string' || Number.isSafeInteger(value))
    })
  )
}

function isCursor(values: unknown): values is CursorValues {
  return Array.isArray(values) && values.length >= 1 && values.length <= MOST_VALUES && values.every(isCursorValue)
}

/** PostgreSQL takes no NUL and no half of a character in a text. */
function isCursorValue(value: unknown): boolean {
  if (typeof value === 'string') return !value.includes('\0') && value.isWellFormed()
  return value === null || Number.isFinite(value)
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
