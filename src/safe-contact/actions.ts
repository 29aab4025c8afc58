import type { Author, Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { Channel, NewAnswer, Purpose } from './kinds-rules.ts'
import { lockContact } from './queries.ts'
import { addressRefusal, everyAddress } from './rules.ts'
import { answerInWords, channelWords } from './words-rules.ts'

/** Whose answer it is, and on which: the id of the one that stood there when the form was shown, 0 where there was none. */
export interface AnsweredBy {
  serviceUserId: number
  supporterId: number | null
  channel: Channel
  version: number
}

/** Writes down what somebody said about one way of reaching them. What they said before stays in the history. */
export async function answerChannel(change: Change, asked: AnsweredBy, answer: NewAnswer): Promise<void> {
  const { serviceUserId, supporterId, channel, version } = asked
  const person = await lockPerson(change, serviceUserId)
  if (supporterId !== null && !person.contact.supporters.some(({ id }) => id === supporterId)) throw new NotFound()
  const before = person.contact.answers.find((one) => one.channel === channel && one.supporter_id === supporterId)
  if ((before?.id ?? 0) !== version) throw new Stale()
  await change.trx
    .insertInto('contact_answers')
    .values({
      ...ofPerson(change, serviceUserId),
      supporter_id: supporterId,
      channel,
      ...answer,
      ...writtenNow(change),
    })
    .execute()
  const { name } = channelWords[channel]
  change.audit({
    verb: 'safe-contact:answered',
    subject: ['service-user', serviceUserId],
    serviceUserId,
    details: {
      old: { [name]: before ? answerInWords(before) : '' },
      new: { [name]: answerInWords({ channel, ...answer }) },
      ...(supporterId !== null && { supporter: person.contact.supporters.find(({ id }) => id === supporterId)?.name }),
    },
  })
}

/**
 * Somebody says by name that a number or address is safe to use, or is not. Nothing happens where that is so already.
 * Refuses (Stale) one that is not on the record any more.
 */
export async function answerAddress(change: Change, id: number, asked: string, isSafe: boolean): Promise<void> {
  const person = await lockPerson(change, id)
  const known = everyAddress(person.contact).find(({ key }) => key === asked)
  if (!known) throw new Stale('This number or address is not on the record any more.')
  const { address_answers: addressAnswers, pause_id: pauseId } = person.contact
  const last = addressAnswers.find(({ key }) => key === known.key)
  const refusal = addressRefusal({ addressAnswers, pauseId }, known)
  const isSo = isSafe ? last?.is_safe === true && !refusal : refusal === 'not-safe'
  if (!isSo) {
    await change.trx
      .insertInto('contact_address_answers')
      .values({ ...ofPerson(change, id), address: known.address, is_safe: isSafe, ...writtenNow(change) })
      .execute()
  }
  change.audit({
    verb: isSafe ? 'safe-contact:address-confirmed' : 'safe-contact:address-ruled-out',
    subject: ['service-user', id],
    serviceUserId: id,
    details: { address: known.address },
  })
}

/** From now on nothing goes to any number or address of this person and their supporters until each is confirmed. */
export async function pauseContact(change: Change, id: number): Promise<void> {
  await lockPerson(change, id)
  await change.trx
    .insertInto('contact_pauses')
    .values({ ...ofPerson(change, id), began_at: change.now(), began_by: change.by.staffId })
    .execute()
  change.audit({ verb: 'safe-contact:paused', subject: ['service-user', id], serviceUserId: id })
}

async function lockPerson({ trx, by }: Change, id: number) {
  const person = await lockContact(trx, by, id)
  if (!person) throw new NotFound()
  return person
}

function ofPerson({ by }: Change, serviceUserId: number) {
  return { organisation_id: by.organisationId, service_user_id: serviceUserId }
}

function writtenNow(change: Change) {
  return { at: change.now(), recorded_by: change.by.staffId }
}

/** Something that could not be sent, for somebody to do in another way. */
export interface NotSent {
  serviceUserId: number
  supporterId: number | null
  cause: string
  kind: string
  channel: Channel
  purpose: Purpose
  reason: string
}

/** Makes a task of what may not be sent; of one cause once. Gives its id, or null where there was one. */
export async function makeContactTask(
  { trx, by, at }: Pick<Change<Author>, 'trx'> & { by: Pick<Author, 'organisationId'>; at: Date },
  { serviceUserId, supporterId, cause, kind, channel, purpose, reason }: NotSent,
): Promise<number | null> {
  const made = await trx
    .insertInto('contact_tasks')
    .values({
      organisation_id: by.organisationId,
      service_user_id: serviceUserId,
      supporter_id: supporterId,
      ...{ cause, kind, channel, purpose, reason },
      created_at: at,
    })
    .onConflict((conflict) => conflict.column('cause').doNothing())
    .returning('id')
    .executeTakeFirst()
  return made?.id ?? null
}

/** Somebody did it in another way. Refuses (RuleBroken) what somebody has done already. */
export async function finishContactTask(change: Change, serviceUserId: number, taskId: number): Promise<void> {
  await lockPerson(change, serviceUserId)
  const task = await change.trx
    .selectFrom('contact_tasks')
    .select('done_at')
    .where('id', '=', taskId)
    .where('service_user_id', '=', serviceUserId)
    .where('organisation_id', '=', change.by.organisationId)
    .forUpdate()
    .executeTakeFirst()
  if (!task) throw new NotFound()
  if (task.done_at !== null) throw new RuleBroken('This is done already.')
  await change.trx
    .updateTable('contact_tasks')
    .set({ done_at: change.now(), done_by: change.by.staffId })
    .where('id', '=', taskId)
    .execute()
  change.audit({ verb: 'safe-contact:done-otherwise', subject: ['service-user', serviceUserId], serviceUserId })
}
