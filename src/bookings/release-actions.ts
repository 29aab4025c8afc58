import { sql } from 'kysely'
import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { listUncollected } from './release-queries.ts'
import { addMinutes, COLLECT_MINUTES, protectedPurposes } from './rules.ts'

/**
 * Releases what nobody came for, half an hour after its time began: it is free for somebody else. Never where the purpose is
 * protected; and not while the thing itself is not back from somebody else, since then nobody could come for it. Gives how
 * many bookings were released.
 */
export async function releaseUncollected({ db, clock }: { db: Database; clock: () => Date }): Promise<number> {
  const due = await listUncollected(db, untilOf(clock()), [...protectedPurposes])
  let released = 0
  for (const { id, organisation_id } of due) {
    const by = { organisationId: organisation_id, staffId: null }
    if (await release({ db, by, clock }, id)) released += 1
  }
  return released
}

const untilOf = (now: Date) => addMinutes(now, -COLLECT_MINUTES)

class NothingToRelease extends Error {}

/** One booking in a change of its own. Whoever hands it out in the same moment is first, or finds it released. */
async function release(options: { db: Database; by: Author; clock: () => Date }, id: number): Promise<boolean> {
  try {
    await makeChange(options, (change) => releaseBooking(change, id))
    return true
  } catch (error) {
    if (error instanceof NothingToRelease) return false
    throw error
  }
}

async function releaseBooking(change: Change<Author>, id: number): Promise<void> {
  const { trx } = change
  const booking = await trx
    .updateTable('bookings')
    .set((eb) => ({ version: eb('version', '+', 1) }))
    .where('id', '=', id)
    .where('cancelled_at', 'is', null)
    .where(sql<boolean>`not (purpose = any(${[...protectedPurposes]}::text[]))`)
    .returning(['id', 'service_user_id'])
    .executeTakeFirst()
  if (!booking) throw new NothingToRelease()
  const now = change.now()
  const { rows } = await sql<{ tag: string }>`
    with released as (
      update item_holds set cancelled_at = ${now}
      where booking_id = ${id} and taken_at is null and cancelled_at is null and lower(plan) <= ${untilOf(now)}
      returning item_id
    )
    select items.tag from released join items on items.id = item_id order by items.id`.execute(trx)
  if (rows.length === 0) throw new NothingToRelease()
  await trx
    .updateTable('bookings')
    .set({ cancelled_at: now, cancelled_as: 'not-collected' })
    .where('id', '=', id)
    .execute()
  change.audit({
    verb: 'booking:released',
    subject: ['booking', id],
    ...(booking.service_user_id !== null && { serviceUserId: booking.service_user_id }),
    details: { items: rows.map(({ tag }) => tag) },
  })
}
