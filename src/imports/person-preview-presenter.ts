import { formatShortDate } from '../lib/dates.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import { inWords } from './counting-rules.ts'
import type { PersonPlan } from './person-plan-rules.ts'
import { count, listOf, type PlanShown } from './plan-presenter.ts'

/** What a file of people would do, in words and tables. */
export function presentPersonPlan({ newPeople, unchanged }: PersonPlan): PlanShown {
  return {
    summary: [
      { key: 'New service users', value: count(newPeople.length) },
      { key: 'Rows that change nothing', value: count(unchanged.length) },
    ],
    notes: [
      ...(unchanged.length > 0
        ? ['Somebody we have already stays as they are, also where the spreadsheet says something else.']
        : []),
      ...(newPeople.length > 0
        ? ['Nobody was asked yet how they may be contacted, so nothing is sent to them until somebody asks.']
        : []),
    ],
    table: null,
    lists: [
      listOf('New service users', newPeople, (people) => ({
        columns: ['Full name', 'Date of birth', 'NHS number', 'Line'].map((text) => ({ text })),
        rows: people.map(({ name, date_of_birth, nhs_number, line }) => ({
          cells: [
            { text: name },
            { text: formatShortDate(date_of_birth) },
            { text: nhs_number === null ? 'Not known' : formatNhsNumber(nhs_number) },
            { text: String(line) },
          ],
        })),
      })),
      listOf('Rows that change nothing', unchanged, (rows) => ({
        columns: [{ text: 'Full name' }, { text: 'Line' }],
        rows: rows.map(({ line, tag }) => ({ cells: [{ text: tag }, { text: String(line) }] })),
      })),
    ],
    button: newPeople.length === 0 ? null : `Import ${inWords(newPeople.length, 'service user')}`,
    nothingToDo: 'We have all of these people already. There is nothing to import.',
  }
}
