import { accepted, type FieldError, type Parsed, rejected, typedValues } from '../lib/fields.ts'
import { cleanLine, isLongerThan } from '../lib/text.ts'
import { areaLevels, codePattern, isWardKind, LONGEST_CABLE, reservedCodes, type WardDetails } from './rules.ts'

const LONGEST_NAME = 100

/** Reads the form of a ward, new or changed. All of it must be there. */
export function parseWard(body: unknown): Parsed<WardDetails> {
  const values = typedValues(body, ['name', 'code', 'kind', 'site', 'longest-cable', 'area-level'])
  const errors: FieldError[] = []
  const name = readName(values.name, 'Enter the name of the ward, team or hub', errors)
  const code = (values.code ?? '').toLowerCase()
  const wrongCode = whatIsWrong(code)
  if (wrongCode !== null) errors.push({ field: 'code', text: wrongCode })
  const kind = values.kind ?? ''
  if (!isWardKind(kind)) errors.push({ field: 'kind', text: 'Choose what kind of place it is' })
  const isSite = /^[1-9]\d{0,14}$/.test(values.site ?? '')
  if (!isSite) errors.push({ field: 'site', text: 'Choose the site it is at' })
  const longest_cable_cm = readCable(values['longest-cable'] ?? '', errors)
  const area_level = areaLevels.find((level) => String(level) === values['area-level']) ?? null
  if (errors.length > 0 || !isWardKind(kind)) return rejected(errors, values)
  return accepted({ name, code, kind, site_id: Number(values.site), longest_cable_cm, area_level }, values)
}

function readCable(text: string, errors: FieldError[]): number | null {
  if (text === '') return null
  const centimetres = /^\d{1,4}$/.test(text) ? Number(text) : Number.NaN
  if (centimetres <= LONGEST_CABLE) return centimetres
  errors.push({
    field: 'longest-cable',
    text: `Longest cable must be a whole number of centimetres from 0 to ${LONGEST_CABLE.toLocaleString('en-GB')}`,
  })
  return null
}

export function parseSite(body: unknown): Parsed<{ name: string }> {
  const values = typedValues(body, ['name'])
  const errors: FieldError[] = []
  const name = readName(values.name, 'Enter the name of the site', errors)
  return errors.length > 0 ? rejected(errors, values) : accepted({ name }, values)
}

function readName(typed: string | undefined, missing: string, errors: FieldError[]): string {
  const name = cleanLine(typed)
  if (name === '') errors.push({ field: 'name', text: missing })
  if (isLongerThan(name, LONGEST_NAME)) {
    errors.push({ field: 'name', text: `Name must be ${LONGEST_NAME} characters or less` })
  }
  return name
}

function whatIsWrong(code: string): string | null {
  if (code === '') return 'Enter a code'
  if (!codePattern.test(code)) return 'Code must be 2 to 30 letters, digits and hyphens, without spaces'
  return reservedCodes.has(code) ? 'This word has another meaning in addresses. Choose another code' : null
}
