import { canBeLent, leftAs } from '../items/rules.ts'
import { londonDate, londonInstant, londonMidnightAfter } from '../lib/dates.ts'
import { explainScientific, isScientific } from '../lib/long-numbers.ts'
import { cleanCode, codeKey } from '../lib/text.ts'
import { nextWorkingDay } from '../lib/working-days.ts'
import { type AgreementWay, dueDateProblem, MOST_ITEMS, staysWhereItIs, unsupportedBy } from '../loans/rules.ts'
import type { LoanValues } from './loan-cells-rules.ts'
import type { LoanField } from './loan-fields-rules.ts'
import {
  borrowerKey,
  type KnownLending,
  type KnownLine,
  type LendableItem,
  lineKey,
  namesBorrowerOf,
} from './loan-known-rules.ts'
import { inTheWay, type Obstacle } from './loan-obstacles-rules.ts'
import { askedKey, type NewPerson, People } from './people-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'
import type { Places } from './words-rules.ts'

export type PlannedBorrower =
  | { serviceUserId: number }
  | { wardId: number }
  | { staffId: number }
  | { person: NewPerson }

export interface NewLoan {
  /** The line of its first item. */
  line: number
  items: { line: number; id: number; tag: string; category: string }[]
  borrower: PlannedBorrower
  who: string
  lentOn: string
  /** null: now. */
  lentAt: Date | null
  dueOn: string
  agreement: { way: AgreementWay; versionId: number; witness: string | null } | null
  unsupportedReason: string | null
  notes: string
  /** Who lent it; null where the file does not say. */
  lentBy: number | null
}

/** Everything a file of open loans would do. It is done only if `problems` is empty. */
export interface LoanPlan {
  kind: 'loans'
  /** Placements first, since what a ward has is lent on from there. */
  loans: NewLoan[]
  unchanged: { line: number; tag: string }[]
  /** Of those that stay as they are: rows of loans that ended before they came here. */
  endedRows: number
  newPeople: NewPerson[]
  problems: RowProblem[]
  rowsWithProblems: number
}

/** What is asked of one item. */
export interface WantedItem {
  itemId: number
  from: Date
  until: Date
  wardId: number | null
  /** Somebody who is known already, and may be on a ward. */
  serviceUserId: number | null
}

interface WantedRow {
  row: Row<LoanValues>
  item: LendableItem
  loan: Omit<NewLoan, 'items' | 'line'>
}

type Note = (field: LoanField, text: string) => void

/**
 * Works out what a file of open loans would do, row by row. A loan that we have, the same item with the same borrower from the same
 * day, stays as it is whatever else the row says, so that a file may come again after somebody extended it or took it back.
 */
export class LoanPlanner {
  readonly #known: KnownLending
  readonly #people: People
  readonly #places: Places
  readonly #now: Date
  readonly #today: string
  readonly #wanted: WantedRow[] = []
  readonly #unchanged: LoanPlan['unchanged'] = []
  readonly #problems: RowProblem[] = []
  readonly #lineOf = new Map<string, number>()
  #endedRows = 0
  #rowsWithProblems = 0

  constructor(known: KnownLending, places: Places, { now, today }: { now: Date; today: string }) {
    this.#known = known
    this.#people = new People(known.people, known.alike)
    this.#places = places
    this.#now = now
    this.#today = today
  }

  add(row: Row<LoanValues>): void {
    const problems = [...row.problems]
    const note: Note = (field, text) => problems.push(problemOf(row, field, text))
    if (row.values.endedOn !== undefined && problems.length === 0) {
      this.#leaveOut(row)
      return
    }
    for (const [field, text] of row.unread) note(field, text)
    const item = this.#findItem(row, note)
    if (item && this.#linesOf(row, item).some((line) => namesBorrowerOf(line, row.values))) {
      this.#keep(row, item)
      return
    }
    const borrower = this.#findBorrower(row, note)
    if (item && borrower && this.#linesOf(row, item).some((line) => borrowerKey(line) === borrower.key)) {
      this.#keep(row, item)
      return
    }
    const loan = this.#readLoan(row, item, borrower, note)
    if (item && borrower) this.#checkTwice(row, item, borrower, note)
    if (problems.length === 0 && item && loan) this.#wanted.push({ row, item, loan })
    else this.#refuse(problems)
  }

  /** What has to be free for this to be done. */
  get wanted(): WantedItem[] {
    return this.#wanted.map(({ item, loan }) => ({
      itemId: item.id,
      from: loan.lentAt ?? this.#now,
      until: londonMidnightAfter(loan.dueOn),
      wardId: 'wardId' in loan.borrower ? loan.borrower.wardId : null,
      serviceUserId: 'serviceUserId' in loan.borrower ? loan.borrower.serviceUserId : null,
    }))
  }

  /** `obstacles`: what stands in the way of what is `wanted`, by its place there. */
  finish(obstacles: ReadonlyMap<number, Obstacle>): LoanPlan {
    const free = this.#wanted.filter(({ row, item, loan }, at) => {
      const obstacle = obstacles.get(at)
      if (obstacle) this.#refuse([problemOf(row, 'tag', inTheWay(item.tag, loan, obstacle))])
      return obstacle === undefined
    })
    const problems = this.#problems.toSorted((a, b) => a.line - b.line)
    return {
      kind: 'loans',
      loans: asLoans(free),
      unchanged: this.#unchanged,
      endedRows: this.#endedRows,
      newPeople: this.#people.added,
      problems,
      rowsWithProblems: this.#rowsWithProblems,
    }
  }

  #leaveOut(row: Row<LoanValues>): void {
    this.#endedRows += 1
    this.#unchanged.push({ line: row.line, tag: row.cellOf('tag').value })
  }

  #keep({ line }: Row<LoanValues>, { tag }: LendableItem): void {
    this.#unchanged.push({ line, tag })
  }

  #refuse(problems: RowProblem[]): void {
    this.#problems.push(...problems)
    this.#rowsWithProblems += 1
  }

  #findItem(row: Row<LoanValues>, note: Note): LendableItem | undefined {
    const written = row.cellOf('tag').value
    const item = this.#known.items.get(codeKey(written))
    if (item) return item
    if (row.unread.has('tag')) return undefined
    if (cleanCode(written) === '') note('tag', 'Enter the asset tag')
    else if (isScientific(written)) note('tag', explainScientific('Asset tag', written))
    else note('tag', 'No item has this asset tag. Bring in the items before their loans')
    return undefined
  }

  #findBorrower(row: Row<LoanValues>, note: Note): (Pick<NewLoan, 'borrower' | 'who'> & { key: string }) | undefined {
    const { values, unread } = row
    const isSaid = (field: LoanField) => values[field] !== undefined || unread.has(field)
    const person = (['name', 'nhsNumber', 'dateOfBirth'] as const).find(isSaid)
    const said = [person && 'a person', isSaid('ward') && 'a ward', isSaid('staff') && 'a member of staff'].filter(
      Boolean,
    )
    if (said.length > 1) {
      note(isSaid('ward') ? 'ward' : 'staff', `This row names ${said.join(' and ')}. Leave only who has the item`)
      return undefined
    }
    if (said.length === 0) {
      note('name', 'Write who has the item: a person, a ward or a member of staff')
      return undefined
    }
    if (person) return this.#findPerson(row, note)
    return values.ward === undefined ? this.#findStaff(values.staff, note) : this.#ward(values.ward)
  }

  #ward(id: number) {
    return {
      borrower: { wardId: id },
      who: this.#places.list.find((place) => place.id === id)?.name ?? '',
      key: `ward ${id}`,
    }
  }

  #findStaff(email: string | undefined, note: Note) {
    if (email === undefined) return undefined
    const member = this.#known.staff.get(email)
    if (member && !member.has_left)
      return { borrower: { staffId: member.id }, who: member.name, key: `staff ${member.id}` }
    note('staff', member ? `${member.name} has left. They cannot have a loan` : 'No member of staff has this email')
    return undefined
  }

  #findPerson({ values, unread, line }: Row<LoanValues>, note: Note) {
    if (unread.has('name') || unread.has('nhsNumber') || unread.has('dateOfBirth')) return undefined
    const found = this.#people.find(values, line)
    if (found.error) {
      note(found.field ?? 'name', found.error.text)
      return undefined
    }
    const { known, added } = found.value
    if (known) return { borrower: { serviceUserId: known.id }, who: known.name, key: `person ${known.id}` }
    return { borrower: { person: added }, who: added.name, key: `new ${askedKey(added.name, added.date_of_birth)}` }
  }

  #linesOf({ values }: Row<LoanValues>, item: LendableItem): readonly KnownLine[] {
    return values.lentOn === undefined ? [] : (this.#known.lines.get(lineKey(item.id, values.lentOn)) ?? [])
  }

  #readLoan(
    { values, unread }: Row<LoanValues>,
    item: LendableItem | undefined,
    borrower: Pick<NewLoan, 'borrower' | 'who'> | undefined,
    note: Note,
  ): WantedRow['loan'] | undefined {
    const { lentOn, reviewOn, notes = '', unsupportedReason = null } = values
    if (lentOn === undefined && !unread.has('lentOn')) note('lentOn', 'Enter the day it was lent')
    if (reviewOn === undefined && !unread.has('reviewOn')) note('reviewOn', 'Enter the review date')
    if (item) checkItem(item, note)
    const lentBy = this.#findLender(values.lentBy, note)
    if (lentOn === undefined || reviewOn === undefined || item === undefined || borrower === undefined) return undefined
    const agreement = this.#readAgreement(values, lentOn, 'wardId' in borrower.borrower, note)
    const problem =
      reviewOn <= lentOn ? 'The review date must be after the day it was lent' : dueDateProblem(reviewOn, lentOn)
    if (problem) note('reviewOn', problem)
    const dueOn = problem ? reviewOn : nextWorkingDay(reviewOn)
    if (unsupportedReason === null && unsupportedBy([item], dueOn).length > 0) {
      note(
        'unsupportedReason',
        `The security updates of ${item.tag} end on or before the review date. Write why it is lent all the same`,
      )
    }
    const { borrower: to, who } = borrower
    const lentAt = this.#momentOf(lentOn, item)
    return { borrower: to, who, lentOn, lentAt, dueOn, agreement, unsupportedReason, notes, lentBy }
  }

  #findLender(email: string | undefined, note: Note): number | null {
    if (email === undefined) return null
    const member = this.#known.staff.get(email)
    if (!member) note('lentBy', 'No member of staff has this email. Empty the cell if you do not know')
    return member?.id ?? null
  }

  #readAgreement(
    { agreement: way, witness }: Row<LoanValues>['values'],
    lentOn: string,
    isToWard: boolean,
    note: Note,
  ): NewLoan['agreement'] {
    if (way === undefined) {
      if (witness !== undefined) note('agreement', 'Write Spoken here, or empty the witness')
      return null
    }
    if (isToWard) note('agreement', 'A ward accepts no agreement. Empty the cell')
    if (way === 'spoken' && witness === undefined) note('witness', 'Enter the name of the witness')
    const { agreements } = this.#known
    const version = agreements.findLast(({ created_on }) => created_on <= lentOn) ?? agreements[0]
    if (!version) note('agreement', 'There is no agreement here yet. Empty the cell')
    return { way, versionId: version?.id ?? 0, witness: way === 'spoken' ? (witness ?? null) : null }
  }

  /**
   * When a day gone by began for a loan: noon, or the moment it came back on that very day from whoever had it before.
   */
  #momentOf(lentOn: string, { last_ended_at }: LendableItem): Date | null {
    if (lentOn === this.#today) return null
    const noon = londonInstant(lentOn, '12:00').value ?? this.#now
    const lastEnded = last_ended_at === null ? noon : new Date(Date.parse(last_ended_at))
    return lastEnded > noon && londonDate(lastEnded) === lentOn ? lastEnded : noon
  }

  /** One item is with one borrower; what a ward has it may have lent on. */
  #checkTwice(
    { line }: Row<LoanValues>,
    item: LendableItem,
    { borrower }: Pick<NewLoan, 'borrower'>,
    note: Note,
  ): void {
    const key = `${'wardId' in borrower ? 'ward' : 'person'} ${item.id}`
    const first = this.#lineOf.get(key)
    if (first === undefined) this.#lineOf.set(key, line)
    else note('tag', `Lines ${first} and ${line} both have ${item.tag}. One of them must have ended`)
  }
}

function checkItem(item: LendableItem, note: Note): void {
  if (item.left_as !== null)
    note('tag', `${item.tag} is no longer ours: ${(leftAs[item.left_as] ?? item.left_as).toLowerCase()}`)
  else if (!canBeLent(item.category)) note('tag', staysWhereItIs(item.tag))
}

/** Rows with the same borrower, days, agreement and notes are one loan, as far as one loan goes. */
function asLoans(rows: readonly WantedRow[]): NewLoan[] {
  const groups = new Map<string, NewLoan[]>()
  for (const { row, item, loan } of rows) {
    const { borrower, lentOn, dueOn, agreement, notes, lentBy } = loan
    const key = JSON.stringify([borrower, lentOn, dueOn, agreement, notes, lentBy])
    const group = groups.get(key) ?? []
    groups.set(key, group)
    const part = { line: row.line, id: item.id, tag: item.tag, category: item.category }
    const open = group.at(-1)
    if (open && open.items.length < MOST_ITEMS) joinLoan(open, loan, part)
    else group.push({ ...loan, line: row.line, items: [part] })
  }
  const loans = [...groups.values()].flat()
  const isToWard = ({ borrower }: NewLoan) => 'wardId' in borrower
  return [...loans.filter(isToWard), ...loans.filter((loan) => !isToWard(loan))]
}

function joinLoan(loan: NewLoan, more: WantedRow['loan'], item: NewLoan['items'][number]): void {
  loan.items.push(item)
  if (loan.lentAt && more.lentAt && more.lentAt > loan.lentAt) loan.lentAt = more.lentAt
  const reasons = new Set([loan.unsupportedReason, more.unsupportedReason].filter((reason) => reason !== null))
  loan.unsupportedReason = reasons.size === 0 ? null : [...reasons].join('. ')
}
