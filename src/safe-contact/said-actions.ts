import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import type { Channel } from './kinds-rules.ts'
import { findContact } from './queries.ts'
import { answerInWords, channelWords } from './words-rules.ts'

type Said = Partial<Record<Channel, 'allowed' | 'not-allowed'>>

/**
 * Writes down what somebody said about several ways of reaching them, as whoever refers them was told: of each a plain yes
 * or no, without hours. `choose` is given what they said before, and says what of it is to be written. It works for
 * everybody who may refer the person, and shows nothing.
 */
export async function recordSaid(change: Change, serviceUserId: number, choose: (known: Said) => Said): Promise<void> {
  const { trx, by } = change
  await sql`select from service_users where id = ${serviceUserId} for no key update`.execute(trx)
  const person = await findContact(trx, by, serviceUserId)
  const own = person?.contact.answers.filter(({ supporter_id }) => supporter_id === null) ?? []
  const said = Object.entries(choose(Object.fromEntries(own.map(({ channel, answer }) => [channel, answer]))))
  for (const [channel, answer] of said as [Channel, 'allowed' | 'not-allowed'][]) {
    const before = own.find((one) => one.channel === channel)
    const written = { ...plain, channel, answer }
    await trx
      .insertInto('contact_answers')
      .values({
        organisation_id: by.organisationId,
        service_user_id: serviceUserId,
        ...written,
        at: change.now(),
        recorded_by: by.staffId,
      })
      .execute()
    const { name } = channelWords[channel]
    change.audit({
      verb: 'safe-contact:answered',
      subject: ['service-user', serviceUserId],
      serviceUserId,
      details: { old: { [name]: before ? answerInWords(before) : '' }, new: { [name]: answerInWords(written) } },
    })
  }
}

/**
 * Somebody said by text that they want no more texts; said again, it changes nothing but the audit. It works for whoever it is about,
 * and shows nothing to anybody.
 */
export async function stopTexts(
  change: Change<Author>,
  serviceUserId: number,
  supporterId: number | null,
): Promise<void> {
  const { trx, by } = change
  await sql`select from service_users where id = ${serviceUserId} for no key update`.execute(trx)
  const person = await findContact(trx, by, serviceUserId)
  const before = person?.contact.answers.find((one) => one.channel === 'text' && one.supporter_id === supporterId)
  const written = { ...plain, channel: 'text', answer: 'not-allowed' } as const
  if (before?.answer !== 'not-allowed') {
    await trx
      .insertInto('contact_answers')
      .values({
        ...{ organisation_id: by.organisationId, service_user_id: serviceUserId, supporter_id: supporterId },
        ...{ ...written, at: change.now(), recorded_by: null },
      })
      .execute()
  }
  const { name } = channelWords.text
  change.audit({
    verb: 'safe-contact:stopped-by-text',
    subject: ['service-user', serviceUserId],
    serviceUserId,
    details: { old: { [name]: before ? answerInWords(before) : '' }, new: { [name]: answerInWords(written) } },
  })
}

const plain = { from_hour: null, until_hour: null, days: [] as number[], number_shown: null, names_service: false }
