import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { IncidentItems, Incidents, IncidentTasks } from '../../src/database/schema.ts'
import { type PlannedTask, playbook } from '../../src/incidents/playbook-rules.ts'
import { type Holder, type IncidentKind, isLoss } from '../../src/incidents/rules.ts'
import { exampleNow, insertAll } from './example.ts'
import { availableItem, type Item } from './items.ts'
import { type LoanOverrides, loanTo } from './loan-states.ts'
import type { LoanLine } from './loans.ts'
import { organisationIdOr } from './places.ts'
import { staffMember } from './staff.ts'

export type IncidentTask = Selectable<IncidentTasks>
export type Incident = Selectable<Incidents> & { tasks: IncidentTask[] }

/** What befell items that are gone from the stock already, or were never in it; and what was done about it so far. */
export interface IncidentStory {
  organisationId: number
  kind: IncidentKind
  holder: Holder
  loanId: number | null
  reportedAt: Date
  reportedBy: number
  ownedBy: number
  items: { item: Item; lineId: number | null }[]
  happenedOn?: string
  story?: string
  crimeReference?: string
  /** When and by whom each task was done; null for what is still to do. */
  done?: (task: PlannedTask) => { at: Date; by: number; note?: string } | null
}

/** Writes incidents with their items and the tasks of the playbook. */
export async function writeIncidents(db: Database, stories: IncidentStory[]): Promise<Incident[]> {
  const incidents = await insertAll(db, 'incidents', stories.map(incidentRow))
  const told = incidents.map((incident, at) => ({ incident, story: stories[at]! }))
  await insertAll(
    db,
    'incident_items',
    told.flatMap(({ incident, story }) => itemRows(incident, story)),
  )
  const rows = told.flatMap(({ incident, story }) => taskRows(incident, story))
  const tasks = await insertAll(db, 'incident_tasks', rows)
  return incidents.map((incident) => ({
    ...incident,
    tasks: tasks.filter((task) => task.incident_id === incident.id),
  }))
}

function incidentRow(story: IncidentStory): Insertable<Incidents> {
  return {
    organisation_id: story.organisationId,
    kind: story.kind,
    loan_id: story.loanId,
    reported_at: story.reportedAt,
    reported_by: story.reportedBy,
    happened_on: story.happenedOn ?? null,
    story: story.story ?? '',
    crime_reference: story.crimeReference ?? '',
  }
}

function itemRows(
  { id, kind, organisation_id }: Selectable<Incidents>,
  story: IncidentStory,
): Insertable<IncidentItems>[] {
  return story.items.map(({ item, lineId }) => ({
    organisation_id,
    incident_id: id,
    kind,
    item_id: item.id,
    loan_line_id: lineId,
  }))
}

function taskRows({ id, organisation_id }: Selectable<Incidents>, story: IncidentStory): Insertable<IncidentTasks>[] {
  const items = story.items.map(({ item }) => ({ ...item, isPlanned: false }))
  return playbook(story.kind, story.holder, items, story.reportedAt).map((task) => {
    const done = story.done?.(task) ?? null
    return {
      organisation_id,
      incident_id: id,
      task: task.task,
      item_id: task.itemId,
      due_at: task.dueAt,
      owned_by: story.ownedBy,
      done_at: done?.at ?? null,
      done_by: done?.by ?? null,
      note: done?.note ?? '',
    }
  })
}

export type IncidentOverrides = LoanOverrides & {
  kind?: 'lost' | 'stolen' | 'damaged'
  reportedAt?: Date
  reportedBy?: number
  ownedBy?: number
  story?: string
}

/** A smartphone and its SIM were stolen from the person who had them, and nothing has been done in the three hours since. */
export async function stolenOnLoan(
  db: Database,
  overrides: IncidentOverrides = {},
): Promise<Incident & { items: Item[]; lines: LoanLine[] }> {
  const { kind = 'stolen', reportedAt, reportedBy, ownedBy, story, now = exampleNow, ...lent } = overrides
  const organisationId = await organisationIdOr(
    db,
    lent.organisationId ?? lent.serviceUser?.organisation_id ?? lent.items?.[0]?.organisation_id,
  )
  const items = lent.items ?? (await phoneWithSim(db, organisationId))
  const loan = await loanTo(db, { isWithoutCharger: true, now, ...lent, organisationId, items })
  const at = reportedAt ?? new Date(now.getTime() - 3 * 3_600_000)
  const byId = reportedBy ?? lent.lentBy?.id ?? (await staffMember(db, { organisation_id: organisationId })).id
  await endAs(db, loan.lines, kind, at)
  const [incident] = await writeIncidents(db, [
    {
      organisationId,
      kind,
      holder: lent.ward ? 'ward' : lent.staff ? 'staff' : 'person',
      loanId: loan.id,
      reportedAt: at,
      reportedBy: byId,
      ownedBy: ownedBy ?? byId,
      items: items.map((item, place) => ({ item, lineId: loan.lines[place]!.id })),
      story: story ?? (isLoss(kind) ? 'It was in a bag on the bus.' : 'It fell into the bath.'),
    },
  ])
  return { ...incident!, items, lines: loan.lines }
}

async function phoneWithSim(db: Database, organisation_id: number): Promise<Item[]> {
  return [
    await availableItem(db, { organisation_id, category: 'smartphone' }),
    await availableItem(db, { organisation_id, category: 'sim' }),
  ]
}

async function endAs(db: Database, lines: LoanLine[], as: string, at: Date): Promise<void> {
  const ids = lines.map(({ id }) => id)
  const itemIds = lines.map(({ item_id }) => item_id)
  await db.updateTable('loan_lines').set({ ended_at: at, ended_as: as }).where('id', 'in', ids).execute()
  await db.updateTable('items').set({ left_at: at, left_as: as }).where('id', 'in', itemIds).execute()
}

/** A shelf was counted, and a tablet that nobody had was not there. */
export async function missingFromTheShelf(
  db: Database,
  overrides: { item?: Item; reportedBy?: number } = {},
): Promise<Incident> {
  const item = overrides.item ?? (await availableItem(db))
  const { organisation_id: organisationId } = item
  const at = new Date(exampleNow.getTime() - 3_600_000)
  const by = overrides.reportedBy ?? (await staffMember(db, { organisation_id: organisationId })).id
  await db.updateTable('items').set({ left_at: at, left_as: 'lost' }).where('id', '=', item.id).execute()
  const [incident] = await writeIncidents(db, [
    {
      organisationId,
      kind: 'lost',
      holder: 'nobody',
      loanId: null,
      reportedAt: at,
      reportedBy: by,
      ownedBy: by,
      items: [{ item, lineId: null }],
    },
  ])
  return incident!
}
