import { formatDate } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type {
  CheckboxesField,
  DateField,
  InputField,
  Page,
  RadiosField,
  SelectField,
  TextareaField,
} from '../lib/view-model.ts'
import { channels } from '../safe-contact/kinds-rules.ts'
import { channelWords } from '../safe-contact/words-rules.ts'
import type { PersonToTellOf } from '../service-users/tell-of-queries.ts'
import type { ReferralDetail } from './queries.ts'
import { asks, barriers, type Ending, endingReasons, sources, typedSources } from './rules.ts'

export type ReferralFormPage = Page & {
  lead: string
  key: string
  person: { id: number; name: string; who: string } | null
  who: RadiosField | null
  added: {
    name: InputField
    dateOfBirth: DateField
    nhsNumber: InputField
    phone: InputField
    email: InputField
  } | null
  barriers: CheckboxesField
  barrierWords: TextareaField
  asks: CheckboxesField
  appointment: DateField
  contact: RadiosField[]
  contactWords: TextareaField
  team: SelectField | null
  typed: { source: RadiosField; referrer: InputField; referred: DateField } | null
  button: string
  cancel: string
}

export interface ReferralFormShown extends FormShown {
  key: string
  person: PersonToTellOf | undefined
  /** People who may be the one described, whom whoever asks may see. */
  twins?: { id: number; name: string; date_of_birth: string | null; nhs_number: string | null }[]
  /** One of them has the NHS number that was typed. */
  hasHolder?: boolean
  teams: { id: number; name: string }[]
  isChampion: boolean
  today: string
}

/** What is typed is about somebody else, so the browser must neither offer what it knows nor keep it. */
const notMine = { autocomplete: 'off', spellcheck: 'false' } as const

/** Who, what is in the way, what would help: one short page. */
export function presentReferralForm(shown: ReferralFormShown): ReferralFormPage {
  const { key, person, twins = [], isChampion, teams } = shown
  const values = shown.values ?? (isChampion ? dateFieldValues('referred', shown.today) : {})
  const errors = twins.length > 0 ? [{ field: 'person', text: hereAlready(shown) }] : shown.errors
  const fields = formFields({ values, errors })
  const many = (id: string, label: string, words: [string, string][], hint: string): CheckboxesField => ({
    ...{ id, name: id, label, hint, labelSize: 'm' as const },
    values: (values[id] ?? '').split(' '),
    error: errors?.find(({ field }) => field === id)?.text,
    items: words.map(([value, text]) => ({ value, text })),
  })
  return {
    title: isChampion ? 'Type in a referral' : 'Refer somebody to the digital champions',
    lead: 'Anybody may be referred, whatever they can or cannot do yet. Seeing somebody face to face stays open whatever comes of it.',
    errors,
    back: { href: '/referrals', text: 'Referrals' },
    key,
    person: person ? { id: person.id, name: person.name, who: whoTheyAre(person) } : null,
    who: twins.length > 0 ? whoField(fields, shown) : null,
    added: person ? null : addedFields(fields),
    barriers: many(
      'barriers',
      'What is in the way?',
      Object.entries(barriers),
      'Tick what you know. You need not know.',
    ),
    barrierWords: fields.textarea('barrier-words', 'Anything else in the way (optional)', {
      rows: 2,
      hint: 'If you are worried about somebody’s safety, raise a concern as well. Do not write it here.',
    }),
    asks: many(
      'asks',
      'What would help?',
      Object.entries(asks).map(([value, { text }]) => [value, text]),
      'Choose all that you ask for.',
    ),
    appointment: fields.date('appointment', 'First remote appointment (optional)', {
      hint: 'If it is known. We try to have everything ready two working days before.',
      labelSize: 'm',
    }),
    contact: channels.map((channel) =>
      fields.radios(
        `contact-${channel}`,
        channelWords[channel].question,
        [
          { value: 'allowed', text: 'Yes' },
          { value: 'not-allowed', text: 'No' },
          { value: '', text: 'Not asked' },
        ],
        { inline: true, small: true, labelSize: 's' },
      ),
    ),
    contactWords: fields.textarea(
      'contact-words',
      'What else should we do, or leave, when we contact them? (optional)',
      {
        rows: 2,
        hint: 'Such as: text before you call. Write what to do, never why.',
      },
    ),
    team: teamField(fields, teams, isChampion),
    typed: isChampion ? typedFields(fields) : null,
    button: isChampion ? 'Save this referral' : 'Send this referral',
    cancel: '/referrals',
  }
}

type Fields = ReturnType<typeof formFields>

function addedFields(fields: Fields): ReferralFormPage['added'] {
  return {
    name: fields.input('name', 'Full name', { ...notMine, autocapitalize: 'words' }),
    dateOfBirth: fields.date('date-of-birth', 'Date of birth', { hint: 'For example, 31 3 1980' }),
    nhsNumber: fields.input('nhs-number', 'NHS number (optional)', {
      ...notMine,
      hint: 'For example, 999 000 0018',
      inputmode: 'numeric',
      width: 10,
      code: true,
    }),
    phone: fields.input('phone', 'Phone number (optional)', { ...notMine, type: 'tel', width: 20 }),
    email: fields.input('email', 'Email address (optional)', { ...notMine, type: 'email' }),
  }
}

function typedFields(fields: Fields): ReferralFormPage['typed'] {
  return {
    source: fields.radios(
      'source',
      'How did it come?',
      typedSources.map((value) => ({ value, text: sources[value] })),
    ),
    referrer: fields.input('referrer', 'Who asked?', { hint: 'Their name, and where they work', autocomplete: 'off' }),
    referred: fields.date('referred', 'When was it asked?'),
  }
}

function teamField(fields: Fields, teams: ReferralFormShown['teams'], isChampion: boolean): SelectField | null {
  if (teams.length === 0 || (!isChampion && teams.length === 1)) return null
  const none = { value: '', text: isChampion ? 'None of ours' : 'Choose one' }
  const label = isChampion ? 'Ward or team they asked for (optional)' : 'Which ward or team do you refer them for?'
  return fields.select('team', label, [none, ...teams.map(({ id, name }) => ({ value: id, text: name }))])
}

function hereAlready({ hasHolder }: ReferralFormShown): string {
  return hasHolder
    ? 'Somebody here has this NHS number. Choose them, or correct the number'
    : 'Somebody much like this is here already. Choose who it is'
}

function whoField(fields: Fields, { twins = [], hasHolder = false }: ReferralFormShown): RadiosField {
  return fields.radios(
    'person',
    'Is it one of these people?',
    [
      ...twins.map((person) => ({ value: person.id, text: person.name, hint: whoTheyAre(person) })),
      ...(hasHolder ? [] : [{ value: 'new', text: 'No, it is somebody else: add them' }]),
    ],
    { labelSize: 'm' },
  )
}

export function whoTheyAre(person: Pick<PersonToTellOf, 'date_of_birth' | 'nhs_number'>): string {
  const born = person.date_of_birth === null ? 'Date of birth not known' : `Born ${formatDate(person.date_of_birth)}`
  return person.nhs_number === null ? born : `${born}, NHS number ${formatNhsNumber(person.nhs_number)}`
}

export type EndingPage = Page & {
  caption: string
  lead: string
  action: string
  version: number
  why: RadiosField
  words: TextareaField
  button: string
  cancel: string
}

const endingWords: Readonly<Record<Ending, { title: string; lead: string; button: string; path: string }>> = {
  declined: {
    title: 'Decline this referral',
    lead: 'Whoever made it reads the reason. It is about what we can lend and teach: they can always be seen face to face, and can be referred again.',
    button: 'Decline it',
    path: 'decline',
  },
  withdrawn: {
    title: 'Withdraw this referral',
    lead: 'Nothing more is done about it. They can be referred again at any time.',
    button: 'Withdraw it',
    path: 'withdraw',
  },
}

export function presentEnding(referral: ReferralDetail, ending: Ending, form: FormShown = {}): EndingPage {
  const { title, lead, button, path } = endingWords[ending]
  const fields = formFields(form)
  const url = `/referrals/${referral.id}`
  return {
    title,
    lead,
    caption: referral.service_user,
    errors: form.errors,
    back: { href: url, text: 'Back to the referral' },
    action: `${url}/${path}`,
    version: referral.version,
    why: fields.radios(
      'why',
      'Why?',
      Object.entries(endingReasons[ending]).map(([value, text]) => ({ value, text })),
      { labelSize: 'm' },
    ),
    words: fields.textarea('words', 'What they should know about it (optional)', {
      rows: 3,
      hint: 'Say kindly what is possible in its place. Nothing about their health.',
    }),
    button,
    cancel: url,
  }
}

export type AppointmentPage = Page & {
  caption: string
  action: string
  version: number
  appointment: DateField
  cancel: string
}

export function presentFirstAppointment(referral: ReferralDetail, form: FormShown = {}): AppointmentPage {
  const values = form.values ?? dateFieldValues('appointment', referral.first_appointment_on)
  const url = `/referrals/${referral.id}`
  return {
    title: 'First remote appointment',
    caption: referral.service_user,
    errors: form.errors,
    back: { href: url, text: 'Back to the referral' },
    action: `${url}/first-appointment`,
    version: referral.version,
    appointment: formFields({ values, errors: form.errors }).date('appointment', 'When is it?', {
      hint: 'Leave it empty if it is not known.',
      labelSize: 'm',
    }),
    cancel: url,
  }
}
