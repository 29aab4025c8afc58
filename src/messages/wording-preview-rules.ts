import { addDays, londonInstant, londonToday } from '../lib/dates.ts'
import { type EmailLine, paragraphsOf } from './email-html-rules.ts'
import { type Sender, valuesOf, writeMessage } from './occasion-words-rules.ts'
import type { WordedKind } from './ours-rules.ts'
import { partsOf } from './text-rules.ts'
import type { Known, Values, Wording, WordingForm } from './wording-rules.ts'

/** A message as it would read to somebody who does not exist. */
export interface MessagePreview {
  form: WordingForm
  /** Whether they agreed that the organisation says who it is. */
  agreed: boolean
  from: string | null
  subject: string
  paragraphs: EmailLine[][]
  plain: string
  /** How many texts it takes; null where it is none. */
  parts: string | null
}

interface Asked {
  kind: WordedKind
  form: WordingForm
  /** The organisation's own words, saved or only typed so far, and which of them give it away. */
  known: Known
  organisation: string
  now: Date
}

/**
 * The same message to two people who do not exist: one who did not agree that we say who we are and, where that makes a difference,
 * one who did.
 */
export function previewsOf(asked: Asked): MessagePreview[] {
  const [neutral, agreed] = [previewOf(asked, false), previewOf(asked, true)]
  return agreed.plain === neutral.plain ? [neutral] : [neutral, agreed]
}

function previewOf({ kind, form, known, organisation, now }: Asked, namesService: boolean): MessagePreview {
  const { values, to } = invented(now, organisation)
  const { subject, body } = writeMessage({ kind, known, values, to, how: { namesService } }, form)
  const parts = partsOf(body)
  return {
    form,
    agreed: namesService,
    from: form === 'email' ? to.sender : null,
    subject,
    paragraphs: paragraphsOf(body),
    plain: body,
    parts: form === 'text' ? `${[...body].length} characters: ${parts === 1 ? '1 text' : `${parts} texts`}` : null,
  }
}

/** Nobody real: a day next week, a member of staff, a person. */
export function invented(now: Date, organisation: string): { values: Values; to: Sender } {
  const about_on = addDays(londonToday(now), 7)
  const about_at = londonInstant(about_on, '14:30').value?.toISOString() ?? null
  const sender = 'Alex Morgan'
  const values = valuesOf({ about_at, about_on, sender, detail: 'video' })
  const link = 'https://example.org/how-is-it-going/this-is-only-an-example'
  const guide = 'https://example.org/read/this-is-only-an-example'
  return { values: { ...values, link, guide }, to: { toName: 'Kim', sender, organisation } }
}

/** What an organisation has instead of ours, where it has none of it. */
export const noOwn: Record<keyof Wording, null> = { subject: null, body: null, text: null, letter: null }
