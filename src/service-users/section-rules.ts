import { agreements, ethnicities, genders, housings, needs, states } from './words-rules.ts'

/**
 * A record is written down section by section, each on a short page of its own. The sections are data: what is asked, in
 * which words, and in which column the answer stands. Of a person's own words and of what leads to them the table is
 * `details`, which retention may empty; what is chosen from a list stands in the `story`.
 */
export interface Question {
  id: string
  label: string
  kind: 'line' | 'text' | 'phone' | 'email' | 'choice' | 'choices' | 'date' | 'ward' | 'team' | 'tick'
  table: 'story' | 'details'
  column: string
  hint?: string
  options?: readonly Choice[]
  /** How the empty answer of a choice reads, as something that can be chosen. */
  none?: string
}

export interface Choice {
  value: string
  text: string
  hint?: string
}

export interface Section {
  name: string
  title: string
  /** Why it is asked, for whoever asks. */
  lead?: string
  questions: readonly Question[]
}

const preferNot: Choice = { value: 'prefer-not', text: 'Prefers not to say' }
const NOT_ASKED = 'Not asked yet'

const line = (id: string, label: string, hint?: string): Question => ({
  ...{ id, label, kind: 'line', table: 'details', column: id.replaceAll('-', '_') },
  ...(hint !== undefined && { hint }),
})
const text = (id: string, label: string, hint?: string): Question => ({ ...line(id, label, hint), kind: 'text' })
const phone = (id: string, label: string, hint?: string): Question => ({ ...line(id, label, hint), kind: 'phone' })
const choice = (id: string, label: string, options: readonly Choice[], hint?: string): Question => ({
  ...line(id, label, hint),
  ...{ kind: 'choice', table: 'story', options, none: NOT_ASKED },
})

export const sections: readonly Section[] = [
  {
    name: 'contact',
    title: 'How to reach them',
    questions: [
      phone('phone', 'Phone number'),
      phone(
        'call-back-number',
        'Number to call back on if a call drops',
        'Leave this empty if it is the phone number above',
      ),
      { ...line('email', 'Email address'), kind: 'email' },
    ],
  },
  {
    name: 'contact-instruction',
    title: 'What everybody should do',
    lead: 'Ward staff, the care team and whoever makes a call see this, and it is printed. Write what to do, and never why.',
    questions: [
      text(
        'contact-instruction',
        'What should everybody do, or leave, when they contact this person?',
        'For example, do not ring the home number',
      ),
    ],
  },
  {
    name: 'where',
    title: 'Where they are',
    questions: [
      {
        ...choice(
          'state',
          'Where are they now?',
          Object.entries(states).map(([value, { text: words, advice }]) => ({
            value,
            text: words,
            ...(advice && { hint: advice }),
          })),
        ),
        none: '',
      },
      { ...line('state-on', 'Since when?', 'For example, 31 3 2026'), kind: 'date', table: 'story' },
      {
        id: 'ward',
        label: 'Which ward?',
        hint: 'If they are admitted',
        kind: 'ward',
        table: 'story',
        column: 'ward_id',
      },
      text('address', 'Address'),
      {
        ...{ id: 'has-no-address', label: 'They have no fixed address', kind: 'tick', table: 'story' },
        column: 'has_no_address',
      },
    ],
  },
  {
    name: 'care',
    title: 'Who looks after them',
    questions: [
      {
        ...{ id: 'team', label: 'Which team?', kind: 'team', table: 'story', column: 'team_id' },
        hint: 'Staff of this team see that this person is helped, and how',
      },
      line('clinician', 'Clinician who referred them', 'Name, and how to reach them'),
    ],
  },
  {
    name: 'emergency',
    title: 'Emergency contact',
    lead: 'Who to call if something happens to them during a call or a visit. Ask them first.',
    questions: [
      line('emergency-name', 'Name of the emergency contact'),
      line('emergency-relation', 'Who this is to them', 'For example, sister or key worker'),
      phone('emergency-phone', 'Phone number of the emergency contact'),
    ],
  },
  {
    name: 'language',
    title: 'Language and interpreter',
    questions: [
      line('language', 'Language they prefer', 'For example, Somali or British Sign Language'),
      choice('interpreter', 'Do they need an interpreter?', [
        { value: 'no', text: 'No' },
        { value: 'spoken', text: 'Yes, for a spoken language' },
        { value: 'signed', text: 'Yes, for a sign language' },
        preferNot,
      ]),
    ],
  },
  {
    name: 'needs',
    title: 'Communication needs',
    lead: 'The Accessible Information Standard asks us to find out what people need, write it down, make it easy to see, share it, act on it, and ask again.',
    questions: [
      choice('needs-asked', 'Do they need help to read, hear, understand or talk with us?', [
        { value: 'some', text: 'Yes' },
        { value: 'none', text: 'No' },
        preferNot,
      ]),
      {
        ...{ id: 'needs', label: 'What do they need?', kind: 'choices', table: 'story', column: 'needs' },
        ...{ hint: 'If they said yes. Choose all that apply', options: needs },
      },
      text('needs-words', 'In their own words'),
      text('needs-met', 'What we do about it', 'For example, letters at 18 point, and a longer first appointment'),
      line('needs-shared', 'Who we have told', 'For example, the care team and the GP. Ask before you tell anybody'),
      {
        ...line('needs-review-on', 'When to ask again', 'For example, 31 3 2027'),
        ...{ kind: 'date', table: 'story' },
      },
    ],
  },
  {
    name: 'agreement',
    title: 'Who may agree for them',
    lead: 'For people under 18, and for people who may lack capacity to decide about this. Everybody else agrees for themselves.',
    questions: [
      choice('agrees', 'Who agrees to a loan or a call?', agreements),
      text(
        'agreement-note',
        'Who that is, or who was asked in a best-interests decision',
        'Names, how to reach them, and when',
      ),
      choice('parent-contact', 'If they are under 18, is it safe to contact a parent?', [
        { value: 'safe', text: 'Yes' },
        { value: 'not-safe', text: 'No, contact no parent' },
        { value: 'not-known', text: 'Not known: contact no parent until it is' },
      ]),
    ],
  },
  {
    name: 'equity',
    title: 'About them, to check that we are fair',
    lead: 'Nobody has to answer. It shows whether help reaches the people who are shut out most, and changes nothing about the help they get.',
    questions: [
      choice('gender', 'Gender', [...genders, preferNot]),
      choice('ethnicity', 'Ethnic group', [...ethnicities, preferNot]),
      choice('disability', 'Do they have a disability or long-term condition?', [
        { value: 'yes', text: 'Yes' },
        { value: 'no', text: 'No' },
        preferNot,
      ]),
      choice('housing', 'Where do they live?', [...housings, preferNot]),
      choice('asylum', 'Are they seeking asylum, or a refugee?', [
        { value: 'seeking', text: 'Seeking asylum' },
        { value: 'refugee', text: 'A refugee' },
        { value: 'no', text: 'Neither' },
        preferNot,
      ]),
      {
        ...choice(
          'deprivation-decile',
          'How deprived is the area they live in?',
          Array.from({ length: 10 }, (_, at) => ({ value: String(at + 1), text: decileText(at + 1) })),
          'The decile of the English Indices of Deprivation for their postcode. Do not ask them',
        ),
        none: 'Not known',
      },
    ],
  },
]

function decileText(decile: number): string {
  return decile === 1 ? '1, most deprived' : decile === 10 ? '10, least deprived' : String(decile)
}

export function sectionNamed(name: string): Section | undefined {
  return sections.find((section) => section.name === name)
}

/** What is to stand in the columns of a section: texts, days and words, lists of words, ids, or yes and no. */
export type Answers = Record<string, string | string[] | number | boolean | null>
/** A record as it was read, with the columns of every section among others. */
export type Known = Readonly<Record<string, unknown>>

/** Whether anything is written down at all. A state alone, which everybody has, is no answer. */
export function isAnswered(section: Section, known: Known): boolean {
  return section.questions.some(({ column, none }) => none !== '' && !isEmptyAnswer(known[column]))
}

export function isEmptyAnswer(answer: unknown): boolean {
  return (
    answer === undefined ||
    answer === null ||
    answer === '' ||
    answer === false ||
    (Array.isArray(answer) && answer.length === 0)
  )
}

/** Somebody is admitted to an inpatient ward; a team or a hub looks after people who are not. */
export function wardsAmong<Place extends { kind: string }>(places: Place[]): Place[] {
  return places.filter(({ kind }) => kind === 'inpatient ward')
}

export function teamsAmong<Place extends { kind: string }>(places: Place[]): Place[] {
  return places.filter(({ kind }) => kind !== 'inpatient ward')
}
