import type { Link, Page } from '../lib/view-model.ts'
import { type ChosenGuide, chooseGuides, formatName, formatsFor } from './choice-rules.ts'
import type { PersonForGuides } from './person-queries.ts'
import type { GuideRow } from './queries.ts'
import { guideUrl, isLarge, type Purpose, purposes } from './rules.ts'

export interface GuideLine {
  id: number
  purpose: string
  link: Link
  format: string
  /** How it falls short of what they need, and what to do about it. */
  said: string[]
}

export type PersonsGuidesPage = Page & { name: string; lead: string; lines: GuideLine[] }

/** The right guides for one person, each with what it falls short of. */
export function presentPersonsGuides(person: PersonForGuides): PersonsGuidesPage {
  return {
    title: 'Guides for them',
    name: person.name,
    back: { href: `/service-users/${person.id}`, text: person.name },
    lead: leadOf(person),
    lines: chooseGuides(person.guides, person).map(lineOf),
  }
}

function leadOf(person: PersonForGuides): string {
  const formats = formatsFor(person).map((format) => formatName(format).toLowerCase())
  const best = formats.slice(0, -1)
  const language = person.language.trim()
  const asked = [...best, ...(language === '' ? [] : [language])]
  return asked.length === 0
    ? 'Nothing is written down about how they like to read, so these are in plain English.'
    : `Chosen by what is on their record: ${asked.join(', ')}.`
}

export function lineOf({ guide, format, said }: ChosenGuide<GuideRow>): GuideLine {
  const print = isLarge(format) ? guideUrl(guide.id, '/print?print=large') : guideUrl(guide.id, '/print')
  const isRecorded = guide.form === 'audio' || guide.form === 'bsl'
  return {
    id: guide.id,
    purpose: purposes[guide.purpose as Purpose],
    link: { href: isRecorded ? guideUrl(guide.id) : print, text: guide.title },
    format: `${formatName(format)}, version ${guide.number}`,
    said,
  }
}
