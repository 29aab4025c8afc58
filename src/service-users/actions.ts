import { takeOnNewPerson } from '../caseloads/actions.ts'
import type { Author, Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { listTwins, lockServiceUser, type ServiceUserRow } from './queries.ts'
import { reachesEverybody } from './reach-queries.ts'
import type { ServiceUserDetails, ServiceUserIdentity } from './rules.ts'

/** Somebody much like the person to be added is here already. */
export class LooksLikeTwins extends RuleBroken {
  readonly twins: ServiceUserRow[]
  /** How many more there are that whoever adds the person may not see. */
  readonly hidden: number
  constructor(twins: ServiceUserRow[], hidden: number) {
    super('Someone much like this is here already.')
    this.twins = twins
    this.hidden = hidden
  }
}

/**
 * Adds a person and gives their id. Refuses (LooksLikeTwins) while somebody much like them is here, unless `isConfirmed`;
 * an NHS number that somebody has is refused by `service_user_details_nhs_number_key`, confirmed or not.
 */
export async function createServiceUser(
  change: Change<Author>,
  details: ServiceUserDetails,
  isConfirmed: boolean,
): Promise<number> {
  if (!isConfirmed) await refuseTwins(change, details)
  const { organisationId } = change.by
  const { id } = await change.trx
    .insertInto('service_users')
    .values({ organisation_id: organisationId, created_at: change.now() })
    .returning('id')
    .executeTakeFirstOrThrow()
  const row = { ...details, service_user_id: id, organisation_id: organisationId }
  await change.trx.insertInto('service_user_details').values(row).execute()
  await takeOnNewPerson(change, id)
  change.audit({
    verb: 'service-user:created',
    subject: ['service-user', id],
    serviceUserId: id,
    details: { new: details },
  })
  return id
}

async function refuseTwins(change: Change<Author>, details: ServiceUserDetails): Promise<void> {
  const { trx, by } = change
  // a second record of somebody whom another champion looks after is one too many as well
  const all = await listTwins(trx, { organisationId: by.organisationId, staffId: null }, details)
  if (all.length === 0) return
  const twins = reachesEverybody(by) ? all : await listTwins(trx, by, details)
  throw new LooksLikeTwins(twins, all.length - twins.length)
}

/** Changes who a person is, as somebody saw them at `version`. */
export async function editServiceUser(
  change: Change,
  id: number,
  version: number,
  details: ServiceUserIdentity,
): Promise<void> {
  const person = await lockServiceUser(change.trx, change.by, id)
  if (!person) throw new NotFound()
  if (person.version !== version) throw new Stale()
  await change.trx
    .updateTable('service_users')
    .set({ version: version + 1 })
    .where('id', '=', id)
    .execute()
  await change.trx.updateTable('service_user_details').set(details).where('service_user_id', '=', id).execute()
  change.audit({
    verb: 'service-user:updated',
    subject: ['service-user', id],
    serviceUserId: id,
    details: changedValues(person, details),
  })
}
