import { wayNames } from '../appointments/words-rules.ts'
import { formatShortInstant } from '../lib/dates.ts'
import type { AppointmentPlan } from './appointment-plan-rules.ts'
import { inWords } from './counting-rules.ts'
import { count, listOf, type PlanShown } from './plan-presenter.ts'

/** What a file of appointments would do, in words and tables. A link to join stands in no list. */
export function presentAppointmentPlan({ appointments, unchanged }: AppointmentPlan): PlanShown {
  return {
    summary: [
      { key: 'New appointments', value: count(appointments.length) },
      { key: 'Rows that change nothing', value: count(unchanged.length) },
    ],
    notes: [
      ...(unchanged.length > 0
        ? ['An appointment that is here already, of the same person at the same time, stays as it is.']
        : []),
      ...(appointments.length > 0 ? ['Nobody is told by this. Look at each for what is still to be agreed.'] : []),
    ],
    table: null,
    lists: [
      listOf('New appointments', appointments, (rows) => ({
        columns: ['Who', 'When', 'How', 'With', 'Line'].map((text) => ({ text })),
        rows: rows.map(({ who, order, line }) => ({
          cells: [
            { text: who },
            { text: formatShortInstant(order.startsAt) },
            { text: wayNames[order.way] },
            { text: order.clinician || 'Not written down' },
            { text: String(line) },
          ],
        })),
      })),
      listOf('Rows that change nothing', unchanged, (rows) => ({
        columns: [{ text: 'Full name' }, { text: 'Line' }],
        rows: rows.map(({ line, tag }) => ({ cells: [{ text: tag }, { text: String(line) }] })),
      })),
    ],
    button: appointments.length === 0 ? null : `Import ${inWords(appointments.length, 'appointment')}`,
    nothingToDo: 'We have all of these appointments already. There is nothing to import.',
  }
}
