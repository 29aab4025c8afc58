import type { Request, Response } from 'express'
import { fieldText, type Typed, versionOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { isNumberTaken, mergeRecords, PlannedTwice, undoMerge } from './merge-actions.ts'
import { presentMerge, presentMergeUndo, presentMergeWith } from './merge-presenter.ts'
import { findMerge } from './merge-queries.ts'
import { unitsToChoose } from './merge-rules.ts'
import { listSimilarNames, listTwins, searchServiceUsers } from './queries.ts'
import { findRecord, type PersonRecord } from './section-queries.ts'

declare module 'express-session' {
  interface SessionData {
    /** Whom somebody looks for, to merge with this person. */
    mergeSearch?: { id: number; text: string } | undefined
  }
}

export const mergeRoutes = [
  get('/service-users/:id/merge', 'service-user:merge', showCandidates),
  post('/service-users/:id/merge/search', 'service-user:merge', askCandidates),
  get('/service-users/:id/merge/:other', 'service-user:merge', showMerge),
  post('/service-users/:id/merge/:other', 'service-user:merge', postMerge),
  get('/service-users/:id/merges/:merge', 'service-user:merge', showUndo),
  post('/service-users/:id/merges/:merge/undo', 'service-user:merge', postUndo),
]

const MERGE = 'service-users/merge'
const MOST_FOUND = 20

async function showCandidates(req: Request, res: Response): Promise<void> {
  const person = await viewRecord(req, 'id')
  const search = req.session.mergeSearch
  const text = search?.id === person.id ? search.text : ''
  const people = await findCandidates(req, person, text)
  renderPage(res, 'service-users/merge-with', presentMergeWith({ person, text, people }))
}

async function findCandidates(req: Request, person: PersonRecord, text: string) {
  const { db, actor } = context(req)
  const { name, date_of_birth } = person
  if (text === '' && date_of_birth !== null) return listTwins(db, actor, { name, date_of_birth, nhs_number: null })
  if (text === '') return listSimilarNames(db, actor, name, MOST_FOUND)
  const exact = await searchServiceUsers(db, actor, text, MOST_FOUND)
  return exact.length > 0 ? exact : listSimilarNames(db, actor, text, MOST_FOUND)
}

/** As on the list of people: a name may not stand in an address, so what is looked for waits in the session. */
async function askCandidates(req: Request, res: Response): Promise<void> {
  const { id } = await findRecordOr404(req, 'id')
  req.session.mergeSearch = { id, text: fieldText(req.body, 'search').slice(0, 200) }
  res.redirect(303, `/service-users/${id}/merge`)
}

async function showMerge(req: Request, res: Response): Promise<void> {
  const kept = await viewRecord(req, 'id')
  const merged = await viewRecord(req, 'other')
  if (kept.id === merged.id) return res.redirect(303, urlOf(kept.id))
  renderPage(res, MERGE, presentMerge({ kept, merged }))
}

async function postMerge(req: Request, res: Response): Promise<void> {
  const { kept, merged, asked } = await findTwo(req)
  // sent twice: the other record is part of this one already
  if (kept.id === merged.id && asked.other !== asked.id) return res.redirect(303, urlOf(kept.id))
  const values = typedChoices(req, kept, merged)
  const chosen = new Set(Object.keys(values).flatMap((id) => (values[id] === 'merged' ? [id.slice(7)] : [])))
  const merge = { keptId: kept.id, mergedId: merged.id, seen: versionOf(req.body), chosen }
  try {
    await inTransaction(req, (change) => mergeRecords(change, merge))
    req.session.flash = `Record ${merged.id} is part of this one now.`
    res.redirect(303, urlOf(kept.id))
  } catch (error) {
    if (!(error instanceof Stale || error instanceof PlannedTwice)) throw error
    await keepRefusal(req, error)
    const two = await findTwo(req)
    if (two.kept.id === two.merged.id) return res.redirect(303, urlOf(two.kept.id))
    if (error instanceof PlannedTwice) {
      return showAgain(res, MERGE, presentMerge({ ...two, values, planned: error.planned }), 409)
    }
    showAgain(res, MERGE, presentMerge({ ...two, values, errors: [changedMeanwhile] }), 409)
  }
}

const changedMeanwhile = {
  text: 'Somebody changed one of these records after you opened this page. Look through them again. Nothing is merged yet.',
}

async function findTwo(req: Request) {
  const asked = { id: idFrom(req), other: idFrom(req, 'other') }
  const kept = await findRecordOr404(req, 'id')
  const merged = await findRecordOr404(req, 'other')
  return { kept, merged, asked }
}

function typedChoices(req: Request, kept: PersonRecord, merged: PersonRecord): Typed {
  const ids = unitsToChoose(kept, merged).map(({ id }) => `choice-${id}`)
  return Object.fromEntries(ids.map((id) => [id, fieldText(req.body, id)]))
}

async function showUndo(req: Request, res: Response): Promise<void> {
  const person = await viewRecord(req, 'id')
  renderPage(res, 'service-users/merge-undo', presentMergeUndo(person, await findMergeOf(req, person.id)))
}

async function postUndo(req: Request, res: Response): Promise<void> {
  const person = await findRecordOr404(req, 'id')
  const merge = await findMergeOf(req, person.id)
  try {
    await inTransaction(req, (change) => undoMerge(change, merge.id))
  } catch (error) {
    if (!isNumberTaken(error)) throw error
    throw new RuleBroken('Somebody else has an NHS or hospital number of that record by now. Check whose it is first.')
  }
  req.session.flash = `Record ${merge.merged_id} stands by itself again. What was written down since the merge is still here.`
  res.redirect(303, urlOf(person.id))
}

async function findMergeOf(req: Request, personId: number) {
  const { db, actor } = context(req)
  const merge = await findMerge(db, actor, idFrom(req, 'merge'))
  if (!merge || merge.kept_id !== personId) throw new NotFound()
  return merge
}

async function viewRecord(req: Request, parameter: string): Promise<PersonRecord> {
  const person = await findRecordOr404(req, parameter)
  await recordInAudit(req, {
    verb: 'service-user:viewed',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
  })
  return person
}

async function findRecordOr404(req: Request, parameter: string): Promise<PersonRecord> {
  const { db, actor } = context(req)
  const person = await findRecord(db, actor, idFrom(req, parameter))
  if (!person) throw new NotFound()
  return person
}

function urlOf(id: number): string {
  return `/service-users/${id}`
}
