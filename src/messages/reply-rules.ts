import { z } from 'zod'

/** A text that somebody sent to the number that ours come from. Its words are not kept: they may be clinical, or somebody else's. */
export interface Reply {
  /** Notify's own id of it: told again, it is the same. */
  id: string
  number: string
  isStop: boolean
}

const shape = z.object({ id: z.uuid(), source_number: z.string().min(3).max(20), message: z.string().max(2_000) })

/** Nothing but STOP, however it is written; a sentence with the word in it is for a person to read. */
const STOP = /^[^\p{L}\d]*(?:please )?stop(?: (?:all|it|texts?|texting|messages?)(?: me)?)?(?: please)?[^\p{L}\d]*$/iu

/** Reads a text that GOV.UK Notify received for us; null where it is none. */
export function readReply(body: unknown): Reply | null {
  const read = shape.safeParse(body)
  if (!read.success) return null
  const { id, source_number: number, message } = read.data
  return { id: id.toLowerCase(), number: asWritten(number), isStop: STOP.test(message.replaceAll(/\s+/g, ' ')) }
}

/** Notify writes a number of the United Kingdom as 447700900123. */
function asWritten(number: string): string {
  return /^44\d{10}$/.test(number) ? `+${number}` : number
}
