import { categories } from '../items/rules.ts'
import type { ReportPlan } from './content-rules.ts'
import { helped } from './helped-rules.ts'
import { OPEN } from './lending-rules.ts'
import { PEOPLE } from './people-rules.ts'

export const reach: ReportPlan = {
  name: 'reach',
  question: 'How many people do we reach?',
  sets: ['people', 'lending'],
  measures: [
    helped,
    {
      name: 'Loans started',
      counts: 'Loans to service users of which the first item was handed over in the period.',
      leavesOut: 'Loans to wards and staff, and loans that were planned and never handed over.',
      unit: 'Loans',
      why: 'How much lending there was: one person may have several loans.',
    },
    {
      name: 'Loans ended',
      counts: 'Loans to service users of which the last item came back, was given, or was written off in the period.',
      leavesOut: 'Loans of which anything is still out, or still to be handed over.',
      unit: 'Loans',
      why: 'People lose access when loans end: set it beside what was given to keep.',
    },
    {
      name: 'Loans open at the end',
      counts: 'Loans to service users that had begun and not ended when the period was over.',
      leavesOut:
        'It is not published: together with the loans that began and ended it would tell small numbers that are hidden.',
      unit: 'Loans',
      why: 'How many people have something now that will have to come back, be extended or be given.',
    },
    {
      name: 'Items given to keep',
      counts: 'Items on loan to service users that became theirs in the period.',
      leavesOut: 'Items given by wards or staff.',
      unit: 'Items',
      why: 'A gift is access that does not end.',
    },
    {
      name: 'Items handed over',
      counts: 'Items handed to service users in the period, by what they are. An item lent twice counts twice.',
      leavesOut: 'Items placed with a ward, or lent to staff.',
      unit: 'Items',
      why: 'What people need and are given, for buying the right things next.',
    },
  ],
  answer: ({ period, before, words }) => [
    `${period.name}: we helped ${words(PEOPLE)}. ${before.name}: ${words(PEOPLE, undefined, before)}.`,
  ],
  tables: [
    { caption: 'People and loans', lines: [PEOPLE, 'loans', 'ended', OPEN, 'gifts', 'items'] },
    {
      caption: 'Items handed over, by category',
      lines: Object.keys(categories).map((code) => `category:${code}`),
      shareOf: 'items',
    },
  ],
}
