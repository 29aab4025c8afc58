import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findPersonForGuides } from './person-queries.ts'
import type { Format } from './rules.ts'

/**
 * Writes down which guides somebody was given, in which shape. Refuses (RuleBroken) one that is out of use by now: what was printed of it
 * is old, and the new one is to be given.
 */
export async function giveGuides(
  change: Change,
  personId: number,
  guides: readonly { id: number; format: Format }[],
): Promise<void> {
  const { trx, by } = change
  const now = change.now()
  const person = await findPersonForGuides(trx, by, personId, now)
  if (!person) throw new NotFound()
  if (guides.some(({ id }) => !person.guides.some((one) => one.id === id))) {
    throw new RuleBroken('One of these guides is out of use by now. Look at the list again, and print the new one.')
  }
  const row = { organisation_id: by.organisationId, service_user_id: person.id, at: now, by: by.staffId }
  await trx
    .insertInto('guides_given')
    .values(guides.map(({ id: guide_id, format }) => ({ ...row, guide_id, format })))
    .execute()
  for (const { id, format } of guides) {
    const details = { new: { format } }
    change.audit({ verb: 'guide:given', subject: ['guide', id], serviceUserId: person.id, details })
  }
}
