import { disruptionNames, outcomeNames } from '../appointments/words-rules.ts'
import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, part, partsOf } from './line-rules.ts'

const yesOrNo = { yes: 'Yes', no: 'No' }
const first: Line = { id: 'first', text: 'First appointments by phone, video or text', counts: 'events' }
const met: Line = { id: part('first-outcome', 'attended'), text: 'They met', counts: 'events' }
const ways = { phone: 'By phone', video: 'By video', text: 'By text messages or chat' }

export const firstAppointmentSet: LineSet = {
  lines: [
    first,
    ...partsOf(first, 'first-outcome', { ...outcomeNames, 'not-known': 'Nobody wrote down how it went' }),
    ...partsOf(first, 'first-way', ways),
    ...partsOf(first, 'first-device', yesOrNo),
    ...partsOf(first, 'first-training', yesOrNo),
    ...partsOf(first, 'first-trial', yesOrNo),
    ...partsOf(met, 'first-went', disruptionNames),
    { id: 'first-people', text: 'People who met', counts: 'people', within: met.id },
  ],
  trueOnly: [],
}

const ids = (by: string) => firstAppointmentSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const firstAppointments: ReportPlan = {
  name: 'first-appointments',
  question: 'Do people get to their first appointment by phone, video or text?',
  sets: ['first-appointments'],
  measures: [
    {
      name: first.text,
      counts:
        'First appointments by phone, video or text that were to begin in the period, by how they went. “They met” stands for every way in which they met in the end.',
      leavesOut:
        'Appointments that were called off, and those that were changed to face to face or a visit at home before.',
      unit: 'Appointments',
      why: 'A device helps nobody who does not get to see a clinician. That somebody could not connect is our failure, and never counted as not attending.',
    },
    {
      name: 'What was ready in time',
      counts:
        'Of the same appointments: whether the person had a tablet, smartphone or laptop from us when it began, had come to a training session before, and had passed a trial call before.',
      leavesOut: 'A device of their own, and training by anybody else. Not everybody needs each of these.',
      unit: 'Appointments',
      why: 'These are the steps that we take so that it works.',
    },
    {
      name: 'People who met',
      counts: 'People who met somebody at such an appointment in the period. Somebody who met twice is one person.',
      leavesOut: 'Everybody of whom nobody wrote down how it went.',
      unit: 'People',
      why: 'It is what the money is for: see what money buys.',
    },
  ],
  answer: ({ period, words, figure, share }) => [
    `${period.name}: ${words(first.id, ['first appointment', 'first appointments'])} by phone, video or text. They met: ${figure(met.id)}${share(met.id, first.id)}. They could not connect: ${figure(part('first-outcome', 'could-not-connect'))}.`,
  ],
  tables: [
    {
      caption: 'How first appointments went',
      lines: [first.id, ...ids('first-outcome'), 'first-people'],
      shareOf: first.id,
    },
    { caption: 'By which way', lines: ids('first-way'), shareOf: first.id },
    { caption: 'Had a device from us', lines: ids('first-device'), shareOf: first.id },
    { caption: 'Had come to training', lines: ids('first-training'), shareOf: first.id },
    { caption: 'Had passed a trial call', lines: ids('first-trial'), shareOf: first.id },
    { caption: 'What went wrong where they met', lines: ids('first-went'), shareOf: met.id },
  ],
}
