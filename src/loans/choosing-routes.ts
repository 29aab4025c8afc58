import type { Request } from 'express'
import { londonToday } from '../lib/dates.ts'
import { NotFound } from '../lib/refusals.ts'
import { restrictionWarnings } from '../restrictions/rules.ts'
import { findBorrower, listSimilarNames, searchServiceUsers } from '../service-users/queries.ts'
import { listWards } from '../wards/queries.ts'
import { context } from '../web/context.ts'
import type { Borrower } from './actions.ts'
import type { BorrowerAsked } from './lend-form.ts'
import { findAgreement, listStaff } from './lend-queries.ts'
import { presentWho, type WhoShown, whoTheyAre } from './who-presenter.ts'

declare module 'express-session' {
  interface SessionData {
    /** What was last typed to find who a loan is for. */
    borrowerSearch?: string
  }
}

const MOST_PEOPLE = 20
const SIMILAR_NAMES = 10

/** The page that asks who something is for: those found by a search, the wards and the staff. */
export async function whoPage(req: Request, more: Omit<WhoShown, 'wards' | 'staff'>) {
  const { db, actor } = context(req)
  const [wards, staff] = await Promise.all([listWards(db, actor), listStaff(db, actor)])
  return presentWho({ wards, staff, ...more })
}

/** Who fits what was typed, or has a name close to it. */
export async function findPeople(req: Request, search: string): Promise<NonNullable<WhoShown['found']>> {
  const { db, actor } = context(req)
  const exact = await searchServiceUsers(db, actor, search, MOST_PEOPLE)
  const areSimilar = exact.length === 0
  const people = areSimilar ? await listSimilarNames(db, actor, search, SIMILAR_NAMES) : exact
  return { people, areSimilar, limit: MOST_PEOPLE }
}

/** The agreement in force, as it was accepted. */
export async function agreementAccepted<T extends { way: string }>(req: Request, accepted: T) {
  const { db, actor } = context(req)
  const version = await findAgreement(db, actor)
  if (!version) throw new NotFound()
  return { ...accepted, versionId: version.id }
}

export function borrowerOf({ kind, id }: BorrowerAsked): Borrower {
  if (kind === 'service-user') return { serviceUserId: id }
  return kind === 'ward' ? { wardId: id } : { staffId: id }
}

/** Who was chosen, by name. Another organisation's is nobody. */
export async function describeBorrower(req: Request, { kind, id }: BorrowerAsked) {
  const { db, actor, now } = context(req)
  if (kind === 'service-user') return describePerson(await findBorrower(db, actor, id), londonToday(now))
  const list = kind === 'ward' ? await listWards(db, actor) : await listStaff(db, actor)
  const found = list.find((row) => row.id === id)
  if (!found) throw new NotFound()
  return { name: found.name, who: null, warning: null }
}

const warnings: Readonly<Record<string, string>> = {
  moved: 'Their record says: moved away. Check that this is the right person.',
  died: 'Their record says that they died. Nothing can be lent to them. Check that this is the right person.',
}

/**
 * Whoever moved away or died is hardly the one who stands here, so the page says so; to who died nothing is lent. What their care
 * plan keeps from them is read before anything is chosen.
 */
function describePerson(person: Awaited<ReturnType<typeof findBorrower>>, today: string) {
  if (!person) throw new NotFound()
  const restricted = restrictionWarnings(person.restrictions, today).map(
    ({ heading, lines }) => `${heading}. ${lines.join(' ')}`,
  )
  const warning = [warnings[person.state] ?? [], restricted].flat().join(' ') || null
  return { name: person.name, who: whoTheyAre(person), warning }
}
