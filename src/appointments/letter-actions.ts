import type { Change } from '../database/change.ts'
import type { Format } from '../guides/rules.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findContact } from '../safe-contact/queries.ts'
import { addressToUse, mayContact, recipientOf } from '../safe-contact/rules.ts'
import { lockAppointment } from './queries.ts'
import { IS_OVER, isOpen } from './rules.ts'

export interface LetterTold {
  format: 'plain' | 'large-print' | 'easy-read' | 'large-easy-read'
  toldAs: 'posted' | 'by-hand' | 'read-out'
  guides: { id: number; format: Format }[]
}

/**
 * Writes down that somebody was told how and when: which letter, how it reached them, and the guides behind it. Refuses (RuleBroken)
 * one that was posted where they may not be written to, and an appointment that is over.
 */
export async function recordLetter(change: Change, id: number, told: LetterTold): Promise<void> {
  const { trx, by } = change
  const appointment = await lockAppointment(trx, by, id)
  if (!appointment) throw new NotFound()
  if (!isOpen(appointment)) throw new RuleBroken(IS_OVER)
  const { service_user_id } = appointment
  if (told.toldAs === 'posted') await requirePost(change, service_user_id)
  const row = { organisation_id: by.organisationId, at: change.now(), by: by.staffId }
  const letter = await trx
    .insertInto('appointment_letters')
    .values({ ...row, appointment_id: id, format: told.format, told_as: told.toldAs })
    .returning('id')
    .executeTakeFirstOrThrow()
  if (told.guides.length > 0) {
    const guides = told.guides.map(({ id: guide_id, format }) => ({
      guide_id,
      format,
      service_user_id,
      letter_id: letter.id,
    }))
    await trx
      .insertInto('guides_given')
      .values(guides.map((guide) => ({ ...row, ...guide })))
      .execute()
  }
  change.audit({
    verb: 'appointment:told',
    subject: ['appointment', id],
    serviceUserId: service_user_id,
    details: { new: { format: told.format, told_as: told.toldAs } },
  })
}

/**
 * Writes down that letters went to the post together, each in its own shape with its guides. Whoever was told meanwhile is passed over:
 * two who press together write each letter down once. Gives how many were written down. Refuses (RuleBroken) all of them where one may not
 * be posted any more.
 */
export async function recordPosted(change: Change, letters: readonly (LetterTold & { id: number })[]): Promise<number> {
  let written = 0
  // in the order of their ids, as everybody locks them
  for (const { id, ...told } of letters.toSorted((one, other) => one.id - other.id)) {
    if (!(await lockAppointment(change.trx, change.by, id))) throw new NotFound()
    const isTold = await change.trx
      .selectFrom('appointment_letters')
      .select('id')
      .where('appointment_id', '=', id)
      .where('is_overtaken', '=', false)
      .executeTakeFirst()
    if (isTold) continue
    await recordLetter(change, id, told)
    written += 1
  }
  change.audit({ verb: 'appointment:letters-posted', details: { letters: written } })
  return written
}

async function requirePost(change: Change, serviceUserId: number): Promise<void> {
  const person = await findContact(change.trx, change.by, serviceUserId)
  if (!person) throw new NotFound()
  const recipient = recipientOf(person, person.contact)
  const verdict = mayContact(recipient, addressToUse(recipient, 'post'), 'post', 'appointment', change.now())
  // a letter is read when it arrives, so the hour of writing it down does not count
  if (!verdict.yes && verdict.from === undefined) throw new RuleBroken(`${verdict.told} ${verdict.instead}`)
}
