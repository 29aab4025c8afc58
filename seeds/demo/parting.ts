import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { type DisposalOverrides, type RepairOverrides, retire, sendAway } from '../factories/hold-states.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

/** On how many days before today something went to repair, and in how many days from today it is expected back. */
const repairs: { daysAgo: number; expectedIn: number | null; told: RepairOverrides }[] = [
  {
    daysAgo: 24,
    expectedIn: -3,
    told: { reason: 'The screen is cracked.', place: 'Northgate Phone Repairs', cost_pence: 8900 },
  },
  { daysAgo: 9, expectedIn: 0, told: { reason: 'It does not charge any more.', place: 'Northgate Phone Repairs' } },
  {
    daysAgo: 4,
    expectedIn: 10,
    told: { reason: 'The microphone is silent.', place: 'Back to the maker, under warranty' },
  },
  { daysAgo: 2, expectedIn: null, told: { reason: 'It switches itself off.', place: 'Our own IT workshop' } },
]

const disposals: { daysAgo: number; told: DisposalOverrides }[] = [
  {
    daysAgo: 70,
    told: { how: 'recycled', to_whom: 'Rewire Recycling', wiped_how: 'erasure-software', certificate: 'RW-2041' },
  },
  { daysAgo: 6, told: { how: 'charity', to_whom: 'Screens for All', wiped_how: 'factory-reset', certificate: '' } },
]

/** Sends some of what is on the shelf to repair, and retires some. Gives what the audit says about it. */
export async function partWithSome(db: Database, trust: Trust, today: string): Promise<PastEvent[]> {
  const by = trust.champions[0]!
  const items = await listUntouched(db, trust.organisation.id, today, repairs.length + disposals.length)
  const dayOf = (daysAgo: number) => timeOn(lastWorkingDay(addDays(today, -daysAgo)), 15, 20)
  const about = { organisationId: trust.organisation.id, by: by.id }
  const events: PastEvent[] = []
  for (const { daysAgo, expectedIn, told } of repairs) {
    const item = items.shift()
    if (!item) continue
    const repair = { ...told, expected_back_on: expectedIn === null ? null : addDays(today, expectedIn) }
    const at = dayOf(daysAgo)
    await sendAway(db, { item, by, at, today, repair })
    events.push({ ...about, at, verb: 'repair:sent', subject: ['item', item.id], details: { new: repair } })
  }
  for (const { daysAgo, told } of disposals) {
    const item = items.shift()
    if (!item) continue
    const disposal = { ...told, wiped_by: by.name }
    const at = dayOf(daysAgo)
    await retire(db, { item, by, at, disposal })
    events.push({ ...about, at, verb: 'item:retired', subject: ['item', item.id], details: { new: disposal } })
  }
  return events
}

/** Devices that nobody has or is to have, nor had in the last months, and that are in no kit. */
async function listUntouched(db: Database, organisationId: number, today: string, limit: number) {
  const since = timeOn(lastWorkingDay(addDays(today, -90)), 9, 0)
  const { rows } = await sql<{ id: number; organisation_id: number }>`
    select id, organisation_id from items
    where organisation_id = ${organisationId} and category in ('tablet', 'smartphone', 'laptop') and left_at is null
      and kit_id is null and created_at < ${since}
      and not exists (
        select from item_holds
        where item_id = items.id and (ended_at is null and cancelled_at is null or ended_at >= ${since})
      )
      and not exists (select from loan_lines where item_id = items.id and placed_with_ward_id is not null)
    order by id desc
    limit ${limit}`.execute(db)
  return rows
}
