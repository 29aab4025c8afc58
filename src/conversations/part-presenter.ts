import { formatDate, formatInstant } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { differencesTable, type Question as FormQuestion } from '../lib/form-differences.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Conditional, DataTable, Link, Page } from '../lib/view-model.ts'
import { answerWords, NOT_ASKED, PREFER_NOT } from './answer-words-rules.ts'
import { standingAnswers } from './flag-rules.ts'
import { partUrl, talkUrl } from './links-rules.ts'
import type { Conversation, GivenAnswer, Talk } from './queries.ts'
import { becauseField, otherField, type Part, preferNotField, type Question } from './question-kinds-rules.ts'
import { MOST_IN_WORDS } from './question-rules.ts'

export type PartPage = Page & {
  caption: string
  lead: string | null
  safeContact: Link | null
  action: string
  conversation: number
  version: number
  differences: DataTable | null
  fields: PartField[]
  cancel: string
}

type PartField = Conditional & { checkboxes?: CheckboxesField }

export interface PartShown extends FormShown {
  person: { id: number; name: string }
  part: Part
  talk: Talk
  conversation: Conversation
  version: number
  /** Somebody saved this part meanwhile: their answers. */
  overtakenBy?: GivenAnswer[]
}

/** One part of a conversation, to be read aloud and filled in. */
export function presentPart({ person, part, talk, conversation, version, overtakenBy, ...form }: PartShown): PartPage {
  const saved = savedValues(part, talk.given)
  const values = form.values ? (overtakenBy ? withBoth(part, saved, form.values) : form.values) : saved
  const errors = form.errors ?? []
  const last = new Map(
    talk.newest.filter((one) => one.conversation_id !== conversation.id).map((one) => [one.question, one]),
  )
  const standing = standingAnswers(talk.newest)
  return {
    title: part.title,
    caption: person.name,
    errors: overtakenBy ? [{ text: overtaken(overtakenBy) }] : form.errors,
    back: { href: talkUrl(person.id), text: 'Conversation' },
    lead: part.lead ?? null,
    safeContact: part.questions.some(({ isSafety }) => isSafety)
      ? { href: `/service-users/${person.id}/safe-contact`, text: 'Safe contact' }
      : null,
    action: partUrl(person.id, part.name),
    conversation: conversation.id,
    version,
    differences: overtakenBy && form.values ? differencesTable(part.questions.map(inWords), saved, values) : null,
    fields: part.questions.flatMap((question) => {
      const before = last.get(question.id)
      const said = before && `Last time, on ${formatDate(before.said_on)}: ${answerWords(question, before)}`
      const isHeld = standing.get(question.id)?.is_concern ?? false
      return fieldsOf(question, { values, errors }, { said, isHeld })
    }),
    cancel: talkUrl(person.id),
  }
}

function overtaken(answers: GivenAnswer[]): string {
  const [newest] = [...answers].sort((one, other) => (one.at < other.at ? 1 : -1))
  const who = newest
    ? `${newest.staff_member} saved this part on ${formatInstant(newest.at)}`
    : 'Somebody saved this part'
  return `${who}, after you opened it. What you chose is not saved yet, and what they saved is not lost: it stands wherever you left a question open. Check what is different, and save.`
}

/** What was typed, and what somebody else saved wherever nothing was. */
function withBoth({ questions }: Part, saved: Typed, typed: Typed): Typed {
  const isOpen = (question: Question) =>
    fieldNames(question).every((name) => ['', 'not-asked'].includes(typed[name] ?? ''))
  return {
    ...typed,
    ...Object.fromEntries(
      questions.filter(isOpen).flatMap((question) => fieldNames(question).map((name) => [name, saved[name] ?? ''])),
    ),
  }
}

function fieldNames(question: Question): string[] {
  return [question.id, otherField(question), preferNotField(question)]
}

/** What is saved, as the form sends it. */
function savedValues(part: Part, given: readonly GivenAnswer[]): Typed {
  const values: Typed = {}
  for (const question of part.questions) {
    const answer = given.find((one) => one.question === question.id)
    if (!answer || answer.kind === 'not-asked') continue
    const isKept = answer.kind === 'prefer-not'
    if (question.kind === 'words') {
      values[isKept ? preferNotField(question) : question.id] = isKept ? 'yes' : answer.words
    } else {
      values[question.id] = isKept ? 'prefer-not' : answer.chosen.join(' ')
      values[otherField(question)] = answer.words
    }
    values[becauseField(question)] = answer.cleared_because
  }
  return values
}

function inWords(question: Question): FormQuestion {
  return { label: question.name, answer: (values) => typedWords(question, values) }
}

/** What was typed, as it reads on a page. */
function typedWords(question: Question, values: Typed): string {
  const typed = values[question.id] ?? ''
  if (typed === 'prefer-not' || values[preferNotField(question)] === 'yes') return PREFER_NOT
  if (typed === 'not-asked') return ''
  const words = question.kind === 'words' ? typed : (values[otherField(question)] ?? '')
  const chosen = typed.split(' ').filter((value) => value !== '')
  return answerWords(question, { chosen: question.kind === 'words' ? [] : chosen, words })
}

interface Before {
  said: string | undefined
  /** Whether a concern stands that this answer may clear. */
  isHeld: boolean
}

const quiet = { autocomplete: 'off', spellcheck: 'false' } as const

function fieldsOf(question: Question, form: Required<FormShown>, { said, isHeld }: Before): PartField[] {
  const fields = formFields(form)
  const { id, ask, kind, options, hint } = question
  const hints = [hint, said].filter((text) => text !== undefined)
  const more = hints.length > 0 ? { hint: hints.join('. ') } : {}
  const because = isHeld ? [{ textarea: fields.textarea(becauseField(question), BECAUSE, { rows: 2 }) }] : []
  if (kind === 'one') {
    const items = [...options, { divider: 'or' }, preferNot, notAsked]
    const value = form.values[id] || 'not-asked'
    return [{ radios: fields.radios(id, ask, items, { ...more, value, labelSize: 'm' }) }, ...because]
  }
  if (kind === 'several') {
    const items = [
      ...options.map(({ isAlone, ...option }) => ({ ...option, ...(isAlone && { exclusive: true }) })),
      { ...preferNot, exclusive: true },
    ]
    const values = (form.values[id] ?? '').split(' ')
    const error = form.errors.find(({ field }) => field === id)?.text
    const leave = 'Choose all that apply. Leave them all empty if you did not ask'
    const checkboxes = { id, name: id, label: ask, labelSize: 'm' as const, items, values }
    return [{ checkboxes: { ...checkboxes, hint: [leave, said].filter(Boolean).join('. '), ...(error && { error }) } }]
  }
  if (kind === 'list') {
    const items = [{ value: '', text: NOT_ASKED }, ...options, preferNot]
    const other = fields.input(otherField(question), 'If it is another language, which? (optional)', {
      ...quiet,
      width: 20,
    })
    return [{ select: fields.select(id, ask, items, { ...more, labelSize: 'm' }) }, { input: other }]
  }
  const isKept = form.values[preferNotField(question)] === 'yes'
  const checkbox = {
    ...{ id: preferNotField(question), name: preferNotField(question), label: PREFER_NOT, labelHidden: true },
    items: [{ value: 'yes', text: PREFER_NOT }],
    values: isKept ? ['yes'] : [],
  }
  const label = { labelSize: 'm' as const, rows: 4, maxlength: MOST_IN_WORDS }
  const leave = { hint: ['Leave this empty if you did not ask', said].filter(Boolean).join('. ') }
  return [{ textarea: fields.textarea(id, ask, { ...label, ...leave }) }, { checkboxes: checkbox }]
}

const BECAUSE = 'If it is safe now: how do you know? Your name stands with it (optional)'
const preferNot = { value: 'prefer-not', text: PREFER_NOT }
const notAsked = { value: 'not-asked', text: NOT_ASKED }
