import { accepted, type FieldError, fieldText, type Parsed, rejected } from '../lib/fields.ts'

/** A code from the phone, or one of those kept for the day without it. */
export interface TypedCode {
  kind: 'phone' | 'recovery'
  code: string
}

const LONGEST = 100

/** Reads the code of the second step. A recovery code, where one is typed, is what was meant. */
export function parseCode(body: unknown): Parsed<TypedCode> {
  const code = fieldText(body, 'code').slice(0, LONGEST)
  const recovery = fieldText(body, 'recovery').slice(0, LONGEST)
  if (recovery !== '') return accepted({ kind: 'recovery', code: recovery }, {})
  if (code !== '') return accepted({ kind: 'phone', code }, {})
  return rejected([{ field: 'code', text: 'Enter the 6 digits that your phone shows' }], {})
}

export interface Proof {
  password: string
  code: TypedCode | null
}

/** Reads what shows that it is still them: the password, and the code where a second step is set up. */
export function parseProof(body: unknown, hasSecondStep: boolean): Parsed<Proof> {
  const password = passwordIn(body)
  const code = hasSecondStep ? parseCode(body) : null
  const errors: FieldError[] = [
    ...(password === '' ? [{ field: 'password', text: 'Enter your password' }] : []),
    ...(code?.errors ?? []),
  ]
  return errors.length > 0 ? rejected(errors, {}) : accepted({ password, code: code?.value ?? null }, {})
}

/** Exactly as typed. */
function passwordIn(body: unknown): string {
  const value = (body as Record<string, unknown> | undefined)?.password
  return typeof value === 'string' ? value : ''
}
