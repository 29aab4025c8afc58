import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays, londonDate } from '../../src/lib/dates.ts'
import { insertOne } from '../factories/example.ts'
import type { Item } from '../factories/items.ts'
import type { Loan } from '../factories/loans.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { MadeLoan } from './lending.ts'
import type { Trust } from './trusts.ts'

interface Tale {
  trust: Trust
  people: ServiceUser[]
  stories: MadeLoan[]
  loans: Loan[]
}

/**
 * Two slips that were put right yesterday: a loan that was written down for the wrong person, and one that was lent a working
 * day before it says. The stories then tell who has it. Gives what the audit tells of it.
 */
export async function correctSome(db: Database, tale: Tale, today: string): Promise<PastEvent[]> {
  const at = timeOn(lastWorkingDay(addDays(today, -1)), 9, 35)
  return [...(await correctBorrower(db, tale, at)), ...(await correctBeginning(db, tale, at))]
}

async function correctBorrower(db: Database, { trust, people, stories, loans }: Tale, at: Date): Promise<PastEvent[]> {
  const borrowers = new Set(stories.map(({ to }) => ('serviceUserId' in to ? to.serviceUserId : 0)))
  const place = stories.findLastIndex(
    (story) => story.lentAt < at && 'serviceUserId' in story.to && story.lines.every(({ end }) => end === undefined),
  )
  const [story, loan] = [stories[place], loans[place]]
  const right = people.find(({ id, created_at }) => !borrowers.has(id) && new Date(created_at) < (story?.lentAt ?? at))
  if (!story || !loan || !right) return []
  const reason = 'Two people of the same first name were seen that morning.'
  const id = await open(db, trust, loan, 'borrower', reason, at)
  await db.updateTable('loans').set({ service_user_id: right.id }).where('id', '=', loan.id).execute()
  const wrong = loan.service_user_id ?? undefined
  story.to = { serviceUserId: right.id }
  const away: PastEvent = {
    ...about(trust, loan, at),
    verb: 'loan:corrected-away',
    serviceUserId: wrong,
    details: { reason },
  }
  return [...eventsOf(trust, { story, loan }, id, reason, at, right.id), away]
}

/** A loan that is over, whose items nobody had in the days before. */
async function correctBeginning(db: Database, { trust, stories, loans }: Tale, at: Date): Promise<PastEvent[]> {
  const { rows } = await sql<{ id: number }>`
    select loans.id from loans
    where organisation_id = ${trust.organisation.id} and ward_id is null
      and not exists (
        select from loan_lines line
        where line.loan_id = loans.id and (
          line.ended_as is distinct from 'returned' or line.taken_at <> loans.lent_at
          or exists (
            select from item_holds hold
            where hold.item_id = line.item_id and hold.loan_line_id is distinct from line.id
              and hold.taken_at < line.taken_at and coalesce(hold.ended_at, 'infinity') > line.taken_at - interval '8 days'
          )
          or exists (select from loan_lines where item_id = line.item_id and placed_with_ward_id is not null)
        )
      )
    order by id desc
    limit 1`.execute(db)
  const place = loans.findIndex(({ id }) => id === rows[0]?.id)
  const [story, loan] = [stories[place], loans[place]]
  if (!story || !loan) return []
  const reason = 'The agreement is dated the working day before.'
  const id = await open(db, trust, loan, 'lent', reason, at)
  const lentAt = timeOn(lastWorkingDay(addDays(londonDate(story.lentAt), -1)), 12, 0)
  const begun = { from_at: lentAt, taken_at: lentAt }
  await db.updateTable('loan_lines').set(begun).where('loan_id', '=', loan.id).execute()
  await db.updateTable('loans').set({ lent_at: lentAt }).where('id', '=', loan.id).execute()
  return eventsOf(trust, { story, loan }, id, reason, at, loan.service_user_id)
}

async function open(db: Database, trust: Trust, loan: Loan, kind: string, reason: string, at: Date): Promise<number> {
  const organisation_id = trust.organisation.id
  const { id } = await insertOne(db, 'loan_corrections', {
    organisation_id,
    loan_id: loan.id,
    kind,
    at,
    corrected_by: trust.champions[0]!.id,
  })
  await insertOne(db, 'loan_correction_reasons', { correction_id: id, organisation_id, reason })
  return id
}

function about(trust: Trust, loan: Loan, at: Date) {
  return {
    at,
    organisationId: trust.organisation.id,
    by: trust.champions[0]!.id,
    subject: ['loan', loan.id] as ['loan', number],
  }
}

function eventsOf(
  trust: Trust,
  { story, loan }: { story: MadeLoan; loan: Loan },
  correction: number,
  reason: string,
  at: Date,
  serviceUserId: number | null,
): PastEvent[] {
  const items = story.lines.map(({ item }) => item as Item)
  const ofLoan = about(trust, loan, at)
  return [
    {
      ...ofLoan,
      verb: 'loan:corrected',
      ...(serviceUserId !== null && { serviceUserId }),
      details: { correction, items: items.map(({ tag }) => tag), reason },
    },
    ...items.map(
      (item): PastEvent => ({
        ...ofLoan,
        verb: 'item:loan-corrected',
        subject: ['item', item.id],
        details: { correction },
      }),
    ),
  ]
}
