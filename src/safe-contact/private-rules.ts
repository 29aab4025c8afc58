import type { Actor } from '../lib/actor.ts'

/**
 * Who may know why contact with somebody is not safe: the champion who looks after them, whoever wrote it down, and a lead
 * champion. It is the same for everybody whether there is anything to know or not, so a refusal tells nothing.
 */
export function mayKnowWhy(actor: Pick<Actor, 'role' | 'isLeadChampion' | 'staffId'>, circle: number[]): boolean {
  return actor.role === 'champion' && (actor.isLeadChampion || circle.includes(actor.staffId))
}
