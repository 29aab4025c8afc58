import { formatDate, londonDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { CodePicture } from '../lib/qr-code.ts'
import type { InputField, Link, Page, PasswordField, SummaryRow } from '../lib/view-model.ts'
import type { SecondStep } from './queries.ts'
import { FEW_RECOVERY_CODES, phoneSetUp, RECOVERY_CODES } from './rules.ts'

type Errors = FieldError[] | undefined

/** One message for a wrong code and for one that was used: it must not tell which. */
export const wrongCode: FieldError = {
  field: 'code',
  text: 'This code is not right. Enter the one your phone shows now: each code works once, for half a minute',
}
export const wrongRecoveryCode: FieldError = { field: 'recovery', text: 'This recovery code is not right' }

export function tooManyTries(field: 'code' | 'password', minutes: number): FieldError {
  const wait = minutes === 1 ? 'a minute' : `${minutes} minutes`
  return { field, text: `There were too many tries. Wait ${wait} and try again` }
}

export interface CodeFields {
  code: InputField
  recovery: InputField
  isRecoveryOpen: boolean
}

export type CodePage = Page & { fields: CodeFields }

export function presentCode(errors?: Errors): CodePage {
  return { title: 'Enter the code from your phone', errors, fields: codeFields(errors) }
}

function codeFields(errors: Errors): CodeFields {
  const field = formFields({ errors: errors ?? [] })
  return {
    code: field.input('code', 'Code of 6 digits', {
      hint: 'Your authenticator app shows it beside “Digital inclusion loans”.',
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      spellcheck: 'false',
      width: 10,
    }),
    recovery: field.input('recovery', 'Recovery code', {
      hint: 'Like 4C7M 0RTX 9K2Q HV8E. Each one works once.',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      width: 20,
    }),
    isRecoveryOpen: errors?.some((error) => error.field === 'recovery') ?? false,
  }
}

export type SetUpPage = Page & {
  lead: string
  action: string
  picture: CodePicture
  typed: string
  email: string
  code: InputField
  button: string
}

export interface SetUpShown {
  secret: string
  email: string
  isSignIn: boolean
  errors?: Errors
}

export function presentSetUp({ secret, email, isSignIn, errors }: SetUpShown): SetUpPage {
  const { picture, typed } = phoneSetUp(secret, email)
  return {
    title: 'Set up a phone for signing in',
    ...(!isSignIn && { back: { href: '/account/second-step', text: 'Second step of signing in' } }),
    errors,
    lead: 'From now on, signing in takes your password and a code from your phone. This takes about 2 minutes, once.',
    action: isSignIn ? '/sign-in/set-up' : '/account/second-step/set-up',
    picture,
    typed,
    email,
    code: formFields({ errors: errors ?? [] }).input('code', 'Code of 6 digits that the app shows', {
      inputmode: 'numeric',
      autocomplete: 'one-time-code',
      spellcheck: 'false',
      width: 10,
    }),
    button: 'Check the code and go on',
  }
}

export type ProvePage = Page & {
  lead: string
  action: string
  email: string
  password: PasswordField
  fields: CodeFields | null
  button: string
}

/** What somebody proves who they are for. */
export const proofs = {
  begin: {
    title: 'Set up a phone for signing in',
    lead: 'Signing in then takes your password and a code from your phone. First show that it is you.',
    button: 'Go on',
  },
  anew: {
    title: 'Set up another phone',
    lead: 'The phone you have now works until the new one is set up. You are then signed out everywhere else, and get new recovery codes. First show that it is you.',
    button: 'Go on',
  },
  'recovery-codes': {
    title: 'Make new recovery codes',
    lead: 'You get 10 new ones. Those you have now stop working. First show that it is you.',
    button: 'Make new recovery codes',
  },
  off: {
    title: 'Switch off the second step',
    lead: 'Signing in then takes your password alone, and your recovery codes stop working. Whoever finds out your password can sign in as you.',
    button: 'Switch it off',
  },
} as const

export interface ProveShown {
  what: keyof typeof proofs
  email: string
  hasSecondStep: boolean
  errors?: Errors
}

export function presentProve({ what, email, hasSecondStep, errors }: ProveShown): ProvePage {
  const { title, lead, button } = proofs[what]
  return {
    title,
    back: { href: '/account/second-step', text: 'Second step of signing in' },
    errors,
    lead,
    action: `/account/second-step/${what === 'anew' ? 'begin' : what}`,
    email,
    password: {
      id: 'password',
      name: 'password',
      label: 'Your password',
      autocomplete: 'current-password',
      error: errors?.find(({ field }) => field === 'password')?.text,
    },
    fields: hasSecondStep ? codeFields(errors) : null,
    button,
  }
}

export type OwnStepPage = Page & { lead: string; about: SummaryRow[]; links: Link[]; begin: Link | null }

export function presentOwnStep(step: SecondStep | null, isRequired: boolean): OwnStepPage {
  return {
    title: 'Second step of signing in',
    back: { href: '/account', text: 'Your account' },
    lead: step === null ? whyOne(isRequired) : 'Signing in takes your password and a code from your phone.',
    about: step === null ? [] : aboutStep(step),
    links: step === null ? [] : linksFor(isRequired),
    begin: step === null ? { href: '/account/second-step/begin', text: 'Set up a phone' } : null,
  }
}

function whyOne(isRequired: boolean): string {
  const what =
    'A code from your phone, besides your password. Somebody who finds out your password still cannot sign in.'
  return isRequired ? `${what} Your organisation asks for it: you set it up when you next sign in, or now.` : what
}

function aboutStep(step: SecondStep): SummaryRow[] {
  return [
    { key: 'Phone', value: `Set up on ${formatDate(londonDate(step.confirmed_at))}` },
    { key: 'Recovery codes', value: codesLeftWords(step.codes_left) },
  ]
}

/** Also for the message to whoever just used one. */
export function codesLeftWords(left: number): string {
  if (left === 0) return 'None left. Make new ones now'
  const words = `${left} of ${RECOVERY_CODES} left`
  return left <= FEW_RECOVERY_CODES ? `${words}. Make new ones soon` : words
}

function linksFor(isRequired: boolean): Link[] {
  const links = [
    { href: '/account/second-step/begin', text: 'Set up another phone' },
    { href: '/account/second-step/recovery-codes', text: 'Make new recovery codes' },
  ]
  return isRequired ? links : [...links, { href: '/account/second-step/off', text: 'Switch it off' }]
}

export type RecoveryCodesPage = Page & { codes: string[]; owner: string; made: string }

export function presentRecoveryCodes(codes: string[], email: string, now: Date): RecoveryCodesPage {
  return {
    title: 'Your recovery codes',
    codes,
    owner: email,
    made: formatDate(londonDate(now.toISOString())),
  }
}
