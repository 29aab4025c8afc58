import { appointmentUrl } from '../appointments/links-rules.ts'
import { type Way, wayNames } from '../appointments/words-rules.ts'
import { formatShortInstant } from '../lib/dates.ts'
import type { TableRow } from '../lib/view-model.ts'
import type { DueAppointments } from '../readiness/queries.ts'
import { readinessOf } from '../readiness/rules.ts'
import { openInWords, readinessTag } from '../readiness/words-rules.ts'
import { trialCallUrl } from '../trial-calls/links-rules.ts'

/** Those of the appointments that begin soon that are not ready: who, what is left, when, and the page on which it is done. */
export function notReadyRows(soon: DueAppointments['soon'], now: Date): TableRow[] {
  return soon.flatMap((facts) => {
    const readiness = readinessOf(facts, now)
    if (readiness.state === 'ready') return []
    return [
      {
        cells: [
          { text: facts.service_user, href: `/service-users/${facts.service_user_id}` },
          { text: openInWords(readiness) },
          { text: formatShortInstant(facts.starts_at), hint: wayNames[facts.way as Way], tag: readinessTag(readiness) },
          { text: 'Get it ready', href: appointmentUrl(facts.id), visuallyHiddenText: `with ${facts.service_user}` },
        ],
      },
    ]
  })
}

/** Trial-run calls that wait for their result, or that come after the appointment since that was moved. */
export function trialRows(trials: DueAppointments['trials'], now: Date): TableRow[] {
  return trials.map((trial) => {
    const isOver = Date.parse(trial.ends_at) <= now.getTime()
    const link = isOver ? 'Write down how it went' : 'Arrange it again'
    return {
      cells: [
        { text: trial.service_user, href: trialCallUrl(trial.id) },
        { text: isOver ? 'Trial-run call' : 'Trial-run call after its appointment' },
        { text: formatShortInstant(trial.starts_at) },
        { text: link, href: trialCallUrl(trial.id), visuallyHiddenText: `with ${trial.service_user}` },
      ],
    }
  })
}

/** Appointments that are over, and of which nobody has written down how they went. */
export function outcomeRows(waiting: DueAppointments['waiting']): TableRow[] {
  return waiting.map(({ id, service_user, way, ends_at }) => ({
    cells: [
      { text: service_user, href: appointmentUrl(id) },
      { text: wayNames[way as Way] },
      { text: formatShortInstant(ends_at), hint: 'When it ended' },
      {
        text: 'Write down how it went',
        href: appointmentUrl(id, 'outcome'),
        visuallyHiddenText: `with ${service_user}`,
      },
    ],
  }))
}
