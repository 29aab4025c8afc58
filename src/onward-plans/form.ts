import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import {
  type AgreedWith,
  isAgreedWith,
  isOnwardChoice,
  keepField,
  MOST_KEEP_CHARACTERS,
  MOST_NOTES_CHARACTERS,
  MOST_WHO_CHARACTERS,
  type OnwardChoice,
  type ToKeep,
} from './rules.ts'

export interface OnwardForm {
  choices: OnwardChoice[]
  notes: string
  agreedWith: AgreedWith
  agreedWho: string
  agreedOn: string
  toKeep: ToKeep
  /** What they want to keep, by the line of the device it is on. */
  keeps: { lineId: number; what: string }[]
}

export interface OnwardAsked {
  /** The devices that are asked about. */
  devices: { id: number; tag: string }[]
  /** Something is still to be saved on a device, so it need not be asked about again. */
  isSavingAlready: boolean
  today: string
}

/** What was ticked, to be shown again. */
export function tickedIn(body: unknown): { choices: string[]; keep: string[] } {
  return { choices: fieldTexts(body, 'choices'), keep: fieldTexts(body, 'keep') }
}

/** Reads what was agreed about the time after the loan. */
export function parseOnwardPlan(body: unknown, asked: OnwardAsked): Parsed<OnwardForm> {
  const names = ['notes', 'agreed-with', 'agreed-who', ...dateFieldNames('agreed-on')]
  const values = typedValues(body, [...names, ...asked.devices.map(({ id }) => keepField(id))])
  const errors: FieldError[] = []
  const choices = readChoices(body, errors)
  const keep = readKeep(body, values, asked, errors)
  const notes = cleanText(values.notes)
  if (isLongerThan(notes, MOST_NOTES_CHARACTERS)) {
    errors.push({ field: 'notes', text: 'What was agreed must be 1,000 characters or less' })
  }
  const agreed = readAgreed(values, asked.today, errors)
  if (errors.length > 0 || !agreed) return rejected(errors, values)
  return accepted({ choices, notes, ...agreed, ...keep }, values)
}

function readChoices(body: unknown, errors: FieldError[]): OnwardChoice[] {
  const chosen = [...new Set(fieldTexts(body, 'choices').filter(isOnwardChoice))]
  if (chosen.length === 0) errors.push({ field: 'choices', text: 'Choose what comes next' })
  if (chosen.length > 1 && chosen.includes('nothing-more')) {
    errors.push({ field: 'choices', text: 'Choose either what comes next, or that they need nothing more' })
  }
  return chosen
}

function readKeep(
  body: unknown,
  values: Typed,
  asked: OnwardAsked,
  errors: FieldError[],
): Pick<OnwardForm, 'toKeep' | 'keeps'> {
  const { devices, isSavingAlready } = asked
  if (devices.length === 0) return { toKeep: isSavingAlready ? 'something' : 'no-device', keeps: [] }
  const ticked = fieldTexts(body, 'keep')
  const kept = devices.filter(({ id }) => ticked.includes(String(id)))
  const others = (['nothing', 'not-asked'] as const).filter((word) => ticked.includes(word))
  if (kept.length + others.length === 0) {
    errors.push({
      field: 'keep',
      text: 'Say whether they want to keep anything that is on it, or that nobody asked yet',
    })
  } else if (others.length > 1 || (others.length > 0 && kept.length > 0)) {
    errors.push({ field: 'keep', text: 'Choose either what they want to keep, nothing, or that nobody asked yet' })
  }
  const keeps = kept.map(({ id, tag }) => {
    const what = cleanText(values[keepField(id)])
    if (what === '') errors.push({ field: keepField(id), text: `Say what they want to keep of what is on ${tag}` })
    if (isLongerThan(what, MOST_KEEP_CHARACTERS)) {
      errors.push({
        field: keepField(id),
        text: `What they want to keep must be ${MOST_KEEP_CHARACTERS} characters or less`,
      })
    }
    return { lineId: id, what }
  })
  const toKeep: ToKeep = keeps.length > 0 || isSavingAlready ? 'something' : (others[0] ?? 'not-asked')
  return { toKeep, keeps }
}

function readAgreed(values: Typed, today: string, errors: FieldError[]) {
  const agreedWith = values['agreed-with'] ?? ''
  if (!isAgreedWith(agreedWith)) errors.push({ field: 'agreed-with', text: 'Say who agreed to it' })
  const agreedWho = agreedWith === 'somebody-for-them' ? cleanLine(values['agreed-who']) : ''
  if (agreedWith === 'somebody-for-them' && agreedWho === '') {
    errors.push({ field: 'agreed-who', text: 'Say who agreed to it for them' })
  }
  if (isLongerThan(agreedWho, MOST_WHO_CHARACTERS)) {
    errors.push({ field: 'agreed-who', text: `Who agreed to it must be ${MOST_WHO_CHARACTERS} characters or less` })
  }
  const agreed = readOptionalDate(values, 'agreed-on', 'Day it was agreed')
  if (agreed.error) errors.push(agreed.error)
  if (agreed.date !== null && agreed.date > today) {
    errors.push({ field: 'agreed-on', text: 'Day it was agreed must be today or in the past' })
  }
  return isAgreedWith(agreedWith) ? { agreedWith, agreedWho, agreedOn: agreed.date ?? today } : undefined
}
