import { formatInstant, formatShortInstant } from '../lib/dates.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, Link, Page, Pagination, StateTag, SummaryRow, TimelineEntry } from '../lib/view-model.ts'
import type { Message, MessageFilter } from './queries.ts'
import { messageKinds, messageState, messageStates, type Outcome, outcomeWords } from './rules.ts'

export type MessagesPage = Page & {
  lead: string
  /** What is wrong with sending just now. */
  trouble: string | null
  tabs: (Link & { current: boolean })[]
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint?: string }
}

export interface MessagesShown {
  list: PageOf<Message>
  filter: MessageFilter
  lastTry: { outcome: string; reason: string | null; at: string } | undefined
}

const filterNames: Record<MessageFilter, string> = { all: 'All messages', stuck: 'Not sent' }

export function presentMessages({ list, filter, lastTry }: MessagesShown): MessagesPage {
  const pageUrl = (cursor: { after?: string; before?: string }) => urlOf(filter, cursor)
  return {
    title: 'Messages',
    lead: 'What this service sends to staff, and what became of it. Nobody else’s messages are here.',
    trouble: troubleOf(lastTry),
    tabs: (Object.keys(filterNames) as MessageFilter[]).map((name) => ({
      href: urlOf(name),
      text: filterNames[name],
      current: name === filter,
    })),
    table: list.rows.length === 0 ? null : messagesTable(list.rows, filter),
    pagination: {
      label: 'Messages',
      ...(list.previous && { previous: pageUrl({ before: list.previous }) }),
      ...(list.next && { next: pageUrl({ after: list.next }) }),
    },
    empty:
      filter === 'stuck'
        ? { text: 'Every message was sent, or is on its way.' }
        : { text: 'No message has been written yet.', hint: 'The first ones are invitations to new staff.' },
  }
}

function urlOf(filter: MessageFilter, cursor: { after?: string; before?: string } = {}): string {
  return listUrl('/messages', { ...(filter !== 'all' && { show: filter }), ...cursor })
}

/** The pages go on without a mail server, so it has to be said where somebody looks. */
function troubleOf(lastTry: MessagesShown['lastTry']): string | null {
  if (lastTry === undefined || lastTry.outcome === 'sent') return null
  if (lastTry.outcome === 'kept') {
    return 'No mail server is set up, so nothing leaves this service. Messages are kept here to read.'
  }
  const why = lastTry.reason === null ? '' : ` (${lastTry.reason})`
  return `Emails are not going out. The mail server was last tried on ${formatInstant(lastTry.at)}${why}. They wait, and go out by themselves when it is back.`
}

function messagesTable(rows: Message[], filter: MessageFilter): DataTable {
  return {
    caption: filter === 'all' ? 'The newest first' : 'Not sent, the newest first',
    columns: [{ text: 'Message' }, { text: 'To' }, { text: 'Written' }, { text: 'What became of it' }],
    rows: rows.map((message) => ({
      cells: [
        { text: kindWords(message.kind), href: messageUrl(message.id) },
        { text: message.to_name ?? 'Not kept any more', hint: message.to_address ?? undefined },
        { text: formatShortInstant(message.created_at) },
        { tag: tagOf(message) },
      ],
    })),
  }
}

export type MessagePage = Page & {
  caption: string
  state: StateTag
  about: SummaryRow[]
  subject: string | null
  paragraphs: string[][]
  whyHidden: string | null
  history: TimelineEntry[]
  /** Where the form that tries again is sent; null where there is nothing to try. */
  tryAgain: string | null
}

export interface MessageShown {
  message: Message & { body: string | null }
  deliveries: { at: string; outcome: string; reason: string | null }[]
  hasMailServer: boolean
  maySend: boolean
  now: Date
}

export function presentMessage({ message, deliveries, hasMailServer, maySend, now }: MessageShown): MessagePage {
  // with no mail server there is no other way to read it: that is for trying the service out
  const isHidden = message.is_secret && hasMailServer
  const canTryAgain =
    maySend && messageState(message.outcome) === 'stuck' && Date.parse(message.send_until) > now.getTime()
  return {
    title: kindWords(message.kind),
    caption: message.to_name ?? 'Not kept any more',
    back: { href: '/messages', text: 'Messages' },
    state: tagOf(message),
    about: [
      { key: 'To', value: message.to_address ?? 'Not kept any more' },
      { key: 'Written', value: formatInstant(message.created_at) },
      { key: 'Of use until', value: formatInstant(message.send_until) },
    ],
    subject: message.subject,
    paragraphs: isHidden || message.body === null ? [] : paragraphsOf(message.body),
    whyHidden: isHidden
      ? 'What it says is for the person it is sent to, and nobody else. It is not shown here.'
      : message.body === null
        ? 'What it said is not kept any more.'
        : null,
    history: deliveries.map(({ at, outcome, reason }) => ({
      at: formatInstant(at),
      datetime: new Date(at).toISOString(),
      text: `${outcomeWords[outcome as Outcome]}${reason === null ? '' : ` (${reason})`}`,
    })),
    tryAgain: canTryAgain ? `${messageUrl(message.id)}/again` : null,
  }
}

function paragraphsOf(body: string): string[][] {
  return body
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n'))
}

function tagOf({ outcome }: Pick<Message, 'outcome'>): StateTag {
  return messageStates[messageState(outcome)]
}

function kindWords(kind: string): string {
  return messageKinds[kind] ?? kind
}

function messageUrl(id: number): string {
  return `/messages/${id}`
}
