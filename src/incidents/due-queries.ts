import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import type { BorrowerFacts } from '../loans/borrowers-rules.ts'
import type { Reach } from '../service-users/reach-queries.ts'
import { borrower, borrowerColumns, isOpenTask } from './queries.ts'
import { andOfIncidentInReach } from './reach-queries.ts'
import type { IncidentKind } from './rules.ts'

export interface DueTaskRow extends BorrowerFacts {
  task_id: number
  incident_id: number
  kind: IncidentKind
  task: string
  tag: string | null
  tags: string[]
  due_at: string
  owner: string
}

/** What is due by a moment, or overdue, the oldest first: for the worklist, as part of its statement. */
export function dueTasks(actor: Reach, until: Date, limit: number): RawBuilder<DueTaskRow> {
  return sql<DueTaskRow>`
    select open.id as task_id, open.incident_id, incidents.kind, open.task, items.tag,
           array(
             select every_item.tag from incident_items join items every_item on every_item.id = incident_items.item_id
             where incident_items.incident_id = open.incident_id order by every_item.id
           ) as tags,
           open.due_at, owner.name as owner, ${borrowerColumns}
    from (
      select id, incident_id, task, item_id, due_at, owned_by from incident_tasks
      where organisation_id = ${actor.organisationId} and ${isOpenTask} and due_at <= ${until}
        ${andOfIncidentInReach(actor, 'incident_tasks.incident_id')}
      order by due_at, id
      limit ${limit}
    ) open
    join incidents on incidents.id = open.incident_id
    join staff owner on owner.id = open.owned_by
    left join items on items.id = open.item_id
    ${borrower(actor)}
    order by open.due_at, open.id`
}

/** The same by itself, for a worklist that asks nothing else. */
export async function listDueTasks(db: Database, actor: Actor, until: Date, limit: number): Promise<DueTaskRow[]> {
  return (await dueTasks(actor, until, limit).execute(db)).rows
}
