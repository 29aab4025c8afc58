import type { Change } from '../database/change.ts'
import { NotAllowed, NotFound, Stale } from '../lib/refusals.ts'
import { lockChampion } from './hours-queries.ts'
import { hoursInWords, mayKeepHoursOf, type NewException, type WeekdayHours } from './hours-rules.ts'

/** Says when a champion works every week. Refuses somebody else's (NotAllowed), and what was changed since `seen` (Stale). */
export async function saveHours(
  change: Change,
  championId: number,
  { seen, hours }: { seen: string; hours: WeekdayHours[] },
): Promise<void> {
  const { trx, by } = change
  await lockOwn(change, championId)
  const before = await trx
    .selectFrom('diary_hours')
    .select(['weekday', 'from_minute as from', 'until_minute as until'])
    .where('champion_id', '=', championId)
    .orderBy('weekday')
    .orderBy('from_minute')
    .execute()
  if (hoursInWords(before).join('; ') !== seen) throw new Stale()
  await trx.deleteFrom('diary_hours').where('champion_id', '=', championId).execute()
  const rows = hours.map(({ weekday, from, until }) => ({
    ...{ organisation_id: by.organisationId, champion_id: championId, weekday },
    ...{ from_minute: from, until_minute: until },
  }))
  if (rows.length > 0) await trx.insertInto('diary_hours').values(rows).execute()
  change.audit({
    ...{ verb: 'diary:hours-changed', subject: ['staff', championId] },
    details: { old: { hours: hoursInWords(before) }, new: { hours: hoursInWords(hours) } },
  })
}

/** Writes down leave, hours away or hours more. What is booked then stays until somebody moves it. Gives its id. */
export async function addException(
  change: Change,
  championId: number,
  { kind, firstOn, lastOn, from, until }: NewException,
): Promise<{ id: number }> {
  const { trx, by } = change
  await lockOwn(change, championId)
  const made = await trx
    .insertInto('diary_exceptions')
    .values({
      ...{ organisation_id: by.organisationId, champion_id: championId, kind, first_on: firstOn, last_on: lastOn },
      ...{ from_minute: from, until_minute: until, made_at: change.now(), made_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  const details = { new: { kind, first_on: firstOn, last_on: lastOn } }
  change.audit({ verb: 'diary:exception-made', subject: ['staff', championId], details })
  return made
}

/** Takes leave, hours away or hours more off again. Gives whose it was. */
export async function cancelException(change: Change, id: number): Promise<number> {
  const { trx, by } = change
  const exception = await trx
    .selectFrom('diary_exceptions')
    .select(['champion_id', 'kind', 'first_on', 'cancelled_at'])
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirst()
  if (!exception) throw new NotFound()
  requireMayKeep(change, exception.champion_id)
  if (exception.cancelled_at !== null) throw new Stale('This was taken off meanwhile.')
  await trx
    .updateTable('diary_exceptions')
    .set({ cancelled_at: change.now(), cancelled_by: by.staffId })
    .where('id', '=', id)
    .execute()
  const details = { old: { kind: exception.kind, first_on: exception.first_on } }
  change.audit({ verb: 'diary:exception-cancelled', subject: ['staff', exception.champion_id], details })
  return exception.champion_id
}

async function lockOwn(change: Change, championId: number): Promise<void> {
  const champion = await lockChampion(change.trx, change.by, championId)
  if (!champion) throw new NotFound()
  requireMayKeep(change, championId)
}

function requireMayKeep({ by }: Change, championId: number): void {
  if (!mayKeepHoursOf(by, championId)) throw new NotAllowed()
}
