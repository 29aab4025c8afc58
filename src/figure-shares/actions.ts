import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { findByCode } from '../organisations/queries.ts'

/**
 * Lets the commissioners of another organisation see what is published of this one, until it is taken back. Refuses (RuleBroken)
 * a code that is nobody's or one's own. PostgreSQL refuses (NotUnique) a second at the same time.
 */
export async function shareFigures(change: Change, code: string): Promise<{ id: number }> {
  const { trx, by } = change
  const other = await findByCode(trx, code)
  if (!other) throw new RuleBroken('No organisation here has this code. Check it with them')
  if (other.id === by.organisationId)
    throw new RuleBroken('This is your own organisation. Your commissioners see its figures')
  const made = await trx
    .insertInto('figure_shares')
    .values({
      ...{ organisation_id: by.organisationId, with_organisation_id: other.id },
      ...{ shared_at: change.now(), shared_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'settings:figures-shared', details: { with: code } })
  return made
}

/** Takes it back: from the next page on they see nothing of it. Whoever comes second finds nothing. */
export async function endFigureShare(change: Change, id: number): Promise<void> {
  const { trx, by } = change
  const ended = await trx
    .updateTable('figure_shares')
    .set({ ended_at: change.now(), ended_by: by.staffId })
    .where('organisation_id', '=', by.organisationId)
    .where('id', '=', id)
    .where('ended_at', 'is', null)
    .returning('with_organisation_id')
    .executeTakeFirst()
  if (!ended) throw new NotFound()
  change.audit({
    verb: 'settings:figures-no-longer-shared',
    details: { with_organisation: ended.with_organisation_id },
  })
}
