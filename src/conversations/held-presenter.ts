import { formatDate, formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, Page, RadiosField, SummaryRow } from '../lib/view-model.ts'
import type { ToldAnswer } from './answer-queries.ts'
import { answerWords, NOT_ASKED } from './answer-words-rules.ts'
import { talkUrl } from './links-rules.ts'
import { howText } from './presenter.ts'
import type { Conversation, GivenAnswer } from './queries.ts'
import type { Question } from './question-kinds-rules.ts'
import { howHeld, parts } from './question-rules.ts'

export type HeldPage = Page & {
  caption: string
  about: SummaryRow[]
  changes: DataTable | null
  isFirst: boolean
  parts: { title: string; answers: AnswerShown[] }[]
}

interface AnswerShown {
  id: string
  ask: string
  now: string
  before: string | null
  beforeTitle: string
  clearing: string | null
}

export interface HeldShown {
  person: { id: number; name: string }
  conversation: Conversation
  given: GivenAnswer[]
  before: ToldAnswer[]
}

/** One conversation, with what was said to each question beside what had been said before. */
export function presentHeld({ person, conversation, given, before }: HeldShown): HeldPage {
  const { held_on, how, staff_member, finished_at, review_on } = conversation
  const shown = parts.map((part) => ({
    title: part.title,
    answers: part.questions.flatMap((question) => answerShown(question, given, before)),
  }))
  return {
    title: `What was said on ${formatDate(held_on)}`,
    caption: person.name,
    back: { href: talkUrl(person.id), text: 'Conversation' },
    about: [
      { key: 'How', value: howText(how) },
      { key: 'With', value: staff_member },
      { key: 'Finished', value: finished_at === null ? 'Not yet' : formatInstant(finished_at) },
      ...(review_on === null ? [] : [{ key: 'To talk again on', value: formatDate(review_on) }]),
    ],
    changes: changesTable(shown.flatMap(({ answers }) => answers)),
    isFirst: before.length === 0,
    parts: shown.filter(({ answers }) => answers.length > 0),
  }
}

function answerShown(question: Question, given: GivenAnswer[], before: ToldAnswer[]): AnswerShown[] {
  const now = given.find((one) => one.question === question.id)
  const last = before.find((one) => one.question === question.id)
  if (!now && !last) return []
  const clearing = now?.clears ? `${now.staff_member} wrote that it is safe now: ${now.cleared_because}` : null
  return [
    {
      id: question.id,
      ask: question.ask,
      now: answerWords(question, now) || NOT_ASKED,
      before: last ? answerWords(question, last) : null,
      beforeTitle: last ? `Last time, on ${formatDate(last.said_on)}` : '',
      clearing,
    },
  ]
}

/** What was answered now and before, and differently. */
function changesTable(answers: AnswerShown[]): DataTable | null {
  const changed = answers.filter(({ now, before }) => before !== null && now !== NOT_ASKED && now !== before)
  if (changed.length === 0) return null
  return {
    caption: 'What changed since last time',
    captionSize: 'm',
    columns: [{ text: 'Question' }, { text: 'Last time' }, { text: 'This time' }],
    rows: changed.map(({ ask, before, now }) => ({ cells: [{ text: ask }, { text: before ?? '' }, { text: now }] })),
  }
}

export type BeginPage = Page & {
  caption: string
  action: string
  key: string
  how: RadiosField
  heldOn: DateField
  cancel: string
}

export interface BeginShown extends FormShown {
  person: { id: number; name: string }
  key: string
}

export function presentBeginning({ person, key, ...form }: BeginShown): BeginPage {
  const fields = formFields(form)
  return {
    title: 'Begin a conversation',
    caption: person.name,
    errors: form.errors,
    back: { href: talkUrl(person.id), text: 'Conversation' },
    action: talkUrl(person.id),
    key,
    how: fields.radios('how', 'How do you talk?', [...howHeld]),
    heldOn: fields.date('held-on', 'On which day? (optional)', {
      hint: 'Leave this empty if it is today. Of questions filled in on paper, the day they were filled in',
    }),
    cancel: talkUrl(person.id),
  }
}

export type FinishPage = Page & { caption: string; action: string; reviewOn: DateField; open: string[]; cancel: string }

export interface FinishShown extends FormShown {
  person: { id: number; name: string }
  /** Questions of the beginning that were not asked. */
  open: string[]
}

export function presentFinish({ person, open, ...form }: FinishShown): FinishPage {
  return {
    title: 'Finish this conversation',
    caption: person.name,
    errors: form.errors,
    back: { href: talkUrl(person.id), text: 'Conversation' },
    action: `${talkUrl(person.id)}/finish`,
    reviewOn: formFields(form).date('review-on', 'When to talk again?', {
      hint: 'In six months, or sooner if something is about to change. It comes up on the worklist then',
    }),
    open,
    cancel: talkUrl(person.id),
  }
}
