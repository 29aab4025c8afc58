/**
 * JSON as PostgreSQL's jsonb takes it. NUL and half a character, which an emoji leaves behind when a text is cut in the
 * middle of it, are JSON to JavaScript and an error to jsonb.
 */
export function storableJson(value: unknown): string {
  const json = JSON.stringify(value)
  return /\\u(?:0000|d[89a-f])/.test(json) ? JSON.stringify(value, withoutUnstorable) : json
}

function withoutUnstorable(_name: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '').toWellFormed() : value
}
