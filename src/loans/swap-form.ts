import { accepted, type FieldError, type Parsed, rejected, type Typed, typedValues, versionOf } from '../lib/fields.ts'
import { cleanLine, cleanText, isLongerThan } from '../lib/text.ts'
import { needsCharger, unsupportedBy } from './rules.ts'

/** What is put in the place of an item, and what became of that. */
export interface SwapForm {
  version: number
  /** It came back as it was, or broken: then its story says how. */
  old: 'returned' | 'broken'
  story: string
  withoutCharger: boolean
  unsupportedReason: string | null
}

interface NewItem {
  tag: string
  category: string
  support_ends_on: string | null
}

export function swapValues(body: unknown): Typed {
  return typedValues(body, ['new-item', 'old', 'story', 'without-charger', 'unsupported-reason'])
}

/**
 * Reads the swap form against the new item, where one was found (else `problem` says why not), and everything that will
 * then be in the loan. Gives every mistake at once.
 */
export function parseSwap(
  body: unknown,
  found: { item: NewItem; problem: null } | { item: null; problem: string },
  after: { items: { category: string }[]; hadNoCharger: boolean; supportedUntil: string },
): Parsed<SwapForm> {
  const values = swapValues(body)
  const errors: FieldError[] = []
  const reason = cleanLine(values['unsupported-reason'])
  if (found.problem !== null) errors.push({ field: 'new-item', text: found.problem })
  if (found.item) errors.push(...deviceErrors(values, found.item, after, reason))
  if (values.old !== 'returned' && values.old !== 'broken') {
    errors.push({ field: 'old', text: 'Choose what became of the old one' })
  }
  const story = cleanText(values.story)
  if (values.old === 'broken' && story === '') errors.push({ field: 'story', text: 'Say what is wrong with it' })
  if (isLongerThan(story, 2000)) errors.push({ field: 'story', text: 'What is wrong must be 2,000 characters or less' })
  if (errors.length > 0) return rejected(errors, values)
  return accepted(
    {
      version: versionOf(body),
      old: values.old === 'broken' ? 'broken' : 'returned',
      story: values.old === 'broken' ? story : '',
      withoutCharger: values['without-charger'] === 'yes',
      unsupportedReason: reason || null,
    },
    values,
  )
}

function deviceErrors(
  values: Typed,
  item: NewItem,
  after: { items: { category: string }[]; hadNoCharger: boolean; supportedUntil: string },
  reason: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (needsCharger(after.items) && !after.hadNoCharger && values['without-charger'] !== 'yes') {
    errors.push({ field: 'without-charger', text: 'Confirm that they have a charger' })
  }
  if (unsupportedBy([item], after.supportedUntil).length > 0 && reason === '') {
    errors.push({
      field: 'unsupported-reason',
      text: `Say why you lend ${item.tag} although its security updates end`,
    })
  }
  if (isLongerThan(reason, 500)) {
    errors.push({ field: 'unsupported-reason', text: 'The reason must be 500 characters or less' })
  }
  return errors
}
