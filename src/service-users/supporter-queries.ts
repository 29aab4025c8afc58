import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'

function supportersOf(db: Database, actor: Actor, serviceUserId: number, supporterId: number) {
  return db
    .selectFrom('supporters')
    .innerJoin('supporter_details as who', 'who.supporter_id', 'supporters.id')
    .select(['supporters.id', 'supporters.version', 'supporters.consent', 'supporters.consent_on'])
    .select(['supporters.may_be_told', 'who.name', 'who.relation', 'who.phone', 'who.email'])
    .where('supporters.id', '=', supporterId)
    .where('supporters.service_user_id', '=', serviceUserId)
    .where('supporters.organisation_id', '=', actor.organisationId)
    .where('supporters.ended_at', 'is', null)
}

/** Somebody who supports a person now. Whether that person is in reach was asked before. */
export function findSupporter(db: Database, actor: Actor, serviceUserId: number, supporterId: number) {
  return supportersOf(db, actor, serviceUserId, supporterId).executeTakeFirst()
}

export type Supporter = NonNullable<Awaited<ReturnType<typeof findSupporter>>>

export function lockSupporter(trx: InTransaction, actor: Actor, serviceUserId: number, supporterId: number) {
  return supportersOf(trx, actor, serviceUserId, supporterId).forNoKeyUpdate('supporters').executeTakeFirst()
}
