import type { Insertable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ItemHolds } from '../../src/database/schema.ts'
import { addDays } from '../../src/lib/dates.ts'
import { addWorkingDays } from '../../src/lib/working-days.ts'
import { bookingRow, holdRows, waitRow } from '../factories/bookings.ts'
import { insertAll } from '../factories/example.ts'
import type { Item } from '../factories/items.ts'
import type { LineStory } from '../factories/loans.ts'
import { timeOn } from './days.ts'
import type { MadeLoan } from './lending.ts'
import type { Stock } from './stock.ts'
import type { Trust } from './trusts.ts'

/**
 * What is planned: on wards, in rooms, after loans that are due, and some that cannot be kept, because the item is late
 * or not made ready yet.
 */
export async function planBookings(
  db: Database,
  { wards, champions, organisation }: Trust,
  stock: Stock,
  loans: MadeLoan[],
  today: string,
): Promise<void> {
  const tomorrow = addDays(today, 1)
  const isOut = ({ end }: LineStory) => end === undefined
  const open = loans.filter((loan) => loan.lines.some(isOut))
  const lentOn = new Set(open.filter((loan) => !('wardId' in loan.to)).flatMap((loan) => outItems(loan)))
  const placed = open.flatMap((loan) => {
    const { to } = loan
    const ward = 'wardId' in to ? wards.find(({ id }) => id === to.wardId) : undefined
    return ward?.kind === 'inpatient ward' ? outItems(loan).map((itemId) => ({ itemId, ward })) : []
  })

  const booked: Booked[] = []
  for (const [at, { itemId, ward }] of placed.filter(({ itemId }) => !lentOn.has(itemId)).entries()) {
    booked.push({ itemId, wardId: ward.id, on: tomorrow, from: 9 + (at % 6) })
    booked.push({ itemId, wardId: ward.id, on: addWorkingDays(today, 2 + (at % 3)), from: 14 })
  }
  const rooms = stock.items.filter((item) => item.category === 'private-room')
  for (const [at, room] of rooms.entries()) {
    const on = addWorkingDays(today, 1 + (at % 4))
    booked.push({ itemId: room.id, wardId: room.kept_at_ward_id ?? 0, on, from: 10 + at })
  }
  const by = { organisationId: organisation.id, by: champions[0]!, today }
  await writeBookings(db, booked, by)
  await writeWaits(db, { stock, booked: booked.filter(({ on }) => on === tomorrow), tomorrow }, by)

  const late = open.filter((loan) => loan.plan.isBookedTomorrow)
  const promised = late.map((loan) => ({ itemId: loan.lines[0]!.item.id, on: tomorrow, from: 10 }))
  promised.push(...afterLoans(open, today), ...beforeReady(loans, tomorrow))
  await insertAll(
    db,
    'item_holds',
    promised.map((booking) => holdRow(booking, stock.items)),
  )
}

type Booked = Promised & { wardId: number }

const whoFor = ['JB', '', 'T.M.', 'A.K.', '', 'SO']
const whatFor = ['family', 'ward-work', 'appointment', 'not-said', 'leisure', 'tribunal']

/** Bookings of wards as their staff make them: for somebody by initials, or for the ward. */
async function writeBookings(
  db: Database,
  booked: Booked[],
  { organisationId, by, today }: { organisationId: number; by: { id: number }; today: string },
): Promise<void> {
  const stories = booked.map(({ itemId, wardId, on, from }, at) => ({
    ward: { id: wardId, organisation_id: organisationId },
    items: [{ id: itemId }],
    from: timeOn(on, from, 0),
    until: timeOn(on, from, 30),
    by,
    for: { initials: whoFor[at % whoFor.length]! },
    purpose: whatFor[at % whatFor.length]!,
  }))
  const madeAt = timeOn(addDays(today, -1), 15, 0)
  const made = await insertAll(
    db,
    'bookings',
    stories.map((story) => ({ ...bookingRow(story), made_at: madeAt })),
  )
  await insertAll(
    db,
    'item_holds',
    made.flatMap((row, at) => holdRows(row, stories[at]!)),
  )
}

/** On each ward somebody waits for what is taken tomorrow, and somebody for what is free by now: offered in one press. */
async function writeWaits(
  db: Database,
  { stock, booked, tomorrow }: { stock: Stock; booked: Booked[]; tomorrow: string },
  { organisationId, by, today }: { organisationId: number; by: { id: number }; today: string },
): Promise<void> {
  const waits = [...Map.groupBy(booked, ({ wardId }) => wardId)].flatMap(([wardId, [first]]) => {
    const item = stock.items.find(({ id }) => id === first!.itemId)!
    const common = { ward: { id: wardId, organisation_id: organisationId }, by, categories: [item.category] }
    const asked = (minute: number) => ({ askedAt: timeOn(addDays(today, -1), 15, minute) })
    const taken = { earliest: timeOn(tomorrow, first!.from, 0), latest: timeOn(tomorrow, first!.from, 30) }
    const open = { earliest: timeOn(tomorrow, 16, 0), latest: timeOn(tomorrow, 18, 0) }
    return [
      waitRow({ ...common, ...asked(10), ...taken, item, for: { initials: 'T.M.' }, purpose: 'appointment' }),
      waitRow({ ...common, ...asked(20), ...open, for: { initials: 'SO' }, purpose: 'family' }),
    ]
  })
  await insertAll(db, 'booking_waits', waits)
}

interface Promised {
  itemId: number
  on: string
  /** The hour it begins. It takes 45 minutes, the time to clean up included. */
  from: number
}

function outItems({ lines }: MadeLoan): number[] {
  return lines.filter(({ end }) => end === undefined).map(({ item }) => item.id)
}

/** The main thing of some loans is wanted by somebody else on the working day after it is due. */
function afterLoans(open: MadeLoan[], today: string): Promised[] {
  const dueLater = open.filter(({ to, lines, plan }) => {
    const [main] = lines
    return 'serviceUserId' in to && !plan.fromWard && main?.end === undefined && (main?.dueOn ?? '') > today
  })
  return dueLater.slice(0, 10).map(({ lines }) => {
    const { item, dueOn } = lines[0]!
    return { itemId: item.id, on: addWorkingDays(dueOn ?? today, 1), from: 11 }
  })
}

/** One thing that came back yesterday is wanted tomorrow, and is not ready. */
function beforeReady(loans: MadeLoan[], tomorrow: string): Promised[] {
  const unready = loans.flatMap(({ lines }) => lines.filter(isUnready)).slice(0, 1)
  return unready.map(({ item }) => ({ itemId: item.id, on: tomorrow, from: 15 }))
}

function isUnready({ item, end }: LineStory): boolean {
  return item.category === 'tablet' && end?.as === 'returned' && end.readyAt === null
}

function holdRow({ itemId, on, from }: Promised, items: Item[]): Insertable<ItemHolds> {
  const item = items.find(({ id }) => id === itemId)!
  return {
    organisation_id: item.organisation_id,
    item_id: itemId,
    kind: 'booking',
    plan: `[${timeOn(on, from, 0).toISOString()},${timeOn(on, from, 45).toISOString()})`,
  }
}
