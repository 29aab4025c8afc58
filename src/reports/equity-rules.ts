import type { Content, Definition, Report } from './content-rules.ts'
import { type CaseloadShown, groupName, groupShares, groupTables, leastChart, type Share } from './group-rules.ts'
import { helped } from './helped-rules.ts'
import { PEOPLE } from './people-rules.ts'
import { inWords } from './words-rules.ts'

export const equity: Definition = {
  name: 'equity',
  question: 'Do we reach everybody alike?',
  sets: ['people'],
  measures: [
    helped,
    {
      name: 'Share of the caseload',
      counts: 'People helped of a group, as above.',
      outOf:
        'People of that group on the caseload of the whole organisation, as it was last counted before the end of the period. It is said where nobody has counted.',
      leavesOut:
        'No share is given of fewer than 20 people, where either number is hidden, or where more were helped than were counted.',
      unit: 'Percent, with the range that holds the true share in 95 of 100 such counts (Wilson)',
      why: 'Age, language, disability and poverty lower the use of remote care. A group with a range below everybody’s is reached less.',
    },
    {
      name: 'Groups',
      counts:
        'Age on the last day of the financial year. Gender, ethnic group, disability, interpreter, housing, asylum and deprivation (1 is the most deprived tenth of neighbourhoods) as they are written down today.',
      leavesOut: 'Somebody who was not asked, or prefers not to say, is under “Not known”.',
      unit: 'People',
      why: 'The same groups as the caseload is counted by, so that the words above and below the line are the same.',
    },
  ],
}

/** Whether everybody is reached alike: each group's share of its people on the caseload, beside everybody's. */
export function equityReport(content: Content, caseload: CaseloadShown | null): Report {
  const { figures, period } = content
  const { everybody, groups, less } = groupShares(content, caseload, { whole: PEOPLE, prefix: '' })
  return {
    answer: [
      `${period.name}: we helped ${inWords(figures.of(PEOPLE, period), figures.areTrue)}.`,
      answerOf(caseload, everybody, less.map(groupName)),
    ],
    tables: groupTables(groups, 'People helped'),
    chart: leastChart(groups, 'The groups that are reached least: share of their people on the caseload', period.name),
  }
}

function answerOf(caseload: CaseloadShown | null, everybody: Share | null, less: readonly string[]): string {
  if (!caseload)
    return 'Nobody has counted the caseload before the end of this period, so we cannot say which groups are reached less.'
  if (!everybody)
    return 'There is no share of the whole caseload to compare with, so we cannot say which groups are reached less.'
  if (less.length === 0)
    return `That is ${everybody.percent}% of the caseload. No group is clearly reached less than that.`
  return `That is ${everybody.percent}% of the caseload. Clearly reached less than that: ${less.join('; ')}.`
}
