import { londonClock, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { Choice, DateField, InputField, Page, RadiosField, SelectField, TextareaField } from '../lib/view-model.ts'
import { appointmentsOfUrl, appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail, PersonToMeet } from './queries.ts'
import { chosenMinutes, EXTRA_MINUTES, isRemote, lengths, USUAL_MINUTES } from './rules.ts'
import {
  backUps,
  disruptions,
  interpreters,
  isOneOf,
  outcomes,
  purposes,
  type Way,
  wayNames,
  ways,
} from './words-rules.ts'

export type OrderPage = Page & {
  caption: string
  /** What they said about how they want to meet, and what they need. */
  said: string[]
  action: string
  key?: string
  version?: number
  first: RadiosField
  way: RadiosField
  purpose: SelectField
  day: DateField
  time: InputField
  length: SelectField
  clinician: InputField
  team: SelectField | null
  interpreter: RadiosField
  button: string
  cancel: string
}

interface Team {
  id: number
  name: string
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

export interface NewShown extends FormShown {
  person: PersonToMeet
  teams: Team[]
  key: string
}

/** Making an appointment: who, how, when. Everything else is asked on the next page. */
export function presentNew({ person, teams, key, ...form }: NewShown): OrderPage {
  const url = appointmentsOfUrl(person.id)
  const values = form.values ?? { length: String(USUAL_MINUTES), team: teams.length === 1 ? String(teams[0]?.id) : '' }
  return {
    title: 'Make an appointment',
    caption: person.name,
    said: saidBy(person),
    errors: form.errors,
    back: { href: url, text: 'Their appointments' },
    action: url,
    key,
    ...orderFields({ ...form, values }, teams),
    button: 'Make the appointment',
    cancel: url,
  }
}

function saidBy({ likes_way, interpreter, language }: PersonToMeet): string[] {
  const way = likes_way ?? ''
  const tongue = language === '' ? '' : ` (${language})`
  return [
    ...(isOneOf(wayNames, way) ? [`They said that they would most like: ${wayNames[way].toLowerCase()}.`] : []),
    ...(interpreter === 'spoken' ? [`They need an interpreter${tongue}.`] : []),
    ...(interpreter === 'signed' ? ['They need a sign language interpreter.'] : []),
  ]
}

export interface EditShown extends FormShown {
  appointment: AppointmentDetail
  teams: Team[]
}

export function presentEdit({ appointment, teams, ...form }: EditShown): OrderPage {
  const url = appointmentUrl(appointment.id)
  const all = teams.some(({ id }) => id === appointment.team_id) ? teams : [...teams, ...ownTeam(appointment)]
  return {
    title: 'Change the appointment',
    caption: appointment.service_user,
    said: [],
    errors: form.errors,
    back: { href: url, text: 'Back to the appointment' },
    action: `${url}/edit`,
    version: appointment.version,
    ...orderFields({ ...form, values: form.values ?? savedOrder(appointment) }, all),
    button: 'Save changes',
    cancel: url,
  }
}

/** A team that was closed since, or is another's, stays with the appointment. */
function ownTeam({ team_id, team }: AppointmentDetail): Team[] {
  return team_id === null ? [] : [{ id: team_id, name: team ?? '' }]
}

function savedOrder(appointment: AppointmentDetail): Typed {
  const { hour, minute } = londonClock(appointment.starts_at)
  const two = (number: number) => String(number).padStart(2, '0')
  return {
    first: appointment.is_first ? 'yes' : 'no',
    way: appointment.way,
    purpose: appointment.purpose,
    ...dateFieldValues('on', londonDate(appointment.starts_at)),
    at: `${two(hour)}:${two(minute)}`,
    length: String(chosenMinutes(appointment)),
    clinician: appointment.clinician,
    team: appointment.team_id === null ? '' : String(appointment.team_id),
    interpreter: appointment.interpreter ?? '',
  }
}

function orderFields(form: FormShown, teams: Team[]) {
  const field = formFields(form)
  return {
    first: field.radios(
      'first',
      'Is it their first appointment with this team?',
      [
        { value: 'yes', text: 'Yes', hint: 'Offer to meet face to face first.' },
        { value: 'no', text: 'No, they have met' },
      ],
      { labelSize: 'm' },
    ),
    way: field.radios('way', 'How do they want to meet?', [...ways], {
      labelSize: 'm',
      hint: `Ask them, and do not ask why. A first one that is not in person is given ${EXTRA_MINUTES} minutes more.`,
    }),
    purpose: field.select('purpose', 'What is it for?', [{ value: '', text: 'Choose one' }, ...purposes]),
    day: field.date('on', 'Which day?', { hint: 'For example, 31 3 2027', labelSize: 's' }),
    time: field.input('at', 'At what time?', { width: 5, hint: 'Like 14:30', autocomplete: 'off' }),
    length: field.select(
      'length',
      'How long?',
      lengths.map((minutes) => ({ value: minutes, text: `${minutes} minutes` })),
    ),
    clinician: field.input('clinician', 'Who do they meet? (optional)', { ...notMine, hint: 'The clinician’s name' }),
    team: teams.length === 0 ? null : teamField(field, teams),
    interpreter: field.radios('interpreter', 'Interpreter', [...interpreters, { value: '', text: 'Not asked yet' }]),
  }
}

function teamField(field: ReturnType<typeof formFields>, teams: Team[]): SelectField {
  const options = teams.map(({ id, name }) => ({ value: id, text: name }))
  return field.select('team', 'Team (optional)', [{ value: '', text: 'None named' }, ...options])
}

export type DetailsPage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  inputs: InputField[]
  backUp: { agreed: RadiosField; number: InputField; callBack: InputField } | null
  texts: TextareaField[]
  cancel: string
}

/** How one gets in, or what makes it work in person: the way of meeting decides what is asked. */
export function presentDetails(appointment: AppointmentDetail, form: FormShown = {}): DetailsPage {
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
    backUp: isCall ? backUpFields(field) : null,
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
    field.textarea('others', 'Who else is there? (optional)', {
      rows: 2,
      hint: 'Such as a supporter they agreed to, an interpreter, staff from another team.',
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
  }
}

export type OutcomePage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  outcome: RadiosField
  metBy: RadiosField
  disruption: RadiosField
  texts: TextareaField[]
  cancel: string
}

export function presentOutcomeForm(appointment: AppointmentDetail, form: FormShown = {}): OutcomePage {
  const url = appointmentUrl(appointment.id)
  const field = formFields({ ...form, values: form.values ?? savedOutcome(appointment) })
  return {
    title: 'How did it go?',
    caption: appointment.service_user,
    lead: 'Somebody who tried and could not get through did not stay away. It counts as something for us to put right.',
    errors: form.errors,
    back: { href: url, text: 'Back to the appointment' },
    action: `${url}/outcome`,
    version: appointment.version,
    outcome: field.radios('outcome', 'What happened?', [...outcomes], { labelSize: 'm' }),
    metBy: field.radios('met-by', 'How did they meet in the end?', [...ways], { hint: 'If they met.' }),
    disruption: field.radios('disruption', 'What went wrong?', [...disruptions], { hint: 'If they met.' }),
    texts: [
      field.textarea('persons-words', 'What did they say about it? (optional)', {
        rows: 2,
        hint: 'About how they met, in their own words.',
      }),
      field.textarea('outcome-note', 'What else should we know? (optional)', {
        rows: 2,
        hint: 'About the connection, the device or the help they had. Nothing about their health.',
      }),
    ],
    cancel: url,
  }
}

function savedOutcome(appointment: AppointmentDetail): Typed {
  const isCall = isRemote(appointment.way)
  return {
    outcome: appointment.outcome ?? '',
    'met-by': appointment.met_by ?? (appointment.outcome === null ? appointment.way : ''),
    disruption: appointment.disruption ?? (appointment.outcome === null && !isCall ? 'none' : ''),
    'persons-words': appointment.persons_words,
    'outcome-note': appointment.outcome_note,
  }
}
