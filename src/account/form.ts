import { accepted, type FieldError, fieldText, type Parsed, rejected } from '../lib/fields.ts'
import { isEmail } from '../lib/text.ts'
import { type Chooser, passwordProblem } from './password-rules.ts'

export interface NewPassword {
  password: string
}

/** Reads a password that somebody chooses, typed once: they can look at it, and paste it. It is taken exactly as typed. */
export function parseNewPassword(body: unknown, chooser: Chooser, shortest: number): Parsed<NewPassword> {
  const password = exactly(body, 'password')
  const problem = passwordProblem(password, chooser, shortest)
  return problem === null ? accepted({ password }) : rejected([{ field: 'password', text: problem }], {})
}

/** The same from somebody who is signed in, and says the present one first. */
export function parsePasswordChange(
  body: unknown,
  chooser: Chooser,
  shortest: number,
): Parsed<NewPassword & { present: string }> {
  const present = exactly(body, 'present')
  const { errors = [], value } = parseNewPassword(body, chooser, shortest)
  const all: FieldError[] =
    present === '' ? [{ field: 'present', text: 'Enter the password you have now' }, ...errors] : errors
  return value === undefined || all.length > 0 ? rejected(all, {}) : accepted({ ...value, present })
}

export function parseResetRequest(body: unknown): Parsed<{ email: string }> {
  const email = fieldText(body, 'email')
  if (email === '') return rejected([{ field: 'email', text: 'Enter your email address' }], { email })
  if (isEmail(email)) return accepted({ email: email.toLowerCase() }, { email })
  return rejected([{ field: 'email', text: 'Enter an email address in the correct format, like name@example.com' }], {
    email,
  })
}

function exactly(body: unknown, name: string): string {
  const value = (body as Record<string, unknown> | undefined)?.[name]
  return typeof value === 'string' ? value : ''
}
