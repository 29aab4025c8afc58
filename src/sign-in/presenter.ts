import type { FieldError, Typed } from '../lib/fields.ts'
import type { InputField, Page, PasswordField } from '../lib/view-model.ts'

export type SignInPage = Page & {
  notice: string | null
  returnTo: string
  email: InputField
  password: PasswordField
}

export interface SignInShown {
  values?: Typed
  errors?: FieldError[]
  returnTo: string
  notice?: string | null
  isOnTablet?: boolean
}

export function presentSignIn({
  values = {},
  errors = [],
  returnTo,
  notice = null,
  isOnTablet = false,
}: SignInShown): SignInPage {
  const errorOf = (field: string) => errors.find((error) => error.field === field)?.text
  return {
    title: 'Sign in',
    ...(isOnTablet && { back: { href: '/sign-in/who', text: 'Who are you?' } }),
    errors,
    notice,
    returnTo,
    email: {
      id: 'email',
      name: 'email',
      label: 'Email address',
      type: 'email',
      autocomplete: 'username',
      spellcheck: 'false',
      value: values.email,
      error: errorOf('email'),
    },
    password: {
      id: 'password',
      name: 'password',
      label: 'Password',
      autocomplete: 'current-password',
      error: errorOf('password'),
    },
  }
}

/** One message for an unknown address, a disabled account and a wrong password: it must not tell which. */
export const wrongSignIn: FieldError = {
  field: 'email',
  text: 'The email address or password is not right',
}

export function tooManyGuesses(minutes: number): FieldError {
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`
  return { field: 'email', text: `There were too many tries. Wait ${wait} and try again` }
}

export const signInNotices: Record<string, string> = {
  kept: 'You were signed out because nothing happened for a while. Sign in again and your form will be sent.',
  late: 'You were not signed in: it took too long, or your account was changed meanwhile. Start again.',
  out: 'You are signed out.',
  idle: 'You were signed out because nothing happened for a while.',
  revoked: 'This tablet is no longer enrolled, so nobody signs in on it with a PIN or a badge.',
  password: 'Your password is saved. Sign in with it.',
}
