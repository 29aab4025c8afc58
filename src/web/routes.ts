import type { Request, Response } from 'express'
import type { Right } from './access.ts'

export type Handler = (req: Request, res: Response) => Promise<void> | void

export interface Route {
  method: 'get' | 'post'
  path: string
  right: Right
  handler: Handler
  /** A form that brings a file: the field's name, and the most bytes it may have. */
  upload?: { field: string; maxBytes: number }
  /** A post that is one step of a longer task: it signs nobody out who is at a ward's tablet for one task. */
  isStep?: true
}

/** One line of a feature's table of routes: where, who may, what happens. */
export function get(path: string, right: Right, handler: Handler): Route {
  return { method: 'get', path, right, handler }
}

export function post(path: string, right: Right, handler: Handler): Route {
  return { method: 'post', path, right, handler }
}

/** A post after which the task goes on, such as one scan of many. */
export function postStep(path: string, right: Right, handler: Handler): Route {
  return { method: 'post', path, right, handler, isStep: true }
}

/** A post that brings a file. Its token is in the body, so the file is read before the token is checked, and not before the right is. */
export function postFile(path: string, right: Right, upload: NonNullable<Route['upload']>, handler: Handler): Route {
  return { method: 'post', path, right, handler, upload }
}
