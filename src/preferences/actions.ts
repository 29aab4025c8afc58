import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { lockServiceUser } from '../service-users/queries.ts'
import type { NewPreference } from './form.ts'
import { purposes, textOf, waysText } from './rules.ts'

/** For what it is, and the preference that stood there when the form was shown: 0 where there was none. */
export interface PreferenceSeen {
  personId: number
  purpose: string
  version: number
}

/** Writes down how somebody wants to meet for a purpose, and for others where it is the same. What they said before stays. */
export async function savePreference(change: Change, seen: PreferenceSeen, said: NewPreference): Promise<void> {
  const { trx, by } = change
  const person = await lockServiceUser(trx, by, seen.personId)
  if (!person) throw new NotFound()
  const { ways, camera, length, frequency, times, review_on, joins, notes, platformIds, also } = said
  const asked = [...new Set([seen.purpose, ...also])]
  const standing = await trx
    .selectFrom('meeting_preferences')
    .select(['id', 'purpose', 'ways'])
    .where('service_user_id', '=', person.id)
    .where('organisation_id', '=', by.organisationId)
    .where(sql<boolean>`purpose = any(${asked}::text[])`)
    .where('superseded_at', 'is', null)
    .orderBy('id')
    .execute()
  const before = standing.filter(({ purpose }) => purpose === seen.purpose).at(-1)
  if ((before?.id ?? 0) !== seen.version) throw new Stale()
  const at = change.now()
  await trx
    .updateTable('meeting_preferences')
    .set({ superseded_at: at })
    .where(sql<boolean>`id = any(${standing.map(({ id }) => id)}::bigint[])`)
    .execute()
  const base = { organisation_id: by.organisationId, service_user_id: person.id, at, recorded_by: by.staffId }
  const made = await trx
    .insertInto('meeting_preferences')
    .values(asked.map((purpose) => ({ ...base, purpose, ways, camera, length, frequency, times, review_on })))
    .returning('id')
    .execute()
  const organisation_id = by.organisationId
  await trx
    .insertInto('meeting_preference_words')
    .values(made.map(({ id }) => ({ preference_id: id, organisation_id, joins, notes })))
    .execute()
  const known = made.flatMap(({ id }) =>
    platformIds.map((platform_id) => ({ preference_id: id, platform_id, organisation_id })),
  )
  if (known.length > 0) await trx.insertInto('meeting_preference_platforms').values(known).execute()
  change.audit({
    verb: 'conversation:preference-saved',
    subject: ['service-user', person.id],
    serviceUserId: person.id,
    details: {
      old: Object.fromEntries(
        standing.map(({ purpose, ways: theirs }) => [textOf(purposes, purpose), waysText(theirs)]),
      ),
      new: Object.fromEntries(asked.map((purpose) => [textOf(purposes, purpose), waysText(ways)])),
    },
  })
}
