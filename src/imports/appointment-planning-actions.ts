import type { Database } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import { type AppointmentValues, appointmentCells } from './appointment-cells-rules.ts'
import { type AppointmentPlan, AppointmentPlanner } from './appointment-plan-rules.ts'
import { listDied, listMeetings } from './appointment-queries.ts'
import { findPeopleAlike, findPeopleByNhsNumber, listStaffByEmail } from './lending-queries.ts'
import type { Mapping } from './mapping-rules.ts'
import { askedKey } from './people-rules.ts'
import { type Row, rowReader } from './rows-rules.ts'
import type { PlanOptions, Sheet } from './sheet-actions.ts'
import type { Vocabulary } from './words-rules.ts'

/** Works out what a file of appointments would do: five queries, however many rows. */
export async function planAppointments(
  db: Database,
  scope: Scope,
  { sheet, mapping }: { sheet: Sheet; mapping: Mapping },
  { now, vocabulary, onProgress = () => {} }: PlanOptions & { vocabulary: Vocabulary },
): Promise<AppointmentPlan> {
  const read = rowReader(appointmentCells, sheet.headings, mapping.columns, vocabulary)
  const rows: Row<AppointmentValues>[] = []
  await sheet.eachRow((row) => rows.push(read(row)))
  const planner = new AppointmentPlanner(await knownOf(db, scope, rows, now), now)
  for (const row of rows) planner.add(row)
  onProgress(rows.length)
  return planner.finish()
}

async function knownOf(db: Database, scope: Scope, rows: readonly Row<AppointmentValues>[], now: Date) {
  const numbers = new Set(rows.flatMap(({ values }) => values.nhsNumber ?? []))
  const people = await findPeopleByNhsNumber(db, scope, [...numbers])
  const asked = rows.flatMap(({ values: { name, dateOfBirth } }) =>
    name === undefined || dateOfBirth === undefined ? [] : [{ name, dateOfBirth }],
  )
  const alike = await findPeopleAlike(db, scope, asked)
  const emails = new Set(rows.flatMap(({ values }) => values.clinician ?? []))
  const staff = await listStaffByEmail(db, scope, [...emails])
  const ids = [...new Set([...people, ...alike].map(({ id }) => id))]
  return {
    people: new Map(people.map((person) => [person.nhs_number ?? '', person])),
    alike: Map.groupBy(alike, ({ at }) => askedKey(asked[at - 1]?.name ?? '', asked[at - 1]?.dateOfBirth ?? '')),
    staff: new Map(staff.map((member) => [member.email, member])),
    died: await listDied(db, scope, ids),
    meetings: await listMeetings(db, scope, { ids, now }),
  }
}
