import type { Typed } from './fields.ts'
import type { DataTable } from './view-model.ts'

/** One question of a form, and how its answer reads on a page. */
export interface Question {
  label: string
  answer(values: Typed): string
}

/**
 * For a form that somebody else overtook: what is saved now beside what was typed, where the two differ. Null when they
 * do not, as after the same change was made twice.
 */
export function differencesTable(questions: Question[], saved: Typed, typed: Typed): DataTable | null {
  const rows = questions
    .map(({ label, answer }) => ({ label, saved: answer(saved), typed: answer(typed) }))
    .filter((row) => row.saved !== row.typed)
  if (rows.length === 0) return null
  return {
    caption: 'What is different',
    columns: [{ text: 'Question' }, { text: 'Saved now' }, { text: 'What you typed' }],
    rows: rows.map((row) => ({
      cells: [{ text: row.label }, { text: row.saved || 'Empty' }, { text: row.typed || 'Empty' }],
    })),
  }
}

/** The three boxes of a date, as they stand. */
export function dateAnswer(id: string): Question['answer'] {
  return (values) =>
    ['day', 'month', 'year']
      .map((part) => values[`${id}-${part}`] ?? '')
      .join(' ')
      .trim()
}
