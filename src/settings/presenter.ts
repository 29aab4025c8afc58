import { type Role, roleNames } from '../lib/actor.ts'
import { digestOf } from '../lib/digest.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, InputField, Page, SummaryRow, TextareaField } from '../lib/view-model.ts'
import type { RoleRule } from '../second-step/queries.ts'
import { type Numbers, numbersShown } from './rules.ts'

export type SettingsPage = Page & { settings: SummaryRow[] }

export interface Settings {
  rules: RoleRule[]
  openingMinutes: number
  own: Numbers & {
    break_minutes: number
    trial_call_days: number
    interpreter_days: number
    data_mb_video: number
    data_mb_day: number
    data_suspend_after_days: number | null
  }
}

export function presentSettings({ rules, openingMinutes, own }: Settings): SettingsPage {
  const required = rules.filter((rule) => rule.is_required).map(({ role }) => roleNames[role])
  return {
    title: 'Settings',
    settings: [
      {
        key: 'Second step of signing in',
        ...(required.length === 0 ? { value: 'Nobody has to use one' } : { lines: required }),
        actions: [
          { href: '/admin/settings/second-step', text: 'Change', visuallyHiddenText: 'who must use a second step' },
        ],
      },
      {
        key: 'Records opened with a reason',
        value: `Stay open for ${openingMinutes} minutes`,
        actions: [
          {
            href: '/admin/settings/openings',
            text: 'Change',
            visuallyHiddenText: 'how long an opened record stays open',
          },
        ],
      },
      {
        key: 'Calls and the diary',
        lines: [
          `${own.break_minutes} minutes between two calls`,
          `Trial-run calls ${own.trial_call_days} working days before the appointment`,
          `Interpreters: ${own.interpreter_days} working days of notice`,
        ],
        actions: [{ href: '/admin/settings/calls', text: 'Change', visuallyHiddenText: 'what is decided about calls' }],
      },
      {
        key: 'Data allowances',
        lines: [
          `${own.data_mb_video} MB a minute of video`,
          `${own.data_mb_day} MB a day besides`,
          overdueData(own.data_suspend_after_days),
        ],
        actions: [{ href: '/admin/settings/data', text: 'Change', visuallyHiddenText: 'what is decided about data' }],
      },
      {
        key: 'Messages that go out by themselves',
        value: 'Which are sent, and in which words',
        actions: [
          { href: '/admin/messages', text: 'Change', visuallyHiddenText: 'which messages are sent, and their words' },
        ],
      },
      {
        key: 'Caseload counts',
        value: 'How many people there are, by group. Reports divide by them',
        actions: [{ href: '/caseload-counts', text: 'See', visuallyHiddenText: 'the caseload counts' }],
      },
      {
        key: 'Targets of reports',
        value: 'What each figure should come to, beside which commissioners see it',
        actions: [{ href: '/admin/settings/targets', text: 'See', visuallyHiddenText: 'the targets of reports' }],
      },
      {
        key: 'Sharing of published figures',
        value: 'Which other commissioners see them',
        actions: [
          { href: '/admin/settings/sharing', text: 'See', visuallyHiddenText: 'who sees our published figures' },
        ],
      },
      {
        key: 'Small numbers in reports',
        value: 'How they are hidden from commissioners. It is chosen once',
        actions: [
          { href: '/admin/settings/disclosure', text: 'See', visuallyHiddenText: 'how small numbers are hidden' },
        ],
      },
      {
        key: 'Whom people can call',
        lines: [
          own.help_line === '' ? 'Letters leave room for a number' : `When it does not work: ${own.help_line}`,
          ...`In a crisis: ${own.crisis_line}`.split('\n'),
        ],
        actions: [{ href: '/admin/settings/numbers', text: 'Change', visuallyHiddenText: 'whom people can call' }],
      },
    ],
  }
}

function overdueData(days: number | null): string {
  if (days === null) return 'Nothing is suspended because an item is overdue'
  return `When an item is ${days} days overdue, somebody is asked about its data`
}

export type NumbersPage = Page & { shown: string; helpLine: InputField; crisisLine: TextareaField }

export function presentNumbers(saved: Numbers, { values, errors }: FormShown = {}): NumbersPage {
  const asSaved = { 'help-line': saved.help_line, 'crisis-line': saved.crisis_line }
  const field = formFields({ values: values ?? asSaved, errors })
  return {
    title: 'Whom can people call?',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    shown: digestOf(numbersShown(saved)),
    helpLine: field.input('help-line', 'When a call does not work (optional)', {
      hint: 'The number and its hours, as letters say it. Leave out the name of the service: somebody else may open the letter. Without a number, letters leave room to write one in.',
      autocomplete: 'off',
    }),
    crisisLine: field.textarea('crisis-line', 'In a crisis', {
      rows: 4,
      hint: 'Every call sheet says it. Such as your own crisis line, with its number and its hours. 111 is there everywhere in England.',
    }),
  }
}

export type SecondStepRulesPage = Page & { shown: string; roles: CheckboxesField }

export interface RulesShown {
  rules: RoleRule[]
  values?: Typed
  errors?: FieldError[]
}

export function presentSecondStepRules({ rules, values, errors }: RulesShown): SecondStepRulesPage {
  const saved = rules.filter((rule) => rule.is_required).map(({ role }) => role)
  const chosen = values ? (values.role ?? '').split(' ').filter((role) => role !== '') : saved
  const isNobody = values ? values.isNobody === 'yes' : saved.length === 0
  return {
    title: 'Who must use a second step to sign in?',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    shown: saved.join(' '),
    roles: {
      id: 'role',
      name: 'role',
      label: 'Ask for a second step from',
      labelSize: 'm',
      values: chosen.length === 0 && isNobody ? ['nobody'] : chosen,
      error: errors?.find(({ field }) => field === 'role')?.text,
      items: [
        ...rules.map((rule) => ({ value: rule.role, text: roleNames[rule.role], hint: howFar(rule) })),
        { divider: 'or' },
        { value: 'nobody', text: 'Nobody has to', exclusive: true },
      ],
    },
  }
}

export const overtaken: FieldError = {
  field: 'role',
  text: 'Someone else changed this while you were choosing. Check it and save again',
}

function howFar({ people, set_up }: Pick<RoleRule, 'people' | 'set_up'>): string {
  if (people === 0) return 'Nobody yet'
  if (people === 1) return set_up === 1 ? '1 person, who has set one up' : '1 person, who has not set one up'
  return `${people} people, of whom ${set_up === 0 ? 'nobody has' : `${set_up} ${set_up === 1 ? 'has' : 'have'}`} set one up`
}

/** As it is said when it is saved. */
export function savedWords(required: Role[]): string {
  if (required.length === 0) return 'Saved. Nobody has to use a second step.'
  return 'Saved. Whoever has no phone set up yet does it when they next sign in.'
}
