import type { Request } from 'express'
import { AlreadyDone, type Change, makeChange, makeOnce } from '../database/change.ts'
import { context, services } from './context.ts'

export type { Change }

/** Runs a change on behalf of whoever sent this request: all of it with its audit rows, or none of it. */
export function inTransaction<T>(req: Request, work: (change: Change) => Promise<T>): Promise<T> {
  return makeChange(changeOptions(req), work)
}

/**
 * Runs a change that creates something, once however often its form is sent. Gives where to go: to the result, or where
 * the first sending led.
 */
export async function createOnce<T>(
  req: Request,
  formKey: string,
  location: (result: T) => string,
  work: (change: Change) => Promise<T>,
): Promise<string> {
  try {
    const made = await makeOnce({ ...changeOptions(req), formKey }, location, work)
    return made.location
  } catch (error) {
    if (error instanceof AlreadyDone) return error.location
    throw error
  }
}

function changeOptions(req: Request) {
  const { db, actor } = context(req)
  return { db, by: actor, clock: services(req).clock, requestId: req.id }
}
