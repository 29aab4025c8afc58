import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { fieldText, formKeyOf, versionOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import type { Warning } from '../lib/warnings.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { requireFit } from './check-actions.ts'
import { makeEntry, moveEntry } from './entry-actions.ts'
import { parseEntry, parseMove } from './entry-form.ts'
import { presentMove, presentNewEntry } from './entry-form-presenter.ts'
import { type EntryDetail, findEntry } from './entry-queries.ts'
import { explainTime } from './explain-actions.ts'
import { entryUrl } from './links-rules.ts'
import { findPersonToPlan, type PersonToPlan } from './person-queries.ts'
import { listDiaries } from './slot-queries.ts'
import { dayAsked } from './week-rules.ts'

export const planRoutes = [
  get('/diary/new', 'diary:write', showNew),
  post('/diary/entries', 'diary:write', saveNew),
  get('/diary/entries/:id/move', 'diary:write', showMove),
  post('/diary/entries/:id/move', 'diary:write', saveMove),
]

const FORM = 'diary/form'

async function showNew(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, await newPage(req, await personAsked(req, queryText(req, 'person'))))
}

async function saveNew(req: Request, res: Response): Promise<void> {
  const person = await personAsked(req, fieldText(req.body, 'person'))
  const { value, values, errors } = parseEntry(req.body, context(req).now)
  if (errors) return showAgain(res, FORM, await newPage(req, person, { values, errors }))
  const order = { ...value, serviceUserId: person?.id ?? null, appointmentId: null }
  const asked = { time: value, person, way: value.way, seen: values.anyway ?? '' }
  try {
    const to = ({ id }: { id: number }) => entryUrl(id)
    const location = await createOnce(req, formKeyOf(req.body), to, async (change) => {
      await requireFit(change, asked)
      return makeEntry(change, order)
    })
    req.session.flash = person
      ? 'It is in the diary. Tell the person, in a way that is safe for them.'
      : 'It is in the diary.'
    res.redirect(303, location)
  } catch (error) {
    const { refusal, why } = explainTime(error)
    await keepRefusal(req, refusal)
    showAgain(res, FORM, await newPage(req, person, { values, ...why }), 409)
  }
}

async function showMove(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, await movePage(req, await findOr404(req)))
}

async function saveMove(req: Request, res: Response): Promise<void> {
  const entry = await findOr404(req)
  const version = versionOf(req.body)
  const again = async (form: FormShown & { warnings?: Warning[] }, status: 409 | 422) =>
    showAgain(res, FORM, await movePage(req, { ...entry, version }, form), status)
  const { value, values, errors } = parseMove(req.body, entry.way, context(req).now)
  if (errors) return again({ values, errors }, 422)
  const person = entry.service_user_id === null ? null : await personAsked(req, String(entry.service_user_id))
  const asked = { time: value, person, way: entry.way, entry, seen: values.anyway ?? '' }
  try {
    await inTransaction(req, async (change) => {
      await requireFit(change, asked)
      await moveEntry(change, entry.id, version, value)
    })
    req.session.flash = entry.is_group
      ? 'It is moved, with everybody who is invited. Tell each of them, in a way that is safe for them.'
      : 'It is moved. Tell the person, in a way that is safe for them.'
    res.redirect(303, entryUrl(entry.id))
  } catch (error) {
    const { refusal, why } = explainTime(error)
    await keepRefusal(req, refusal)
    await again({ values, ...why }, 409)
  }
}

async function newPage(req: Request, person: PersonToPlan | null, form: FormShown & { warnings?: Warning[] } = {}) {
  const { actor, now } = context(req)
  const champions = await championsFor(req, person)
  const asked = Number(queryText(req, 'champion'))
  const championId = champions.some((one) => one.championId === asked) ? asked : actor.staffId
  const on = dayAsked(queryText(req, 'on'), londonToday(now))
  const shown = { champions, person, on, championId, key: formKeyOf(req.body), instructions: instructionsFor(person) }
  return presentNewEntry({ ...shown, ...form })
}

async function movePage(req: Request, entry: EntryDetail, form: FormShown & { warnings?: Warning[] } = {}) {
  const person = entry.service_user_id === null ? null : await personAsked(req, String(entry.service_user_id))
  const champions = await championsFor(req, person)
  return presentMove({ entry, champions, instructions: instructionsFor(person), ...form })
}

function instructionsFor(person: PersonToPlan | null): string[] {
  return person ? contactInstructions(recipientOf(person, person.contact), person.contact_instruction) : []
}

async function championsFor(req: Request, person: PersonToPlan | null) {
  const { db, actor, now } = context(req)
  const today = londonToday(now)
  return await listDiaries(db, actor, {
    from: now,
    until: now,
    today,
    carerId: person ? person.carer_id : actor.staffId,
  })
}

async function personAsked(req: Request, asked: string): Promise<PersonToPlan | null> {
  if (asked === '') return null
  if (!/^[1-9]\d{0,14}$/.test(asked)) throw new NotFound()
  const { db, actor } = context(req)
  const person = await findPersonToPlan(db, actor, Number(asked))
  if (!person) throw new NotFound()
  return person
}

async function findOr404(req: Request): Promise<EntryDetail> {
  const { db, actor } = context(req)
  const entry = await findEntry(db, actor, idFrom(req))
  if (!entry) throw new NotFound()
  if (entry.cancelled_at !== null) throw new RuleBroken('This entry is cancelled, so it is not moved any more.')
  return entry
}
