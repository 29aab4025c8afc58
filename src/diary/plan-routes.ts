import type { Request, Response } from 'express'
import { londonDate, londonMidnight, londonMidnightAfter, londonToday, parseInstant } from '../lib/dates.ts'
import { type FieldError, fieldText, formKeyOf, versionOf } from '../lib/fields.ts'
import type { FormShown } from '../lib/form-fields.ts'
import { NotFound, RuleBroken, Stale, Taken } from '../lib/refusals.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { createOnce, inTransaction } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { makeEntry, moveEntry } from './entry-actions.ts'
import { type PlannedTime, parseEntry, parseMove } from './entry-form.ts'
import { presentMove, presentNewEntry } from './entry-form-presenter.ts'
import { type EntryDetail, findEntry } from './entry-queries.ts'
import { entryUrl } from './links-rules.ts'
import { findPersonToPlan, type PersonToPlan, readBreakMinutes } from './person-queries.ts'
import { safeTimesOf } from './question-rules.ts'
import { listDiaries } from './slot-queries.ts'
import { checkTime } from './warning-rules.ts'
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
  const checked = await check(req, value, person, value.way)
  if (checked.errors.length > 0 || (checked.warnings.length > 0 && values.anyway !== 'yes')) {
    return showAgain(res, FORM, await newPage(req, person, { values, ...withWarnings(checked) }), 409)
  }
  const order = { ...value, serviceUserId: person?.id ?? null, appointmentId: null }
  try {
    const to = ({ id }: { id: number }) => entryUrl(id)
    const location = await createOnce(req, formKeyOf(req.body), to, (change) => makeEntry(change, order))
    req.session.flash = person
      ? 'It is in the diary. Tell the person, in a way that is safe for them.'
      : 'It is in the diary.'
    res.redirect(303, location)
  } catch (error) {
    showAgain(res, FORM, await newPage(req, person, { values, errors: await explain(req, error) }), 409)
  }
}

async function showMove(req: Request, res: Response): Promise<void> {
  renderPage(res, FORM, await movePage(req, await findOr404(req)))
}

async function saveMove(req: Request, res: Response): Promise<void> {
  const entry = await findOr404(req)
  const version = versionOf(req.body)
  const again = async (form: FormShown & { warnings?: string[] }, status: 409 | 422) =>
    showAgain(res, FORM, await movePage(req, { ...entry, version }, form), status)
  const { value, values, errors } = parseMove(req.body, entry.way, context(req).now)
  if (errors) return again({ values, errors }, 422)
  const person = entry.service_user_id === null ? null : await personAsked(req, String(entry.service_user_id))
  const checked = await check(req, value, person, entry.way, entry)
  if (checked.errors.length > 0 || (checked.warnings.length > 0 && values.anyway !== 'yes')) {
    return again({ values, ...withWarnings(checked) }, 409)
  }
  try {
    await inTransaction(req, (change) => moveEntry(change, entry.id, version, value))
    req.session.flash = 'It is moved. Tell the person, in a way that is safe for them.'
    res.redirect(303, entryUrl(entry.id))
  } catch (error) {
    await again({ values, errors: await explain(req, error) }, 409)
  }
}

function withWarnings({ errors, warnings }: { errors: FieldError[]; warnings: string[] }) {
  if (errors.length > 0) return { errors }
  const text = `${warnings.join('. ')}. Choose another time, or save once more if you go on`
  return { warnings, errors: [{ field: 'at', text }] }
}

/** What speaks against the time as the diaries are now; the entry itself is not in its own way. */
async function check(req: Request, time: PlannedTime, person: PersonToPlan | null, way: string, entry?: EntryDetail) {
  const { db, actor } = context(req)
  const day = londonDate(time.startsAt)
  const asked = { from: londonMidnight(day), until: londonMidnightAfter(day), today: day }
  const [diaries, breakMinutes] = [
    await listDiaries(db, actor, { ...asked, carerId: person?.carer_id ?? null }),
    await readBreakMinutes(db, actor),
  ]
  const own = entry && { from: parseInstant(entry.leaves_at).getTime(), until: parseInstant(entry.back_at).getTime() }
  const safeTimes = person && way !== 'face-to-face' ? safeTimesOf(person) : null
  return checkTime(time, { diaries, breakMinutes, safeTimes, own })
}

/** Why it was refused, in words beside the time. */
async function explain(req: Request, error: unknown): Promise<FieldError[]> {
  if (!(error instanceof Taken || error instanceof RuleBroken || error instanceof Stale)) throw error
  await keepRefusal(req, error)
  const stale = 'Somebody changed this after you opened it. Look at it again before you move it'
  return [{ field: 'at', text: error instanceof Stale ? stale : error.message }]
}

async function newPage(req: Request, person: PersonToPlan | null, form: FormShown & { warnings?: string[] } = {}) {
  const { actor, now } = context(req)
  const champions = await championsFor(req, person)
  const asked = Number(queryText(req, 'champion'))
  const championId = champions.some((one) => one.championId === asked) ? asked : actor.staffId
  const on = dayAsked(queryText(req, 'on'), londonToday(now))
  const shown = { champions, person, on, championId, key: formKeyOf(req.body), instructions: instructionsFor(person) }
  return presentNewEntry({ ...shown, ...form })
}

async function movePage(req: Request, entry: EntryDetail, form: FormShown & { warnings?: string[] } = {}) {
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
