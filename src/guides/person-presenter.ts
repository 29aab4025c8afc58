import { formatShortInstant } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import type { CheckboxesField, Link, Page, TimelineEntry } from '../lib/view-model.ts'
import { type ChosenGuide, chooseGuides, formatName, formatsFor } from './choice-rules.ts'
import type { PersonForGuides } from './person-queries.ts'
import type { GuideRow } from './queries.ts'
import { guideUrl, isLarge, type Purpose, purposes } from './rules.ts'

export interface GuideLine {
  purpose: string
  link: Link
  format: string
  /** How it falls short of what they need, and what to do about it. */
  said: string[]
}

export type PersonsGuidesPage = Page & {
  name: string
  lead: string
  lines: GuideLine[]
  form: { action: string; key: string; guides: CheckboxesField } | null
  given: TimelineEntry[]
}

export interface PersonsGuidesShown {
  person: PersonForGuides
  key: string
  /** The loan that they are handed over with, where somebody comes from there. */
  loan?: string
  ticked?: string[]
  errors?: FieldError[]
}

export const chosenFor = (person: PersonForGuides): ChosenGuide<GuideRow>[] => chooseGuides(person.guides, person)

/** The right guides for one person, each with what it falls short of; what they were given; and one press for what they get now. */
export function presentPersonsGuides(shown: PersonsGuidesShown): PersonsGuidesPage {
  const { person, key, loan = '', errors } = shown
  const chosen = chosenFor(person)
  const isLoan = /^\d{1,15}$/.test(loan)
  return {
    title: 'Guides for them',
    name: person.name,
    errors,
    back: isLoan
      ? { href: `/loans/${loan}`, text: 'The loan' }
      : { href: `/service-users/${person.id}`, text: person.name },
    lead: leadOf(person),
    lines: chosen.map(lineOf),
    form:
      chosen.length === 0 ? null : { action: `/service-users/${person.id}/guides`, key, guides: ticks(chosen, shown) },
    given: person.given.map(({ title, number, format, at, staff_member }) => ({
      at: formatShortInstant(at),
      text: `${staff_member} gave them: ${title}, ${formatName(format).toLowerCase()}, version ${number}.`,
    })),
  }
}

function ticks(chosen: ChosenGuide<GuideRow>[], { ticked = [], errors = [] }: PersonsGuidesShown): CheckboxesField {
  return {
    ...{ id: 'guide', name: 'guide', label: 'What did you give them?', labelSize: 'm', values: ticked, small: true },
    error: errors[0]?.text,
    items: chosen.map(({ guide, format }) => ({
      value: guide.id,
      text: guide.title,
      hint: `${formatName(format)}, version ${guide.number}`,
    })),
  }
}

function leadOf(person: PersonForGuides): string {
  const formats = formatsFor(person).map((format) => formatName(format).toLowerCase())
  const language = person.language.trim()
  const asked = [...formats.slice(0, -1), ...(language === '' ? [] : [language])]
  return asked.length === 0
    ? 'Nothing is written down about how they like to read, so these are in plain English.'
    : `Chosen by what is on their record: ${asked.join(', ')}.`
}

function lineOf({ guide, format, said }: ChosenGuide<GuideRow>): GuideLine {
  const print = isLarge(format) ? guideUrl(guide.id, '/print?print=large') : guideUrl(guide.id, '/print')
  const isRecorded = guide.form === 'audio' || guide.form === 'bsl'
  return {
    purpose: purposes[guide.purpose as Purpose],
    link: { href: isRecorded ? guideUrl(guide.id) : print, text: guide.title },
    format: `${formatName(format)}, version ${guide.number}`,
    said,
  }
}
