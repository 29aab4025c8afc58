import { type RawBuilder, sql } from 'kysely'
import { isLoanInReach, type Reach, reachesEveryLoan } from '../service-users/reach-queries.ts'

/**
 * A condition more: whoever asks may see the incident at hand, which stands there with its loan. One about things that
 * somebody out of their reach had tells that person's story. Whoever reported it goes on with it all the same, and is
 * told no name.
 */
export function andIncidentInReach(actor: Reach): RawBuilder<unknown> {
  if (reachesEveryLoan(actor)) return sql``
  return sql`and (incidents.reported_by = ${actor.staffId} or loans.id is null or ${isLoanInReach(actor)})`
}

/** The same where only the incident's id is at hand. */
export function andOfIncidentInReach(actor: Reach, column: string): RawBuilder<unknown> {
  return reachesEveryLoan(actor) ? sql`` : sql`and ${isIncidentInReach(actor, sql.ref(column))}`
}

function isIncidentInReach(actor: Reach, id: RawBuilder<unknown>) {
  return sql`exists (
    select from incidents told left join loans on loans.id = told.loan_id
    where told.id = ${id} and (told.reported_by = ${actor.staffId} or loans.id is null or ${isLoanInReach(actor)})
  )`
}

/** The id of an incident for a link to it; null where it leads nowhere for whoever asks. */
export function incidentIdInReach(actor: Reach, id: RawBuilder<number | null>): RawBuilder<number | null> {
  return reachesEveryLoan(actor) ? id : sql`case when ${isIncidentInReach(actor, id)} then ${id} end`
}
