import type { Database } from '../../src/database/connection.ts'
import { type PlannedTask, type TaskName, tasksAfterFound, taskText } from '../../src/incidents/playbook-rules.ts'
import { incidentKinds } from '../../src/incidents/rules.ts'
import { addDays } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import { stepsFor } from '../../src/turnaround/rules.ts'
import { insertAll } from '../factories/example.ts'
import { type Incident, type IncidentStory, writeIncidents } from '../factories/incidents.ts'
import type { Item } from '../factories/items.ts'
import type { Loan } from '../factories/loans.ts'
import { lastWorkingDay, minutesAfter, timeOn } from './days.ts'
import type { Past, PastEvent } from './history.ts'
import type { MadeLoan } from './lending.ts'

type Tale = Pick<Past, 'trust' | 'stock' | 'stories' | 'loans'>

/**
 * What befell things on loan, each with its playbook: what is long ago is finished; of what was reported in the last days
 * some is done, some is due and some is overdue. One thing was missing from its shelf yesterday, and one that was lost long
 * ago has been found. Gives what the audit tells of it.
 */
export async function reportLosses(db: Database, tale: Tale, today: string): Promise<PastEvent[]> {
  const stories = tale.stories.flatMap((loan, at) => storiesOf(loan, tale.loans[at]!, today))
  stories.sort((one, other) => one.reportedAt.getTime() - other.reportedAt.getTime())
  const missing = await missFromTheShelf(db, tale, today)
  const told = [...stories, ...missing]
  const incidents = await writeIncidents(db, told)
  const events = incidents.flatMap((incident, at) => eventsOf(incident, told[at]!, tale))
  return [...events, ...(await findOne(db, incidents, told, tale, today))]
}

/** What is older than this is done with. */
const finishedAfterDays = 14

/** What of one loan was lost, stolen or broken at one moment. */
function storiesOf(loan: MadeLoan, { id, lines, ward_id, staff_id }: Loan, today: string): IncidentStory[] {
  return (['lost', 'stolen', 'damaged'] as const).flatMap((kind) => {
    const gone = lines.filter((line) => line.ended_as === kind)
    const ends = loan.lines.map(({ end }) => end).find((end) => end?.as === kind)
    if (gone.length === 0 || ends === undefined) return []
    const isOld = ends.at < timeOn(addDays(today, -finishedAfterDays), 9, 0)
    return [
      {
        organisationId: loan.organisationId,
        kind,
        holder: ward_id === null ? (staff_id === null ? 'person' : 'staff') : 'ward',
        loanId: id,
        reportedAt: ends.at,
        reportedBy: loan.lentBy,
        ownedBy: loan.lentBy,
        items: gone.map((line) => ({
          item: loan.lines.find(({ item }) => item.id === line.item_id)!.item as Item,
          lineId: line.id,
        })),
        story: whatHappened[kind][id % whatHappened[kind].length],
        crimeReference: kind === 'stolen' && isOld ? `CAD ${1000 + id}` : '',
        done: (task: PlannedTask) => doneBy(task, isOld, loan.lentBy, ends.at),
      },
    ]
  })
}

const whatHappened = {
  lost: ['Left on a bus.', 'It was not in the bag after moving house.', 'Last seen in the waiting room.'],
  stolen: ['Taken from a bag in a café.', 'The room was broken into.', 'Taken from a coat in the day room.'],
  damaged: ['It fell into water and does not start.', 'It fell down the stairs. The screen is in pieces.'],
}

/** What was done at once although the incident is new. */
const firstDone: readonly TaskName[] = ['reach-person', 'lock']

function doneBy({ task, dueAt }: PlannedTask, isOld: boolean, by: number, reportedAt: Date) {
  if (!isOld && !firstDone.includes(task)) return null
  const half = (dueAt.getTime() - reportedAt.getTime()) / 2
  return { at: new Date(reportedAt.getTime() + half), by, note: notes[task] ?? '' }
}

const notes: Partial<Record<TaskName, string>> = {
  'reach-person': 'They use a neighbour’s phone until then, and said that is fine.',
  'suspend-sim': 'Suspended by the provider on the phone.',
  'report-governance': 'It was locked and encrypted. No further report needed.',
  replacement: 'Another one was lent the same week.',
}

const small: readonly string[] = ['headset', 'accessory', 'charger', 'sim']

/** Yesterday afternoon the shelf was counted, and something small that was never lent was not on it. */
async function missFromTheShelf(
  db: Database,
  { trust, stock, stories }: Tale,
  today: string,
): Promise<IncidentStory[]> {
  const lent = new Set(stories.flatMap(({ lines }) => lines.map(({ item }) => item.id)))
  const inKits = new Set(stock.kits.flatMap(({ items }) => items.map(({ id }) => id)))
  const item = stock.items.find(({ id, category }) => small.includes(category) && !lent.has(id) && !inKits.has(id))
  if (item === undefined) return []
  const at = timeOn(lastWorkingDay(addDays(today, -1)), 16, 40)
  await db.updateTable('items').set({ left_at: at, left_as: 'lost' }).where('id', '=', item.id).execute()
  const by = trust.champions[0]!.id
  const whole = { organisationId: trust.organisation.id, kind: 'lost', holder: 'nobody', loanId: null } as const
  const story = 'Missing at stock check'
  return [{ ...whole, reportedAt: at, reportedBy: by, ownedBy: by, items: [{ item, lineId: null }], story }]
}

/** The first thing that was ever lost was handed in 6 working days ago, put right and made ready. */
async function findOne(
  db: Database,
  incidents: Incident[],
  told: IncidentStory[],
  tale: Tale,
  today: string,
): Promise<PastEvent[]> {
  const at = incidents.findIndex(({ kind, loan_id }) => kind === 'lost' && loan_id !== null)
  const [incident, story, finder] = [incidents[at], told[at], tale.trust.champions[1]]
  const item = story?.items[0]?.item
  const foundAt = timeOn(addWorkingDays(today, -6), 11, 15)
  if (!incident || !story || !item || !finder || foundAt <= story.reportedAt) return []
  await db
    .updateTable('incident_items')
    .set({ found_at: foundAt, found_by: finder.id })
    .where('incident_id', '=', incident.id)
    .where('item_id', '=', item.id)
    .execute()
  await db.updateTable('items').set({ left_at: null, left_as: null }).where('id', '=', item.id).execute()
  await makeReady(db, item, finder.id, foundAt)
  const tasks = await putRight(db, incident, item, finder.id, foundAt)
  const about = aboutOf(incident, story, tale)
  const found = { ...about, at: foundAt, by: finder.id, verb: 'incident:found', details: { items: [item.tag] } }
  return [found, ...doneEvents({ ...incident, tasks }, story, tale)]
}

/** What was locked and suspended is not any more, an hour after it was found. */
async function putRight(db: Database, incident: Incident, item: Item, by: number, foundAt: Date) {
  const rows = tasksAfterFound(incident.tasks, [item.id], true, foundAt).map(({ task, itemId, dueAt }) => ({
    organisation_id: incident.organisation_id,
    incident_id: incident.id,
    task,
    item_id: itemId,
    due_at: dueAt,
    owned_by: by,
    done_at: minutesAfter(foundAt, 60),
    done_by: by,
  }))
  return insertAll(db, 'incident_tasks', rows)
}

async function makeReady(db: Database, item: Item, by: number, foundAt: Date): Promise<void> {
  const { organisation_id, id: item_id, category } = item
  const readyAt = minutesAfter(foundAt, 90)
  const [hold] = await insertAll(db, 'item_holds', [
    { organisation_id, item_id, kind: 'turnaround', taken_at: foundAt },
  ])
  const steps = stepsFor(category).map((step) => ({
    organisation_id,
    hold_id: hold!.id,
    step,
    done_at: readyAt,
    done_by: by,
    method: step === 'wiped' ? 'factory-reset' : null,
  }))
  await insertAll(db, 'turnaround_steps', steps)
  const over = { ended_at: readyAt, ended_as: 'ready' }
  await db.updateTable('item_holds').set(over).where('id', '=', hold!.id).execute()
}

function eventsOf(incident: Incident, story: IncidentStory, tale: Tale): PastEvent[] {
  const reported = {
    ...aboutOf(incident, story, tale),
    at: story.reportedAt,
    by: story.reportedBy,
    verb: 'incident:reported',
    details: {
      kind: incidentKinds[story.kind].text,
      items: story.items.map(({ item }) => item.tag),
      story: story.story ?? '',
      crime_reference: story.crimeReference ?? '',
    },
  }
  return [reported, ...doneEvents(incident, story, tale)]
}

function doneEvents(incident: Incident, story: IncidentStory, tale: Tale): PastEvent[] {
  const tags = new Map(story.items.map(({ item }) => [item.id, item.tag]))
  const done = incident.tasks.filter(({ done_at }) => done_at !== null)
  return done.map(({ task, item_id, note, done_at, done_by }) => ({
    ...aboutOf(incident, story, tale),
    at: done_at!,
    by: done_by!,
    verb: 'incident:task-done',
    details: { task: taskText(task, story.holder), ...(item_id !== null && { item: tags.get(item_id) }), note },
  }))
}

function aboutOf(incident: Incident, story: IncidentStory, { loans }: Tale) {
  const person = loans.find(({ id }) => id === story.loanId)?.service_user_id
  return {
    organisationId: story.organisationId,
    subject: ['incident', incident.id] as ['incident', number],
    ...(person && { serviceUserId: person }),
  }
}
