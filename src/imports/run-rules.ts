import type { Plan } from './plan-rules.ts'
import type { RowProblem } from './rows-rules.ts'

/**
 * From so many rows on an import is a job. Up to there the button answers within about two seconds, on two busy cores: 1,000 items
 * take 0.8 s and 100 loans 2 s; 10,000 items take 10 s.
 */
export const LONG = {
  items: 1_000,
  loans: 100,
  people: 200,
  counts: 5_000,
  appointments: 100,
  'data-stock': 5_000,
  'data-readings': 2_000,
} as const

/** What a row would do: add something, change something, or nothing. */
export type Effect = 'new' | 'changed' | 'same'

/** By the line of each row: what it would do, and a print of exactly what. */
export type SeenRows = Record<string, [Effect, string]>

/** What a row is known by, in the list of those that changed meanwhile. */
export const rowsKnownBy = {
  items: 'Asset tag',
  loans: 'Asset tag',
  people: 'Full name',
  counts: 'Line',
  appointments: 'Full name',
  'data-stock': 'Line',
  'data-readings': 'SIM number',
} as const

export interface PlannedRow {
  line: number
  tag: string
  effect: Effect
  /** Two that are equal do the same. */
  content: unknown
}

/** `print` stands for the content. */
export type PrintedRow = Omit<PlannedRow, 'content'> & { print: string }

export function seenRowsOf(rows: readonly PrintedRow[]): SeenRows {
  return Object.fromEntries(rows.map(({ line, effect, print }) => [line, [effect, print]]))
}

/** Each row that does something else now than when the button was pressed, in the words for its line. */
export function changesSince(seen: SeenRows, rows: readonly PrintedRow[], column: string): RowProblem[] {
  return rows.flatMap(({ line, tag, effect, print }) => {
    const [was, printThen] = seen[line] ?? [effect, '']
    if (was === effect && print === printThen) return []
    return [{ line, column, value: tag, text: whatHappened(was, effect) }]
  })
}

const happened: Partial<Record<`${Effect} ${Effect}`, string>> = {
  'new new': 'It can still be added, but what it goes with has changed meanwhile',
  'new changed': 'It was new. Somebody has added it meanwhile, and not as the spreadsheet has it',
  'new same': 'It was new. Somebody has added it meanwhile, as the spreadsheet has it',
  'changed changed': 'Somebody has changed it meanwhile',
  'changed same': 'Somebody has changed it meanwhile, to what the spreadsheet says',
  'changed new': 'It was here. It is not any more, or by another name',
  'same changed': 'Somebody has changed it meanwhile. The spreadsheet would change it back',
  'same new': 'It was here. It is not any more, or by another name',
}

function whatHappened(was: Effect, is: Effect): string {
  return happened[`${was} ${is}`] ?? 'This has changed meanwhile'
}

/** Every row that is no error, by what it would do. */
export function* plannedRows(plan: Plan): Generator<PlannedRow> {
  if (plan.kind === 'items') {
    for (const { line, tag, model, columns } of plan.created) {
      yield { line, tag, effect: 'new', content: [tag, model.id, model.category, columns] }
    }
    for (const { line, tag, ...item } of plan.updated) {
      yield { line, tag, effect: 'changed', content: [item.id, item.old, item.new, item.model?.new.id ?? null] }
    }
  } else if (plan.kind === 'appointments') {
    for (const one of plan.appointments) yield { line: one.line, tag: one.who, effect: 'new', content: one }
  } else if (plan.kind === 'data-stock') {
    for (const one of plan.created) yield { line: one.line, tag: `Line ${one.line}`, effect: 'new', content: one }
  } else if (plan.kind === 'data-readings') {
    for (const one of plan.readings) yield { line: one.line, tag: one.simNumber, effect: 'new', content: one }
  } else if (plan.kind === 'counts') {
    for (const { line, ...count } of plan.created) yield { line, tag: `Line ${line}`, effect: 'new', content: count }
    for (const { line, ...count } of plan.updated)
      yield { line, tag: `Line ${line}`, effect: 'changed', content: count }
  } else if (plan.kind === 'people') {
    for (const person of plan.newPeople) {
      yield { line: person.line, tag: person.name, effect: 'new', content: person }
    }
  } else {
    for (const { items, borrower, lentOn, dueOn, agreement, notes, unsupportedReason, lentBy } of plan.loans) {
      const loan = [borrower, lentOn, dueOn, agreement, notes, unsupportedReason, lentBy]
      for (const { line, tag, id } of items) yield { line, tag, effect: 'new', content: [id, loan] }
    }
  }
  for (const { line, tag } of plan.unchanged) yield { line, tag, effect: 'same', content: null }
}
