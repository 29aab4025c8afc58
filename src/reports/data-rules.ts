import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, partsOf } from './line-rules.ts'

const granted: Line = { id: 'granted', text: 'Data allowances given', counts: 'events' }

export const dataSet: LineSet = {
  lines: [
    granted,
    ...partsOf(granted, 'granted-kind', { sim: 'SIM', esim: 'eSIM', voucher: 'Voucher', hotspot: 'Hotspot plan' }),
    { id: 'granted-people', text: 'People who were given data', counts: 'people', within: granted.id },
    { id: 'ran-out', text: 'Data allowances that ran out', counts: 'people' },
  ],
  trueOnly: [],
}

const ids = (by: string) => dataSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const data: ReportPlan = {
  name: 'data',
  question: 'Do people have enough data?',
  sets: ['data'],
  measures: [
    {
      name: granted.text,
      counts:
        'Data allowances for service users that start in the period, by what they are, and the people they are for.',
      leavesOut: 'Allowances of wards and staff, and those that were called off.',
      unit: 'Allowances; people',
      why: 'A device without data ends a call.',
    },
    {
      name: 'Data allowances that ran out',
      counts:
        'Data allowances of service users of which somebody read in the period that nothing was left. One that ran out every month is one in a year.',
      leavesOut: 'Allowances that nobody reads: what ran out without being read is not known.',
      unit: 'Allowances',
      why: 'It says whether we give enough.',
    },
  ],
  answer: ({ period, words, figure }) => [
    `${period.name}: ${words('granted-people')} were given data. Allowances that ran out: ${figure('ran-out')}.`,
  ],
  tables: [
    { caption: 'Data given, and what ran out', lines: [granted.id, 'granted-people', 'ran-out'] },
    { caption: 'What was given', lines: ids('granted-kind'), shareOf: granted.id },
  ],
}
