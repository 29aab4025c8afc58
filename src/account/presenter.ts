import { type Actor, roleNames } from '../lib/actor.ts'
import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { InputField, Page, PasswordField, SummaryRow } from '../lib/view-model.ts'
import type { TabletKeys } from '../pins/queries.ts'

export type ChoosePasswordPage = Page & {
  lead: string
  action: string
  /** For the browser's keeper of passwords, which wants to know whose it is. */
  email: string
  present: PasswordField | null
  password: PasswordField
  button: string
}

function tabletKeyRows({ pin_set_at, is_pin_locked, badge_issued_at }: TabletKeys): SummaryRow[] {
  const isLocked = is_pin_locked ? 'Locked: choose a new one' : null
  return [
    {
      key: 'PIN for ward tablets',
      value: isLocked ?? (pin_set_at === null ? 'None yet' : `Set on ${formatDate(londonDate(pin_set_at))}`),
      actions: [
        {
          href: '/account/pin',
          text: pin_set_at === null ? 'Set' : 'Change',
          visuallyHiddenText: 'your PIN for ward tablets',
        },
      ],
    },
    {
      key: 'Badge for ward tablets',
      value: badge_issued_at === null ? 'None' : `Made on ${formatDate(londonDate(badge_issued_at))}`,
      actions: [
        {
          href: '/account/badge',
          text: badge_issued_at === null ? 'Make' : 'Change',
          visuallyHiddenText: 'your badge for ward tablets',
        },
      ],
    },
  ]
}

const advice = (shortest: number) =>
  `At least ${shortest} characters. Three or four words that do not belong together are easy to keep in mind and hard to guess. You can paste it.`

interface PasswordShown {
  token: string
  email: string
  name: string
  organisation: string
  /** The fewest characters that are taken. */
  shortest: number
  errors?: FieldError[]
}

export function presentInvitationTaken({
  token,
  email,
  name,
  organisation,
  shortest,
  errors,
}: PasswordShown): ChoosePasswordPage {
  return {
    title: 'Choose a password',
    errors,
    lead: `Hello ${name}. You are joining ${organisation}. Choose the password you will sign in with.`,
    action: `/invitation/${token}`,
    email,
    present: null,
    password: newPassword(shortest, errors),
    button: 'Save and go to sign in',
  }
}

export function presentReset({
  token,
  email,
  shortest,
  errors,
}: Pick<PasswordShown, 'token' | 'email' | 'shortest' | 'errors'>): ChoosePasswordPage {
  return {
    title: 'Set a new password',
    errors,
    lead: 'The old one stops working, and you are signed out everywhere.',
    action: `/reset-password/${token}`,
    email,
    present: null,
    password: newPassword(shortest, errors),
    button: 'Save and go to sign in',
  }
}

export function presentPasswordChange(email: string, shortest: number, errors?: FieldError[]): ChoosePasswordPage {
  return {
    title: 'Change your password',
    back: { href: '/account', text: 'Your account' },
    errors,
    lead: 'You stay signed in here, and are signed out everywhere else.',
    action: '/account/password',
    email,
    present: {
      id: 'present',
      name: 'present',
      label: 'The password you have now',
      autocomplete: 'current-password',
      error: errorOf(errors, 'present'),
    },
    password: newPassword(shortest, errors),
    button: 'Change it',
  }
}

function newPassword(shortest: number, errors?: FieldError[]): PasswordField {
  return {
    id: 'password',
    name: 'password',
    label: 'New password',
    hint: advice(shortest),
    autocomplete: 'new-password',
    error: errorOf(errors, 'password'),
  }
}

function errorOf(errors: FieldError[] | undefined, field: string): string | undefined {
  return errors?.find((error) => error.field === field)?.text
}

export type AskForResetPage = Page & { email: InputField }

export function presentAskForReset(form: FormShown = {}): AskForResetPage {
  return {
    title: 'Set a new password',
    back: { href: '/sign-in', text: 'Sign in' },
    errors: form.errors,
    email: formFields(form).input('email', 'Email address', {
      type: 'email',
      hint: 'We send a link to it.',
      autocomplete: 'username',
      spellcheck: 'false',
    }),
  }
}

export type SaidPage = Page & { lines: string[]; link: { href: string; text: string } }

/** The same for every address, so that it tells nobody who has an account. */
export const resetAsked: SaidPage = {
  title: 'Look at your email',
  lines: [
    'If that address has an account, a link is on its way to it. It works once, for 2 hours.',
    'Nothing came after 10 minutes? Look among unwanted mail, and check the address. Then ask your administrator.',
  ],
  link: { href: '/sign-in', text: 'Go to sign in' },
}

export const deadLink: SaidPage = {
  title: 'This link does not work any more',
  lines: [
    'It was used already, it is too old, or a newer one was sent after it.',
    'For a new invitation, ask the person who invited you. For a new password, ask for another link.',
  ],
  link: { href: '/reset-password', text: 'Ask for a link to set a new password' },
}

export type OwnAccountPage = Page & {
  caption: string
  about: SummaryRow[]
  sessions: string[]
  canSignOutElsewhere: boolean
}

export interface OwnAccountShown {
  actor: Actor
  sessions: { isThis: boolean; created_at: string; seen_at: string }[]
  secondStep: { confirmed_at: string; codes_left: number } | null
  /** null: somebody who works on no ward signs in on none of its tablets. */
  tabletKeys: TabletKeys | null
}

export function presentOwnAccount({ actor, sessions, secondStep, tabletKeys }: OwnAccountShown): OwnAccountPage {
  return {
    title: 'Your account',
    caption: actor.name,
    about: [
      { key: 'Email', value: actor.email },
      { key: 'What you do', value: whatTheyDo(actor) },
      { key: 'Organisation', value: actor.organisationName },
      {
        key: 'Password',
        value: 'Only you know it',
        actions: [{ href: '/account/password', text: 'Change', visuallyHiddenText: 'your password' }],
      },
      {
        key: 'Second step',
        value:
          secondStep === null
            ? 'No phone set up'
            : `Phone set up on ${formatDate(londonDate(secondStep.confirmed_at))}`,
        actions: [
          { href: '/account/second-step', text: 'Change', visuallyHiddenText: 'the second step of signing in' },
        ],
      },
      ...(tabletKeys === null ? [] : tabletKeyRows(tabletKeys)),
    ],
    sessions: sessions.map(({ isThis, created_at, seen_at }) =>
      isThis
        ? `Here, since ${formatInstant(created_at)}`
        : `Since ${formatInstant(created_at)}, last used ${formatInstant(seen_at)}`,
    ),
    canSignOutElsewhere: sessions.some((one) => !one.isThis),
  }
}

function whatTheyDo({ role, isLeadChampion, caseloadOnly }: Actor): string {
  if (isLeadChampion) return 'Lead digital champion'
  return caseloadOnly ? 'Digital champion, own caseload only' : roleNames[role]
}
