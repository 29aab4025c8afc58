import { parseInstant } from '../lib/dates.ts'
import type { StateTag, TagColour } from '../lib/view-model.ts'

interface KindRule {
  text: string
  colour: TagColour
  /** What to know before choosing it on the form. */
  hint: string
}

/** What may befall an item. The table incidents holds the same words. */
export const incidentKinds = {
  lost: {
    text: 'Lost',
    colour: 'orange',
    hint: 'Nobody knows where it is. It leaves the stock until it is found.',
  },
  stolen: {
    text: 'Stolen',
    colour: 'orange',
    hint: 'Somebody took it. It leaves the stock until it is found.',
  },
  damaged: {
    text: 'Damaged beyond use',
    colour: 'orange',
    hint: 'It cannot be put right. It leaves the stock for good.',
  },
  repairable: {
    text: 'Damaged, can be put right',
    colour: 'yellow',
    hint: 'It is back with us, or handed in now. It is made ready or repaired before anyone has it again.',
  },
  found: {
    text: 'Found again',
    colour: 'green',
    hint: 'It comes back into the stock, and is made ready before anyone has it.',
  },
} as const satisfies Record<string, KindRule>

export type IncidentKind = keyof typeof incidentKinds

export function isIncidentKind(text: string): text is IncidentKind {
  return Object.hasOwn(incidentKinds, text)
}

export function kindTag(kind: string): StateTag {
  return isIncidentKind(kind)
    ? { text: incidentKinds[kind].text, colour: incidentKinds[kind].colour }
    : { text: kind, colour: 'grey' }
}

/** Whether the item is gone and may turn up again. */
export function isLoss(kind: string): boolean {
  return kind === 'lost' || kind === 'stolen'
}

/** What can be said of an item: one that is lost can only be found; a room or a bay is never lost. */
export function kindsFor(item: { category: string; left_as: string | null }): IncidentKind[] {
  if (item.left_as !== null) return isLoss(item.left_as) ? ['found'] : []
  const isFixed = item.category === 'locker-bay' || item.category === 'private-room'
  return isFixed ? ['damaged', 'repairable'] : ['lost', 'stolen', 'damaged', 'repairable']
}

/** Said to whoever reports something, and beside every incident. It is a promise: nothing here charges or bars anybody. */
export const kindness = 'These things happen. Nobody pays for it, and everybody can borrow again.'

/** Who had the items when it happened. */
export type Holder = 'person' | 'ward' | 'staff' | 'nobody'

export function holderOf(loan: {
  service_user_id: number | null
  ward_id: number | null
  staff_id: number | null
}): Holder {
  if (loan.service_user_id !== null) return 'person'
  if (loan.ward_id !== null) return 'ward'
  return loan.staff_id === null ? 'nobody' : 'staff'
}

/** How a task stands. */
export const taskStates = {
  done: { text: 'Done', colour: 'green' },
  dropped: { text: 'Not needed any more', colour: 'grey' },
  overdue: { text: 'Overdue', colour: 'red' },
  // with a space that does not break, for the narrow column of a task list
  'to-do': { text: 'To\u00a0do', colour: 'blue' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type TaskState = keyof typeof taskStates

/** What is due at this very moment is not late yet. */
export function taskState(
  task: { due_at: string; done_at: string | null; dropped_at: string | null },
  now: Date,
): TaskState {
  if (task.done_at !== null) return 'done'
  if (task.dropped_at !== null) return 'dropped'
  return parseInstant(task.due_at) < now ? 'overdue' : 'to-do'
}

/** An incident is open while something is left to do, and by nothing else. */
export const incidentStates = {
  overdue: { text: 'Overdue', colour: 'red' },
  open: { text: 'Things to do', colour: 'blue' },
  finished: { text: 'Nothing left to do', colour: 'grey' },
} as const satisfies Record<string, { text: string; colour: TagColour }>

export type IncidentState = keyof typeof incidentStates

export function incidentState({
  open_tasks,
  overdue_tasks,
}: {
  open_tasks: number
  overdue_tasks: number
}): IncidentState {
  if (open_tasks === 0) return 'finished'
  return overdue_tasks > 0 ? 'overdue' : 'open'
}

/** Somebody who can do the tasks of an incident. */
export interface Owner {
  id: number
  name: string
  role: string
  is_lead_champion: boolean
}

/**
 * Who has the tasks to begin with: whoever reported it, where they work with incidents; or the champion who lent the
 * items; or a lead champion; or any champion; or an administrator. Null where there is nobody at all.
 */
export function firstOwner(owners: readonly Owner[], reporterId: number, lenderId: number | null): number | null {
  const champions = owners.filter(({ role }) => role === 'champion')
  const owner =
    owners.find(({ id }) => id === reporterId) ??
    champions.find(({ id }) => id === lenderId) ??
    champions.find((champion) => champion.is_lead_champion) ??
    champions[0] ??
    owners[0]
  return owner?.id ?? null
}

/** A form this long is read in full or refused, and never cut. */
export const MOST_ITEMS = 40
