import type { Request } from 'express'
import { AlreadyDone, type Change, makeChange, makeOnce } from '../database/change.ts'
import { context, services } from './context.ts'
import { noteChanged } from './tablet-session.ts'

export type { Change }

/** Runs a change on behalf of whoever sent this request: all of it with its audit rows, or none of it. */
export async function inTransaction<T>(req: Request, work: (change: Change) => Promise<T>): Promise<T> {
  const result = await makeChange(changeOptions(req), work)
  noteChanged(req)
  return result
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
    noteChanged(req)
    return made.location
  } catch (error) {
    if (!(error instanceof AlreadyDone)) throw error
    noteChanged(req)
    return error.location
  }
}

function changeOptions(req: Request) {
  const { db, actor } = context(req)
  return { db, by: actor, clock: services(req).clock, requestId: req.id }
}
