import { inPersonNeeds, toldTo } from '../conversations/told-rules.ts'
import type { Role } from '../lib/actor.ts'
import { formatDate, formatShortDate } from '../lib/dates.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { DataTable, Link, Page, Pagination, SummaryRow } from '../lib/view-model.ts'
import { frequencies, lengths, type Preference, purposes, textOf, waysText } from '../preferences/rules.ts'
import { type ComingAppointment, presentChain, presentComing } from '../readiness/panel-rules.ts'
import { restrictionsUrl, restrictionWarnings } from '../restrictions/rules.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { ageOn } from '../service-users/rules.ts'
import { agreements, needFlags, stateAdvice, stateText } from '../service-users/words-rules.ts'
import type { Summary, TheirPerson } from './queries.ts'

export type PeoplePage = Page & {
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint: string } | null
}

/** The people of one's own wards and teams. */
export function presentPeople(list: PageOf<TheirPerson>, role: Role): PeoplePage {
  const where = role === 'ward-staff' ? 'your wards' : 'your wards and teams'
  return {
    title: 'Service users',
    table:
      list.rows.length === 0
        ? null
        : {
            caption: `Service users of ${where}`,
            columns: [{ text: 'Name' }, { text: 'Date of birth' }, { text: 'Where they are' }],
            rows: list.rows.map((person) => ({ cells: personCells(person) })),
          },
    pagination: {
      label: 'Service users',
      ...(list.previous && { previous: listUrl('/people', { before: list.previous }) }),
      ...(list.next && { next: listUrl('/people', { after: list.next }) }),
    },
    empty:
      list.rows.length > 0
        ? null
        : {
            text: `Nobody of ${where} is helped by the digital champions.`,
            hint: 'A champion writes down on a record which ward or team somebody is with.',
          },
  }
}

function personCells({
  id,
  name,
  known_as,
  date_of_birth: born,
  place,
  state,
}: TheirPerson): DataTable['rows'][0]['cells'] {
  return [
    { text: name, href: `/people/${id}`, ...(known_as !== '' && { hint: `Likes to be called ${known_as}` }) },
    { text: born === null ? 'Not known' : formatShortDate(born) },
    { text: place ?? stateText(state) },
  ]
}

export type SummaryPage = Page & {
  name: string
  knownAs: string | null
  warnings: { heading: string; lines: string[] }[]
  rows: SummaryRow[]
  appointments: Link | null
  /** What is to come, and how ready it is. */
  coming: ComingAppointment[]
  /** How far they have come, in one line. */
  chain: string | null
  refer: Link | null
  concern: Link | null
  restrictions: Link | null
  /** Plain text to paste into the clinical record, for a care team. */
  record: string | null
}

export interface SummaryShown {
  role: Role
  mayRefer: boolean
  mayRaise: boolean
  mayRestrict: boolean
  mayMeet: boolean
  now: Date
  today: string
}

/** What whoever works with somebody has to know: never why, and never how to reach them at home. */
export function presentSummary(person: Summary, shown: SummaryShown): SummaryPage {
  const { role, mayRefer, mayRaise, mayRestrict, mayMeet, today } = shown
  const [warnings, rows] = [presentWarnings(person, today), summaryRows(person, role, today)]
  return {
    title: 'Service user',
    name: person.name,
    knownAs: person.known_as === '' ? null : `Likes to be called ${person.known_as}`,
    back: { href: '/people', text: 'Service users' },
    warnings,
    rows,
    record: role === 'care-team' ? recordText(person, warnings, rows, today) : null,
    restrictions: mayRestrict ? { href: restrictionsUrl(person), text: 'Devices and the care plan' } : null,
    concern: mayRaise ? { href: `/concerns/new?person=${person.id}`, text: 'Raise a concern' } : null,
    appointments: mayMeet ? { href: `/service-users/${person.id}/appointments`, text: 'Appointments' } : null,
    coming: mayMeet ? presentComing(person.way.coming, shown.now) : [],
    chain: mayMeet ? presentChain(person.way, shown.now) : null,
    refer: mayRefer
      ? { href: `/referrals/new?person=${person.id}`, text: 'Refer them to the digital champions' }
      : null,
  }
}

/**
 * The same in plain text, so that a clinician may paste it into the clinical record. It says what to do before contact and
 * never why, like the page itself.
 */
function recordText(person: Summary, warnings: SummaryPage['warnings'], rows: SummaryRow[], today: string): string {
  const told = rows.map(({ key, value, lines }) => `${key}: ${(lines ?? [value ?? '']).join(', ')}`)
  return [
    `Digital inclusion, as of ${formatDate(today)}`,
    `Name: ${person.name}${person.known_as === '' ? '' : ` (likes to be called ${person.known_as})`}`,
    ...told,
    ...warnings.flatMap(({ heading, lines }) => ['', `${heading}:`, ...lines.map((line) => `- ${line}`)]),
  ].join('\n')
}

function presentWarnings(person: Summary, today: string): SummaryPage['warnings'] {
  const advice = stateAdvice(person.state)
  const flags = needFlags(person)
  const isParentOut = person.parent_contact === 'not-safe' || person.parent_contact === 'not-known'
  const instructions = contactInstructions(recipientOf(person, person.contact), person.contact_instruction, 'unnamed')
  return [
    ...(instructions.length > 0 ? [{ heading: 'Before you contact them', lines: instructions }] : []),
    ...restrictionWarnings(person.restrictions, today),
    ...(isParentOut ? [{ heading: 'Contact no parent', lines: ['Ask the digital champion before you do.'] }] : []),
    ...(flags.length > 0 ? [{ heading: 'Communication needs', lines: flags }] : []),
    ...(advice !== null && person.state !== 'admitted' ? [{ heading: stateText(person.state), lines: [advice] }] : []),
  ]
}

function summaryRows(person: Summary, role: Role, today: string): SummaryRow[] {
  const { date_of_birth: born, state_on: since, nhs_number: number } = person
  const isCareTeam = role === 'care-team'
  const where = `${person.ward ?? stateText(person.state)}${since === null ? '' : `, since ${formatDate(since)}`}`
  const rows: [string, string][] = [
    ['Date of birth', born === null ? 'Not known' : `${formatDate(born)} (aged ${ageOn(born, today)})`],
    ...(isCareTeam
      ? [['NHS number', number === null ? 'Not known' : formatNhsNumber(number)] as [string, string]]
      : []),
    ['Where they are', where],
    ['Team', person.team ?? ''],
    ['Clinician who referred them', isCareTeam ? person.clinician : ''],
    [isCareTeam ? 'For calls and visits' : 'For calls', toldTo(isCareTeam ? 'team' : 'ward', person.said).join('\n')],
    ['For meeting in person', inPersonNeeds(person.said).join('\n')],
    ['How they want to meet', isCareTeam ? wantsToMeet(person.preferences) : ''],
    ['Language they prefer', person.language],
    ['What we do about their needs', person.needs_met],
    ['Who agrees to a loan or a call', agreements.find(({ value }) => value === person.agrees)?.text ?? ''],
    ['Digital champion', person.champion ?? 'None of their own: ask any champion'],
    ['Something on loan to them', isCareTeam ? (person.has_loan ? 'Yes' : 'No') : ''],
  ]
  return rows.flatMap(([key, value]) => (value === '' ? [] : [{ key, lines: value.split('\n') }]))
}

/** For each purpose the ways in their own order, and what goes with it. */
function wantsToMeet(preferences: Preference[]): string {
  const known = purposes.flatMap(({ value, text }) => {
    const said = preferences.find(({ purpose }) => purpose === value)
    if (!said) return []
    const more = [
      said.camera === 'off' ? 'camera off' : '',
      said.length === null || said.length === 'usual' ? '' : textOf(lengths, said.length).toLowerCase(),
      said.frequency === null || said.frequency === 'usual' ? '' : textOf(frequencies, said.frequency).toLowerCase(),
      said.times.length === 0 ? '' : `in the ${said.times.join(' or ')}`,
      said.joins === '' ? '' : `joined by ${said.joins}`,
    ]
    return [[`${text}: ${waysText(said.ways).toLowerCase()}`, ...more.filter((words) => words !== '')].join(', ')]
  })
  return known.join('\n')
}
