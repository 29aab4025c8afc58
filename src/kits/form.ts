import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanCode, cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import type { KitDetails } from './rules.ts'

const mostTagCharacters = 60
const mostNameCharacters = 100
const mostNotesCharacters = 2_000

/** Reads the form of a kit, new or changed. */
export function parseKit(body: unknown): Parsed<KitDetails> {
  const values = typedValues(body, ['tag', 'name', 'notes'])
  const details = { tag: cleanCode(values.tag), name: cleanLine(values.name), notes: cleanText(values.notes) }
  const errors: FieldError[] = []
  const check = (field: keyof KitDetails, label: string, most: number) => {
    if (isLongerThan(details[field], most)) {
      errors.push({ field, text: `${label} must be ${most.toLocaleString('en-GB')} characters or less` })
    }
  }
  if (details.tag === '') errors.push({ field: 'tag', text: 'Enter the tag of the kit' })
  check('tag', 'Tag', mostTagCharacters)
  if (details.name === '') errors.push({ field: 'name', text: 'Enter a name for the kit' })
  check('name', 'Name', mostNameCharacters)
  check('notes', 'Notes', mostNotesCharacters)
  return errors.length > 0 ? rejected(errors, values) : accepted(details, values)
}
