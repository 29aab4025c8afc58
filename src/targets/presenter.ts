import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, InputField, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { type HeadlineFigure, headlineFigures } from '../reports/headline-rules.ts'
import type { Period } from '../reports/period-rules.ts'
import type { TargetSet } from './queries.ts'
import { goodWays, targetsUrl, targetUrl, targetWords } from './rules.ts'

export type TargetsPage = Page & { caption: string; year: SelectField; table: DataTable }

const NONE = 'No target'

/** What every figure should come to in a year. */
export function presentTargets(shown: { year: Period; years: readonly Period[]; targets: TargetSet[] }): TargetsPage {
  const { year, years, targets } = shown
  return {
    title: 'Targets of reports',
    caption: year.name,
    back: { href: '/admin/settings', text: 'Settings' },
    year: {
      id: 'year',
      name: 'year',
      label: 'Financial year',
      value: year.key,
      items: years.map(({ key, name: text }) => ({ value: key, text })),
    },
    table: {
      caption: year.name,
      captionHidden: true,
      columns: [{ text: 'Figure' }, { text: 'Target' }],
      rows: headlineFigures.map(({ line, text }) => ({
        cells: [
          { text, href: targetUrl(line, year) },
          { text: wordsOf(targets.find(({ figure }) => figure === line)) },
        ],
      })),
    },
  }
}

function wordsOf(set: Pick<TargetSet, 'good' | 'quarterly'> | undefined): string {
  if (!set || set.good === null || set.quarterly === null) return NONE
  const words = targetWords({ good: set.good, quarterly: set.quarterly })
  return words.charAt(0).toUpperCase() + words.slice(1)
}

export type TargetPage = Page & {
  caption: string
  action: string
  version: number
  good: RadiosField
  quarterly: InputField
  history: DataTable | null
}

/** What one figure should come to in a year, and what it should have come to before. */
export function presentTarget(
  { figure, year, history }: { figure: HeadlineFigure; year: Period; history: TargetSet[] },
  { values, errors }: FormShown = {},
): TargetPage {
  const [newest] = history
  const saved = {
    good: newest ? (newest.good ?? 'none') : '',
    quarterly: newest?.quarterly === null || newest === undefined ? '' : String(newest.quarterly),
  }
  const field = formFields({ values: values ?? saved, errors })
  return {
    title: figure.text,
    caption: year.name,
    back: { href: `${targetsUrl}?year=${year.key}`, text: 'Targets of reports' },
    errors,
    action: targetUrl(figure.line, year),
    version: newest?.id ?? 0,
    good: field.radios('good', 'What is the target?', [
      { value: 'more', text: goodWays.more, hint: 'More is better' },
      { value: 'fewer', text: goodWays.fewer, hint: 'Fewer is better' },
      { divider: 'or' },
      { value: 'none', text: 'There is no target' },
    ]),
    quarterly: field.input('quarterly', 'How many in each quarter?', {
      hint: 'Leave this empty where there is no target.',
      ...{ width: 5, inputmode: 'numeric', autocomplete: 'off' },
    }),
    history: history.length === 0 ? null : historyTable(history),
  }
}

function historyTable(history: TargetSet[]): DataTable {
  return {
    caption: 'What was set',
    captionSize: 'm',
    columns: [{ text: 'Target' }, { text: 'Set' }, { text: 'By' }],
    rows: history.map((set) => ({
      cells: [{ text: wordsOf(set) }, { text: formatInstant(set.setAt) }, { text: set.setBy }],
    })),
  }
}
