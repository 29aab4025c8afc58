import { accepted, type FieldError, fieldText, type Parsed, rejected } from '../lib/fields.ts'
import { pinProblem } from './rules.ts'

/** Reads a PIN that somebody chooses, with the password that shows it is them. Neither comes back. */
export function parseNewPin(body: unknown): Parsed<{ pin: string; password: string }> {
  const pin = fieldText(body, 'pin')
  const { errors = [], value } = parsePassword(body)
  const problem = pinProblem(pin)
  const all: FieldError[] = problem === null ? errors : [{ field: 'pin', text: problem }, ...errors]
  return value === undefined || all.length > 0 ? rejected(all, {}) : accepted({ pin, ...value })
}

/** Exactly as typed. */
export function parsePassword(body: unknown): Parsed<{ password: string }> {
  const value = (body as Record<string, unknown> | undefined)?.password
  const password = typeof value === 'string' ? value : ''
  return password === '' ? rejected([{ field: 'password', text: 'Enter your password' }], {}) : accepted({ password })
}
