import { hash, randomBytes } from 'node:crypto'
import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { lockRow } from '../database/lock.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { typedCodeFrom } from '../lib/typed-codes.ts'
import type { NewTablet } from './form.ts'
import { findTablet } from './queries.ts'
import { CODE_HOURS, CODE_LETTERS, plainCode } from './rules.ts'

const HOUR = 3_600_000

/** A tablet that is to be enrolled, and the code to do it with. Refuses (NotFound) a ward that is not ours. */
export async function makeTablet(change: Change, { name, wardId }: NewTablet): Promise<{ id: number; code: string }> {
  const { trx, by } = change
  await trx
    .selectFrom('wards')
    .select('id')
    .where('id', '=', wardId)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirstOrThrow(() => new NotFound())
  const { code, ...columns } = newCode(change)
  const { id } = await trx
    .insertInto('ward_tablets')
    .values({
      organisation_id: by.organisationId,
      ward_id: wardId,
      name,
      made_at: change.now(),
      made_by: by.staffId,
      ...columns,
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'tablet:added', subject: ['tablet', id], details: { name } })
  return { id, code }
}

/** Another code for a tablet that is not enrolled yet; the one before enrols nothing any more. */
export async function makeCode(change: Change, id: number): Promise<string> {
  const tablet = await lockTablet(change, id)
  if (tablet.enrolled_at !== null) throw new RuleBroken(`${tablet.name} is enrolled already.`)
  const { code, ...columns } = newCode(change)
  await change.trx.updateTable('ward_tablets').set(columns).where('id', '=', id).execute()
  change.audit({ verb: 'tablet:code-made', subject: ['tablet', id] })
  return code
}

/** From now on nobody signs in there with a PIN or a badge, and whoever is signed in so is told with their next tap. */
export async function revokeTablet(change: Change, id: number): Promise<void> {
  await lockTablet(change, id)
  await change.trx
    .updateTable('ward_tablets')
    .set({ revoked_at: change.now(), revoked_by: change.by.staffId, code_hash: null, code_until: null })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'tablet:revoked', subject: ['tablet', id] })
}

export interface EnrolmentDoor {
  db: Database
  clock: () => Date
  requestId?: string
}

/**
 * Enrols the tablet that the code is typed on, once and in time, and gives what it is to show from now on. null: the code is
 * wrong, was used or is too old; the three look alike.
 */
export async function enrolTablet({ db, clock, requestId }: EnrolmentDoor, plain: string) {
  const found = await db
    .selectFrom('ward_tablets')
    .select(['id', 'organisation_id', 'code_by'])
    .where('code_hash', '=', codeHash(plain))
    .where('code_until', '>', clock().toISOString())
    .executeTakeFirst()
  if (!found) return null
  const token = randomBytes(32).toString('base64url')
  const by: Author = { organisationId: found.organisation_id, staffId: found.code_by }
  return await makeChange({ db, by, clock, ...(requestId !== undefined && { requestId }) }, async (change) => {
    const taken = await change.trx
      .updateTable('ward_tablets')
      .set({
        enrolled_at: change.now(),
        token_hash: hash('sha256', token, 'buffer'),
        code_hash: null,
        code_until: null,
      })
      .where('id', '=', found.id)
      .where('code_hash', '=', codeHash(plain))
      .returning('name')
      .executeTakeFirst()
    change.audit({ verb: taken ? 'tablet:enrolled' : 'tablet:code-refused', subject: ['tablet', found.id] })
    return taken ? { token, name: taken.name } : null
  })
}

async function lockTablet(change: Change, id: number) {
  const { trx, by } = change
  await lockRow(change, 'ward_tablets', id)
  const tablet = await findTablet(trx, by, id)
  if (!tablet) throw new NotFound()
  if (tablet.revoked_at !== null) throw new RuleBroken(`${tablet.name} was taken off already.`)
  return tablet
}

function newCode(change: Change) {
  const code = typedCodeFrom(randomBytes(CODE_LETTERS))
  return {
    code,
    code_hash: codeHash(plainCode(code) ?? ''),
    code_until: new Date(change.now().getTime() + CODE_HOURS * HOUR),
    code_by: change.by.staffId,
  }
}

export function codeHash(plain: string): Buffer {
  return hash('sha256', `tablet ${plain}`, 'buffer')
}
