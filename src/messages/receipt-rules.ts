import { z } from 'zod'
import type { Outcome } from './rules.ts'

/** What became of a text after it was handed over. */
export type Arrival = Extract<Outcome, 'delivered' | 'undelivered' | 'turned-away'>

/**
 * GOV.UK Notify's own words (its API documentation, "Delivery receipts"): a permanent failure is a number that does not exist; a
 * temporary one a phone that was off or out of reach for days; a technical one is between Notify and the network.
 */
const arrivals: Readonly<Record<string, Arrival>> = {
  delivered: 'delivered',
  'permanent-failure': 'turned-away',
  'temporary-failure': 'undelivered',
  'technical-failure': 'undelivered',
}

const shape = z.object({ reference: z.string().regex(/^message-[1-9]\d{0,14}$/), status: z.string().max(40) })

export interface Receipt {
  messageId: number
  arrival: Arrival
  /** In Notify's word. */
  reason: string
}

/** Reads a delivery receipt; null where it is none of a text of ours, or says nothing that is final. */
export function readReceipt(body: unknown): Receipt | null {
  const read = shape.safeParse(body)
  if (!read.success) return null
  const { reference, status } = read.data
  const arrival = Object.hasOwn(arrivals, status) ? arrivals[status] : undefined
  return arrival === undefined
    ? null
    : { messageId: Number(reference.slice('message-'.length)), arrival, reason: status }
}
