import type { AuditRow } from '../audit/queries.ts'
import type { PersonsData } from '../data-allowances/forecast-rules.ts'
import { type DataPanel, presentData } from '../data-allowances/panel-rules.ts'
import { formatDate, formatShortDate, londonDate } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { DataTable, Link, Page, SummaryRow, TaskListItem, TimelineEntry } from '../lib/view-model.ts'
import { personsQuotationsUrl } from '../quotations/rules.ts'
import { type ComingAppointment, presentChain, presentComing, type WayFacts } from '../readiness/panel-rules.ts'
import { restrictionsUrl, restrictionWarnings } from '../restrictions/rules.ts'
import { channels } from '../safe-contact/kinds-rules.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { answerInWords, channelWords } from '../safe-contact/words-rules.ts'
import { presentEvent } from './history-presenter.ts'
import { presentLoans } from './loans-presenter.ts'
import { lastDayToUndo } from './merge-rules.ts'
import type { BorrowedRow } from './queries.ts'
import { ageOn } from './rules.ts'
import { sectionRows } from './section-presenter.ts'
import type { PersonRecord } from './section-queries.ts'
import { isAnswered, type Section, sections } from './section-rules.ts'
import { presentShutOut, type ShutOut } from './shut-out-presenter.ts'
import { consentText } from './supporter-rules.ts'
import { needFlags, stateAdvice, stateText } from './words-rules.ts'

export type ServiceUserPage = Page & {
  name: string
  knownAs: string | null
  lend: Link | null
  refer: Link | null
  concern: Link | null
  quotations: Link | null
  restrictions: Link | null
  /** Referrals of theirs that wait. */
  referrals: (Link & { when: string })[]
  appointments: Link | null
  /** What is to come, and how ready it is. */
  coming: ComingAppointment[]
  /** How far they have come, in one line. */
  chain: string | null
  training: Link | null
  guides: Link
  diary: Link | null
  /** Whether the data that they were given lasts; null for whoever gives none. */
  data: DataPanel | null
  print: Link | null
  /** What whoever deals with this person must know before anything else. */
  warnings: { heading: string; lines: string[] }[]
  about: SummaryRow[]
  shutOut: ShutOut
  parts: RecordPart[]
  supporters: SummaryRow[]
  addSupporter: Link | null
  toAsk: TaskListItem[]
  merge: Link | null
  merges: { text: string; undo: Link | null }[]
  onLoan: DataTable | null
  past: DataTable | null
  pastIsCut: boolean
  history: TimelineEntry[]
  historyUrl: string
}

/** A section of the record that was answered. */
export interface RecordPart {
  title: string
  rows: SummaryRow[]
}

export interface ServiceUserShown {
  person: PersonRecord
  lines: BorrowedRow[]
  way: WayFacts
  data: PersonsData | undefined
  now: Date
  events: AuditRow[]
  today: string
  mostLoans: number
  may: {
    change: boolean
    lend: boolean
    seeLoans: boolean
    handOver: boolean
    merge: boolean
    refer: boolean
    concern: boolean
    quote: boolean
    restrict: boolean
    meet: boolean
    data: boolean
  }
}

/** A person's record. Their name stands in the page and not in its title, which browsers keep. */
export function presentServiceUser(shown: ServiceUserShown): ServiceUserPage {
  const { person, lines, events, today, mostLoans, may } = shown
  const url = `/service-users/${person.id}`
  const mayLend = may.lend && person.state !== 'died'
  return {
    title: 'Service user',
    name: person.name,
    knownAs: person.known_as === '' ? null : `Likes to be called ${person.known_as}`,
    back: { href: '/service-users', text: 'Service users' },
    lend: mayLend ? { href: listUrl('/loans/new', { 'service-user': person.id }), text: 'Lend to this person' } : null,
    refer: may.refer
      ? { href: listUrl('/referrals/new', { person: person.id }), text: 'Type in a referral for them' }
      : null,
    restrictions: may.restrict ? { href: restrictionsUrl(person), text: 'Devices and the care plan' } : null,
    concern: may.concern ? { href: listUrl('/concerns/new', { person: person.id }), text: 'Raise a concern' } : null,
    quotations: may.quote
      ? { href: personsQuotationsUrl(person), text: 'What they said, and agreed to have shown' }
      : null,
    referrals: may.refer ? presentReferrals(person) : [],
    appointments: may.meet ? { href: `${url}/appointments`, text: 'Appointments' } : null,
    coming: presentComing(shown.way.coming, shown.now, may.change),
    chain: presentChain(shown.way, shown.now),
    guides: { href: `${url}/guides`, text: 'Guides for them' },
    training: may.change ? { href: `${url}/training`, text: 'Training' } : null,
    diary: may.change ? { href: listUrl('/diary/new', { person: person.id }), text: 'Add to a diary' } : null,
    data: may.data ? presentData(person.id, shown.data, shown.now) : null,
    print: { href: `${url}/print`, text: 'Print this record' },
    warnings: presentWarnings(person, today),
    about: [
      ...aboutRows(person, today, may.change),
      carerRow(person, may.handOver),
      ...topSections.flatMap((one) => partRows(one, person, may.change)),
      contactRow(person),
    ],
    shutOut: presentShutOut(person),
    parts: presentParts(person, may.change),
    supporters: supporterRows(person, may.change),
    addSupporter: may.change ? { href: `${url}/supporters/new`, text: 'Add a supporter' } : null,
    toAsk: may.change ? sectionsToAsk(person) : [],
    merge: may.merge ? { href: `${url}/merge`, text: 'This person has another record' } : null,
    merges: presentMerges(person, today, may.merge),
    ...presentLoans(lines, today, may.seeLoans, mostLoans),
    history: events.map((event) => presentEvent(event, may.seeLoans)),
    historyUrl: `${url}/history`,
  }
}

function presentReferrals({ referrals }: PersonRecord): ServiceUserPage['referrals'] {
  return referrals.map(({ id, referred_on, first_appointment_on: day }) => ({
    href: `/referrals/${id}`,
    text: `Referral ${id}`,
    when: `asked on ${formatDate(referred_on)}${day === null ? '' : `, first appointment on ${formatDate(day)}`}`,
  }))
}

/** Who supports them, and what may be said to each. */
export function supporterRows({ id, supporters }: PersonRecord, mayChange: boolean): SummaryRow[] {
  return supporters.map((supporter) => {
    const { name, relation, phone, email, consent_on: day } = supporter
    const change = changeLink(`/service-users/${id}/supporters/${supporter.id}`, name)
    return {
      key: name,
      lines: [relation, phone, email, consentText(supporter, day === null ? '' : formatDate(day))].filter(
        (words) => words !== '',
      ),
      ...(mayChange && { actions: [{ ...change, visuallyHiddenText: name }] }),
    }
  })
}

function presentMerges(person: PersonRecord, today: string, mayUndo: boolean): ServiceUserPage['merges'] {
  return person.merges.map((merge) => {
    const undo = { href: `/service-users/${person.id}/merges/${merge.id}`, text: 'They are two people: undo this' }
    return {
      text: `Record ${merge.merged_id} (${merge.merged_name}) is part of this one since ${formatDate(londonDate(merge.merged_at))}.`,
      undo: mayUndo && today <= lastDayToUndo(merge.merged_at) ? undo : null,
    }
  })
}

/** Communication needs are flagged wherever the record is open, as the Accessible Information Standard asks. */
function presentWarnings(person: PersonRecord, today: string): ServiceUserPage['warnings'] {
  const advice = stateAdvice(person.state)
  const flags = needFlags(person)
  const instructions = instructionsOf(person)
  return [
    ...(advice === null ? [] : [{ heading: stateText(person.state), lines: [advice] }]),
    ...(instructions.length === 0 ? [] : [{ heading: 'Before you contact them', lines: instructions }]),
    ...restrictionWarnings(person.restrictions, today),
    ...(flags.length === 0 ? [] : [{ heading: 'Communication needs', lines: flags }]),
  ]
}

/** What whoever is in touch has to know: what to do, and never why. */
export function instructionsOf(person: PersonRecord): string[] {
  return contactInstructions(recipientOf(person, person.contact), person.contact_instruction)
}

/** Who it is, and the few things that are looked up most. */
export function aboutRows(person: PersonRecord, today: string, mayChange = false): SummaryRow[] {
  const born = person.date_of_birth
  const change = changeLink(`/service-users/${person.id}/edit`, 'name and numbers')
  return [
    {
      key: 'Date of birth',
      value: born === null ? 'Not known' : `${formatDate(born)} (aged ${ageOn(born, today)})`,
      ...(mayChange && { actions: [change] }),
    },
    { key: 'NHS number', value: person.nhs_number === null ? 'Not known' : formatNhsNumber(person.nhs_number) },
    ...(person.local_id === '' ? [] : [{ key: 'Hospital number', value: person.local_id }]),
  ]
}

function carerRow({ id, champion }: PersonRecord, mayHandOver: boolean): SummaryRow {
  const change = changeLink(`/service-users/${id}/champion`, 'champion')
  return { key: 'Champion', value: champion ?? 'On nobody’s caseload', ...(mayHandOver && { actions: [change] }) }
}

/** The ways they agreed to, and what was not asked yet. */
function contactRow(person: PersonRecord): SummaryRow {
  const { asked, open } = contactAsked(person)
  const names = open.map((channel) => channelWords[channel].name.toLowerCase())
  return {
    key: 'How we may contact them',
    lines: [
      ...asked.map((answer) => `${channelWords[answer.channel].name}: ${answerInWords(answer).toLowerCase()}`),
      ...(names.length === 0 ? [] : [`Not asked yet, so nothing is sent: ${names.join(', ')}`]),
    ],
    actions: [
      { href: `/service-users/${person.id}/safe-contact`, text: 'Open', visuallyHiddenText: 'how we may contact them' },
    ],
  }
}

function contactAsked(person: PersonRecord) {
  const { answers } = recipientOf(person, person.contact)
  const asked = channels.map((channel) => answers.find((answer) => answer.channel === channel))
  return {
    asked: asked.filter((answer) => answer !== undefined),
    open: channels.filter((_, at) => asked[at] === undefined),
  }
}

function changeLink(href: string, what: string): Link {
  return { href, text: 'Change', visuallyHiddenText: what.charAt(0).toLowerCase() + what.slice(1) }
}

/** What is looked up most stands at the top, with who they are. */
const topSections = sections.filter(({ name }) => name === 'contact' || name === 'where')

/** At the top of the page, or on the page about contact. */
function isElsewhere(section: Section): boolean {
  return topSections.includes(section) || section.name === 'contact-instruction'
}

function presentParts(person: PersonRecord, mayChange: boolean): RecordPart[] {
  return sections
    .filter((section) => !isElsewhere(section) && isShown(section, person))
    .map((section) => ({ title: section.title, rows: partRows(section, person, mayChange) }))
}

function partRows(section: Section, person: PersonRecord, mayChange: boolean): SummaryRow[] {
  const change = changeLink(sectionUrl(person.id, section), section.title)
  const rows = sectionRows(section, person, placesOf(person))
  return rows.map((row, at) => ({ ...row, ...(mayChange && at === 0 && { actions: [change] }) }))
}

/** Where they are stands on every record, and the rest once there is something to show. */
function isShown(section: Section, person: PersonRecord): boolean {
  return section.name === 'where' || isAnswered(section, person)
}

export function placesOf({ ward_id, ward, team_id, team }: PersonRecord): Map<number, string> {
  return new Map([
    [ward_id ?? 0, ward ?? ''],
    [team_id ?? 0, team ?? ''],
  ])
}

function sectionsToAsk(person: PersonRecord): TaskListItem[] {
  const left = sections
    .filter((section) => section.name !== 'contact-instruction' && !isShown(section, person))
    .map((section) => ({
      id: section.name,
      text: section.title,
      href: sectionUrl(person.id, section),
      status: askedStatus(section, person),
    }))
  const { asked, open } = contactAsked(person)
  const contact: TaskListItem = {
    id: 'safe-contact',
    text: 'How we may contact them',
    href: `/service-users/${person.id}/safe-contact`,
    status: asked.length === 0 ? 'Not asked yet' : 'Asked in part',
  }
  return open.length === 0 ? left : [contact, ...left]
}

function askedStatus({ name }: Section, { sections: written }: PersonRecord): string {
  const last = written.find(({ section }) => section === name)
  return last ? `Left empty on ${formatShortDate(londonDate(last.changed_at))}` : 'Not asked yet'
}

function sectionUrl(id: number, { name }: Section): string {
  return `/service-users/${id}/sections/${name}`
}
