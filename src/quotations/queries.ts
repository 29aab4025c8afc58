import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import { isPersonInReach } from '../service-users/reach-queries.ts'
import type { Agreement, Listed, QuotationFacts, Speaker } from './rules.ts'

export interface QuotationRow extends QuotationFacts {
  id: number
  /** None once they are taken back. */
  words: string
  speaker: Speaker
  agreed_on: string
  agreed_how: Agreement
  written_at: string
  written_by: number
  writer: string
  decided_at: string | null
  decider: string | null
  refused_because: string
}

const columns = sql`
  quotation.id, quotation.words, quotation.speaker, quotation.agreed_on, quotation.agreed_how, quotation.written_at,
  quotation.written_by, writer.name as writer, quotation.decision, quotation.decided_at, decider.name as decider,
  quotation.refused_because, quotation.taken_back_at`

const withNames = sql`
  join staff writer on writer.id = quotation.written_by
  left join staff decider on decider.id = quotation.decided_by`

const MOST = 50

/** What was written down of somebody in reach, the newest first. Whether they are in reach was asked before. */
export async function listQuotationsOf(db: Database, actor: Actor, personId: number): Promise<QuotationRow[]> {
  const { rows } = await sql<QuotationRow>`
    select ${columns} from quotations quotation ${withNames}
    where quotation.service_user_id = ${personId} and quotation.organisation_id = ${actor.organisationId}
    order by quotation.id desc limit ${MOST}
  `.execute(db)
  return rows
}

/** What somebody's words may not hold: their names, and those of whoever supports them. */
export async function listNamesToLeaveOut(db: Database, actor: Actor, personId: number): Promise<string[]> {
  const { rows } = await sql<{ name: string }>`
    select name from service_user_details
    where service_user_id = ${personId} and organisation_id = ${actor.organisationId}
    union all
    select known_as from service_user_details
    where service_user_id = ${personId} and organisation_id = ${actor.organisationId}
    union all
    select who.name from supporters
    join supporter_details who on who.supporter_id = supporters.id
    where supporters.service_user_id = ${personId} and supporters.organisation_id = ${actor.organisationId}
      and supporters.ended_at is null
  `.execute(db)
  return rows.map(({ name }) => name)
}

export interface FoundQuotation extends QuotationRow {
  service_user_id: number
  /** null: whoever asks does not see this person otherwise. */
  service_user: string | null
  has_died: boolean
}

/** One of them, for a champion who reaches the person, and for information governance, who reads them all. */
export async function findQuotation(db: Database, actor: Actor, id: number): Promise<FoundQuotation | undefined> {
  const isInReach = isPersonInReach(actor, 'person.id')
  const isReader = actor.role === 'information-governance'
  const { rows } = await sql<FoundQuotation>`
    select ${columns}, quotation.service_user_id, person.state = 'died' as has_died,
           case when ${isInReach} then details.name end as service_user
    from quotations quotation ${withNames}
    join service_users person on person.id = quotation.service_user_id
    join service_user_details details on details.service_user_id = person.id
    where quotation.id = ${id} and quotation.organisation_id = ${actor.organisationId}
      and ${isReader ? sql`true` : isInReach}
  `.execute(db)
  return rows[0]
}

/** The same as it stands, held until this transaction ends. */
export async function lockQuotation(trx: InTransaction, actor: Actor, id: number) {
  await sql`
    select from quotations where id = ${id} and organisation_id = ${actor.organisationId} for no key update
  `.execute(trx)
  return findQuotation(trx, actor, id)
}

/** One page of what waits to be read, the oldest first; or of what was approved or refused, the newest first. */
export async function listQuotations(db: Database, actor: Actor, show: Listed, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isUpwards = (show === 'waiting') === (asked.before === undefined)
  const from =
    cursor === undefined ? sql`` : sql`and quotation.id ${isUpwards ? sql`>` : sql`<`} ${Number(cursor)}::bigint`
  const { rows } = await sql<QuotationRow>`
    select ${columns} from quotations quotation ${withNames}
    where quotation.organisation_id = ${actor.organisationId} and quotation.taken_back_at is null
      and quotation.decision ${show === 'waiting' ? sql`is null` : sql`= ${show}`} ${from}
    order by quotation.id ${isUpwards ? sql`asc` : sql`desc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, ({ id }) => String(id))
}

/** What whoever pays for the service reads: no more than this leaves the record. */
export interface ShownWords {
  place: string
  words: string
  speaker: Speaker
}

/** One page of the words that may be shown, in an order that tells nothing. Of whoever has died none are. */
export async function listShownWords(db: Database, actor: Actor, asked: PageAsked) {
  const cursor = asked.before ?? asked.after
  const isUpwards = asked.before === undefined
  const from = cursor === undefined ? sql`` : sql`and quotation.place ${isUpwards ? sql`>` : sql`<`} ${cursor}::uuid`
  const { rows } = await sql<ShownWords>`
    select quotation.place, quotation.words, quotation.speaker from quotations quotation
    join service_users person on person.id = quotation.service_user_id
    where quotation.organisation_id = ${actor.organisationId} and quotation.decision = 'approved'
      and quotation.taken_back_at is null and person.state <> 'died' ${from}
    order by quotation.place ${isUpwards ? sql`asc` : sql`desc`}
    limit ${rowsToRead(asked)}
  `.execute(db)
  return pageOf(rows, asked, ({ place }) => place)
}
