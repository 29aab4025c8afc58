import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { dateFieldNames, readOptionalDate } from '../lib/form-fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { type DisposalDetails, isDisposalWay, isWipedWay } from './rules.ts'

const mostNoteCharacters = 1_000
const mostLineCharacters = 200

const fields = ['how', 'to-whom', 'wiped', 'wiped-by', 'certificate', 'note', ...dateFieldNames('disposed-on')]

/** Reads how an item was parted with. Who took it is asked of all but what was destroyed; who wiped it, of what holds data. */
export function parseDisposal(body: unknown, today: string): Parsed<DisposalDetails> {
  const values = typedValues(body, fields)
  const how = values.how ?? ''
  const wiped = values.wiped ?? ''
  const lines = {
    to_whom: cleanLine(values['to-whom']),
    wiped_by: cleanLine(values['wiped-by']),
    certificate: cleanLine(values.certificate),
  }
  const note = cleanText(values.note)
  const day = readOptionalDate(values, 'disposed-on', 'Day it left')
  const errors: FieldError[] = []
  const check = (field: string, text: string, label: string) => {
    if (isLongerThan(text, mostLineCharacters)) {
      errors.push({ field, text: `${label} must be ${mostLineCharacters} characters or less` })
    }
  }
  if (!isDisposalWay(how)) errors.push({ field: 'how', text: 'Choose what became of it' })
  if (isDisposalWay(how) && how !== 'destroyed' && lines.to_whom === '') {
    errors.push({ field: 'to-whom', text: 'Enter who took it' })
  }
  check('to-whom', lines.to_whom, 'Who took it')
  errors.push(...dayErrors(day, today))
  if (!isWipedWay(wiped)) errors.push({ field: 'wiped', text: 'Choose how its data was wiped' })
  if (isWipedWay(wiped) && wiped !== 'nothing-on-it' && lines.wiped_by === '') {
    errors.push({ field: 'wiped-by', text: 'Enter who wiped it' })
  }
  check('wiped-by', lines.wiped_by, 'Who wiped it')
  check('certificate', lines.certificate, 'Certificate')
  if (isLongerThan(note, mostNoteCharacters))
    errors.push({ field: 'note', text: 'Note must be 1,000 characters or less' })
  if (errors.length > 0 || !isDisposalWay(how) || !isWipedWay(wiped) || day.date === null)
    return rejected(errors, values)
  return accepted({ ...lines, how, wiped_how: wiped, disposed_on: day.date, note }, values)
}

function dayErrors({ date, error }: ReturnType<typeof readOptionalDate>, today: string): FieldError[] {
  if (error) return [error]
  if (date === null) return [{ field: 'disposed-on', text: 'Enter the day it left' }]
  return date > today ? [{ field: 'disposed-on', text: 'Day it left must be today or in the past' }] : []
}
