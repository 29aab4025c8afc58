import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, part, partsOf } from './line-rules.ts'
import { waitWords } from './referral-rules.ts'

const met: Line = { id: 'met', text: 'Appointments where they met', counts: 'events' }
const inPerson: Line = { id: part('met-how', 'in-person'), text: 'In person', counts: 'events' }
const remote: Line = { id: part('met-how', 'remote'), text: 'By phone, video or text', counts: 'events' }

export const choiceSet: LineSet = {
  lines: [
    met,
    ...partsOf(met, 'choice', {
      'first-choice': 'In the way they like best',
      'other-choice': 'In another way that suits them',
      'not-chosen': 'In a way that is none of theirs',
      'not-asked': 'Nobody had asked what suits them',
    }),
    ...partsOf(met, 'met-how', { 'in-person': inPerson.text, remote: remote.text }),
    ...partsOf(inPerson, 'wait-in-person', waitWords),
    ...partsOf(remote, 'wait-remote', waitWords),
  ],
  trueOnly: [],
}

const ids = (by: string) => choiceSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const choice: ReportPlan = {
  name: 'choice',
  question: 'Do people meet in the way they chose?',
  sets: ['choice'],
  measures: [
    {
      name: met.text,
      counts:
        'Appointments that began in the period and where they met, by whether the way in which they met in the end is the first of those that the person had said suit them, another of them, or none of them. What they had said for that purpose when the appointment began counts; of a first appointment, what they had said for a first meeting.',
      leavesOut: 'Appointments that were called off, and those where they did not meet.',
      unit: 'Appointments',
      why: 'Remote care that nobody chose is not access. Nobody is asked why they choose face to face.',
    },
    {
      name: 'Wait for face to face against remote',
      counts:
        'The same appointments, by the days from the day the appointment was made to the day it began, in person (face to face or a visit at home) and remote.',
      leavesOut: 'The time before somebody made the appointment.',
      unit: 'Appointments, by days',
      why: 'A choice for which one waits much longer is none.',
    },
  ],
  answer: ({ period, words, figure, share }) => [
    `${period.name}: ${words(met.id, ['appointment', 'appointments'])} took place. In the way that the person likes best: ${figure(part('choice', 'first-choice'))}${share(part('choice', 'first-choice'), met.id)}. In a way that is none of theirs: ${figure(part('choice', 'not-chosen'))}${share(part('choice', 'not-chosen'), met.id)}.`,
  ],
  tables: [
    { caption: 'How people met, and what they had chosen', lines: [met.id, ...ids('choice')], shareOf: met.id },
    { caption: 'In person or not', lines: ids('met-how'), shareOf: met.id },
    { caption: 'How long they waited to meet in person', lines: ids('wait-in-person'), shareOf: inPerson.id },
    { caption: 'How long they waited to meet by phone, video or text', lines: ids('wait-remote'), shareOf: remote.id },
  ],
}
