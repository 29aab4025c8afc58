import type { StateTag } from '../lib/view-model.ts'
import type { Fixer } from './requirement-rules.ts'
import type { Readiness } from './rules.ts'
import type { Status } from './status-rules.ts'

export const statusTags: Readonly<Record<Status, StateTag>> = {
  met: { text: 'Done', colour: 'green' },
  'not-met': { text: 'To do', colour: 'yellow' },
  'not-known': { text: 'To ask', colour: 'blue' },
  'not-needed': { text: 'Not needed', colour: 'grey' },
}

export const fixerNames: Readonly<Record<Fixer, string>> = {
  champion: 'Digital champion',
  either: 'Champion or care team',
}

/** A few words for a list. They say what we still have to do, and nothing about the person. */
export function readinessTag({ state, open }: Pick<Readiness, 'state' | 'open'>): StateTag {
  if (state === 'ready') return { text: 'Ready', colour: 'green' }
  if (state === 'too-late') return { text: 'Not in time', colour: 'orange' }
  if (state === 'ask-first') return { text: 'Ask now', colour: 'orange' }
  return { text: `${open.length} to do`, colour: 'yellow' }
}

/** What is to do, in one line: the first few, and how many more. */
export function openInWords({ open, late, unsure }: Pick<Readiness, 'open' | 'late' | 'unsure'>): string {
  const inOrder = [...new Set([...late, ...unsure, ...open])].map(({ requirement }) => requirement.name)
  const [first = '', ...others] = inOrder
  const shown = [first, ...others.slice(0, 1).map((name) => name.charAt(0).toLowerCase() + name.slice(1))].join('; ')
  return inOrder.length > 2 ? `${shown}; and ${inOrder.length - 2} more` : shown
}
