import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanPhone, cleanText, isEmail, isLongerThan } from '../lib/text.ts'
import { type Answers, type Question, type Section, teamsAmong, wardsAmong } from './section-rules.ts'

const MOST_IN_A_LINE = 200
const MOST_IN_A_TEXT = 1000

/** What a form can be held against: today, and the wards and teams there are to choose from. */
export interface KnownPlaces {
  today: string
  places: { id: number; kind: string }[]
}

type Read = { answer: Answers[string]; error?: FieldError | undefined }

/** Reads one section of a record, into what is to stand in its columns. Everything may be left empty. */
export function parseSection(section: Section, body: unknown, known: KnownPlaces): Parsed<Answers> {
  const values = typedSection(section, body)
  const errors: FieldError[] = []
  const answers: Answers = {}
  for (const question of section.questions) {
    const { answer, error } = readers[question.kind](question, values, known)
    answers[question.column] = answer
    if (error) errors.push(error)
  }
  if (errors.length === 0) errors.push(...contradictions(section.name, answers))
  if (errors.length > 0) return rejected(errors, values)
  return accepted(answers, values)
}

function typedSection(section: Section, body: unknown): Typed {
  const names = section.questions.flatMap(({ id, kind }) => (kind === 'date' ? dateFieldNames(id) : [id]))
  const several = section.questions.filter(({ kind }) => kind === 'choices')
  return {
    ...typedValues(body, names),
    ...Object.fromEntries(several.map(({ id }) => [id, fieldTexts(body, id).join(' ')])),
  }
}

const readers: Record<Question['kind'], (question: Question, values: Typed, known: KnownPlaces) => Read> = {
  line: ({ id, label }, values) => within(cleanLine(values[id]), MOST_IN_A_LINE, { id, label }),
  text: ({ id, label }, values) => within(cleanText(values[id]), MOST_IN_A_TEXT, { id, label }),
  phone: readPhone,
  email: readEmail,
  choice: readChoice,
  choices: readChoices,
  date: readDate,
  ward: (question, values, known) => readPlace(question, values, wardsAmong(known.places)),
  team: (question, values, known) => readPlace(question, values, teamsAmong(known.places)),
  tick: ({ id }, values) => ({ answer: values[id] === 'yes' }),
}

function within(answer: string, most: number, { id, label }: Pick<Question, 'id' | 'label'>): Read {
  const error = { field: id, text: `“${label}” must be ${most.toLocaleString('en-GB')} characters or less` }
  return isLongerThan(answer, most) ? { answer, error } : { answer }
}

function readPhone({ id }: Question, values: Typed): Read {
  if (!values[id]) return { answer: '' }
  const { value, error } = cleanPhone(values[id])
  return error ? { answer: '', error: { field: id, text: error.text } } : { answer: value.typed }
}

function readEmail({ id }: Question, values: Typed): Read {
  const answer = cleanLine(values[id])
  if (answer === '' || isEmail(answer)) return { answer }
  return { answer, error: { field: id, text: 'Enter an email address in the correct format, like name@example.com' } }
}

function readChoice({ id, options = [], none }: Question, values: Typed): Read {
  const answer = values[id] ?? ''
  if (answer === '' && none !== '') return { answer: null }
  if (options.some(({ value }) => value === answer)) return { answer }
  return { answer: null, error: { field: id, text: 'Choose one of these' } }
}

function readChoices({ id, options = [] }: Question, values: Typed): Read {
  const chosen = new Set((values[id] ?? '').split(' '))
  return { answer: options.map(({ value }) => value).filter((value) => chosen.has(value)) }
}

function readDate({ id }: Question, values: Typed, { today }: KnownPlaces): Read {
  const isPast = id === 'state-on'
  const { date, error } = readOptionalDate(values, id, isPast ? 'The day' : 'The day to ask again')
  if (error) return { answer: null, error }
  if (isPast && date !== null && date > today) {
    return { answer: null, error: { field: id, text: 'The day must be today or in the past' } }
  }
  return { answer: date }
}

function readPlace({ id, kind }: Question, values: Typed, places: { id: number }[]): Read {
  if (!values[id]) return { answer: null }
  const place = places.find((one) => String(one.id) === values[id])
  return place ? { answer: place.id } : { answer: null, error: { field: id, text: `Choose a ${kind} of the list` } }
}

/** Answers that cannot all be true. */
function contradictions(section: string, answers: Answers): FieldError[] {
  if (section === 'where' && answers.ward_id !== null && answers.state !== 'admitted') {
    return [{ field: 'ward', text: 'Somebody on a ward is admitted. Choose “Admitted to a ward”, or no ward' }]
  }
  if (section === 'needs' && answers.needs_asked !== 'some' && (answers.needs as string[]).length > 0) {
    return [{ field: 'needs-asked', text: 'Choose “Yes”, or take out what they need' }]
  }
  if (section === 'emergency' && answers.emergency_name === '') {
    const rest = [answers.emergency_relation, answers.emergency_phone]
    if (rest.some((answer) => answer !== '')) return [{ field: 'emergency-name', text: 'Enter the name' }]
  }
  return []
}
