import { formatDate, formatShortDate, londonDate } from '../lib/dates.ts'
import type { Link, SummaryRow } from '../lib/view-model.ts'
import { becauseOf, type Flag, whatShutsOut } from './flag-rules.ts'
import { talkUrl } from './links-rules.ts'
import type { Suggestion } from './queries.ts'
import { isStep, type Step, steps } from './step-rules.ts'
import { type Decision, decisions, decisionWords, isWaiting } from './suggestion-rules.ts'

export interface SuggestionsShown {
  waiting: {
    text: string
    why: string
    link: Link | null
    /** Null where whoever looks may not decide. */
    action: string | null
    step: string
    version: number
    buttons: { value: Decision; text: string; visuallyHiddenText: string }[]
  }[]
  decided: SummaryRow[]
}

interface Suggested {
  personId: number
  flags: Flag[]
  suggestions: Suggestion[]
  today: string
  mayChange: boolean
}

/** What could be done, each once however many reasons there are for it: what waits, and what somebody decided. */
export function presentSuggestions({ personId, flags, suggestions, today, mayChange }: Suggested): SuggestionsShown {
  const shutting = whatShutsOut(flags)
  const reasonOf = (one: Suggestion) =>
    shutting.find((flag) => flag.factor.id === one.factor && becauseOf(flag) === one.because)
  const standing = suggestions.filter((one) => isStep(one.step) && reasonOf(one))
  const byStep = Map.groupBy(standing, ({ step }) => step as Step)
  const inOrder = [...new Set(shutting.flatMap((flag) => flag.steps))].filter((step) => byStep.has(step))
  const isOpen = (step: Step) => byStep.get(step)?.some((one) => isWaiting(one, today)) ?? false
  return {
    waiting: inOrder.filter(isOpen).map((step) => {
      const rows = byStep.get(step) ?? []
      return {
        text: steps[step].text,
        why: `${[...new Set(rows.flatMap((one) => reasonOf(one)?.says ?? []))].join('. ')}.`,
        link: stepLink(step, personId),
        action: mayChange ? `${talkUrl(personId)}/suggestions/${step}` : null,
        step,
        version: Math.max(...rows.map(({ id }) => id)),
        buttons: decisions.map((value) => ({
          ...{ value, text: decisionWords[value].button },
          visuallyHiddenText: steps[step].text,
        })),
      }
    }),
    decided: inOrder.filter((step) => !isOpen(step)).map((step) => decidedRow(step, byStep.get(step) ?? [])),
  }
}

function decidedRow(step: Step, rows: Suggestion[]): SummaryRow {
  const lines = rows.map(({ decision, decided_at, staff_member, until }) => {
    const { text } = decisionWords[decision ?? 'done']
    const when = decided_at === null ? '' : ` on ${formatDate(londonDate(decided_at))}`
    const comesBack = until === null ? '' : `, to look at again on ${formatShortDate(until)}`
    return `${text}: ${staff_member}${when}${comesBack}`
  })
  return { key: steps[step].text, lines: [...new Set(lines)] }
}

/** Where a step is done, for those that are done here. */
function stepLink(step: Step, personId: number): Link | null {
  if (step === 'lend') return { href: `/loans/new?service-user=${personId}`, text: 'Lend to this person' }
  if (step === 'safe-contact') {
    return { href: `/service-users/${personId}/safe-contact`, text: 'How we may contact them' }
  }
  if (step === 'signpost') return { href: `/service-users/${personId}/signposts`, text: 'Print the list' }
  if (step === 'other-way' || step === 'home-visit') {
    return { href: `/service-users/${personId}/preferences`, text: 'How they want to meet' }
  }
  return null
}
