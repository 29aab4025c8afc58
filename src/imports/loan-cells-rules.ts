import { parseSpreadsheetDate } from '../lib/dates.ts'
import { parseNhsNumber } from '../lib/nhs-number.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanCode, cleanLine, cleanPhone, cleanText, isEmail, isLongerThan } from '../lib/text.ts'
import { type AgreementWay, agreementWays } from '../loans/rules.ts'
import { type LoanField, loanFields } from './loan-fields-rules.ts'
import type { CellReader } from './rows-rules.ts'
import { failedFormula, isFailedFormula, readPlace, saysNothing, type Vocabulary, wordKey } from './words-rules.ts'

/** What a row says of an open loan, read. */
export interface LoanValues {
  tag: string
  name: string
  dateOfBirth: string
  nhsNumber: string
  phone: string
  /** The id of a ward. */
  ward: number
  /** An email, in small letters. */
  staff: string
  lentOn: string
  reviewOn: string
  agreement: AgreementWay
  witness: string
  unsupportedReason: string
  notes: string
  lentBy: string
  endedOn: string
}

/** As on the forms of a loan and of a person. */
const mostCharacters = { name: 200, witness: 200, unsupportedReason: 500, notes: 2_000 }

/** How the cells of a spreadsheet of open loans are read. The error says what to do, and nothing in it is guessed at. */
export const loanCells: CellReader<LoanValues> = {
  fields: loanFields,
  repeating: ['ward', 'staff', 'lentOn', 'reviewOn', 'agreement', 'lentBy'],
  isEmpty: (cell, field) => (field === 'notes' ? cell === '' : saysNothing(cell)),
  read(field, cell, vocabulary) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string, vocabulary: Vocabulary) => Reading<never>)(cell, vocabulary)
  },
}

const readers: { [F in LoanField]: (text: string, vocabulary: Vocabulary) => Reading<LoanValues[F]> } = {
  // an item is found by whatever stands on its label
  tag: (text) => accept(cleanCode(text)),
  name: readName,
  dateOfBirth: (text, vocabulary) => readDayGone(text, vocabulary, 'Date of birth'),
  nhsNumber: parseNhsNumber,
  phone: readPhone,
  ward: readPlace,
  staff: readEmail,
  lentOn: (text, vocabulary) => readDayGone(text, vocabulary, 'Day it was lent'),
  reviewOn: parseSpreadsheetDate,
  agreement: readAgreement,
  witness: (text) => readLine(text, 'witness'),
  unsupportedReason: (text) => readLine(text, 'unsupportedReason'),
  notes: (text) => withinLength(cleanText(text), 'notes'),
  lentBy: readEmail,
  endedOn: (text, vocabulary) => readDayGone(text, vocabulary, 'Day it ended'),
}

function readName(text: string): Reading<string> {
  const name = cleanLine(text)
  if (!/\p{L}/u.test(name)) return refuse('no-letters', 'Full name must have letters in it')
  return withinLength(name, 'name')
}

function readDayGone(text: string, { today }: Vocabulary, name: string): Reading<string> {
  const date = parseSpreadsheetDate(text)
  if (date.error || date.value <= today) return date
  return refuse('in-future', `${name} must be today or in the past`)
}

function readPhone(text: string): Reading<string> {
  const phone = cleanPhone(text)
  return phone.error ? phone : accept(phone.value.typed)
}

function readEmail(text: string): Reading<string> {
  const email = cleanLine(text).toLowerCase()
  return isEmail(email) ? accept(email) : refuse('not-an-email', 'Write the work email of the member of staff')
}

/** As we write them, and in a word: "paper", "Spoken". */
function readAgreement(text: string): Reading<AgreementWay> {
  const key = wordKey(text)
  const way = (Object.keys(agreementWays) as AgreementWay[]).find(
    (one) => key === one || key === wordKey(agreementWays[one]),
  )
  if (way) return accept(way)
  return refuse('unknown', 'Agreement must be On paper, On screen or Spoken. Empty the cell if you do not know')
}

function readLine(text: string, field: 'witness' | 'unsupportedReason'): Reading<string> {
  return withinLength(cleanLine(text), field)
}

function withinLength(text: string, field: keyof typeof mostCharacters): Reading<string> {
  const most = mostCharacters[field]
  if (!isLongerThan(text, most)) return accept(text)
  const limit = most.toLocaleString('en-GB')
  return refuse('too-long', `${loanFields[field].label} must be ${limit} characters or less. This has ${text.length}`)
}
