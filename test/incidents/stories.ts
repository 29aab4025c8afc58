import type { Item, Loan } from '../../seeds/factories.ts'
import type { TestApp, Visitor } from '../support/app.ts'

export type Fields = Parameters<Visitor['post']>[1] & object

/** A report as the page would send it: of an item that nobody has, unless a line is named. */
export function reportFields(item: Pick<Item, 'id'>, fields: Fields = {}): Fields {
  return { key: crypto.randomUUID(), item: item.id, seen: 0, kind: 'lost', story: '', ...fields }
}

/** The line of a loan in which this item is. */
export function lineOf(loan: Loan, item: Pick<Item, 'id'>): number {
  const line = loan.lines.find(({ item_id }) => item_id === item.id)
  if (!line) throw new Error('It is not in that loan')
  return line.id
}

export function incidentIdIn(location: string | undefined): number {
  return Number(/^\/incidents\/(\d+)$/.exec(location ?? '')?.[1])
}

export function storedIncident({ db }: TestApp, id: number) {
  return db.selectFrom('incidents').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export function incidentsOf({ db }: TestApp, item: Pick<Item, 'id'>) {
  return db.selectFrom('incident_items').selectAll().where('item_id', '=', item.id).orderBy('incident_id').execute()
}

/** The tasks of an incident, in the order they were put down. */
export function storedTasks({ db }: TestApp, incidentId: number) {
  return db.selectFrom('incident_tasks').selectAll().where('incident_id', '=', incidentId).orderBy('id').execute()
}

export async function taskId(app: TestApp, incidentId: number, name: string): Promise<number> {
  const task = (await storedTasks(app, incidentId)).find((row) => row.task === name)
  if (!task) throw new Error(`Incident ${incidentId} has no task ${name}`)
  return task.id
}

export function storedItem({ db }: TestApp, item: Pick<Item, 'id'>) {
  return db
    .selectFrom('items')
    .select(['left_at', 'left_as', 'version'])
    .where('id', '=', item.id)
    .executeTakeFirstOrThrow()
}

export function storedLine({ db }: TestApp, id: number) {
  return db.selectFrom('loan_lines').select(['ended_at', 'ended_as']).where('id', '=', id).executeTakeFirstOrThrow()
}

/** What somebody has of an item now. */
export async function openHold({ db }: TestApp, item: Pick<Item, 'id'>) {
  return db
    .selectFrom('item_holds')
    .select(['id', 'kind', 'taken_at'])
    .where('item_id', '=', item.id)
    .where('taken_at', 'is not', null)
    .where('ended_at', 'is', null)
    .executeTakeFirst()
}

/** What the audit says of an incident, oldest first, without those who only looked. */
export function changesOf({ db }: TestApp, incidentId: number) {
  return db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'staff_id', 'service_user_id', 'details'])
    .where('subject_type', '=', 'incident')
    .where('subject_id', '=', incidentId)
    .where('verb', '<>', 'incident:viewed')
    .orderBy('audit_events.id')
    .execute()
}
