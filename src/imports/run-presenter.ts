import { formatInstant } from '../lib/dates.ts'
import type { DataTable, Link, Page, SummaryRow } from '../lib/view-model.ts'
import { inWords } from './counting-rules.ts'
import { importPath } from './field-names.ts'
import type { FileKind } from './kinds-rules.ts'
import { count, firstRows, SHOWN } from './plan-presenter.ts'
import { problemsTable } from './preview-presenter.ts'
import type { RunProgress } from './run-queries.ts'

export type ProgressPage = Page & {
  caption: string
  lead: string[]
  summary: SummaryRow[]
  button: Link
  table: DataTable | null
}

/** Longer than any file should take: somebody has to look. */
const LATE_MS = 15 * 60_000

/** How far a long import is, or why nothing came of it. One that is in has a result in place of this. */
export function presentProgress(kind: FileKind, run: RunProgress, now: Date): ProgressPage {
  const frame = {
    caption: run.sheet === null ? run.file_name : `${run.file_name}, ${run.sheet}`,
    back: { href: kind.path, text: 'Bring in a spreadsheet' },
  }
  if (run.ended_as !== null) return { ...frame, ...stopped(kind, run) }
  const isLate = now.getTime() - Date.parse(run.asked_at) > LATE_MS
  return {
    ...frame,
    title: 'This spreadsheet is being brought in',
    lead: [
      isLate
        ? 'This takes longer than it should. Nothing is half done. Ask whoever runs the service whether its jobs are running.'
        : 'You can leave this page, or close it. It goes on by itself.',
      'All of it comes in, or none of it. The result will be on the list under “Imports so far”.',
    ],
    summary: [
      { key: 'How far it is', value: howFar(run) },
      { key: 'Rows in the spreadsheet', value: count(run.row_count) },
      { key: 'Started by', value: run.asked_by },
      { key: 'Started', value: formatInstant(run.asked_at) },
    ],
    button: { href: importPath(kind, run.id, '/progress'), text: 'See how far it is now' },
    table: null,
  }
}

function howFar({ stage, row_count, done_count, of_count }: RunProgress): string {
  if (stage === 'waiting') return 'It waits for its turn'
  if (stage === 'checking') return `Step 1 of 2: ${count(done_count)} of ${inWords(row_count, 'row')} checked again`
  if (done_count >= of_count) return 'Step 2 of 2: nearly done'
  return `Step 2 of 2: ${count(done_count)} of ${inWords(of_count, 'row')} brought in`
}

function stopped(kind: FileKind, run: RunProgress): Omit<ProgressPage, 'caption' | 'back'> {
  const { problem_count, asked_by, asked_at } = run
  const problems = run.problems ?? []
  const check = { href: importPath(kind, run.id, '/preview'), text: 'Check what would happen now' }
  const why = {
    changed: [
      'Something changed after you looked. Nothing was imported.',
      problem_count === 0
        ? 'What the spreadsheet says of models is no longer what it was.'
        : `${inWords(problem_count, 'row')} would not do what you saw any more.`,
    ],
    'not-allowed': [
      `${asked_by} may not bring in spreadsheets any more. Nothing was imported.`,
      'Whoever may can check it and press the button.',
    ],
    failed: [
      'It was tried several times and did not work. Nothing was imported.',
      'Check it and press the button again. If that does not help, tell your administrator.',
    ],
    done: [],
  }[run.ended_as ?? 'done']
  return {
    title: 'Nothing was imported',
    lead: why,
    summary: [
      { key: 'Started by', value: asked_by },
      { key: 'Started', value: formatInstant(asked_at) },
    ],
    button: check,
    table:
      problems.length === 0
        ? null
        : {
            ...problemsTable(firstRows(problems)),
            columns: [{ text: 'Line' }, { text: 'Column' }, { text: 'What it says' }, { text: 'What changed' }],
            caption: problem_count > SHOWN ? `The first ${SHOWN} rows that changed` : 'Rows that changed',
            captionHidden: false,
          },
  }
}
