import type { FieldError } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { InputField, Link, Page, PasswordField } from '../lib/view-model.ts'
import type { AskingTablet, ChosenPerson, TabletPerson } from './queries.ts'

export type WhoPage = Page & {
  caption: string
  notice: string | null
  people: { href: string; name: string; hint: string | null }[]
  badge: InputField
  returnTo: string
  password: Link
}

export interface WhoShown {
  tablet: AskingTablet
  people: TabletPerson[]
  returnTo: string
  notice: string | null
  errors?: FieldError[]
}

export function presentWho({ tablet, people, returnTo, notice, errors }: WhoShown): WhoPage {
  const field = formFields({ errors: errors ?? [] })
  return {
    title: 'Who are you?',
    caption: tablet.ward,
    errors,
    notice,
    people: people.map((person) => ({
      href: withReturn('/sign-in/pin', returnTo, { who: person.id }),
      name: person.name,
      hint: hintFor(person),
    })),
    badge: field.input('code', 'Scan your badge', {
      inputmode: 'none',
      autofocus: errors === undefined,
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      width: 20,
    }),
    returnTo,
    password: passwordLink(returnTo),
  }
}

function hintFor({ has_pin, is_pin_locked }: TabletPerson): string | null {
  if (is_pin_locked) return 'PIN locked'
  return has_pin ? null : 'No PIN yet'
}

export type EnterPinPage = Page & {
  caption: string
  who: number
  /** Why there is no PIN to ask for, and what to do. */
  instead: { heading: string; text: string } | null
  pin: PasswordField
  returnTo: string
  password: Link
}

export interface EnterPinShown {
  tablet: AskingTablet
  person: ChosenPerson
  returnTo: string
  errors?: FieldError[]
}

export function presentEnterPin({ tablet, person, returnTo, errors }: EnterPinShown): EnterPinPage {
  const instead = person.is_pin_locked ? lockedPin : person.has_pin ? null : noPin
  return {
    title: person.name,
    caption: tablet.ward,
    back: { href: withReturn('/sign-in/who', returnTo), text: 'Choose another name' },
    errors,
    who: person.id,
    instead,
    pin: {
      id: 'pin',
      name: 'pin',
      label: 'Your PIN',
      autocomplete: 'off',
      inputmode: 'numeric',
      autofocus: errors === undefined,
      error: errors?.find(({ field }) => field === 'pin')?.text,
    },
    returnTo,
    // whoever has to set one is led there
    password: passwordLink(instead === null ? returnTo : '/account/pin'),
  }
}

const lockedPin = {
  heading: 'Your PIN is locked',
  text: 'This PIN is locked, because a wrong one was typed five times. Sign in with your email and password, and choose a new PIN.',
}
const noPin = {
  heading: 'You have no PIN yet',
  text: 'Sign in with your email and password, and set one.',
}

export function wrongPin(triesLeft: number): FieldError {
  const left = triesLeft === 1 ? 'You have 1 more try, then it is locked' : `You have ${triesLeft} more tries`
  return { field: 'pin', text: `This is not your PIN. ${left}` }
}

export const wrongBadge: FieldError = {
  field: 'code',
  text: 'This badge does not work here. Scan it again, or choose your name',
}

/** Said to whoever got in after others had tried. */
export function triedBefore(wrongBefore: number): string {
  const times = wrongBefore === 1 ? 'A wrong PIN was' : `${wrongBefore} wrong PINs were`
  return `${times} typed for you since you were last here. If that was not you, change your PIN: sign in with your password, under your name.`
}

function passwordLink(returnTo: string): Link {
  return { href: withReturn('/sign-in', returnTo, { with: 'password' }), text: 'Sign in with email and password' }
}

export function withReturn(path: string, returnTo: string, more: Record<string, string | number> = {}): string {
  return listUrl(path, { ...more, ...(returnTo !== '/' && { return: returnTo }) })
}

export type DonePage = Page & { text: string; who: string }

export function presentDone({ text, name }: { text: string; name: string }): DonePage {
  return { title: 'Done', text, who: `${name}, you are signed out.` }
}

export type EnrolPage = Page & { code: InputField }

export function presentEnrol(form: FormShown): EnrolPage {
  return {
    title: 'Enrol this tablet',
    errors: form.errors,
    code: formFields(form).input('code', 'Code from your administrator', {
      hint: '12 letters and numbers, like 4C7M 0RTX 9K2Q.',
      autocomplete: 'off',
      autocapitalize: 'characters',
      spellcheck: 'false',
      width: 20,
    }),
  }
}

/** One message for a code that is wrong, was used, or is too old: it must not tell which. */
export const wrongCode: FieldError = {
  field: 'code',
  text: 'This code does not work. Check it, or ask your administrator for a new one: each works once, for a day',
}

export const whoNotices: Record<string, string> = {
  kept: 'You were signed out because nothing happened for a minute. Sign in again and your form will be sent.',
  idle: 'You were signed out because nothing happened for a minute.',
  out: 'You are signed out.',
  enrolled: 'This tablet is enrolled. The ward’s staff can sign in on it from now on.',
  gone: 'You cannot sign in on this tablet any more. Ask your administrator.',
}
