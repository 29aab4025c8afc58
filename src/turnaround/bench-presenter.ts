import { codePicture, sheetOf } from '../labels/rules.ts'
import { formatTime } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import type { CodePicture } from '../lib/qr-code.ts'
import type { CheckboxesField, DataTable, InputField, Link, Page } from '../lib/view-model.ts'
import { modelName } from '../models/rules.ts'
import {
  type BenchMethod,
  type BenchWork,
  cardCode,
  isBenchMethod,
  isReadyToScan,
  type ScanOutcome,
  undoCode,
  waitingText,
  workInSentence,
} from './bench-rules.ts'
import { sentenceCase, turnaroundUrl } from './list-presenter.ts'
import type { BenchRow } from './queries.ts'
import { allSteps, remaining, type Step, stepsFor, stepsInSentence, stepText, wipeMethods } from './rules.ts'

export type BenchPage = Page & {
  heading: string
  /** What every scan does; empty when nothing is chosen yet. */
  doing: string
  work: BenchWork
  scan: InputField
  choose: { summary: string; isOpen: boolean; steps: CheckboxesField }
  cards: Link
  table: DataTable | null
}

export interface BenchShown {
  work: BenchWork
  rows: BenchRow[]
  /** Why the last scan did nothing. It stands at the box, which keeps the focus for the next scan. */
  problem?: string
  isAfterMessage?: boolean
  errors?: FieldError[]
}

export const BENCH = '/turnaround/bench'

/** The bench for a batch: one box, and everything else below it. */
export function presentBench({ work, rows, problem, isAfterMessage = false, errors = [] }: BenchShown): BenchPage {
  const isReady = isReadyToScan(work)
  const heading = 'Make a batch ready by scanning'
  return {
    // no list of errors above the page: it would take the focus from the box, and the next scan would go nowhere
    title: problem === undefined ? heading : `Error: ${heading}`,
    heading,
    back: { href: '/turnaround', text: 'Turnaround' },
    errors,
    doing: isReady ? `Every item you scan is marked: ${workInSentence(work)}.` : '',
    work,
    scan: {
      id: 'code',
      name: 'code',
      label: isReady ? 'Scan the next item' : 'Scan a step card',
      hint: isReady
        ? 'Or a step card to do something else, or the UNDO card to take back the last scan.'
        : 'Or choose below what you are doing.',
      error: problem,
      width: 20,
      autocomplete: 'off',
      autocapitalize: 'none',
      spellcheck: 'false',
      autofocus: errors.length === 0,
      ...(isAfterMessage && { describedBy: 'done-text' }),
    },
    choose: { summary: 'Choose what you are doing', isOpen: !isReady, steps: stepsField(work, errors) },
    cards: { href: benchUrl(work, '/cards'), text: 'Print step cards' },
    table: rows.length === 0 ? null : workTable(rows),
  }
}

/** Where the bench stands with this work; the address carries it, so that two people at one desk do not mix theirs up. */
export function benchUrl({ steps, method }: BenchWork, page = ''): string {
  const query = new URLSearchParams(steps.map((step): [string, string] => ['step', step]))
  if (method !== null) query.set('method', method)
  return query.size === 0 ? `${BENCH}${page}` : `${BENCH}${page}?${query}`
}

const methods = Object.entries(wipeMethods).filter(([value]) => isBenchMethod(value))

function stepsField({ steps, method }: BenchWork, errors: FieldError[]): CheckboxesField {
  const error = errors.find(({ field }) => field === 'method')?.text
  return {
    id: 'step',
    name: 'step',
    label: 'What have you done to each of them?',
    values: steps,
    items: allSteps.map((step) => ({
      value: step,
      text: stepText(step),
      ...(step === 'wiped' && {
        conditional: {
          radios: {
            id: 'method',
            name: 'method',
            label: 'How were they wiped?',
            value: method ?? '',
            error,
            small: true,
            items: methods.map(([value, text]) => ({ value, text })),
          },
        },
      }),
    })),
    small: true,
  }
}

function workTable(rows: BenchRow[]): DataTable {
  return {
    caption: 'What you worked on today, the last first',
    captionSize: 'm',
    columns: [{ text: 'Item' }, { text: 'At' }, { text: 'Left to do' }],
    rows: rows.map((row) => ({
      cells: [
        { text: row.tag, href: turnaroundUrl(row.item_id), hint: modelName({ maker: row.maker, name: row.model }) },
        { text: formatTime(row.last_at) },
        leftCell(row),
      ],
    })),
  }
}

function leftCell({ ended_at, category, done, has_data }: BenchRow): DataTable['rows'][number]['cells'][number] {
  if (ended_at !== null) return { tag: { text: 'Off the bench', colour: 'green' } }
  return { text: sentenceCase(stepsInSentence(remaining(stepsFor(category, has_data), done))) }
}

/** What is said aloud after a scan: what was done, what waits, and what is left or that it is ready. */
export function scanText(tag: string, outcome: ScanOutcome, goesTo: string): string {
  const did = outcome.ticked.map(({ step }) => step)
  const parts = [
    did.length > 0 ? `${tag}: ${stepsInSentence(did)}.` : `${tag}: nothing new.`,
    outcome.already.length > 0 ? `Done before: ${stepsInSentence(outcome.already)}.` : '',
    waitingText(outcome),
    outcome.left.length === 0 ? goesTo : `Left to do: ${stepsInSentence(outcome.left)}.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

export type CardsPage = Page & { cards: { text: string; code: string; picture: CodePicture | null }[] }

/** Cards to lay on the bench: one a step, one for what is chosen now, and one to take back the last scan. */
export function presentCards(work: BenchWork): CardsPage {
  const single = allSteps.flatMap((step) =>
    step === 'wiped' ? methods.map(([method]) => workOf(step, method as BenchMethod)) : [workOf(step, null)],
  )
  const isSet = work.steps.length > 1 && isReadyToScan(work)
  const cards = [...(isSet ? [work] : []), ...single].map((each) => ({
    text: sentenceCase(workInSentence(each)),
    code: cardCode(each),
  }))
  return {
    title: 'Step cards for the bench',
    back: { href: benchUrl(work), text: 'Bench' },
    cards: [...cards, { text: 'Take back the last scan', code: undoCode }].map((card) => ({
      ...card,
      picture: codePicture(card.code, sheetOf('l7160')),
    })),
  }
}

function workOf(step: Step, method: BenchMethod | null): BenchWork {
  return { steps: [step], method }
}
