import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanPhone, isEmail, isLongerThan } from '../lib/text.ts'
import { consents, mayBeTold, type SupporterAnswers } from './supporter-rules.ts'

const MOST = 200

/** Reads who supports somebody, and what that person agreed to. Nothing may be told without their consent. */
export function parseSupporter(body: unknown, today: string): Parsed<SupporterAnswers> {
  const values: Typed = {
    ...typedValues(body, ['name', 'relation', 'phone', 'email', 'consent', ...dateFieldNames('consent-on')]),
    told: fieldTexts(body, 'told').join(' '),
  }
  const errors: FieldError[] = []
  const note = (field: string, text: string | undefined) => text !== undefined && errors.push({ field, text })
  const [name, relation] = [cleanLine(values.name), cleanLine(values.relation)]
  if (name === '') note('name', 'Enter the name')
  if (isLongerThan(name, MOST)) note('name', `Name must be ${MOST} characters or less`)
  if (isLongerThan(relation, MOST)) note('relation', `Who this is to them must be ${MOST} characters or less`)
  const phone = values.phone ? cleanPhone(values.phone) : undefined
  note('phone', phone?.error?.text)
  const email = cleanLine(values.email)
  if (email !== '' && !isEmail(email)) note('email', emailFormat)
  const consent = consents.find(({ value }) => value === values.consent)?.value
  if (consent === undefined) note('consent', 'Choose whether they agree')
  const told = mayBeTold.map(({ value }) => value).filter((value) => values.told?.split(' ').includes(value))
  const day = readOptionalDate(values, 'consent-on', 'The day they agreed')
  if (day.error) errors.push(day.error)
  if (consent === 'given' && !day.error) note('consent-on', dayProblem(day.date, today))
  if (consent !== undefined && consent !== 'given' && told.length > 0) {
    note(
      'told',
      'They may be told nothing without consent. Take out what they may be told, or choose “Yes, they agree”',
    )
  }

  if (errors.length > 0 || consent === undefined) return rejected(errors, values)
  const consent_on = consent === 'given' ? day.date : null
  const typed = phone?.value?.typed ?? ''
  return accepted({ name, relation, phone: typed, email, consent, consent_on, may_be_told: told }, values)
}

const emailFormat = 'Enter an email address in the correct format, like name@example.com'

function dayProblem(day: string | null, today: string): string | undefined {
  if (day === null) return 'Enter the day they agreed'
  return day > today ? 'The day they agreed must be today or in the past' : undefined
}
