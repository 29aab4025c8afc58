import { formatDate, formatInstant } from '../lib/dates.ts'
import type { DataTable, Link, Page, SelectField, StateTag, SummaryRow } from '../lib/view-model.ts'
import { type GuideBody, guideFoot, presentGuideBody } from './body-rules.ts'
import { languageName } from './language-rules.ts'
import type { Guide, GuideRow } from './queries.ts'
import { type Form, forms, guideTag, guideUrl, isDraft, isInUse, type Purpose, purposes } from './rules.ts'

export interface GuidesShown {
  guides: GuideRow[]
  language: string
  today: string
  mayChange: boolean
  key: string
}

export type GuidesPage = Page & {
  tables: DataTable[]
  filter: SelectField
  add: Link | null
  takeOver: { action: string; key: string } | null
  empty: string
}

/** Every guide by what it is for. Whoever writes them sees drafts, and what comes with the service. */
export function presentGuides({ guides, language, today, mayChange, key }: GuidesShown): GuidesPage {
  const shown = language === '' ? guides : guides.filter((guide) => guide.language === language)
  const used = [...new Set(guides.map((guide) => guide.language))]
  return {
    title: 'Guides',
    add: mayChange ? { href: '/guides/new', text: 'Write a guide' } : null,
    takeOver: mayChange ? { action: '/guides/starters', key } : null,
    filter: {
      ...{ id: 'language', name: 'language', label: 'Language', value: language },
      items: [{ value: '', text: 'All languages' }, ...used.map((code) => ({ value: code, text: languageName(code) }))],
    },
    empty: language === '' ? 'There are no guides yet.' : 'There are no guides in this language.',
    tables: (Object.keys(purposes) as Purpose[]).flatMap((purpose) => {
      const rows = shown.filter((guide) => guide.purpose === purpose)
      return rows.length === 0 ? [] : [guidesTable(purposes[purpose], rows, today)]
    }),
  }
}

function guidesTable(caption: string, guides: GuideRow[], today: string): DataTable {
  return {
    ...{ caption, captionSize: 'm' as const },
    columns: [{ text: 'Guide' }, { text: 'How it is made' }, { text: 'Language' }, { text: 'State' }],
    rows: guides.map((guide) => ({
      cells: [
        { text: guide.title, href: guideUrl(guide.id), visuallyHiddenText: `, ${madeHow(guide)}` },
        { text: forms[guide.form as Form] },
        { text: languageName(guide.language) },
        {
          tag: guideTag(guide, today),
          hint: `Version ${guide.number}${guide.review_on === null ? '' : `, read again by ${formatDate(guide.review_on)}`}`,
        },
      ],
    })),
  }
}

const madeHow = ({ form, language }: Pick<GuideRow, 'form' | 'language'>) =>
  `${forms[form as Form].toLowerCase()}, ${languageName(language)}`

export interface GuideShown {
  guide: Guide
  today: string
  mayChange: boolean
  key: string
}

export type GuidePage = Page & {
  caption: string
  state: StateTag
  body: GuideBody
  rows: SummaryRow[]
  prints: Link[]
  links: Link[]
  version: number
  newVersion: { action: string; key: string } | null
  retire: { action: string; text: string } | null
}

/** One version of a guide: how it looks, who approved it, and what may be done with it. */
export function presentGuide({ guide, today, mayChange, key }: GuideShown): GuidePage {
  const url = guideUrl(guide.id)
  const draft = isDraft(guide)
  return {
    title: guide.title,
    caption: `Guide: ${madeHow(guide)}, version ${guide.number}`,
    back: { href: '/guides', text: 'Guides' },
    state: guideTag(guide, today),
    body: presentGuideBody(guide),
    rows: aboutRows(guide),
    prints: guide.link !== '' ? [] : printLinks(guide),
    links:
      mayChange && draft
        ? [
            { href: `${url}/approval`, text: 'Approve this guide' },
            { href: `${url}/edit`, text: 'Change the words' },
          ]
        : [],
    version: guide.version,
    newVersion: mayChange && !draft ? { action: `${url}/versions`, key } : null,
    retire:
      mayChange && (draft || isInUse(guide))
        ? { action: `${url}/retirement`, text: draft ? 'Throw this draft away' : 'Take it out of use' }
        : null,
  }
}

function printLinks({ id }: Pick<Guide, 'id'>): Link[] {
  return [
    { href: guideUrl(id, '/print'), text: 'Print it' },
    { href: guideUrl(id, '/print?print=large'), text: 'Print it in large letters' },
  ]
}

function aboutRows(guide: Guide): SummaryRow[] {
  const by = (at: string, name: string | null) => `${name ?? 'Somebody'}, ${formatInstant(at)}`
  return [
    { key: 'For', value: purposes[guide.purpose as Purpose] },
    ...(guide.purpose === 'join-call' ? [{ key: 'Platform', value: guide.platform ?? 'Any platform' }] : []),
    { key: 'Written by', value: by(guide.written_at, guide.written_by) },
    ...(guide.approved_at === null ? [] : [{ key: 'Approved by', value: by(guide.approved_at, guide.approved_by) }]),
    ...(guide.review_on === null ? [] : [{ key: 'Read again by', value: formatDate(guide.review_on) }]),
    ...(guide.retired_at === null
      ? []
      : [{ key: 'Taken out of use by', value: by(guide.retired_at, guide.retired_by) }]),
  ]
}

export type GuidePrintPage = Page & { body: GuideBody; otherPrint: Link; foot: string }

/** A guide on paper. It names nobody: whoever finds it learns nothing. What is no longer to be used says so. */
export function presentGuidePrint(guide: Guide, isLargePrint: boolean): GuidePrintPage {
  const url = guideUrl(guide.id, '/print')
  return {
    title: guide.title,
    back: { href: guideUrl(guide.id), text: 'Back to the guide' },
    largePrint: isLargePrint,
    body: presentGuideBody(guide),
    otherPrint: isLargePrint
      ? { href: url, text: 'Print at the usual size' }
      : { href: `${url}?print=large`, text: 'Print in large letters' },
    foot: guideFoot(guide),
  }
}
