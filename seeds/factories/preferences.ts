import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { MeetingPreferences, Platforms, Signposts } from '../../src/database/schema.ts'
import { exampleNow, insertAll, insertOne, nextNumber } from './example.ts'
import { staffMember } from './staff.ts'

/** Something to meet people on: approved, unless it says otherwise. */
export function platform(
  db: Database,
  { organisation_id, ...more }: Partial<Insertable<Platforms>> & { organisation_id: number },
): Promise<Selectable<Platforms>> {
  return insertOne(db, 'platforms', {
    ...{ organisation_id, name: `Platform ${nextNumber()}`, approval: 'approved', decided_by_words: 'The board' },
    ...{
      decided_on: '2026-01-05',
      settings: 'Waiting room on',
      guidance: '',
      mb_per_minute: 10,
      mb_source: '',
      version: 1,
    },
    ...more,
  })
}

/** Somebody took a risk of it on. */
export async function acceptedRisk(
  db: Database,
  {
    platform: of,
    by,
    risk = 'They know it, and use nothing else.',
  }: {
    platform: { id: number; organisation_id: number }
    by: { id: number }
    risk?: string
  },
): Promise<void> {
  const taken = { organisation_id: of.organisation_id, platform_id: of.id, risk }
  await insertAll(db, 'platform_risks', [{ ...taken, accepted_at: exampleNow, accepted_by: by.id }])
}

/** Help beyond the service. */
export async function signpost(
  db: Database,
  { organisation_id, ...more }: Partial<Insertable<Signposts>> & { organisation_id: number },
): Promise<Selectable<Signposts>> {
  const by = more.checked_by ?? (await staffMember(db, { organisation_id, role: 'administrator' })).id
  return insertOne(db, 'signposts', {
    ...{ organisation_id, kind: 'library', name: `Library ${nextNumber()}`, about: '', phone: '01632 960 001' },
    ...{ website: '', address: '', area: '', helps: [], checked_on: '2026-07-01', version: 1, ended_at: null },
    ...more,
    checked_by: by,
  })
}

/** How somebody wants to meet for one purpose. */
export async function meetingPreference(
  db: Database,
  {
    person,
    by,
    platforms = [],
    joins = '',
    notes = '',
    ...more
  }: {
    person: { id: number; organisation_id: number }
    by?: { id: number }
    platforms?: { id: number }[]
    joins?: string
    notes?: string
  } & Partial<Insertable<MeetingPreferences>>,
): Promise<number> {
  const organisation_id = person.organisation_id
  const { id } = await insertOne(db, 'meeting_preferences', {
    ...{ organisation_id, service_user_id: person.id, purpose: 'first-meeting', ways: ['face-to-face', 'phone'] },
    ...{ times: [], review_on: '2027-01-04', at: exampleNow },
    recorded_by: (by ?? (await staffMember(db, { organisation_id }))).id,
    ...more,
  })
  await insertAll(db, 'meeting_preference_words', [{ preference_id: id, organisation_id, joins, notes }])
  const known = platforms.map((one) => ({ preference_id: id, platform_id: one.id, organisation_id }))
  await insertAll(db, 'meeting_preference_platforms', known)
  return id
}
