import { formatInstant } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import type { Channel, ContactAnswer } from './kinds-rules.ts'
import { type ContactPerson, channelUrl, safeContactUrl } from './presenter.ts'
import { recipientOf } from './rules.ts'
import { answerInWords, channelWords, dayNames } from './words-rules.ts'

export type ChannelPage = Page & {
  caption: string
  action: string
  version: number
  answer: RadiosField
  /** Where they said no before. */
  asked: CheckboxesField | null
  limits: { from: SelectField; until: SelectField; days: CheckboxesField }
  number: RadiosField | null
  names: CheckboxesField | null
  cancel: string
}

export interface ChannelShown extends FormShown {
  person: ContactPerson
  /** Whose answer it is: of somebody who supports the person, or their own. */
  supporterId: number | null
  channel: Channel
  /** Of the answer that the form was shown with, where it comes back. */
  version?: number
  /** Somebody answered meanwhile. */
  overtakenBy?: { staff_member: string; at: string } | undefined
}

/** One way of reaching somebody, to be asked about. */
export function presentChannel({
  person,
  supporterId,
  channel,
  version,
  overtakenBy,
  ...form
}: ChannelShown): ChannelPage {
  const url = safeContactUrl(person.id)
  const supporter = person.contact.supporters.find(({ id }) => id === supporterId)
  const saved = recipientOf(person, person.contact, supporterId).answers.find((one) => one.channel === channel) as
    | ContactAnswer
    | undefined
  const values = form.values ?? savedValues(saved)
  const errors = form.errors ?? []
  const fields = formFields({ values, errors })
  const { question } = channelWords[channel]
  const hours = (texts: number[]) => [
    { value: '', text: 'Any time' },
    ...texts.map((hour) => ({ value: String(hour), text: hourText(hour) })),
  ]
  return {
    title: question,
    caption: supporter ? `${supporter.name}, who supports ${person.name}` : person.name,
    errors: overtakenBy ? [{ text: overtaken(overtakenBy, saved) }] : form.errors,
    back: { href: url, text: 'How we may contact them' },
    action: channelUrl(person.id, supporterId, channel),
    version: version ?? saved?.id ?? 0,
    answer: fields.radios('answer', 'What did they say?', [
      { value: 'allowed', text: 'Yes' },
      { value: 'not-allowed', text: 'No' },
    ]),
    asked: saved?.answer === 'not-allowed' ? askedField(values.asked === 'yes', errors) : null,
    limits: {
      from: fields.select('from', 'From', hours(someHours(7, 21))),
      until: fields.select('until', 'Until', hours(someHours(8, 22))),
      days: {
        ...{ id: 'days', name: 'days', label: 'Only on some days?', hint: 'Leave them all empty if any day is fine' },
        items: dayNames.map((text, at) => ({ value: String(at + 1), text })),
        values: (values.days ?? '').split(' '),
        small: true,
      },
    },
    number: channel === 'call' ? numberField(fields) : null,
    names: channel === 'call' ? null : namesField(values.names === 'yes'),
    cancel: url,
  }
}

function someHours(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, at) => first + at)
}

function hourText(hour: number): string {
  return hour === 12 ? 'Midday' : hour < 12 ? `${hour}am` : `${hour - 12}pm`
}

function numberField(fields: ReturnType<typeof formFields>): RadiosField {
  return fields.radios('number', 'Should our number show on their phone? (optional)', [
    { value: 'withheld', text: 'No, withhold it' },
    { value: 'known', text: 'Yes, so that they know it is us' },
  ])
}

function namesField(isAgreed: boolean): CheckboxesField {
  return {
    ...{ id: 'names', name: 'names', label: 'Who we are', labelHidden: true },
    items: [
      {
        value: 'yes',
        text: 'They agree that it says who we are',
        hint: 'If not, what we send names no mental health service',
      },
    ],
    values: isAgreed ? ['yes'] : [],
  }
}

function askedField(isAsked: boolean, errors: readonly FieldError[]): CheckboxesField {
  return {
    ...{ id: 'asked', name: 'asked', label: 'They said no before', labelSize: 's' },
    items: [{ value: 'yes', text: 'I asked them again, and they said yes' }],
    values: isAsked ? ['yes'] : [],
    error: errors.find(({ field }) => field === 'asked')?.text,
  }
}

function savedValues(saved: ContactAnswer | undefined): Typed {
  if (!saved) return {}
  return {
    answer: saved.answer,
    from: saved.from_hour === null ? '' : String(saved.from_hour),
    until: saved.until_hour === null ? '' : String(saved.until_hour),
    days: saved.days.join(' '),
    number: saved.number_shown ?? '',
    names: saved.names_service ? 'yes' : '',
  }
}

function overtaken({ staff_member, at }: { staff_member: string; at: string }, saved: ContactAnswer | undefined) {
  return `${staff_member} answered this on ${formatInstant(at)}, after you opened it: “${answerInWords(saved)}”. What you chose is not saved yet. Saving again replaces it.`
}
