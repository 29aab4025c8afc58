import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Link, Page, RadiosField } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import type { Asked } from './form.ts'
import { progressText, type Sight, whereabouts } from './presenter.ts'
import type { CheckItem, StockCheck } from './queries.ts'
import {
  type Asking,
  type Counts,
  checkUrl,
  choicesFor,
  itemsCounted,
  MOST_CHOICES,
  missingChoices,
  missingField,
  type UnexpectedChoice,
  unexpectedChoices,
  unexpectedField,
  whereField,
} from './rules.ts'

export type FinishPage = Page & {
  caption: string
  progress: string
  /** So much is missing that somebody may not be done. */
  warning: string | null
  /** What is done when the button is pressed, whatever is chosen below. */
  consequences: string[]
  /** About everything that is missing at once. */
  all: RadiosField | null
  leaveAll: CheckboxesField | null
  /** Of what whoever answers that has seen the list. */
  seen: string
  list: string
  /** About each missing item. */
  missing: RadiosField[]
  each: boolean
  unexpected: RadiosField[]
  action: string
  cancel: Link
}

export interface FinishShown {
  check: StockCheck
  counts: Counts
  asked: Asked
  missing: CheckItem[]
  unexpected: CheckItem[]
  today: string
  may: Pick<Sight, 'names'>
  /** Whether what is missing is to be reported unless somebody says otherwise. */
  seemsDone: boolean
  values?: Typed
  errors?: FieldError[]
}

/** What is asked about, of all that is missing or unexpected. */
export function askAbout(
  missing: CheckItem[],
  unexpected: CheckItem[],
  how: Asking,
  may: { move: boolean; find: boolean },
): Asked {
  const open = unexpected.map((item) => ({ ...item, choices: item.is_in_reach ? choicesFor(item, may) : [] }))
  return { how, missing, unexpected: open.filter(({ choices }) => choices.length > 1) }
}

export function presentFinish(shown: FinishShown): FinishPage {
  const { check, counts, asked, errors = [] } = shown
  return {
    title: 'Finish the check',
    caption: check.ward,
    back: { href: checkUrl(check.id), text: 'Go on scanning' },
    errors,
    progress: progressText(counts, false),
    warning: warningText(shown),
    consequences: consequencesOf(shown),
    all: allRadios(shown),
    leaveAll: leaveAllBox(shown),
    seen: asked.missing.map(({ id }) => id).join(' '),
    list: asked.how === 'all' ? asked.missing.map(({ tag }) => tag).join(', ') : '',
    missing: asked.how === 'each' ? shown.missing.map((item) => missingRadios(item, shown)) : [],
    each: asked.how === 'each',
    unexpected: asked.unexpected.flatMap(({ id, choices }) => {
      const item = shown.unexpected.find((one) => one.id === id)
      return item ? [unexpectedRadios(item, choices, shown)] : []
    }),
    action: `${checkUrl(check.id)}/finish`,
    cancel: { href: checkUrl(check.id), text: 'Go on scanning' },
  }
}

function warningText({ counts, seemsDone }: FinishShown): string | null {
  if (seemsDone) return null
  const expected = counts.found + counts.missing
  return `Only ${counts.found} of ${itemsCounted(expected)} were scanned. If not everything has been looked at, go on scanning. You can do that on another day.`
}

function consequencesOf({ counts, asked }: FinishShown): string[] {
  const lines = ['Nobody can scan anything more for this check. The result is kept, and can be printed.']
  if (asked.how !== 'leave' && counts.missing > 0) {
    lines.push(
      'What you report lost leaves the stock, as an incident of its own with a list of what has to be done. Whoever finds it later says so there.',
    )
  }
  const left = counts.unexpected - asked.unexpected.length
  if (left > 0) lines.push(leftText(left))
  if (counts['went-out'] > 0) {
    lines.push(`${itemsCounted(counts['went-out'])} went elsewhere after the check began, and nobody needs to look.`)
  }
  return lines
}

function leftText(left: number): string {
  if (left === 1) {
    return '1 item that should be elsewhere is left as it is: somebody has it on loan, another ward counts on it, or you may not move it.'
  }
  return `${left} items that should be elsewhere are left as they are: somebody has them on loan, another ward counts on them, or you may not move them.`
}

function missingRadios(item: CheckItem, { values = {}, errors = [], seemsDone }: FinishShown): RadiosField {
  const name = missingField(item.id)
  const field = formFields({ values: { [name]: seemsDone ? 'report' : '', ...values }, errors })
  const where = field.input(whereField(item.id), `Where is ${item.tag}?`)
  const items = Object.entries(missingChoices).map(([value, { text }]) => ({
    value,
    text,
    ...(value === 'elsewhere' && { conditional: { input: where } }),
  }))
  return field.radios(name, `${item.tag} is missing`, items, { hint: modelOf(item), labelSize: 's', small: true })
}

function unexpectedRadios(item: CheckItem, choices: UnexpectedChoice[], shown: FinishShown): RadiosField {
  const { values = {}, errors = [], today, may, check } = shown
  const name = unexpectedField(item.id)
  const field = formFields({ values: { [name]: 'leave', ...values }, errors })
  const items = choices.map((value) => ({ value, ...wordsOf(value, check.ward) }))
  return field.radios(name, `${item.tag} should be elsewhere`, items, {
    hint: `${modelOf(item)}. ${whereabouts(item, today, may)}.`,
    labelSize: 's',
    small: true,
  })
}

function wordsOf(choice: UnexpectedChoice, ward: string) {
  const { text, hint } = unexpectedChoices[choice]
  return { text: choice === 'move' ? `It is kept at ${ward} from now on` : text, ...(hint !== '' && { hint }) }
}

function allRadios({ asked, counts, values, errors, seemsDone }: FinishShown): RadiosField | null {
  if (asked.how !== 'all') return null
  const field = formFields({ values: { all: seemsDone ? 'report' : '', ...values }, errors })
  const items = [
    { value: 'report', text: 'Report all of them lost' },
    { value: 'leave', text: 'Leave all of them as they are' },
    { value: 'each', text: 'Say it for each of them' },
  ]
  return field.radios('all', `${missingText(counts)}. What is to be done about them?`, items, { labelSize: 'm' })
}

function leaveAllBox({ asked, counts, values = {}, errors = [] }: FinishShown): CheckboxesField | null {
  if (asked.how !== 'leave') return null
  return {
    id: 'all',
    name: 'all',
    label: missingText(counts),
    labelSize: 'm',
    hint: `That is more than the ${MOST_CHOICES} that can be reported in one go. Any of them can be reported from its own page.`,
    error: errors.find(({ field }) => field === 'all')?.text,
    values: [values.all ?? ''],
    items: [{ value: 'leave', text: 'Leave all of them as they are' }],
  }
}

function missingText({ missing }: Counts): string {
  return `${itemsCounted(missing)} are missing`
}
