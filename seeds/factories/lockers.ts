import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { LockerDeposits } from '../../src/database/schema.ts'
import { exampleNow, insertOne } from './example.ts'
import { availableItem, type Item } from './items.ts'

export type LockerDeposit = Selectable<LockerDeposits>

interface DepositStory {
  ward: { id: number; organisation_id: number }
  by: { id: number }
  for?: { serviceUser: { id: number } } | { initials: string }
  at?: Date
}

/** A bay of a ward, with something in it that somebody charges there for two hours. */
export async function deposit(
  db: Database,
  { bay, ...story }: DepositStory & { bay?: Pick<Item, 'id'> },
): Promise<LockerDeposit> {
  const { ward } = story
  const place = { organisation_id: ward.organisation_id, kept_at_ward_id: ward.id }
  const used = bay ?? (await availableItem(db, { category: 'locker-bay', ...place }))
  return await insertOne(db, 'locker_deposits', depositRow({ ...story, bay: used, connector: 'usb-c' }))
}

export function depositRow({
  ward,
  by,
  bay,
  connector,
  for: whose = { initials: 'JB' },
  at = exampleNow,
}: DepositStory & { bay: { id: number }; connector: string }): Insertable<LockerDeposits> {
  return {
    organisation_id: ward.organisation_id,
    ward_id: ward.id,
    bay_id: bay.id,
    service_user_id: 'serviceUser' in whose ? whose.serviceUser.id : null,
    initials: 'initials' in whose ? whose.initials : '',
    description: 'Black phone, cracked corner',
    connector,
    key_with: 'staff',
    ready_at: new Date(at.getTime() + 2 * 3_600_000),
    deposited_at: at,
    deposited_by: by.id,
  }
}
