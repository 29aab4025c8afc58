import type { Inpatient } from '../bookings/people-queries.ts'
import type { WardRow } from '../bookings/timetable-queries.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { InputField, Page, RadiosField } from '../lib/view-model.ts'
import { connectorName, connectors } from '../models/rules.ts'
import type { BayRow } from './queries.ts'
import { chargingHours, keyHolders, lockersUrl, USUAL_HOURS } from './rules.ts'

export interface DepositFormShown extends FormShown {
  ward: WardRow
  people: Inpatient[]
  bay: BayRow
  key: string
  /** The bay that would do, where this one does not. */
  offer?: BayRow | undefined
}

export type DepositFormPage = Page & {
  caption: string
  lead: string
  action: string
  key: string
  bay: number
  offer: { text: string; value: number } | null
  whose: RadiosField
  connector: RadiosField
  description: InputField
  hours: RadiosField
  keyWith: RadiosField
}

/** Somebody's device into a bay. */
export function presentDepositForm(shown: DepositFormShown): DepositFormPage {
  const { ward, bay, key, offer, values, errors = [] } = shown
  const typed = { hours: String(USUAL_HOURS), 'key-with': 'staff', ...values }
  const field = formFields({ values: typed, errors })
  return {
    title: `Put a device into ${bay.tag}`,
    caption: ward.name,
    back: { href: lockersUrl(ward.code), text: 'Charging lockers' },
    errors,
    lead: `This bay has ${connectorName(bay.connector)}.`,
    action: lockersUrl(ward.code),
    key,
    bay: bay.id,
    offer: offer ? { text: `Use ${offer.tag} (${connectorName(offer.connector)})`, value: offer.id } : null,
    whose: whoseQuestion({ values: typed, errors }, shown.people),
    connector: field.radios(
      'connector',
      'What does it charge through?',
      Object.entries(connectors).map(([value, text]) => ({ value, text })),
      { small: true, labelSize: 's' },
    ),
    description: field.input('description', 'What does it look like?', {
      hint: 'Like “black phone, cracked corner”. Not what it is worth.',
      autocomplete: 'off',
    }),
    hours: field.radios(
      'hours',
      'How long does it charge?',
      chargingHours.map((hours) => ({ value: hours, text: hours === 1 ? '1 hour' : `${hours} hours` })),
      { small: true, labelSize: 's' },
    ),
    keyWith: field.radios(
      'key-with',
      'Who has the key or the code?',
      Object.entries(keyHolders).map(([value, text]) => ({ value, text })),
      { small: true, labelSize: 's' },
    ),
  }
}

function whoseQuestion(shown: FormShown, people: Inpatient[]): RadiosField {
  const field = formFields(shown)
  const person = field.select('person', 'Name', [
    { value: '', text: 'Choose whose it is' },
    ...people.map(({ id, name, known_as }) => ({ value: id, text: known_as ? `${name} (${known_as})` : name })),
  ])
  const initials = field.input('initials', 'Initials', { width: 5, autocomplete: 'off', spellcheck: 'false' })
  return field.radios(
    'whose',
    'Whose is it?',
    [
      ...(people.length > 0
        ? [{ value: 'person', text: 'Somebody on this ward', conditional: { select: person } }]
        : []),
      { value: 'initials', text: 'Somebody by their initials', conditional: { input: initials } },
    ],
    { small: true, labelSize: 's' },
  )
}
