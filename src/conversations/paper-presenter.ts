import type { Page } from '../lib/view-model.ts'
import type { ContactFacts } from '../safe-contact/kinds-rules.ts'
import { addressToUse, mayContact, recipientOf } from '../safe-contact/rules.ts'
import { talkUrl } from './links-rules.ts'
import type { Question } from './question-kinds-rules.ts'
import { parts } from './question-rules.ts'

export type PaperPage = Page & {
  /** On screen alone: whether it may be posted. */
  posting: string
  questions: { ask: string; options: string[]; line: boolean }[]
  reference: string
}

interface PaperFor {
  id: number
  state: string
  parent_contact: string | null
  contact: ContactFacts
}

/**
 * The first questions in large print, on two sides. It names neither the person nor us, and asks nothing that somebody else at
 * home should not read: questions about safety are only ever spoken.
 */
export function presentPaper(person: PaperFor, now: Date): PaperPage {
  const recipient = recipientOf(person, person.contact)
  const mayPost = mayContact(recipient, addressToUse(recipient, 'post'), 'post', 'information', now)
  return {
    title: 'How would you like to meet us?',
    back: { href: talkUrl(person.id), text: 'Conversation' },
    largePrint: true,
    posting: mayPost.yes
      ? 'They said that letters are fine. Use a plain envelope.'
      : 'Do not post this: they have not said that letters are safe. Give it to them yourself.',
    questions: (parts[0]?.questions ?? []).filter(({ isOnlySpoken }) => !isOnlySpoken).map(onPaper),
    reference: String(person.id),
  }
}

function onPaper({ ask, options, kind }: Question): PaperPage['questions'][0] {
  return {
    ask,
    options: kind === 'list' ? [] : options.map(({ text }) => text),
    line: kind === 'list',
  }
}
