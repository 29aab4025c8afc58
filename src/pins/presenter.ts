import { formatDate, formatInstant, londonDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { type CodePicture, qrCode } from '../lib/qr-code.ts'
import type { Page, PasswordField } from '../lib/view-model.ts'
import type { TabletKeys } from './queries.ts'

export type PinPage = Page & {
  state: string
  email: string
  pin: PasswordField
  password: PasswordField
  button: string
  canRemove: boolean
}

const back = { href: '/account', text: 'Your account' }

export interface KeysShown {
  keys: TabletKeys
  email: string
  errors?: FieldError[]
}

export function presentPin({ keys, email, errors }: KeysShown): PinPage {
  return {
    title: 'Your PIN for ward tablets',
    back,
    errors,
    state: pinWords(keys),
    email,
    pin: {
      id: 'pin',
      name: 'pin',
      label: keys.pin_set_at === null ? 'PIN' : 'New PIN',
      hint: '4 to 8 digits. Not a date, a year, or digits in a row.',
      autocomplete: 'off',
      inputmode: 'numeric',
      error: errorOf(errors, 'pin'),
    },
    password: passwordField(errors),
    button: keys.pin_set_at === null ? 'Set this PIN' : 'Change my PIN',
    canRemove: keys.pin_set_at !== null,
  }
}

export function pinWords({ pin_set_at, is_pin_locked }: TabletKeys): string {
  if (pin_set_at === null) return 'You have no PIN yet'
  if (is_pin_locked) return 'Locked, because a wrong PIN was typed five times. Choose a new one'
  return `Set on ${formatDate(londonDate(pin_set_at))}`
}

export function badgeWords({ badge_issued_at, badge_used_at }: TabletKeys): string {
  if (badge_issued_at === null) return 'You have no badge'
  const used = badge_used_at === null ? 'not used yet' : `last used ${formatInstant(badge_used_at)}`
  return `Made on ${formatDate(londonDate(badge_issued_at))}, ${used}`
}

export type BadgePage = Page & {
  state: string
  email: string
  password: PasswordField
  button: string
  canRemove: boolean
}

export function presentBadge({ keys, email, errors }: KeysShown): BadgePage {
  const isFirst = keys.badge_issued_at === null
  return {
    title: 'Your badge for ward tablets',
    back,
    errors,
    state: badgeWords(keys),
    email,
    password: passwordField(errors),
    button: isFirst ? 'Make a badge' : 'Make a new badge',
    canRemove: !isFirst,
  }
}

export type CardPage = Page & { name: string; picture: CodePicture; code: string }

/** To be cut out, and worn behind the name badge. */
export function presentCard(code: string, name: string): CardPage {
  const drawn = qrCode(code.replaceAll(' ', ''), 'M')
  if (drawn === null) throw new Error('No QR code could be made')
  return {
    title: 'Your badge',
    back: { href: '/account/badge', text: 'Your badge for ward tablets' },
    name,
    code,
    picture: drawn.picture,
  }
}

function passwordField(errors?: FieldError[]): PasswordField {
  return {
    id: 'password',
    name: 'password',
    label: 'Your password',
    hint: 'To be sure that it is you.',
    autocomplete: 'current-password',
    error: errorOf(errors, 'password'),
  }
}

function errorOf(errors: FieldError[] | undefined, field: string): string | undefined {
  return errors?.find((error) => error.field === field)?.text
}
