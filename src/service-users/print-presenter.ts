import { formatInstant } from '../lib/dates.ts'
import type { Link, Page, SummaryRow } from '../lib/view-model.ts'
import { aboutRows, instructionsOf, placesOf, supporterRows } from './record-presenter.ts'
import { sectionRows } from './section-presenter.ts'
import type { PersonRecord } from './section-queries.ts'
import { sections } from './section-rules.ts'

export type RecordPrintPage = Page & {
  name: string
  organisation: string
  printedAt: string
  about: SummaryRow[]
  parts: { title: string; rows: SummaryRow[] }[]
  otherPrint: Link
}

interface Printed {
  organisation: string
  now: Date
  today: string
  isLarge: boolean
}

/** Kept for counts over everybody, which helps nobody on one person's paper; or printed at the top. */
const notPrinted = new Set(['equity', 'contact-instruction'])

/** What is written down about somebody, on paper: for a visit, or for them to check. */
export function presentPrint(person: PersonRecord, { organisation, now, today, isLarge }: Printed): RecordPrintPage {
  const url = `/service-users/${person.id}`
  const instructions = instructionsOf(person)
  const parts = sections
    .filter(({ name }) => !notPrinted.has(name))
    .map((section) => ({ title: section.title, rows: sectionRows(section, person, placesOf(person)) }))
  return {
    title: 'Record',
    name: person.name,
    organisation,
    printedAt: `Printed on ${formatInstant(now.toISOString())}. Keep this sheet with you, and shred it after use.`,
    back: { href: url, text: 'Back to the record' },
    largePrint: isLarge,
    about: [
      ...(person.known_as === '' ? [] : [{ key: 'Likes to be called', value: person.known_as }]),
      ...aboutRows(person, today),
      ...(instructions.length === 0 ? [] : [{ key: 'Before you contact them', lines: instructions }]),
    ],
    parts: [...parts, { title: 'Supporters', rows: supporterRows(person, false) }].filter(
      ({ rows }) => rows.length > 0,
    ),
    otherPrint: isLarge
      ? { href: `${url}/print`, text: 'Print at the usual size' }
      : { href: `${url}/print?print=large`, text: 'Print in large letters' },
  }
}
