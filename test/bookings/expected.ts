import { addMinutes, CLEANING_MINUTES, overlaps, type Span } from '../../src/bookings/rules.ts'
import { Refusal } from '../../src/lib/refusals.ts'

export interface Booked {
  id: number
  item: number
  use: Span
  plan: Span
  state: 'planned' | 'out' | 'back' | 'gone'
}

/** What there should be, kept beside what there is. */
export interface Expected {
  now: Date
  bookings: Booked[]
  /** By item: the loan that it is on, or that it is being made ready after one. */
  lent: Map<number, { loanId: number; lineId: number; plan: Span } | 'turnaround'>
  /** What was lent, for as long as it was planned. */
  past: { item: number; plan: Span }[]
}

export const withCleaning = ({ from, until }: Span): Span => ({ from, until: addMinutes(until, CLEANING_MINUTES) })

export function isFree({ bookings, lent, past }: Expected, item: number, plan: Span, except?: Booked): boolean {
  const loan = lent.get(item)
  const taken = [
    ...bookings.filter((one) => one.item === item && one.state !== 'gone' && one !== except).map((one) => one.plan),
    ...(loan && loan !== 'turnaround' ? [loan.plan] : []),
    ...past.filter((one) => one.item === item).map((one) => one.plan),
  ]
  return !taken.some((other) => overlaps(other, plan))
}

/** In nobody's hands, and not being made ready. */
export function isHere({ bookings, lent }: Expected, item: number): boolean {
  return !lent.has(item) && !bookings.some((one) => one.item === item && one.state === 'out')
}

/** It is over after it went out, though both be in the same moment. */
export function comeBack({ now, lent, past }: Expected, item: number, { from }: Span): void {
  lent.set(item, 'turnaround')
  past.push({ item, plan: { from, until: new Date(Math.max(now.getTime(), from.getTime() + 1)) } })
}

export async function outcome(work: () => Promise<unknown>): Promise<{ value?: unknown; refused?: Refusal }> {
  try {
    return { value: (await work()) ?? true }
  } catch (error) {
    if (error instanceof Refusal) return { refused: error }
    throw error
  }
}

export function expectOutcome(step: object, { refused }: { refused?: Refusal }, mayBe: boolean): void {
  if ((refused === undefined) === mayBe) return
  throw new Error(
    `${JSON.stringify(step)} ${refused ? `was refused: ${refused.message}` : 'was done, and should not be'}`,
  )
}
