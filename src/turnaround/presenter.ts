import { type ItemFacts, itemState, itemStates, leftAs } from '../items/rules.ts'
import { itemUrl } from '../items/tag-rules.ts'
import {
  formatDate,
  formatInstant,
  formatRelativeDate,
  formatShortInstant,
  londonDate,
  londonToday,
} from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Conditional, InputField, Link, Page, StateTag, SummaryRow } from '../lib/view-model.ts'
import { modelName } from '../models/rules.ts'
import { presentPlan, presentScanBox, sentenceCase, turnaroundUrl } from './list-presenter.ts'
import type { DoneStep, ToSave, Turnaround } from './queries.ts'
import {
  erasing,
  inSheetOrder,
  isStep,
  isWipeMethod,
  remaining,
  type Step,
  stepHint,
  stepsFor,
  stepsInSentence,
  stepText,
  stopsData,
  takenBackWith,
  wipeMethods,
} from './rules.ts'

/** A turnaround under way. */
export type OpenTurnaround = Turnaround & { hold_id: number; taken_at: string }

export type TurnaroundPage = Page & {
  caption: string
  about: SummaryRow[]
  action: string
  turnaroundId: number
  /** What has to be saved before it is signed out and wiped. */
  toSave: { lines: RescueLine[]; action: string } | null
  steps: CheckboxesField | null
  button: string
  done: DoneRow[]
  links: Link[]
}

/** Something to save, with what may be said of it. */
interface RescueLine {
  what: string
  more: string
  outcomes: { action: string; text: string; of: string }[]
}

interface DoneRow {
  step: string
  lines: string[]
  undo: { action: string; text: string; of: string } | null
}

export interface TurnaroundShown {
  item: OpenTurnaround
  done: DoneStep[]
  now: Date
  maySeeNames: boolean
  mayRetire: boolean
  ticked?: Step[]
  values?: Typed
  errors?: FieldError[]
}

/** The sheet of one item: what is left to tick, and who did the rest. */
export function presentTurnaround(shown: TurnaroundShown): TurnaroundPage {
  const { item, done, mayRetire, errors = [] } = shown
  const doneSteps = done.map(({ step }) => step)
  const left = remaining(stepsFor(item.category, item.has_data), doneSteps)
  return {
    title: `Make ${item.tag} ready`,
    caption: modelName({ maker: item.maker, name: item.model }),
    back: { href: '/turnaround', text: 'Turnaround' },
    errors,
    about: aboutRows(shown),
    action: turnaroundUrl(item.id),
    turnaroundId: item.hold_id,
    toSave: item.to_save && presentToSave(item.id, item.tag, item.to_save),
    steps: left.length === 0 ? null : stepsField(left, shown),
    button: left.length === 0 ? 'It is ready' : 'Save',
    done: inSheetOrder(done).map((step) => doneRow(item, step, doneSteps)),
    links: [
      { href: `/repairs/new?item=${item.id}`, text: `Send ${item.tag} to repair` },
      ...(mayRetire && item.placed_with === null
        ? [{ href: `${itemUrl(item.tag)}/retire`, text: `Retire ${item.tag}` }]
        : []),
    ],
  }
}

/** The stop before what cannot be undone. */
function presentToSave(itemId: number, tag: string, { id, what, asked_at, asker }: ToSave): TurnaroundPage['toSave'] {
  const url = `${turnaroundUrl(itemId)}/rescues/${id}`
  const line: RescueLine = {
    what,
    more: `Asked for by ${asker}, ${formatShortInstant(asked_at)}. It cannot be signed out or wiped before somebody says what became of this.`,
    outcomes: [
      { action: `${url}/saved`, text: 'It is saved', of: tag },
      { action: `${url}/not-wanted`, text: 'They do not want it any more', of: tag },
    ],
  }
  return { lines: [line], action: url }
}

function aboutRows({ item, now, maySeeNames }: TurnaroundShown): SummaryRow[] {
  const day = londonDate(item.taken_at)
  const plan = presentPlan(item, now, maySeeNames)
  const place = item.placed_with ?? item.kept_at
  const rows: (SummaryRow | null)[] = [
    {
      key: 'Came back',
      value: `${sentenceCase(formatRelativeDate(day, londonToday(now)))} (${formatDate(day)})`,
    },
    plan && { key: 'Wanted by', value: `${plan.who}, from ${plan.from}`, tag: plan.tag },
    place === null ? null : { key: 'Goes back to', value: place },
    { key: 'Item', value: item.tag, href: itemUrl(item.tag) },
  ]
  return rows.filter((row) => row !== null)
}

function isStopped(step: Step, { to_save }: OpenTurnaround): boolean {
  return to_save !== null && erasing.includes(step)
}

function stepsField(left: Step[], { item, ticked = [], values = {}, errors = [] }: TurnaroundShown): CheckboxesField {
  const wrong = errors.filter(({ field }) => /^steps(-\d+)?$/.test(field)).map(({ text }) => text)
  return {
    id: 'steps',
    name: 'steps',
    label: 'What is done?',
    labelSize: 'm',
    hint: 'Tick what you have done and save. You can come back for the rest.',
    error: wrong.length === 0 ? undefined : wrong.join('. '),
    values: ticked,
    items: left.map((step) => ({
      value: step,
      text: stepText(step),
      hint: isStopped(step, item) ? 'Photos to save first: see above.' : stepHint(step),
      disabled: isStopped(step, item),
      ...(step === 'wiped' && { conditional: wipeFields(values, errors) }),
    })),
  }
}

function wipeFields(values: Typed, errors: FieldError[]): Conditional {
  const field = formFields({ values, errors })
  const why = field.input('wipe-reason', 'Why was no wipe needed?')
  const methods = Object.entries(wipeMethods).map(([value, text]) => ({
    value,
    text,
    ...(value === 'not-needed' && { conditional: { input: why } }),
  }))
  return { radios: field.radios('wipe-method', 'How was it wiped?', methods, { small: true }) }
}

function doneRow(item: OpenTurnaround, done: DoneStep, doneSteps: string[]): DoneRow {
  const method = done.method !== null && isWipeMethod(done.method) ? wipeMethods[done.method] : ''
  const others = isStep(done.step) ? takenBackWith(done.step, doneSteps).filter((step) => step !== done.step) : []
  return {
    step: stepText(done.step),
    lines: [
      [method, done.note].filter((text) => text !== '').join(': '),
      `${done.staff_member}, ${formatInstant(done.done_at)}`,
    ].filter((line) => line !== ''),
    undo:
      done.step === stopsData
        ? null
        : {
            action: `${turnaroundUrl(item.id)}/steps/${encodeURIComponent(done.step)}/undo`,
            text: others.length === 0 ? 'Take back' : `Take back, with ${stepsInSentence(others)}`,
            of: `${others.length === 0 ? '' : 'and '}${stepText(done.step)}`,
          },
  }
}

export type NotUnderWayPage = Page & { state: StateTag; lead: string; scan: InputField; links: Link[] }

/** An item that is not being made ready: where it is instead, and on to the next. */
export function presentNotUnderWay(
  item: ItemFacts & { tag: string },
  readyAt: string | null,
  today: string,
): NotUnderWayPage {
  const { text, colour } = itemStates[itemState(item, today)]
  return {
    title: `${item.tag} is not being made ready`,
    back: { href: '/turnaround', text: 'Turnaround' },
    state: { text: item.left_as === null ? text : (leftAs[item.left_as] ?? text), colour },
    lead: readyAt === null ? '' : `It was last made ready on ${formatInstant(readyAt)}.`,
    scan: presentScanBox(),
    links: [
      { href: itemUrl(item.tag), text: `Open ${item.tag}` },
      { href: '/turnaround', text: 'See what is being made ready' },
    ],
  }
}

/** What is said after a sheet was saved: what it still needs, or where the item goes. */
export function presentProgress(item: Turnaround, left: Step[], now: Date, maySeeNames: boolean): string {
  if (left.length > 0) return `Saved. ${item.tag} still needs: ${stepsInSentence(left)}.`
  const plan = presentPlan(item, now, maySeeNames)
  const wanted = plan === null ? '' : ` ${plan.who} wants it from ${plan.from}.`
  if (item.placed_with !== null) return `${item.tag} is ready. It goes back to ${item.placed_with}.${wanted}`
  return `${item.tag} is ready to lend.${item.kept_at === null ? '' : ` It is kept at ${item.kept_at}.`}${wanted}`
}

export function nextLink(next: { id: number; tag: string } | undefined): Link | undefined {
  return next && { href: turnaroundUrl(next.id), text: `Make ${next.tag} ready` }
}
