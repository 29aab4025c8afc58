import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { addDays, addWeeks } from '../../src/lib/dates.ts'
import { addWorkingDays, nextWorkingDay } from '../../src/lib/working-days.ts'
import type { Item } from '../factories/items.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { plannedLoan } from '../factories/visits.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Stock } from './stock.ts'
import type { Trust } from './trusts.ts'

const visits = [
  { daysAhead: 0, time: '10:30', place: 'Reception of the hub' },
  { daysAhead: 0, time: '14:00', place: 'Their home. Ring twice, the bell is quiet' },
  { daysAhead: 1, time: null, place: '' },
]

/**
 * Three loans that were planned for a visit, two of them today: a device with a charger each, of what nobody has and nobody
 * is to have. Gives what the audit tells of it.
 */
export async function planVisits(
  db: Database,
  { trust, stock, people, borrowers }: { trust: Trust; stock: Stock; people: ServiceUser[]; borrowers: Set<number> },
  today: string,
): Promise<PastEvent[]> {
  const at = timeOn(lastWorkingDay(addDays(today, -1)), 15, 20)
  const free = new Set(await freeItems(db, trust, addWeeks(today, 14)))
  const freeOf = (...categories: string[]) =>
    stock.items.filter((item) => categories.includes(item.category) && free.has(item.id))
  const [devices, chargers] = [freeOf('tablet', 'smartphone', 'laptop'), freeOf('charger')]
  const visited = people.filter(({ id, created_at }) => !borrowers.has(id) && new Date(created_at) < at)
  const events: PastEvent[] = []
  for (const [place, visit] of visits.entries()) {
    const [serviceUser, device, charger] = [visited[place * 3], devices[place], chargers[place]]
    if (!serviceUser || !device || !charger) continue
    const day = visit.daysAhead === 0 ? today : addWorkingDays(today, visit.daysAhead)
    const loan = await plannedLoan(db, {
      serviceUser,
      items: [device, charger],
      plannedBy: trust.champions[0]!,
      plannedAt: at,
      isWithoutCharger: false,
      from: timeOn(day, 0, 0),
      dueOn: nextWorkingDay(addWeeks(day, 12)),
      visitTime: visit.time,
      visitPlace: visit.place,
    })
    events.push(event(trust, loan.id, { serviceUser, items: [device, charger], day, at }))
  }
  return events
}

/** What stands on the shelf, is in no ward's pool, gets updates until after its review, and is promised to nobody. */
async function freeItems(db: Database, { organisation }: Trust, until: string): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select items.id from items join models on models.id = items.model_id
    where items.organisation_id = ${organisation.id} and items.left_at is null and items.kit_id is null
      and coalesce(models.support_ends_on, '9999-12-31') > ${until}
      and not exists (
        select from item_holds
        where item_id = items.id and cancelled_at is null and ended_at is null
      )
      and not exists (
        select from loan_lines where item_id = items.id and placed_with_ward_id is not null and ended_at is null
      )
    order by items.id`.execute(db)
  return rows.map(({ id }) => id)
}

function event(
  trust: Trust,
  loanId: number,
  { serviceUser, items, day, at }: { serviceUser: ServiceUser; items: Item[]; day: string; at: Date },
): PastEvent {
  return {
    at,
    organisationId: trust.organisation.id,
    by: trust.champions[0]!.id,
    verb: 'loan:planned',
    subject: ['loan', loanId],
    serviceUserId: serviceUser.id,
    details: { items: items.map(({ tag }) => tag), day },
  }
}
