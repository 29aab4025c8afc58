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
import { cleanText, isLongerThan } from '../lib/text.ts'
import type { Channel, NewAnswer } from './kinds-rules.ts'

const MOST_IN_A_NOTE = 2000
const HOUR = /^(?:[0-9]|1[0-9]|2[0-4])$/

/** Reads what somebody said about one way of reaching them. `saidNo`: they said no before, and a yes takes that they were asked again. */
export function parseAnswer(channel: Channel, body: unknown, saidNo: boolean): Parsed<NewAnswer> {
  const days = fieldTexts(body, 'days').filter((day) => /^[1-7]$/.test(day))
  const values: Typed = {
    ...typedValues(body, ['answer', 'asked', 'from', 'until', 'number', 'names']),
    days: days.join(' '),
  }
  const { answer, from, until } = values
  const errors: FieldError[] = []
  if (answer !== 'allowed' && answer !== 'not-allowed') {
    errors.push({ field: 'answer', text: 'Choose what they said. Leave this page if you have not asked' })
  }
  const isAskedAgain = saidNo && values.asked === 'yes'
  if (answer === 'allowed' && saidNo && !isAskedAgain) {
    errors.push({
      field: 'asked',
      text: 'Say that you asked them and they said yes. If you have not asked, it stays at no',
    })
  }
  const hours = readHours(from ?? '', until ?? '')
  if (answer === 'allowed' && hours.error) errors.push(hours.error)
  if (errors.length > 0) return rejected(errors, values)
  if (answer === 'not-allowed') return accepted(no, values)
  const number = values.number === 'withheld' || values.number === 'known' ? values.number : null
  return accepted(
    {
      answer: 'allowed',
      from_hour: hours.from,
      until_hour: hours.until,
      days: days.map(Number),
      number_shown: channel === 'call' ? number : null,
      names_service: channel !== 'call' && values.names === 'yes',
      asked_again: isAskedAgain,
    },
    values,
  )
}

const no: NewAnswer = {
  answer: 'not-allowed',
  from_hour: null,
  until_hour: null,
  days: [],
  number_shown: null,
  names_service: false,
}

function readHours(from: string, until: string): { from: number | null; until: number | null; error?: FieldError } {
  const none = { from: null, until: null }
  if (from === '' && until === '') return none
  if (!HOUR.test(from)) return { ...none, error: { field: 'from', text: 'Choose from when, or any time for both' } }
  if (!HOUR.test(until)) return { ...none, error: { field: 'until', text: 'Choose until when, or any time for both' } }
  const hours = { from: Number(from), until: Number(until) }
  if (hours.until > hours.from) return hours
  return { ...none, error: { field: 'until', text: 'Choose a time after the one it begins at' } }
}

/** Which number or address is meant, by its key, and whether it is safe. It stands in the form, and in no URL. */
export function parseAddressAnswer(body: unknown): { key: string; isSafe: boolean } | null {
  const [key, answer] = [fieldText(body, 'address'), fieldText(body, 'answer')]
  if (key === '' || (answer !== 'safe' && answer !== 'not-safe')) return null
  return { key, isSafe: answer === 'safe' }
}

/** Reads a private note, or why one holds no more. */
export function parseNote(body: unknown, empty: string): Parsed<string> {
  const values = typedValues(body, ['note'])
  const note = cleanText(values.note)
  if (note === '') return rejected([{ field: 'note', text: empty }], values)
  if (isLongerThan(note, MOST_IN_A_NOTE)) {
    return rejected([{ field: 'note', text: 'What you write must be 2,000 characters or less' }], values)
  }
  return accepted(note, values)
}
