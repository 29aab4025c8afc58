import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ReferralAsks, Referrals, ReferralWords } from '../../src/database/schema.ts'
import { exampleNow, insertAll, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

export type Referral = Selectable<Referrals>

export interface ReferralOverrides extends Partial<Omit<Insertable<Referrals>, 'service_user_id' | 'made_by'>> {
  person: { id: number; organisation_id: number }
  /** Whoever made it; a care team's member is made where nobody is named. */
  by?: { id: number }
  asks?: string[]
  words?: Partial<Omit<Insertable<ReferralWords>, 'referral_id' | 'organisation_id'>>
}

/** A care team asked this morning for a device for somebody. */
export function referralFor(db: Database, overrides: ReferralOverrides): Promise<Referral> {
  const { person, by, asks = ['device'], words, ...columns } = overrides
  const { organisation_id } = person
  const write = async (trx: Database) => {
    const maker = by ?? (await staffMember(trx, { organisation_id, role: 'care-team' }))
    const made = await insertOne(trx, 'referrals', {
      ...{ organisation_id, service_user_id: person.id, source: 'care-team', team_id: null },
      ...{
        referred_on: '2026-08-03',
        made_at: exampleNow,
        made_by: maker.id,
        barriers: ['no-device'],
        contact_said: [],
      },
      ...{ first_appointment_on: null, is_open: true, version: 1 },
      ...columns,
    })
    const of = { referral_id: made.id, organisation_id }
    const rows: Insertable<ReferralAsks>[] = asks.map((ask) => ({ ...of, ask }))
    await insertAll(trx, 'referral_asks', rows)
    const nothing = { referrer: '', barrier_words: '', contact_words: '', ended_words: '' }
    await trx
      .insertInto('referral_words')
      .values({ ...of, ...nothing, ...words })
      .execute()
    return made
  }
  // what it asks for is looked for when the transaction ends
  return db.isTransaction ? write(db) : db.transaction().execute(write)
}

/** It was declined, or taken back. */
export async function endedReferral(
  db: Database,
  {
    ending = 'declined',
    why = 'nothing-suitable',
    ...overrides
  }: ReferralOverrides & { ending?: 'declined' | 'withdrawn'; why?: string },
): Promise<Referral> {
  const made = await referralFor(db, overrides)
  const ended = { ended_at: exampleNow, ended_as: ending, ended_why: why, ended_by: made.made_by }
  await db.updateTable('referrals').set(ended).where('id', '=', made.id).execute()
  return { ...made, is_open: false }
}
