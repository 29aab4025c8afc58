import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { InputField, Link, Page, RadiosField } from '../lib/view-model.ts'
import { requestUrl } from './presenter.ts'
import type { AccessRequest } from './queries.ts'
import { type Decided, decisions, type ReviewItem } from './rules.ts'
import { valueLines } from './words-rules.ts'

export type ReviewPage = Page & {
  name: string
  lead: string
  action: string
  show: string
  items: {
    heading: string
    label: string
    lines: string[]
    hidden: { id: string; print: string; itemName: string; printName: string }
    /** None where the request is closed: what was decided stands, and is told in `decided`. */
    answer: { decision: RadiosField; note: InputField } | null
    decided: string | null
  }[]
  more: Link | null
  isOpen: boolean
}

export interface ReviewShown extends FormShown {
  request: AccessRequest
  /** Those of this page. */
  items: ReviewItem[]
  decided: ReadonlyMap<string, Decided>
  left: number
  show: 'left' | 'decided'
  /** Where the next page begins; none after the last. */
  next: number | null
}

/** Things to read, a few at a time, each with what is decided about it. */
export function presentReview({ request, items, decided, left, show, next, ...form }: ReviewShown): ReviewPage {
  const url = requestUrl(request.id)
  const isOpen = request.closed_at === null
  const saved = Object.fromEntries(
    items.flatMap((item, at) => {
      const one = decided.get(item.id)
      return one
        ? [
            [`decision-${at + 1}`, one.decision],
            [`note-${at + 1}`, one.note],
          ]
        : []
    }),
  )
  const field = formFields({ values: form.values ?? saved, errors: form.errors ?? [] })
  return {
    title: show === 'left' ? 'Read before it is given' : 'What was decided',
    name: request.name,
    back: { href: url, text: 'The request' },
    errors: form.errors,
    lead:
      left === 0
        ? 'Everything is decided.'
        : `${left} ${left === 1 ? 'thing is' : 'things are'} left. Give what is about the person; leave out what is about somebody else who did not agree, or would do serious harm.`,
    action: `${url}/review${show === 'decided' ? '?show=decided' : ''}`,
    show,
    items: items.map((item, at) => ({
      heading: item.section.title,
      label: item.label,
      lines: valueLines(item.value, item.as),
      hidden: { id: item.id, print: item.print, itemName: `item-${at + 1}`, printName: `print-${at + 1}` },
      answer: isOpen
        ? {
            decision: field.radios(
              `decision-${at + 1}`,
              `What becomes of this? (${item.label})`,
              Object.entries(decisions).map(([value, text]) => ({ value, text })),
              { small: true },
            ),
            note: field.input(`note-${at + 1}`, 'If it is left out, why?', {
              hint: 'Only information governance reads this',
            }),
          }
        : null,
      decided: isOpen ? null : decidedText(decided.get(item.id)),
    })),
    more:
      next === null
        ? null
        : { href: listUrl(`${url}/review`, { ...(show === 'decided' && { show }), from: next }), text: 'More' },
    isOpen,
  }
}

function decidedText(one: Decided | undefined): string | null {
  if (!one) return null
  const words = decisions[one.decision as keyof typeof decisions]
  return one.note === '' ? words : `${words}. ${one.note}`
}
