import { londonClock, londonDate } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { DateField, InputField, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { codesOf, type Warning } from '../lib/warnings.ts'
import { appointmentsOfUrl, appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail, PersonToMeet } from './queries.ts'
import { chosenMinutes, EXTRA_MINUTES, lengths, USUAL_MINUTES } from './rules.ts'
import { interpreters, isOneOf, purposes, wayNames, ways } from './words-rules.ts'

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
  warnings: string[]
  anyway: string
}

interface Team {
  id: number
  name: string
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
export const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

interface OrderShown extends FormShown {
  /** What speaks against it; the next press means it. */
  warnings?: Warning[]
}

export interface NewShown extends OrderShown {
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

export interface EditShown extends OrderShown {
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

function orderFields(form: OrderShown, teams: Team[]) {
  const field = formFields(form)
  const { warnings = [] } = form
  return {
    ...{ warnings: warnings.map(({ text }) => text), anyway: codesOf(warnings) },
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
