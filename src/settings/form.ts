import { type Role, roles } from '../lib/actor.ts'
import {
  accepted,
  type FieldError,
  fieldText,
  fieldTexts,
  type Parsed,
  rejected,
  type Typed,
  typedValues,
} from '../lib/fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { sayable } from '../safe-contact/telling-rules.ts'
import type { Numbers } from './rules.ts'

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

export interface NumbersToCall extends Numbers {
  /** The digest of those that the form was shown with. */
  shown: string
}

const MOST_OF_A_CRISIS_LINE = 500
const MOST_OF_A_HELP_LINE = 80

/** Reads whom people can call. A call sheet without a crisis line is refused, and so is a letter's line that says whose it is. */
export function parseNumbersToCall(body: unknown): Parsed<NumbersToCall> {
  const values = typedValues(body, ['crisis-line', 'help-line'])
  const crisis_line = cleanText(values['crisis-line'])
  const help_line = cleanLine(values['help-line'])
  const errors: FieldError[] = []
  const refuse = (field: string, text: string) => void errors.push({ field, text })
  if (crisis_line === '') refuse('crisis-line', 'Enter whom to call in a crisis')
  if (isLongerThan(crisis_line, MOST_OF_A_CRISIS_LINE)) refuse('crisis-line', 'It must be 500 characters or less')
  if (isLongerThan(help_line, MOST_OF_A_HELP_LINE)) refuse('help-line', 'The number must be 80 characters or less')
  else if (help_line !== '' && !/\d{3}/.test(help_line)) refuse('help-line', 'Enter a phone number')
  else if (sayable(help_line, false) !== help_line)
    refuse('help-line', 'Enter the number and its hours, and no name of a service')
  if (errors.length > 0) return rejected(errors, values)
  return accepted({ crisis_line, help_line, shown: fieldText(body, 'shown') }, values)
}
