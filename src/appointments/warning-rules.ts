import { formatInstant } from '../lib/dates.ts'
import { whenInWords } from './when-rules.ts'

/** Dr Khan has another appointment then: Monday 3 August 2026 at 10am, until 10:50am. Two people may have one name */
export function clinicianBusyInWords(clinician: string, other: { starts_at: string; ends_at: string }): string {
  return `${clinician} has another appointment then: ${whenInWords(other)}. It may be somebody else of the same name`
}

/** A call or session before an appointment that would come after it. */
export interface CallAfter {
  kind: string
  starts_at: string
}

/** What has to be rearranged when an appointment is moved before what prepares for it. */
export function callAfterInWords({ kind, starts_at }: CallAfter): string {
  const isTrial = kind === 'trial-run-call'
  const what = isTrial ? 'trial-run call' : 'training session'
  const next = isTrial ? 'It stands on the worklist until somebody arranges it again' : 'Somebody has to move it'
  return `Their ${what} is on ${formatInstant(starts_at)}, which is after it then. ${next}`
}
