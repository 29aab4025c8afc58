import type { Category } from '../items/rules.ts'
import { type Holder, holderOf, type IncidentKind } from './rules.ts'

/** What the playbook asks of an item. */
export interface PlaybookItem {
  id: number
  category: string
  imei: string | null
  iccid: string | null
  phone_number: string | null
  /** Somebody is to have it later. */
  isPlanned: boolean
}

const screens: readonly string[] = ['tablet', 'smartphone', 'laptop'] satisfies Category[]

/** What an item has that calls for a task. */
const needs = {
  lockable: (item: PlaybookItem) => screens.includes(item.category),
  /** Accounts, photos, messages: whoever borrowed it left something on it. */
  data: (item: PlaybookItem) => screens.includes(item.category),
  sim: (item: PlaybookItem) =>
    item.category === 'sim' || item.category === 'hotspot' || item.iccid !== null || item.phone_number !== null,
  imei: (item: PlaybookItem) => item.imei !== null,
  plan: (item: PlaybookItem) => item.isPlanned,
}

interface TaskRule {
  /** What to do, by who had the items where that makes a difference. */
  text: string | Record<Exclude<Holder, 'nobody'>, string>
  hint: string
  kinds: readonly IncidentKind[]
  heldBy?: readonly Holder[]
  /** Hours from the report. */
  hours: number
  /** One task for each item that needs it, or one for the incident when any item does. */
  about: 'item' | 'incident'
  needs?: keyof typeof needs
  /** Pointless once the item is found again. */
  untilFound?: true
  /** What to put right once the item is found, whether this was ticked or not: it may have been done and not ticked. */
  afterFound?: string
}

export const gone = ['lost', 'stolen'] as const
const outOfUse = ['lost', 'stolen', 'damaged'] as const
export const any = ['lost', 'stolen', 'damaged', 'repairable'] as const
const somebody = ['person', 'ward', 'staff'] as const

/**
 * The playbook, in the order it is done. Whoever had the device must be reachable by another way before their next
 * contact, so that comes first, whatever else there is.
 *
 * Due times are hours that really pass, counted from the report and not from the loss: nights, weekends and the days on
 * which the clocks change count like any other, because a phone that is lost on a Friday night is open to whoever has it
 * on that night. Information governance is told within the first of the 72 hours in which a breach of personal data has
 * to be reported where it has to be (UK GDPR, Article 33), so that they have the other two days to find out.
 */
const playbookRules = {
  'reach-person': {
    text: {
      person: 'Agree another way to reach the person',
      ward: 'Find another way to reach people on the ward',
      staff: 'Find another way for this colleague to reach people',
    },
    hint: 'Do this before the next contact: a phone call, another device, a letter, or face to face. Ask what suits them, and check first which ways are safe.',
    kinds: any,
    heldBy: somebody,
    hours: 2,
    about: 'incident',
  },
  lock: {
    text: 'Lock it remotely',
    hint: 'Through mobile device management, with our phone number on its screen. Do not wipe it while it may still be found.',
    kinds: gone,
    hours: 2,
    about: 'item',
    needs: 'lockable',
    untilFound: true,
    afterFound: 'unlock',
  },
  'suspend-sim': {
    text: 'Suspend the SIM',
    hint: 'Ask the provider, so that nobody else uses it and nothing more is charged. Their number can move to a new SIM.',
    kinds: gone,
    hours: 4,
    about: 'item',
    needs: 'sim',
    untilFound: true,
    afterFound: 'resume-sim',
  },
  'report-governance': {
    text: 'Tell information governance',
    hint: 'Somebody may see personal information on it. They decide whether it must be reported further, and have 72 hours for that from now on.',
    kinds: gone,
    hours: 24,
    about: 'incident',
    needs: 'data',
  },
  'report-imei': {
    text: 'Report the IMEI',
    hint: 'Give it to the network, which then blocks the device everywhere. Do this after it is locked.',
    kinds: gone,
    hours: 24,
    about: 'item',
    needs: 'imei',
    untilFound: true,
    afterFound: 'unblock-imei',
  },
  'tell-planned': {
    text: 'Find something else for whoever is to have it next',
    hint: 'Somebody counts on it. Lend or book another one, and tell them.',
    kinds: outOfUse,
    hours: 24,
    about: 'incident',
    needs: 'plan',
  },
  'crime-reference': {
    text: 'Get a crime reference',
    hint: 'Report it to the police, online or on 101, with serial number and IMEI. If the person does not want to, say so in the note: nobody has to.',
    kinds: ['stolen'],
    hours: 48,
    about: 'incident',
    untilFound: true,
    afterFound: 'tell-police',
  },
  replacement: {
    text: 'Lend a replacement before the next appointment',
    hint: 'They need it as much as before. If they want nothing in its place, say so in the note.',
    kinds: any,
    heldBy: somebody,
    hours: 48,
    about: 'incident',
  },
  'save-sim': {
    text: 'Take the SIM out, or suspend it',
    hint: 'A SIM in a broken device still costs money.',
    kinds: ['damaged'],
    hours: 72,
    about: 'item',
    needs: 'sim',
  },
  search: {
    text: 'Look for it once more',
    hint: 'Ask whoever had it last, reception, and patient transport.',
    kinds: ['lost'],
    heldBy: ['ward', 'nobody'],
    hours: 168,
    about: 'incident',
    untilFound: true,
  },
  'destroy-data': {
    text: 'Have what is stored on it destroyed',
    hint: 'By whoever does this for your organisation. Note the number of the certificate.',
    kinds: ['damaged'],
    hours: 168,
    about: 'item',
    needs: 'data',
  },
  'arrange-repair': {
    text: 'Have the damage looked at',
    hint: 'Repair it, or say that it is beyond use.',
    kinds: ['repairable'],
    hours: 168,
    about: 'incident',
  },
  'resume-sim': {
    text: 'Let the SIM run again',
    hint: 'If it was suspended, ask the provider to end that, or the next person has a phone that is dead.',
    kinds: ['found'],
    hours: 48,
    about: 'item',
    needs: 'sim',
  },
  unlock: {
    text: 'Unlock it',
    hint: 'If it was locked remotely. It is made ready after that.',
    kinds: ['found'],
    hours: 48,
    about: 'item',
    needs: 'lockable',
  },
  'unblock-imei': {
    text: 'Have the IMEI unblocked',
    hint: 'If it was reported to the network.',
    kinds: ['found'],
    hours: 48,
    about: 'item',
    needs: 'imei',
  },
  'tell-police': {
    text: 'Tell the police that it is found',
    hint: 'If it was reported to them. Give the crime reference.',
    kinds: [],
    hours: 48,
    about: 'incident',
  },
} as const satisfies Record<string, TaskRule>

export type TaskName = keyof typeof playbookRules

const taskRules: Record<TaskName, TaskRule> = playbookRules
export const taskNames = Object.keys(playbookRules) as TaskName[]

export function isTaskName(text: string): text is TaskName {
  return Object.hasOwn(playbookRules, text)
}

export function taskText(task: string, holder: Holder = 'person'): string {
  if (!isTaskName(task)) return task
  const { text } = taskRules[task]
  return typeof text === 'string' ? text : text[holder === 'nobody' ? 'person' : holder]
}

/** What to do, and with which item where it is about one. */
export function taskTitle(task: { task: string; tag: string | null }, loan: Parameters<typeof holderOf>[0]): string {
  const text = taskText(task.task, holderOf(loan))
  return task.tag === null ? text : `${text}: ${task.tag}`
}

export function taskHint(task: string): string {
  return isTaskName(task) ? taskRules[task].hint : ''
}

export interface PlannedTask {
  task: TaskName
  /** null: about the incident as a whole. */
  itemId: number | null
  dueAt: Date
}

/** What an incident asks to be done, and by when, in the order of the playbook. */
export function playbook(
  kind: IncidentKind,
  holder: Holder,
  items: readonly PlaybookItem[],
  reportedAt: Date,
): PlannedTask[] {
  const wanted = taskNames.filter((task) => {
    const { kinds, heldBy } = taskRules[task]
    return kinds.includes(kind) && (heldBy === undefined || heldBy.includes(holder))
  })
  return wanted.flatMap((task) => planTask(task, items, reportedAt))
}

function planTask(task: TaskName, items: readonly PlaybookItem[], from: Date): PlannedTask[] {
  const { about, needs: need, hours } = taskRules[task]
  const affected = items.filter((item) => need === undefined || needs[need](item))
  if (affected.length === 0) return []
  const dueAt = hoursAfter(from, hours)
  return about === 'incident'
    ? [{ task, itemId: null, dueAt }]
    : affected.map(({ id }) => ({ task, itemId: id, dueAt }))
}

function hoursAfter(from: Date, hours: number): Date {
  return new Date(from.getTime() + hours * 3_600_000)
}

export interface TaskFacts {
  task: string
  item_id: number | null
}

/**
 * Which tasks of an incident are about nothing any more once these items are found: those of the items, and those of the
 * whole incident when all of it is found.
 */
export function isOverWhenFound(
  { task, item_id }: TaskFacts,
  foundIds: readonly number[],
  isAllFound: boolean,
): boolean {
  if (!isTaskName(task) || taskRules[task].untilFound === undefined) return false
  return item_id === null ? isAllFound : foundIds.includes(item_id)
}

/** What is to be put right now that these items are found. */
export function tasksAfterFound(
  tasks: readonly TaskFacts[],
  foundIds: readonly number[],
  isAllFound: boolean,
  foundAt: Date,
): PlannedTask[] {
  return tasks.flatMap((facts) => {
    const after = isTaskName(facts.task) ? taskRules[facts.task].afterFound : undefined
    if (after === undefined || !isTaskName(after) || !isOverWhenFound(facts, foundIds, isAllFound)) return []
    return [{ task: after, itemId: facts.item_id, dueAt: hoursAfter(foundAt, taskRules[after].hours) }]
  })
}
