import { type Insertable, sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Disposals, Repairs } from '../../src/database/schema.ts'
import { addDays, londonDate, londonToday } from '../../src/lib/dates.ts'
import { exampleNow, insertOne } from './example.ts'
import { availableItem, type Item, type ItemOverrides } from './items.ts'
import { type Staff, staffMember } from './staff.ts'

const HOUR = 60 * 60 * 1000

/** Handed out ten minutes ago for a booking of an hour; of the pool of a ward, where one is named. */
export async function itemInUse(
  db: Database,
  overrides: { item?: Item; ward?: { id: number }; now?: Date } = {},
): Promise<Item> {
  const { now = exampleNow, ward } = overrides
  const item = overrides.item ?? (await availableItem(db))
  const takenAt = new Date(now.getTime() - HOUR / 6)
  const until = new Date(takenAt.getTime() + HOUR)
  await insertOne(db, 'item_holds', {
    organisation_id: item.organisation_id,
    item_id: item.id,
    kind: 'booking',
    ward_id: ward?.id ?? null,
    plan: `[${takenAt.toISOString()},${until.toISOString()})`,
    taken_at: takenAt,
  })
  return item
}

export type RepairOverrides = Partial<Pick<Insertable<Repairs>, 'reason' | 'place' | 'cost_pence' | 'expected_back_on'>>

export interface PartingOverrides {
  now?: Date
  /** Who sent it to repair or took it out of the stock; made where nobody is named. */
  by?: Pick<Staff, 'id'>
}

/** Went to repair a week ago, and is expected back in a week. */
export async function itemInRepair(
  db: Database,
  overrides: ItemOverrides & PartingOverrides & { repair?: RepairOverrides } = {},
): Promise<Item> {
  const { now = exampleNow, by, repair, ...columns } = overrides
  const item = await availableItem(db, columns)
  await sendAway(db, { item, by, at: new Date(now.getTime() - 7 * 24 * HOUR), repair, today: londonToday(now) })
  return item
}

export interface Sending {
  item: Pick<Item, 'id' | 'organisation_id'>
  by?: Pick<Staff, 'id'>
  at: Date
  today: string
  repair?: RepairOverrides
}

/** A hold of kind repair with its record, in one statement: PostgreSQL has no repair without one. Gives its id. */
export async function sendAway(db: Database, { item, by, at, today, repair }: Sending): Promise<number> {
  const sender = by ?? (await staffMember(db, { organisation_id: item.organisation_id }))
  const record = {
    reason: 'The screen is cracked.',
    place: 'Example Repairs, High Street',
    cost_pence: null,
    expected_back_on: addDays(today, 7),
    ...repair,
  }
  const { rows } = await sql<{ hold_id: number }>`
    with hold as (
      insert into item_holds (organisation_id, item_id, kind, taken_at)
      values (${item.organisation_id}, ${item.id}, 'repair', ${at})
      returning id, organisation_id
    )
    insert into repairs (hold_id, organisation_id, reason, place, cost_pence, expected_back_on, sent_by)
    select id, organisation_id, ${record.reason}, ${record.place}, ${record.cost_pence}, ${record.expected_back_on},
           ${sender.id}
    from hold
    returning hold_id`.execute(db)
  return rows[0]!.hold_id
}

export type DisposalOverrides = Partial<
  Pick<Insertable<Disposals>, 'how' | 'to_whom' | 'wiped_how' | 'wiped_by' | 'certificate' | 'disposed_on' | 'note'>
>

/** An item that was taken out of the stock: worn out and recycled, with the record of that. */
export async function retiredItem(
  db: Database,
  overrides: ItemOverrides & PartingOverrides & { disposal?: DisposalOverrides } = {},
): Promise<Item> {
  const { now: _, by, disposal, left_at = new Date('2026-05-05T10:00:00Z'), left_as: __, ...columns } = overrides
  const item = await availableItem(db, columns)
  await retire(db, { item, by, at: left_at as Date, disposal })
  return db.selectFrom('items').selectAll().where('id', '=', item.id).executeTakeFirstOrThrow()
}

export interface Retiring {
  item: Pick<Item, 'id' | 'organisation_id'>
  by?: Pick<Staff, 'id'>
  at: Date
  disposal?: DisposalOverrides
}

/** Takes an item out of the stock with its record, in one statement: neither is there without the other. */
export async function retire(db: Database, { item, by, at, disposal }: Retiring): Promise<void> {
  const retirer = by ?? (await staffMember(db, { organisation_id: item.organisation_id }))
  const record = {
    how: 'recycled',
    to_whom: 'Example Recycling, licence EX1',
    wiped_how: 'factory-reset',
    wiped_by: 'Sam Example-Staff',
    certificate: 'CERT-1',
    disposed_on: londonDate(at),
    note: '',
    ...disposal,
  }
  await sql`
    with gone as (
      update items set left_at = ${at}, left_as = 'retired' where id = ${item.id}
      returning id, organisation_id, left_at
    )
    insert into disposals (organisation_id, item_id, how, to_whom, wiped_how, wiped_by, certificate, disposed_on, note,
      retired_at, retired_by)
    select organisation_id, id, ${record.how}, ${record.to_whom}, ${record.wiped_how}, ${record.wiped_by},
           ${record.certificate}, ${record.disposed_on}, ${record.note}, left_at, ${retirer.id}
    from gone`.execute(db)
}
