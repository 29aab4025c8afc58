import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Bookings, BookingWaits, ItemHolds } from '../../src/database/schema.ts'
import { exampleNow, insertAll, insertOne } from './example.ts'
import { staffMember } from './staff.ts'

export type Booking = Selectable<Bookings>

export interface BookingStory {
  ward: { id: number; organisation_id: number }
  items: { id: number }[]
  from: Date
  until: Date
  takenAt?: Date
  by?: { id: number }
  for?: { serviceUser: { id: number } } | { initials: string }
  purpose?: string
}

const CLEANING_MINUTES = 15

/** A booking of a ward's things, with its holds; handed out where that says when. */
export async function booking(db: Database, story: BookingStory): Promise<Booking & { holdIds: number[] }> {
  const by = story.by ?? (await staffMember(db, { organisation_id: story.ward.organisation_id }))
  const made = await insertOne(db, 'bookings', bookingRow({ ...story, by }))
  const holds = await insertAll(db, 'item_holds', holdRows(made, story))
  return { ...made, holdIds: holds.map(({ id }) => id) }
}

export function bookingRow(story: BookingStory & { by: { id: number } }): Insertable<Bookings> {
  const { ward, for: whom, purpose = 'not-said' } = story
  return {
    organisation_id: ward.organisation_id,
    ward_id: ward.id,
    service_user_id: whom && 'serviceUser' in whom ? whom.serviceUser.id : null,
    initials: whom && 'initials' in whom ? whom.initials : '',
    purpose,
    cleaning_minutes: CLEANING_MINUTES,
    made_at: new Date(Math.min(exampleNow.getTime(), story.from.getTime())),
    made_by: story.by.id,
  }
}

export function holdRows(made: Booking, { items, from, until, takenAt }: BookingStory): Insertable<ItemHolds>[] {
  const end = new Date(until.getTime() + CLEANING_MINUTES * 60_000)
  return [...items]
    .sort((a, b) => a.id - b.id)
    .map((item) => ({
      organisation_id: made.organisation_id,
      item_id: item.id,
      kind: 'booking',
      booking_id: made.id,
      ward_id: made.ward_id,
      plan: `[${from.toISOString()},${end.toISOString()})`,
      taken_at: takenAt ?? null,
    }))
}

export interface WaitStory {
  ward: { id: number; organisation_id: number }
  by: { id: number }
  /** One thing, or the kinds of which any would do. */
  item?: { id: number }
  categories?: string[]
  earliest: Date
  latest: Date
  minutes?: number
  for?: { serviceUser: { id: number } } | { initials: string }
  purpose?: string
  askedAt?: Date
}

/** Somebody on the waiting list of a ward. */
export async function bookingWait(db: Database, story: WaitStory): Promise<Selectable<BookingWaits>> {
  return await insertOne(db, 'booking_waits', waitRow(story))
}

export function waitRow({ ward, by, item, for: whom, ...story }: WaitStory): Insertable<BookingWaits> {
  return {
    organisation_id: ward.organisation_id,
    ward_id: ward.id,
    service_user_id: whom && 'serviceUser' in whom ? whom.serviceUser.id : null,
    initials: whom && 'initials' in whom ? whom.initials : '',
    purpose: story.purpose ?? 'not-said',
    item_id: item?.id ?? null,
    categories: story.categories ?? ['tablet'],
    minutes: story.minutes ?? 30,
    earliest_at: story.earliest,
    latest_at: story.latest,
    asked_at: story.askedAt ?? exampleNow,
    asked_by: by.id,
  }
}
