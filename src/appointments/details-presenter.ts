import { formatDate, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  CheckboxesField,
  Choice,
  InputField,
  Page,
  RadiosField,
  SelectField,
  TextareaField,
} from '../lib/view-model.ts'
import { type KnownPlatform, platformNote } from '../platforms/rules.ts'
import { notMine } from './form-presenter.ts'
import { appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail } from './queries.ts'
import { isRemote, takesPlatform } from './rules.ts'
import { backUps, type Way } from './words-rules.ts'

export type DetailsPage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  inputs: InputField[]
  backUp: { agreed: RadiosField; number: InputField; callBack: InputField } | null
  platform: { field: SelectField; notes: string[] } | null
  /** Of their own supporters, those whom they agreed to; null where there is none. */
  supporters: CheckboxesField | null
  texts: TextareaField[]
  cancel: string
}

export interface DetailsShown extends FormShown {
  appointment: AppointmentDetail
  platforms: KnownPlatform[]
}

/** How one gets in, or what makes it work in person: the way of meeting decides what is asked. */
export function presentDetails({ appointment, platforms, ...form }: DetailsShown): DetailsPage {
  const url = appointmentUrl(appointment.id)
  const field = formFields({ ...form, values: form.values ?? savedDetails(appointment) })
  const isCall = isRemote(appointment.way)
  return {
    title: isCall ? 'How to get in' : 'What makes it work',
    caption: appointment.service_user,
    lead: isCall
      ? 'Leave what is not known yet: the appointment says what is still open.'
      : 'Write down what they need to meet in person. Leave what is not known yet.',
    errors: form.errors,
    back: { href: url, text: 'Back to the appointment' },
    action: `${url}/details`,
    version: appointment.version,
    inputs: isCall ? callFields(field, appointment.way as Way) : [],
    platform: takesPlatform(appointment.way) ? platformField(field, platforms) : null,
    backUp: isCall ? backUpFields(field) : null,
    supporters: supportersField(appointment, form),
    texts: [...(isCall ? [] : inPersonFields(field)), ...bothFields(field, isCall)],
    cancel: url,
  }
}

type Fields = ReturnType<typeof formFields>

function callFields(field: Fields, way: Way): InputField[] {
  const link = field.input('join-link', 'Link to join (optional)', {
    ...notMine,
    type: 'url',
    autocapitalize: 'none',
    hint: 'It begins with https://. Whoever has it may come in, so it stands on this appointment alone.',
  })
  const number = field.input('number-shown', 'Which number will show when we call? (optional)', {
    ...notMine,
    width: 20,
    hint: 'As they will see it. It may be “No caller ID”.',
  })
  return way === 'phone' ? [number] : [link, number]
}

/** Each that is not simply approved comes with what to know about it. None of it stops anybody. */
function platformField(field: Fields, platforms: KnownPlatform[]): DetailsPage['platform'] {
  if (platforms.length === 0) return null
  const options = platforms.map(({ id, name, approval }) => ({
    value: id,
    text: approval === 'not-approved' ? `${name} (not approved)` : name,
  }))
  return {
    field: field.select(
      'platform',
      'On which platform? (optional)',
      [{ value: '', text: 'Not decided yet' }, ...options],
      {
        hint: 'One that they know is best.',
      },
    ),
    notes: platforms.map((platform) => platformNote(platform, dayOf)).filter((note) => note !== ''),
  }
}

const dayOf = (at: string) => formatDate(londonDate(at))

function supportersField({ contact, supporter_ids }: AppointmentDetail, { values, errors }: FormShown) {
  const items = contact.supporters
    .filter(({ id, consent }) => consent === 'given' || supporter_ids.includes(id))
    .map(({ id, name, consent }) => ({
      value: id,
      text: name,
      ...(consent !== 'given' && { hint: 'The person does not agree any more' }),
    }))
  if (items.length === 0) return null
  const chosen = values ? (values.supporters ?? '').split(' ') : supporter_ids.map(String)
  return {
    ...{ id: 'supporters', name: 'supporters', label: 'Which of their supporters join? (optional)', items },
    hint: 'Those the person agreed to. Ask the person again whether they want them there.',
    values: chosen,
    error: errors?.find(({ field }) => field === 'supporters')?.text,
  }
}

function backUpFields(field: Fields): NonNullable<DetailsPage['backUp']> {
  const open: Choice = { value: '', text: 'Not agreed yet' }
  return {
    agreed: field.radios('back-up', 'What do we do when it fails?', [...backUps, open], {
      labelSize: 'm',
      hint: 'Agree it with them before the day.',
    }),
    number: field.input('back-up-number', 'Number for that (optional)', { ...notMine, type: 'tel', width: 20 }),
    callBack: field.input('call-back-number', 'Number to call them back on (optional)', {
      ...notMine,
      type: 'tel',
      width: 20,
      hint: 'Ask which number is safe for them on that day.',
    }),
  }
}

function inPersonFields(field: Fields): TextareaField[] {
  return [
    field.textarea('place', 'Where do they meet? (optional)', { rows: 2 }),
    field.textarea('in-person-needs', 'What do they need to get there and take part? (optional)', {
      rows: 3,
      hint: 'Such as a way in without steps, transport, somebody with them, a quiet place to wait.',
    }),
  ]
}

function bothFields(field: Fields, isCall: boolean): TextareaField[] {
  return [
    field.textarea('adaptations', 'What makes it easier for them? (optional)', {
      rows: 2,
      hint: isCall ? 'Such as camera off, captions, breaks.' : 'Such as large print, breaks, a hearing loop.',
    }),
    field.textarea('others', 'Which other staff join, or who else? (optional)', {
      rows: 2,
      hint: 'Such as an interpreter, or staff from another team.',
    }),
  ]
}

function savedDetails(appointment: AppointmentDetail): Typed {
  return {
    'join-link': appointment.join_link,
    'number-shown': appointment.number_shown,
    'back-up': appointment.back_up ?? '',
    'back-up-number': appointment.back_up_number,
    'call-back-number': appointment.call_back_number,
    place: appointment.place,
    'in-person-needs': appointment.in_person_needs,
    adaptations: appointment.adaptations,
    others: appointment.others,
    platform: appointment.platform_id === null ? '' : String(appointment.platform_id),
  }
}
