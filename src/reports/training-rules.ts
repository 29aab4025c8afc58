import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, part, partsOf } from './line-rules.ts'

const planned: Line = { id: 'sessions', text: 'Training sessions', counts: 'events' }
const came: Line = { id: part('session-end', 'came'), text: 'They came', counts: 'events' }

export const trainingSet: LineSet = {
  lines: [
    planned,
    ...partsOf(planned, 'session-end', {
      came: came.text,
      'did-not-come': 'They did not come',
      'not-known': 'Nobody wrote down how it went',
    }),
    ...partsOf(came, 'confidence', {
      more: 'More sure than before',
      same: 'As sure as before',
      less: 'Less sure than before',
      'not-asked': 'Not asked before and after',
    }),
    { id: 'trained', text: 'People who came', counts: 'people', within: came.id },
  ],
  trueOnly: [],
}

const ids = (by: string) => trainingSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const training: ReportPlan = {
  name: 'training',
  question: 'Does training make people surer?',
  sets: ['training'],
  measures: [
    {
      name: planned.text,
      counts:
        'Training sessions with service users that were to begin in the period, by whether they came, and the people who came.',
      leavesOut: 'Sessions that were called off. The training of staff.',
      unit: 'Sessions; people',
      why: 'Skills and confidence shut out as many as devices do.',
    },
    {
      name: 'How sure they are',
      counts:
        'Sessions to which they came, by whether they said afterwards that they were more, less or as sure as before, from 1 to 5.',
      leavesOut: 'No mean is made: a step from 1 to 2 is not one from 4 to 5.',
      unit: 'Sessions',
      why: 'It is they who say whether it helped.',
    },
  ],
  answer: ({ period, words, figure, share }) => [
    `${period.name}: ${words('trained')} came to training. More sure afterwards: ${figure(part('confidence', 'more'))} of the sessions${share(part('confidence', 'more'), came.id)}.`,
  ],
  tables: [
    { caption: 'Training sessions', lines: [planned.id, ...ids('session-end'), 'trained'] },
    { caption: 'How sure people were afterwards', lines: ids('confidence'), shareOf: came.id },
  ],
}
