import { type KnownPerson, type NewPerson, People, type PersonAlike } from './people-rules.ts'
import type { PersonValues } from './person-cells-rules.ts'
import type { PersonField } from './person-fields-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'

/** Everything a file of people would do. It is done only if `problems` is empty. */
export interface PersonPlan {
  kind: 'people'
  newPeople: NewPerson[]
  /** People we have: their records stay as they are, whatever else the row says. */
  unchanged: { line: number; tag: string }[]
  problems: RowProblem[]
  rowsWithProblems: number
}

/** What there is already that a file of people may name. */
export interface KnownPeople {
  people: ReadonlyMap<string, KnownPerson>
  /** By `askedKey`. */
  alike: ReadonlyMap<string, readonly PersonAlike[]>
}

/**
 * Works out what a file of people would do, row by row. Whoever is here already stays as they are; whoever is only much
 * like somebody here is an error that says who, since a person has to look first.
 */
export class PersonPlanner {
  readonly #people: People
  readonly #unchanged: PersonPlan['unchanged'] = []
  readonly #problems: RowProblem[] = []
  #rowsWithProblems = 0

  constructor({ people, alike }: KnownPeople) {
    this.#people = new People(people, alike)
  }

  add(row: Row<PersonValues>): void {
    const problems = [...row.problems]
    for (const [field, text] of row.unread) problems.push(problemOf(row, field, text))
    const note = (field: PersonField, text: string) => problems.push(problemOf(row, field, text))
    if (problems.length === 0) this.#find(row, note)
    if (problems.length === 0) return
    this.#problems.push(...problems)
    this.#rowsWithProblems += 1
  }

  #find(row: Row<PersonValues>, note: (field: PersonField, text: string) => void): void {
    const { name, dateOfBirth } = row.values
    if (name === undefined) note('name', 'Enter the full name')
    if (dateOfBirth === undefined) note('dateOfBirth', 'Enter the date of birth')
    if (name === undefined || dateOfBirth === undefined) return
    const found = this.#people.find(row.values, row.line)
    if (found.error) {
      note((found.field ?? 'name') as PersonField, found.error.text)
      return
    }
    const { known, added } = found.value
    if (known) this.#unchanged.push({ line: row.line, tag: known.name })
    else if (added.line !== row.line) note('name', `Lines ${added.line} and ${row.line} are the same person. Leave one`)
  }

  finish(): PersonPlan {
    return {
      kind: 'people',
      newPeople: this.#people.added,
      unchanged: this.#unchanged,
      problems: this.#problems,
      rowsWithProblems: this.#rowsWithProblems,
    }
  }
}
