import { parseInstant } from '../lib/dates.ts'
import { isTaskName, taskNames } from './playbook-rules.ts'

/** The most urgent first; what is over last. Tasks due at one time stay in the order of the playbook. */
export function inOrderOfUrgency<
  T extends { task: string; due_at: string; done_at: string | null; dropped_at: string | null },
>(tasks: readonly T[]): T[] {
  const rank = (task: T) => (task.dropped_at !== null ? 2 : task.done_at !== null ? 1 : 0)
  const place = ({ task }: T) => (isTaskName(task) ? taskNames.indexOf(task) : taskNames.length)
  return tasks.toSorted(
    (one, other) => rank(one) - rank(other) || timeOf(one.due_at) - timeOf(other.due_at) || place(one) - place(other),
  )
}

function timeOf(instant: string): number {
  return parseInstant(instant).getTime()
}
