import { accepted, type FieldError, fieldText, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { isConnector } from '../models/rules.ts'
import {
  chargingHours,
  type DepositForm,
  type HandOverForm,
  isKeyHolder,
  MOST_DESCRIPTION,
  MOST_INITIALS,
  MOST_NAME,
  MOST_REASON,
  type OpeningForm,
  type Whose,
} from './rules.ts'

const depositFields = ['whose', 'person', 'initials', 'description', 'connector', 'hours', 'key-with']

/** Reads what is put into a bay: whose it is, what it looks like, what it charges through and for how long. */
export function parseDeposit(body: unknown): Parsed<DepositForm> {
  const values = typedValues(body, depositFields)
  const errors: FieldError[] = []
  const whose = readWhose(values, errors)
  const description = readLine(values.description, { most: MOST_DESCRIPTION, name: 'What it looks like' })
  if (description.error) errors.push({ field: 'description', text: description.error })
  const connector = values.connector ?? ''
  if (!isConnector(connector)) errors.push({ field: 'connector', text: 'Choose what it charges through' })
  const hours = chargingHours.find((choice) => String(choice) === values.hours)
  if (hours === undefined) errors.push({ field: 'hours', text: 'Choose how long it charges' })
  const keyWith = values['key-with'] ?? ''
  if (!isKeyHolder(keyWith)) errors.push({ field: 'key-with', text: 'Choose who has the key or the code' })
  if (errors.length > 0 || !whose || !isConnector(connector) || hours === undefined || !isKeyHolder(keyWith)) {
    return rejected(errors, values)
  }
  return accepted({ whose, description: description.text, connector, hours, keyWith }, values)
}

function readWhose(values: Typed, errors: FieldError[]): Whose | undefined {
  if (values.whose === 'person') {
    const id = readId(values.person)
    if (id === undefined) errors.push({ field: 'person', text: 'Choose whose it is' })
    return id === undefined ? undefined : { serviceUserId: id }
  }
  if (values.whose !== 'initials') {
    errors.push({ field: 'whose', text: 'Choose whose it is' })
    return undefined
  }
  const initials = cleanLine(values.initials)
  if (initials === '') errors.push({ field: 'initials', text: 'Enter their initials' })
  else if (isLongerThan(initials, MOST_INITIALS)) {
    errors.push({ field: 'initials', text: `Initials must be ${MOST_INITIALS} characters or less` })
  } else return { initials }
  return undefined
}

/** Reads who collects it for the owner, and who allowed it. */
export function parseHandOver(body: unknown): Parsed<HandOverForm> {
  const values = typedValues(body, ['handed-to', 'allowed-by'])
  const handedTo = readLine(values['handed-to'], { most: MOST_NAME, name: 'Who collects it' })
  const allowedBy = readLine(values['allowed-by'], { most: MOST_NAME, name: 'Who allowed it' })
  const errors = [
    ...(handedTo.error ? [{ field: 'handed-to', text: handedTo.error }] : []),
    ...(allowedBy.error ? [{ field: 'allowed-by', text: allowedBy.error }] : []),
  ]
  return errors.length > 0
    ? rejected(errors, values)
    : accepted({ handedTo: handedTo.text, allowedBy: allowedBy.text }, values)
}

/** Reads who else is there when a bay is opened without the owner, and why. */
export function parseOpening(body: unknown): Parsed<OpeningForm> {
  const values = typedValues(body, ['witness', 'because'])
  const witnessId = readId(values.witness)
  const because = readLine(values.because, { most: MOST_REASON, name: 'Why it is opened' })
  const errors = [
    ...(witnessId === undefined ? [{ field: 'witness', text: 'Choose who else is there' }] : []),
    ...(because.error ? [{ field: 'because', text: because.error }] : []),
  ]
  return errors.length > 0 || witnessId === undefined
    ? rejected(errors, values)
    : accepted({ witnessId, because: because.text }, values)
}

/** The bay it goes into: the one that was tapped, or the one that was offered in its place. */
export function bayIn(body: unknown): number | undefined {
  return readId(fieldText(body, 'instead')) ?? readId(fieldText(body, 'bay'))
}

function readLine(typed: string | undefined, { most, name }: { most: number; name: string }) {
  const text = cleanLine(typed ?? '')
  if (text === '') return { text, error: `Enter ${name[0]?.toLowerCase()}${name.slice(1)}` }
  return isLongerThan(text, most) ? { text, error: `${name} must be ${most} characters or less` } : { text }
}

export function readId(text = ''): number | undefined {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined
}
