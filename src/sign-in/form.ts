import { accepted, type FieldError, fieldText, type Parsed, rejected } from '../lib/fields.ts'

export interface SignIn {
  email: string
  password: string
}

/** Reads the sign-in form. The password is taken exactly as typed: no trimming, no cutting. */
export function parseSignIn(body: unknown): Parsed<SignIn> {
  const email = fieldText(body, 'email')
  const password = passwordOf(body)
  const errors: FieldError[] = []
  if (email === '') errors.push({ field: 'email', text: 'Enter your email address' })
  if (password === '') errors.push({ field: 'password', text: 'Enter your password' })
  const values = { email }
  return errors.length > 0
    ? rejected(errors, values)
    : accepted({ email: email.toLowerCase().slice(0, 320), password }, values)
}

/** argon2 takes as long for a long password as for a short one, and a form's size is limited. */
function passwordOf(body: unknown): string {
  const value = (body as Record<string, unknown> | undefined)?.password
  return typeof value === 'string' ? value : ''
}
