import { formatShortDate } from '../lib/dates.ts'
import type { DataTable } from '../lib/view-model.ts'
import { needsCharger } from '../loans/rules.ts'
import { inWords } from './counting-rules.ts'
import type { LoanPlan, NewLoan } from './loan-plan-rules.ts'
import type { NewPerson } from './people-rules.ts'
import { count, listOf, type PlanShown, unchangedTable } from './plan-presenter.ts'

/** What a file of open loans would do, in words and tables. */
export function presentLoanPlan(plan: LoanPlan): PlanShown {
  const { loans, unchanged, newPeople } = plan
  const lent = loans.reduce((sum, { items }) => sum + items.length, 0)
  return {
    summary: [
      { key: 'New loans', value: count(loans.length) },
      { key: 'Items in them', value: count(lent) },
      { key: 'New service users', value: count(newPeople.length) },
      { key: 'Rows that change nothing', value: count(unchanged.length) },
    ],
    notes: notesOn(plan),
    table: null,
    lists: [
      listOf('New loans', loans, newLoansTable),
      listOf('New service users', newPeople, newPeopleTable),
      listOf('Rows that change nothing', unchanged, unchangedTable),
    ],
    button: loans.length === 0 ? null : `Import ${inWords(loans.length, 'loan')}`,
    nothingToDo: 'We have all of these loans already. There is nothing to import.',
  }
}

function notesOn({ loans, unchanged, endedRows, newPeople }: LoanPlan): string[] {
  const notes: string[] = []
  if (endedRows > 0) notes.push(`${inWords(endedRows, 'row')} left out, because the loan has ended.`)
  if (unchanged.length > endedRows) {
    notes.push('A loan that we have already stays as it is, also where the spreadsheet has another review date.')
  }
  if (newPeople.length > 0) {
    const are = newPeople.length === 1 ? 'is' : 'are'
    notes.push(`${inWords(newPeople.length, 'service user')} ${are} not here yet and will be added. Check the names.`)
  }
  const bare = loans.filter(({ items }) => needsCharger(items)).length
  if (bare > 0) {
    const have = bare === 1 ? 'has' : 'have'
    notes.push(`${inWords(bare, 'loan')} ${have} a device without a charger. Import only if they have one that fits.`)
  }
  return notes
}

type Table = Pick<DataTable, 'columns' | 'rows'>

function newLoansTable(loans: readonly NewLoan[]): Table {
  return {
    columns: [{ text: 'With' }, { text: 'Items' }, { text: 'Lent' }, { text: 'Review' }],
    rows: loans.map(({ who, borrower, items, lentOn, dueOn }) => ({
      cells: [
        { text: who, ...('person' in borrower && { hint: 'New service user' }) },
        { text: items.map(({ tag }) => tag).join(', ') },
        { text: formatShortDate(lentOn) },
        { text: formatShortDate(dueOn) },
      ],
    })),
  }
}

function newPeopleTable(people: readonly NewPerson[]): Table {
  return {
    columns: [{ text: 'Full name' }, { text: 'Date of birth' }, { text: 'Line' }],
    rows: people.map(({ name, date_of_birth, line }) => ({
      cells: [{ text: name }, { text: formatShortDate(date_of_birth) }, { text: String(line) }],
    })),
  }
}
