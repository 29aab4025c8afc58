import { formatDate, formatShortDate, londonDate } from '../lib/dates.ts'
import type { DataTable, Link, Page, StateTag, TaskListItem } from '../lib/view-model.ts'
import { answerWords } from './answer-words-rules.ts'
import { evidenceUrl } from './evidence-rules.ts'
import { type Contradiction, contradictionsIn, type Flag, flagsOf, type Level, whatShutsOut } from './flag-rules.ts'
import { answerUrl, heldUrl, partUrl, talkUrl } from './links-rules.ts'
import type { Conversation, Talk } from './queries.ts'
import type { Part } from './question-kinds-rules.ts'
import { howHeld, parts, questionNamed, skillQuestions } from './question-rules.ts'
import { presentSuggestions, type SuggestionsShown } from './suggestion-presenter.ts'
import { levelTags } from './tags-rules.ts'

export type TalkPage = Page & {
  caption: string
  contradictions: { text: string; links: Link[] }[]
  open: { text: string; tasks: TaskListItem[]; finish: Link } | null
  begin: Link | null
  papers: Link[]
  nobodyAsked: boolean
  flags: FlagShown[]
  suggestions: SuggestionsShown
  notKnown: string
  fine: string[]
  skills: DataTable | null
  held: DataTable | null
}

export interface FlagShown {
  id: string
  name: string
  tag: StateTag
  says: string
  why: { text: string; link: Link }[]
  evidence: Link
}

export interface TalkShown {
  person: { id: number; name: string; state: string }
  talk: Talk
  today: string
  mayChange: boolean
}

/** What stands in one person's way, what would help, and the conversations that say so. */
export function presentTalk({ person, talk, today, mayChange }: TalkShown): TalkPage {
  const url = talkUrl(person.id)
  const flags = flagsOf(talk.newest)
  const open = openConversation(talk)
  return {
    title: 'Conversation',
    caption: person.name,
    back: { href: `/service-users/${person.id}`, text: 'Back to the record' },
    contradictions: contradictionsIn(talk.newest).map((one) => contradictionShown(one, person.id, open !== null)),
    open: open && mayChange ? openShown(open, talk, person.id) : null,
    begin: !open && mayChange ? { href: `${url}/new`, text: 'Begin a conversation' } : null,
    papers: [
      { href: `${url}/paper`, text: 'Print the first questions in large letters' },
      { href: `/service-users/${person.id}/preferences`, text: 'How they want to meet' },
      { href: `/service-users/${person.id}/signposts`, text: 'Print places that can help them' },
    ],
    nobodyAsked: talk.newest.length === 0,
    flags: whatShutsOut(flags).map((flag) => flagShown(flag, talk, person.id)),
    suggestions: presentSuggestions({ personId: person.id, flags, suggestions: talk.suggestions, today, mayChange }),
    notKnown: namesOf(flags, 'not-known').join(', '),
    fine: flags.filter(({ level }) => level === 'fine').flatMap(({ says }) => says),
    skills: skillsTable(talk),
    held: heldTable(talk.conversations, person.id),
  }
}

/** The newest that is open; a merge of two records may bring a second, which is finished after it. */
export function openConversation({ conversations }: Pick<Talk, 'conversations'>): Conversation | null {
  const open = conversations.filter(({ finished_at }) => finished_at === null)
  return open.sort((one, other) => other.id - one.id)[0] ?? null
}

function namesOf(flags: Flag[], level: Level): string[] {
  return flags.filter((flag) => flag.level === level).map(({ factor }) => factor.name)
}

function contradictionShown({ between, ask }: Contradiction, personId: number, isOpen: boolean) {
  const links = between.flatMap(([id]) => {
    const part = parts.find(({ questions }) => questions.some((question) => question.id === id))
    const name = questionNamed(id)?.name ?? id
    return part ? [{ href: `${partUrl(personId, part.name)}#${id}`, text: `Ask again: ${name.toLowerCase()}` }] : []
  })
  return { text: ask, links: isOpen ? links : [] }
}

function openShown(open: Conversation, talk: Talk, personId: number): NonNullable<TalkPage['open']> {
  return {
    text: `${open.staff_member} began it on ${formatDate(open.held_on)}. It can be left and gone on with, in any order.`,
    tasks: parts.map((part) => partTask(part, talk, personId)),
    finish: { href: `${talkUrl(personId)}/finish`, text: 'Finish this conversation' },
  }
}

function partTask(part: Part, { given }: Talk, personId: number): TaskListItem {
  const asked = part.questions.filter(({ id }) =>
    given.some(({ question, kind }) => question === id && kind !== 'not-asked'),
  ).length
  const all = part.questions.length
  const status = asked === 0 ? 'Not asked' : asked === all ? 'Asked' : `${asked} of ${all} asked`
  return { id: part.name, text: part.title, href: partUrl(personId, part.name), status }
}

export function flagShown({ factor, level, says, from }: Flag, talk: Talk, personId: number): FlagShown {
  return {
    id: factor.id,
    name: factor.name,
    tag: levelTags[level],
    says: `${says.join('. ')}.`,
    why: from.map((answer) => {
      const question = questionNamed(answer.question)
      const told = talk.newest.find(({ id }) => id === answer.id)
      return {
        text: `On ${formatDate(answer.said_on)} they said “${question && told ? answerWords(question, told) : ''}”.`,
        link: {
          href: answerUrl(personId, answer),
          text: 'See the answer',
          visuallyHiddenText: `about ${question?.name.toLowerCase() ?? factor.name.toLowerCase()}`,
        },
      }
    }),
    evidence: {
      href: evidenceUrl(factor.evidence),
      text: `Evidence ${factor.evidence}`,
      visuallyHiddenText: `on ${factor.name.toLowerCase()}`,
    },
  }
}

/** What somebody could do when they were first asked, beside what they can do now. */
function skillsTable({ first, newest }: Talk): DataTable | null {
  const rows = skillQuestions.flatMap((question) => {
    const before = first.find((answer) => answer.question === question.id)
    const now = newest.find((answer) => answer.question === question.id)
    if (!before || !now) return []
    const words = (answer: typeof before) => answerWords(question, { ...answer, words: '' })
    const isLater = now.id !== before.id
    return {
      cells: [
        { text: question.name },
        { text: words(before), hint: formatShortDate(before.said_on) },
        isLater ? { text: words(now), hint: formatShortDate(now.said_on) } : { text: 'Not asked again yet' },
      ],
    }
  })
  if (rows.length === 0) return null
  return {
    caption: 'What they can do, before and after',
    captionSize: 'm',
    columns: [{ text: 'What' }, { text: 'First' }, { text: 'Last' }],
    rows,
  }
}

export function howText(how: string): string {
  return howHeld.find(({ value }) => value === how)?.text ?? how
}

function heldTable(conversations: Conversation[], personId: number): DataTable | null {
  if (conversations.length === 0) return null
  return {
    caption: 'Conversations',
    captionSize: 'm',
    columns: [{ text: 'Held on' }, { text: 'How' }, { text: 'With' }, { text: 'To talk again' }],
    rows: conversations.map(({ id, held_on, how, staff_member, finished_at, review_on }) => ({
      cells: [
        { text: formatShortDate(held_on), href: heldUrl(personId, id) },
        { text: howText(how) },
        { text: staff_member },
        finished_at === null
          ? { tag: { text: 'Not finished', colour: 'blue' } }
          : { text: formatShortDate(review_on ?? londonDate(finished_at)) },
      ],
    })),
  }
}
