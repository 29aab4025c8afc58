import type { Request } from 'express'
import { NotFound } from '../lib/refusals.ts'
import { context } from '../web/context.ts'
import { findLineToHold, findPersonToHold, type Holder, listHolders } from './queries.ts'

export const nobody = { service_user_id: null, ward_id: null, staff_id: null, loan_line_id: null }

/** Whoever gets it, by their record or a line of their loan; null: a ward or a member of staff is to be chosen. */
export async function holderOf(req: Request, person: string, line: string): Promise<Holder | null> {
  const { db, actor } = context(req)
  if (person === '' && line === '') return null
  const id = idOf(line === '' ? person : line)
  const find = line === '' ? findPersonToHold : findLineToHold
  const holder = id === null ? undefined : await find(db, actor, id)
  if (!holder) throw new NotFound()
  return holder
}

export async function choicesOf(req: Request, holder: Holder | null) {
  const { db, actor } = context(req)
  return holder === null ? listHolders(db, actor) : null
}

export function idOf(text: string): number | null {
  return /^[1-9]\d{0,14}$/.test(text) ? Number(text) : null
}
