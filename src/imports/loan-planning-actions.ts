import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { cleanCode, codeKey } from '../lib/text.ts'
import {
  findLendableItems,
  findLinesBegun,
  findObstacles,
  findPeopleAlike,
  findPeopleByNhsNumber,
  listAgreementVersions,
  listStaffByEmail,
} from './lending-queries.ts'
import type { LoanValues } from './loan-cells-rules.ts'
import { loanCells } from './loan-cells-rules.ts'
import { type KnownLending, type LendableItem, lineKey } from './loan-known-rules.ts'
import { type LoanPlan, LoanPlanner } from './loan-plan-rules.ts'
import type { Mapping } from './mapping-rules.ts'
import { askedKey } from './people-rules.ts'
import { type Row, rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import type { Vocabulary } from './words-rules.ts'

/** Works out what a file of open loans would do: seven queries, however many rows. */
export async function planLoans(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { now, vocabulary, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<LoanPlan> {
  const read = rowReader(loanCells, sheet.headings, mapping.columns, vocabulary)
  const rows: Row<LoanValues>[] = []
  await sheet.eachRow((row) => rows.push(read(row)))

  const planner = new LoanPlanner(await findKnown(db, scope, rows), vocabulary.places, { now, today: vocabulary.today })
  for (const row of rows) planner.add(row)
  const obstacles = await findObstacles(db, scope, planner.wanted)
  onProgress(rows.length)
  return planner.finish(new Map(obstacles.map((obstacle) => [obstacle.at - 1, obstacle])))
}

async function findKnown(db: Database, scope: Scope, rows: readonly Row<LoanValues>[]): Promise<KnownLending> {
  const items = await findItems(db, scope, rows)
  const asked = peopleAsked(rows)
  const alike = await findPeopleAlike(db, scope, asked)
  const emails = saidIn(rows, ({ staff, lentBy }) => [staff, lentBy])
  const staff = await listStaffByEmail(db, scope, emails)
  const nhsNumbers = saidIn(rows, ({ nhsNumber }) => [nhsNumber])
  const people = await findPeopleByNhsNumber(db, scope, nhsNumbers)
  const lines = await findLinesBegun(db, scope, daysAsked(rows, items))
  return {
    items,
    people: new Map(people.map((person) => [person.nhs_number ?? '', person])),
    alike: Map.groupBy(alike, ({ at }) => askedKey(asked[at - 1]?.name ?? '', asked[at - 1]?.dateOfBirth ?? '')),
    staff: new Map(staff.map((member) => [member.email, member])),
    lines: Map.groupBy(lines, ({ item_id, began_on }) => lineKey(item_id, began_on)),
    agreements: await listAgreementVersions(db, scope),
  }
}

async function findItems(
  db: Database,
  scope: Scope,
  rows: readonly Row<LoanValues>[],
): Promise<Map<string, LendableItem>> {
  const tags = [...new Set(rows.map((row) => cleanCode(row.cellOf('tag').value)))].filter((tag) => tag !== '')
  const found = await findLendableItems(db, scope, tags)
  return new Map(found.map((item) => [codeKey(tags[item.at - 1] ?? ''), item]))
}

function saidIn(
  rows: readonly Row<LoanValues>[],
  pick: (values: Partial<LoanValues>) => (string | undefined)[],
): string[] {
  return [...new Set(rows.flatMap(({ values }) => pick(values)))].filter((text) => text !== undefined)
}

/** Each name and date of birth once. */
function peopleAsked(rows: readonly Row<LoanValues>[]): { name: string; dateOfBirth: string }[] {
  const asked = new Map<string, { name: string; dateOfBirth: string }>()
  for (const { values } of rows) {
    const { name, dateOfBirth } = values
    if (name !== undefined && dateOfBirth !== undefined) asked.set(askedKey(name, dateOfBirth), { name, dateOfBirth })
  }
  return [...asked.values()]
}

function daysAsked(rows: readonly Row<LoanValues>[], items: ReadonlyMap<string, LendableItem>) {
  const asked = new Map<string, { itemId: number; day: string }>()
  for (const row of rows) {
    const item = items.get(codeKey(row.cellOf('tag').value))
    const day = row.values.lentOn
    if (item && day !== undefined) asked.set(lineKey(item.id, day), { itemId: item.id, day })
  }
  return [...asked.values()]
}
