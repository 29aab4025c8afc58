import { breakdowns } from '../caseload-counts/rules.ts'
import { type Line, type LineSet, partsOf } from './line-rules.ts'

export const PEOPLE = 'people'
/** What people are divided by in reports; where somebody is now says nothing of where they were then. */
export const equityBreakdowns = breakdowns.filter(({ id }) => id !== 'everybody' && id !== 'inpatient')

const people: Line = { id: PEOPLE, text: 'People helped', counts: 'people' }

export const peopleSet: LineSet = {
  lines: [
    people,
    ...equityBreakdowns.flatMap(({ id, groups }) =>
      partsOf(people, id, Object.fromEntries(groups.map((group) => [group.id, group.name]))),
    ),
  ],
  trueOnly: [],
}
