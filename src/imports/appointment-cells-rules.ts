import { readJoinLink } from '../appointments/join-link-rules.ts'
import { lengths } from '../appointments/rules.ts'
import { type Purpose, purposeNames, type Way, wayNames } from '../appointments/words-rules.ts'
import { parseSpreadsheetDate } from '../lib/dates.ts'
import { parseNhsNumber } from '../lib/nhs-number.ts'
import { accept, type Reading, refuse } from '../lib/reading.ts'
import { cleanLine, isEmail } from '../lib/text.ts'
import { type AppointmentField, appointmentFields } from './appointment-fields-rules.ts'
import type { CellReader } from './rows-rules.ts'
import { failedFormula, isFailedFormula, readPlace, saysNothing, type Vocabulary, wordKey } from './words-rules.ts'

/** What a row says of an appointment, read. */
export interface AppointmentValues {
  name: string
  dateOfBirth: string
  nhsNumber: string
  day: string
  time: string
  minutes: number
  way: Way
  first: 'yes' | 'no'
  purpose: Purpose
  clinician: string
  team: number
  joinLink: string
}

/** How the cells of a spreadsheet of appointments are read. Nothing in it is guessed at. */
export const appointmentCells: CellReader<AppointmentValues> = {
  fields: appointmentFields,
  repeating: ['day', 'way', 'purpose', 'team'],
  isEmpty: (cell) => saysNothing(cell),
  read(field, cell, vocabulary) {
    if (isFailedFormula(cell)) return failedFormula()
    return (readers[field] as (text: string, vocabulary: Vocabulary) => Reading<never>)(cell, vocabulary)
  },
}

const readers: { [F in AppointmentField]: (text: string, vocabulary: Vocabulary) => Reading<AppointmentValues[F]> } = {
  name: (text) => accept(cleanLine(text)),
  dateOfBirth: (text) => parseSpreadsheetDate(text),
  nhsNumber: parseNhsNumber,
  day: (text) => parseSpreadsheetDate(text),
  time: readTime,
  minutes: readMinutes,
  way: readWay,
  first: readFirst,
  purpose: readPurpose,
  clinician: readClinician,
  team: readTeam,
  joinLink: readJoinLink,
}

const MINUTES_A_DAY = 24 * 60

/** 14:30, as a spreadsheet shows it with its seconds, or as it keeps it: a part of a day. */
function readTime(text: string): Reading<string> {
  const part = /^0?\.\d+$/.test(text) ? Math.round(Number(text) * MINUTES_A_DAY) : undefined
  if (part !== undefined && part < MINUTES_A_DAY) return accept(clock(Math.floor(part / 60), part % 60))
  const [, hour, minute] = /^([01]?\d|2[0-3])[:.]([0-5]\d)(?::00)?$/.exec(text) ?? []
  return hour === undefined || minute === undefined
    ? refuse('not-a-time', 'Time must be like 09:30 or 14:30')
    : accept(clock(Number(hour), Number(minute)))
}

const clock = (hour: number, minute: number) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`

function readMinutes(text: string): Reading<number> {
  const minutes = lengths.find((one) => String(one) === text.replace(/\.0+$/, ''))
  return minutes === undefined ? refuse('no-length', `Write ${lengths.join(', ')}, or leave it empty`) : accept(minutes)
}

const waysWritten: Readonly<Record<string, Way>> = {
  'home visit': 'home-visit',
  'in person': 'face-to-face',
  telephone: 'phone',
  chat: 'text',
}

function readWay(text: string): Reading<Way> {
  const way = wordAmong(wayNames, text) ?? waysWritten[wordKey(text)]
  return way === undefined ? refuse('no-way', 'Write Face to face, Home visit, Phone, Video or Text') : accept(way)
}

function readFirst(text: string): Reading<'yes' | 'no'> {
  const key = wordKey(text)
  if (['yes', 'y', 'true'].includes(key)) return accept('yes')
  return ['no', 'n', 'false'].includes(key) ? accept('no') : refuse('neither', 'Write Yes or No')
}

function readPurpose(text: string): Reading<Purpose> {
  const purpose = wordAmong(purposeNames, text)
  if (purpose !== undefined) return accept(purpose)
  return refuse('no-purpose', 'Write Assessment, Therapy, Review, Medication, Group or Crisis, or leave it empty')
}

function wordAmong<Value extends string>(names: Readonly<Record<Value, string>>, text: string): Value | undefined {
  const key = wordKey(text)
  const entries = Object.entries(names) as [Value, string][]
  return entries.find(([value, name]) => wordKey(value) === key || wordKey(name) === key)?.[0]
}

function readTeam(text: string, vocabulary: Vocabulary): Reading<number> {
  const place = readPlace(text, vocabulary)
  return place.error ? refuse('no-team', 'No ward, team or hub has this name or code') : place
}

function readClinician(text: string): Reading<string> {
  const email = cleanLine(text).toLowerCase()
  return isEmail(email) ? accept(email) : refuse('not-an-email', 'Write the work email of the clinician')
}
