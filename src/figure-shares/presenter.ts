import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, InputField, Page, SelectField } from '../lib/view-model.ts'
import { isProfileId, profiles } from '../reports/disclosure-rules.ts'
import { headlineFigures } from '../reports/headline-rules.ts'
import type { Period } from '../reports/period-rules.ts'
import { inDigits } from '../reports/words-rules.ts'
import type { FigureShare, SharedFigure } from './queries.ts'
import { sharesUrl, sideBySideUrl } from './rules.ts'

export type SharesPage = Page & {
  key: string
  code: InputField
  shares: { name: string; since: string; action: string }[]
  past: string[]
}

/** With whom the figures are shared, and the way to share them with one more. */
export function presentShares(shares: FigureShare[], key: string, { values, errors }: FormShown = {}): SharesPage {
  const field = formFields({ values, errors })
  return {
    title: 'Who else sees our published figures?',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    key,
    code: field.input('code', 'Code of the other organisation', {
      hint: 'They can tell you, such as RX1. Their commissioners see your figures beside their own.',
      ...{ width: 10, autocomplete: 'off', code: true },
    }),
    shares: shares
      .filter(({ endedAt }) => endedAt === null)
      .map(({ id, name, code, sharedAt, sharedBy }) => ({
        name: `${name} (${code})`,
        since: `Since ${formatInstant(sharedAt)}, by ${sharedBy}`,
        action: `${sharesUrl}/${id}/ended`,
      })),
    past: shares.flatMap(({ name, code, sharedAt, endedAt, endedBy }) =>
      endedAt === null
        ? []
        : [
            `${name} (${code}): from ${formatInstant(sharedAt)} until ${formatInstant(endedAt)}, taken back by ${endedBy}`,
          ],
    ),
  }
}

export type SideBySidePage = Page & {
  caption: string
  action: string
  period: SelectField
  table: DataTable
  isAlone: boolean
  notes: string[]
}

export interface SideBySide {
  period: Period
  before: Period
  offered: readonly Period[]
  figures: SharedFigure[]
}

/** The figures of each organisation that shares them, as each published them. */
export function presentSideBySide({ period, before, offered, figures }: SideBySide): SideBySidePage {
  const organisations = [...Map.groupBy(figures, ({ organisation, isOwn }) => `${isOwn} ${organisation}`).values()]
  return {
    title: 'Organisations side by side',
    caption: period.name,
    back: { href: '/reports', text: 'Reports' },
    action: sideBySideUrl,
    period: {
      id: 'period',
      name: 'period',
      label: 'Period',
      value: period.key,
      items: offered.map(({ key, name: text }) => ({ value: key, text })),
    },
    isAlone: organisations.length === 1,
    table: {
      caption: `Figures of ${period.name}, and of ${before.name} in brackets`,
      captionSize: 'm',
      columns: [{ text: 'Organisation' }, ...headlineFigures.map(({ text }) => ({ text, numeric: true }))],
      rows: organisations.map((rows) => ({
        cells: [
          { text: rows[0]?.organisation ?? '' },
          ...headlineFigures.map(({ line }) => ({ text: cellOf(rows, line, period, before), numeric: true })),
        ],
      })),
    },
    notes: [
      ...organisations.map(([first]) => `${first?.organisation}: ${hidingWords(first?.profile ?? null)}`),
      'Each organisation hides small numbers in its own way, and * also stands for any number that is hidden so that a small one cannot be worked out. What is better is not said: organisations differ in whom they look after and how many.',
    ],
  }
}

/** 35 (20), with what did not come out said so. */
function cellOf(rows: SharedFigure[], line: string, period: Period, before: Period): string {
  const [now, then] = [period, before].map(({ key }) => {
    const found = rows.find((row) => row.line === line && row.period === key)
    return found && inDigits(found.shown ?? '*')
  })
  if (now === undefined) return 'Not published'
  return then === undefined ? now : `${now} (${then})`
}

function hidingWords(profile: string | null): string {
  return profile !== null && isProfileId(profile) ? profiles[profile].words : 'nothing is published yet.'
}
