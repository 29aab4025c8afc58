import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { type EntriesHandedOver, handOverEntries } from '../diary/handover-actions.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import type { CaseloadHandover } from './rules.ts'

export type HandedOver = EntriesHandedOver & { people: number }

/**
 * Hands people over from one caseload to another, or from and to nobody's; what they have on loan goes with them, as far
 * as the one before looked after it, and so does what is planned with them, as far as the new one is free then. Each is audited by
 * itself. Gives how many, and what became of what was planned.
 *
 * Refuses: somebody of another organisation (NotFound); a new champion who is none now (RuleBroken); people who are not on
 * that caseload any more (Stale).
 */
export async function handOverPeople(change: Change, { from, to, personIds }: CaseloadHandover): Promise<HandedOver> {
  const names = await lockChampions(change, [from, to])
  const next = to === null ? null : names.get(to)
  if ((to !== null && !next) || (from !== null && !names.has(from))) throw new NotFound()
  if (next && !next.is_champion) throw new RuleBroken(`${next.name} is no champion now.`)

  const people = await lockPeople(change, from, personIds)
  if (personIds !== null && people.length !== new Set(personIds).size) {
    throw new Stale('Somebody else looks after some of these people by now.')
  }
  if (people.length === 0) throw new RuleBroken('Nobody is on this caseload.')
  await endEntries(change, people)
  if (to !== null) await beginEntries(change, people, to)
  if (from !== null && to !== null) await handOverTheirLoans(change, people, from, to)
  for (const serviceUserId of people) {
    change.audit({
      verb: 'caseload:handed-over',
      subject: ['service-user', serviceUserId],
      serviceUserId,
      details: { from: from === null ? 'nobody' : names.get(from)?.name, to: next?.name ?? 'nobody' },
    })
  }
  const entries = from === null ? { moved: 0, left: 0 } : await handOverEntries(change, people, { from, to })
  return { people: people.length, ...entries }
}

async function lockChampions({ trx, by }: Change, ids: (number | null)[]) {
  const rows = await trx
    .selectFrom('staff')
    .select(['id', 'name', 'role', 'disabled_at'])
    .where((eb) => eb('id', '=', eb.fn.any(eb.val(ids.filter((id) => id !== null)))))
    .where('organisation_id', '=', by.organisationId)
    .orderBy('id')
    .forShare()
    .execute()
  return new Map(
    rows.map(({ id, name, role, disabled_at }) => [
      id,
      { name, is_champion: role === 'champion' && disabled_at === null },
    ]),
  )
}

/** Those asked for who are on that caseload, or all who are; held in the order of their ids. */
async function lockPeople({ trx, by }: Change, from: number | null, personIds: number[] | null): Promise<number[]> {
  const which = personIds === null ? sql`` : sql`and service_users.id = any(${personIds}::bigint[])`
  const entry = sql`select from caseload_entries where service_user_id = service_users.id and ended_at is null`
  const isThere = from === null ? sql`not exists (${entry})` : sql`exists (${entry} and staff_id = ${from})`
  const { rows } = await sql<{ id: number }>`
    select id from service_users
    where organisation_id = ${by.organisationId} and merged_into is null ${which} and ${isThere}
    order by id for no key update
  `.execute(trx)
  return rows.map(({ id }) => id)
}

async function endEntries(change: Change, people: number[]): Promise<void> {
  const { trx, by } = change
  const at = change.now()
  await sql`
    update caseload_entries set ended_at = greatest(${at}, began_at), ended_by = ${by.staffId}
    where service_user_id = any(${people}::bigint[]) and ended_at is null
  `.execute(trx)
}

async function beginEntries(change: Change<Author>, people: number[], staffId: number): Promise<void> {
  const { trx, by } = change
  const at = change.now()
  await sql`
    insert into caseload_entries (organisation_id, staff_id, service_user_id, began_at, began_by)
    select ${by.organisationId}, ${staffId}, id, ${at}, ${by.staffId} from unnest(${people}::bigint[]) as of (id)
  `.execute(trx)
}

async function handOverTheirLoans(change: Change, people: number[], from: number, to: number): Promise<void> {
  const { rows } = await sql<{ id: number; service_user_id: number }>`
    update loans set looked_after_by = ${to}
    where id = any(array(
      select loans.id from loans
      where service_user_id = any(${people}::bigint[]) and coalesce(looked_after_by, lent_by) = ${from}
        and exists (select from loan_lines where loan_id = loans.id and ended_at is null and cancelled_at is null)
      order by loans.id for no key update
    ))
    returning id, service_user_id
  `.execute(change.trx)
  for (const { id, service_user_id } of rows) {
    change.audit({ verb: 'loan:handed-over', subject: ['loan', id], serviceUserId: service_user_id })
  }
}

/** Whoever is limited to a caseload and adds a person looks after them from then on: else they would lose sight of them. */
export async function takeOnNewPerson(change: Change<Author>, personId: number): Promise<void> {
  const { by } = change
  if ('caseloadOnly' in by && by.caseloadOnly && by.staffId !== null) await beginEntries(change, [personId], by.staffId)
}

/**
 * A champion who is limited to a caseload from now on begins it with the people whose open loans they look after and whom
 * nobody else has on theirs. Gives how many.
 */
export async function beginCaseload(change: Change, staffId: number): Promise<number> {
  const { trx, by } = change
  const at = change.now()
  const { rows } = await sql`
    insert into caseload_entries (organisation_id, staff_id, service_user_id, began_at, began_by)
    select distinct ${by.organisationId}::bigint, ${staffId}::bigint, loans.service_user_id, ${at}::timestamptz,
                    ${by.staffId}::bigint
    from loans
    where loans.organisation_id = ${by.organisationId} and loans.service_user_id is not null
      and coalesce(loans.looked_after_by, loans.lent_by) = ${staffId}
      and exists (select from loan_lines where loan_id = loans.id and ended_at is null and cancelled_at is null)
      and not exists (
        select from caseload_entries entry where entry.service_user_id = loans.service_user_id and entry.ended_at is null
      )
    returning service_user_id
  `.execute(trx)
  return rows.length
}

/**
 * People go along with their loans to a champion who would not see them otherwise. Refuses (RuleBroken) where a third
 * champion has some of them: the people are handed over first.
 */
export async function bringAlong(
  change: Change,
  people: number[],
  { from, to }: { from: number; to: { id: number; name: string } },
): Promise<void> {
  const { rows } = await sql<{ id: number; staff_id: number | null }>`
    select person.id, entry.staff_id
    from service_users person
    left join caseload_entries entry on entry.service_user_id = person.id and entry.ended_at is null
    where person.id = any(${people}::bigint[])
    order by person.id for no key update of person
  `.execute(change.trx)
  if (rows.some(({ staff_id }) => staff_id !== null && staff_id !== from && staff_id !== to.id)) {
    throw new RuleBroken(
      `${to.name} sees only the people on their caseload, and some of these are on somebody else’s. Hand the people over first.`,
    )
  }
  const moved = rows.filter(({ staff_id }) => staff_id !== to.id).map(({ id }) => id)
  if (moved.length === 0) return
  await endEntries(change, moved)
  await beginEntries(change, moved, to.id)
  for (const serviceUserId of moved) {
    const about = { subject: ['service-user', serviceUserId] as ['service-user', number], serviceUserId }
    change.audit({ verb: 'caseload:handed-over', ...about, details: { to: to.name } })
  }
}
