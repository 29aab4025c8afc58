import { parseSpreadsheetDate } from '../lib/dates.ts'
import { parseNhsNumber } from '../lib/nhs-number.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanLine, cleanPhone, isEmail, isLongerThan } from '../lib/text.ts'
import { birthProblem } from '../service-users/birth-rules.ts'
import { type PersonField, personFields } from './person-fields-rules.ts'
import type { CellReader } from './rows-rules.ts'
import { failedFormula, isFailedFormula, saysNothing, type Vocabulary } from './words-rules.ts'

/** What a row says of a person, read. */
export interface PersonValues {
  name: string
  dateOfBirth: string
  nhsNumber: string
  phone: string
  email: string
}

const MOST_IN_A_NAME = 200

/** How the cells of a spreadsheet of people are read. The error says what to do, and nothing in it is guessed at. */
export const personCells: CellReader<PersonValues> = {
  fields: personFields,
  repeating: [],
  isEmpty: (cell) => saysNothing(cell),
  read(field, cell, vocabulary) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string, vocabulary: Vocabulary) => Reading<never>)(cell, vocabulary)
  },
}

const readers: { [F in PersonField]: (text: string, vocabulary: Vocabulary) => Reading<PersonValues[F]> } = {
  name: readName,
  dateOfBirth: readBirth,
  nhsNumber: parseNhsNumber,
  phone(text) {
    const phone = cleanPhone(text)
    return phone.error ? phone : accept(phone.value.typed)
  },
  email(text) {
    const email = cleanLine(text)
    return isEmail(email) ? accept(email) : refuse('not-an-email', 'Write an email address, like name@example.com')
  },
}

function readName(text: string): Reading<string> {
  const name = cleanLine(text)
  if (!/\p{L}/u.test(name)) return refuse('no-letters', 'Full name must have letters in it')
  if (!isLongerThan(name, MOST_IN_A_NAME)) return accept(name)
  return refuse('too-long', `Full name must be ${MOST_IN_A_NAME} characters or less. This has ${name.length}`)
}

function readBirth(text: string, { today }: Vocabulary): Reading<string> {
  const date = parseSpreadsheetDate(text)
  if (date.error) return date
  const problem = birthProblem(date.value, today)
  return problem ? refuse(problem.reason, problem.text) : date
}
