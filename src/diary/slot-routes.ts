import type { Request, Response } from 'express'
import { londonToday } from '../lib/dates.ts'
import { type FieldError, formKeyOf } from '../lib/fields.ts'
import { NotFound, RuleBroken, Taken } from '../lib/refusals.ts'
import { readinessFacts } from '../readiness/queries.ts'
import { planTraining } from '../training/actions.ts'
import { trainingUrl } from '../training/links-rules.ts'
import { arrangeTrialCall } from '../trial-calls/actions.ts'
import { trialCallUrl } from '../trial-calls/links-rules.ts'
import { recordInAudit } from '../web/audit.ts'
import { context, idFrom, queryText } from '../web/context.ts'
import { keepRefusal, showAgain } from '../web/errors.ts'
import { get, post } from '../web/routes.ts'
import { type Change, createOnce } from '../web/transactions.ts'
import { renderPage } from '../web/views.ts'
import { needsInterpreter, questionFor, readUntil, soonestFrom } from './question-rules.ts'
import { parseSlot, type SlotChosen, wantedFrom } from './slot-form.ts'
import { presentSlots } from './slot-presenter.ts'
import { findSlotFacts, listDiaries } from './slot-queries.ts'
import { findSlots, fitsAt } from './slot-rules.ts'

export const slotRoutes = [
  get('/appointments/:id/times', 'diary:write', showTimes),
  post('/appointments/:id/times', 'diary:write', bookTime),
]

const PAGE = 'diary/times'

async function showTimes(req: Request, res: Response): Promise<void> {
  const asked = await askedFrom(req, req.query)
  const subject: ['appointment', number] = ['appointment', asked.facts.appointment_id]
  await recordInAudit(req, { verb: 'appointment:viewed', subject, serviceUserId: asked.facts.service_user_id })
  renderPage(res, PAGE, pageOf(req, asked))
}

async function bookTime(req: Request, res: Response): Promise<void> {
  const asked = await askedFrom(req, req.body)
  const form = parseSlot(req.body, asked.wanted, asked.values)
  if (form.errors) return showAgain(res, PAGE, pageOf(req, { ...asked, values: form.values }, form.errors))
  try {
    const location = await createOnce(
      req,
      formKeyOf(req.body),
      ({ id }: { id: number }) => (asked.wanted.kind === 'trial-run-call' ? trialCallUrl(id) : trainingUrl(id)),
      (change) => bookSlot(change, asked, form.value),
    )
    req.session.flash = 'It is booked. Tell the person, in a way that is safe for them.'
    res.redirect(303, location)
  } catch (error) {
    if (!(error instanceof Taken || error instanceof RuleBroken)) throw error
    await keepRefusal(req, error)
    const text = error instanceof Taken ? NO_LONGER : error.message
    const again = { ...(await askedFrom(req, req.body)), values: form.values }
    showAgain(res, PAGE, pageOf(req, again, [{ field: 'slot', text }]), 409)
  }
}

async function bookSlot(change: Change, asked: Asked, chosen: SlotChosen): Promise<{ id: number }> {
  // what somebody else booked or changed since these times were shown counts
  if (!fitsAt(asked.question, chosen)) throw new RuleBroken(NO_LONGER)
  const { facts, wanted } = asked
  const interpreterJoins = needsInterpreter(facts)
  const call = { ...chosen, minutes: wanted.minutes, supporterJoins: false, interpreterJoins }
  if (wanted.kind === 'training-session')
    return planTraining(change, facts.service_user_id, { ...call, ...wantedOf(asked) })
  const known = (await readinessFacts(change.trx, change.by, [facts.appointment_id], change.now())).get(
    facts.appointment_id,
  )
  if (!known) throw new NotFound()
  return arrangeTrialCall(change, known, call, null)
}

const wantedOf = ({ facts, wanted }: Asked) => ({
  ...{ way: wanted.way, travelMinutes: wanted.travelMinutes, appointmentId: facts.appointment_id },
})

const NO_LONGER = 'That time is taken by now, or does not fit any more. Choose one of these'

type Asked = Awaited<ReturnType<typeof askedFrom>>

async function askedFrom(req: Request, typed: unknown) {
  const { db, actor, now } = context(req)
  const facts = await findSlotFacts(db, actor, idFrom(req), now)
  if (!facts) throw new NotFound()
  const { wanted, values } = wantedFrom(typed, facts.way)
  const after = new Date(queryText(req, 'after'))
  const soonest = soonestFrom(now)
  const from = after > soonest ? after : soonest
  const span = { from: now, until: readUntil(from), today: londonToday(now) }
  const diaries = await listDiaries(db, actor, { ...span, carerId: facts.carer_id })
  return { facts, wanted, values, diaries, question: questionFor(facts, wanted, diaries, from) }
}

function pageOf(req: Request, { facts, wanted, values, diaries, question }: Asked, errors?: FieldError[]) {
  const names = new Map(diaries.map(({ championId, name }) => [championId, name]))
  const answer = findSlots(question)
  return presentSlots({ facts, wanted, question, answer, names, values, key: formKeyOf(req.body), errors })
}
