import type { WardRow } from '../bookings/timetable-queries.ts'
import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, InputField, Link, Page } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { itemsCounted } from './rules.ts'
import type { CountItem } from './shift-queries.ts'

export interface ShiftShown extends FormShown {
  ward: WardRow
  /** The count that is under way. */
  open: { id: number; started_at: string; starter: string } | undefined
  items: CountItem[]
}

export type ShiftPage = Page & {
  caption: string
  lead: string
  begun: string | null
  action: string
  check: string
  before: string
  code: InputField
  groups: CheckboxesField[]
  /** What is with somebody, on the bench or in repair. */
  out: string | null
  report: Link[]
  empty: string | null
}

/** The count at the end of a shift: everything that should be here, to be ticked or scanned. */
export function presentShift({ ward, open, items, values = {}, errors = [] }: ShiftShown): ShiftPage {
  const field = formFields({ values, errors })
  const expected = items.filter(({ is_expected }) => is_expected)
  const counted = expected.filter(({ is_counted }) => is_counted)
  return {
    title: 'Shift count',
    caption: ward.name,
    back: { href: `/wards/${ward.code}`, text: ward.name },
    errors,
    lead: `${counted.length} of ${itemsCounted(expected.length)} counted.`,
    begun: open
      ? `Begun by ${open.starter}, ${formatInstant(open.started_at)}. What you tick counts for both of you.`
      : null,
    action: `/wards/${ward.code}/shift-count`,
    check: open ? String(open.id) : '',
    before: counted.map(({ id }) => id).join(' '),
    code: field.input('code', 'Scan an item, or tick it below', {
      code: true,
      autocomplete: 'off',
      width: 20,
      autofocus: counted.length > 0,
    }),
    groups: groupsOf(expected),
    out: outText(items.filter(({ hold_kind }) => hold_kind !== null)),
    report: expected.filter(isCable).map((item) => ({
      href: `/incidents/new?item=${item.id}`,
      text: `${item.tag}, ${modelOf(item)}`,
    })),
    empty: items.length > 0 ? null : 'Nothing of the stock belongs to this ward, so there is nothing to count.',
  }
}

const isCable = ({ category }: CountItem) => category === 'charger' || category === 'accessory'

function groupsOf(items: CountItem[]): CheckboxesField[] {
  return [...Map.groupBy(items, ({ category }) => category).entries()].map(([category, list]) => ({
    id: `counted-${category}`,
    name: 'counted',
    label: list[0]?.category_name ?? category,
    labelSize: 'm',
    values: list.filter(({ is_counted }) => is_counted).map(({ id }) => id),
    items: list.map((item) => ({ value: item.id, text: item.tag, hint: modelOf(item) })),
  }))
}

function outText(out: CountItem[]): string | null {
  if (out.length === 0) return null
  return `Not here now, and not looked for: ${out.map((item) => `${item.tag} (${whereWords[item.hold_kind ?? ''] ?? 'with somebody'})`).join(', ')}.`
}

const whereWords: Readonly<Record<string, string>> = {
  booking: 'handed out',
  loan: 'on loan',
  turnaround: 'being made ready',
  repair: 'in repair',
}
