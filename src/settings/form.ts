import { type Role, roles } from '../lib/actor.ts'
import { accepted, fieldText, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { cleanText, isLongerThan } from '../lib/text.ts'

export interface SecondStepRules {
  /** The roles that are to sign in with a second step. */
  required: Role[]
  /** Those that had to when the form was shown. */
  shown: Role[]
}

/** Reads which roles must use a second step. None is an answer; it is to be confirmed in so many words. */
export function parseSecondStepRules(body: unknown): Parsed<SecondStepRules> {
  const required = rolesIn(fieldTexts(body, 'role'))
  const shown = rolesIn(fieldText(body, 'shown').split(' '))
  const values: Typed = { role: required.join(' '), isNobody: fieldTexts(body, 'role').includes('nobody') ? 'yes' : '' }
  if (required.length > 0 || values.isNobody === 'yes') return accepted({ required, shown }, values)
  return rejected([{ field: 'role', text: 'Choose who must use a second step, or “Nobody has to”' }], values)
}

function rolesIn(texts: string[]): Role[] {
  return roles.filter((role) => texts.includes(role))
}

export interface CrisisLine {
  line: string
  /** The digest of the line that the form was shown with. */
  shown: string
}

const MOST_OF_A_CRISIS_LINE = 500

/** Reads whom to call in a crisis. A call sheet without it is refused. */
export function parseCrisisLine(body: unknown): Parsed<CrisisLine> {
  const values = typedValues(body, ['crisis-line'])
  const line = cleanText(values['crisis-line'])
  const error = (text: string) => rejected([{ field: 'crisis-line', text }], values)
  if (line === '') return error('Enter whom to call in a crisis')
  if (isLongerThan(line, MOST_OF_A_CRISIS_LINE)) return error('What you enter must be 500 characters or less')
  return accepted({ line, shown: fieldText(body, 'shown') }, values)
}
