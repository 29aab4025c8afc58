import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { findPeopleAlike, findPeopleByNhsNumber } from './lending-queries.ts'
import type { Mapping } from './mapping-rules.ts'
import { askedKey } from './people-rules.ts'
import { type PersonValues, personCells } from './person-cells-rules.ts'
import { type PersonPlan, PersonPlanner } from './person-plan-rules.ts'
import { type Row, rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import type { Vocabulary } from './words-rules.ts'

/** Works out what a file of people would do: two queries, however many rows. */
export async function planPeople(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { vocabulary, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<PersonPlan> {
  const read = rowReader(personCells, sheet.headings, mapping.columns, vocabulary)
  const rows: Row<PersonValues>[] = []
  await sheet.eachRow((row) => rows.push(read(row)))
  const numbers = new Set(rows.flatMap(({ values }) => values.nhsNumber ?? []))
  const people = await findPeopleByNhsNumber(db, scope, [...numbers])
  const asked = rows.flatMap(({ values: { name, dateOfBirth } }) =>
    name === undefined || dateOfBirth === undefined ? [] : [{ name, dateOfBirth }],
  )
  const alike = await findPeopleAlike(db, scope, asked)
  const planner = new PersonPlanner({
    people: new Map(people.map((person) => [person.nhs_number ?? '', person])),
    alike: Map.groupBy(alike, ({ at }) => askedKey(asked[at - 1]?.name ?? '', asked[at - 1]?.dateOfBirth ?? '')),
  })
  for (const row of rows) planner.add(row)
  onProgress(rows.length)
  return planner.finish()
}
