import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, words } from './kinds.ts'

/** What a ward booked for somebody, and charged for them. */

export const bookings: PersonalTable<DB['bookings']> = {
  title: 'What a ward booked for you',
  intro: 'Each time for which a ward kept something for you.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Booking', 'number'),
    organisation_id: inner(),
    ward_id: fact('Ward', 'ward'),
    service_user_id: inner(),
    initials: inner('Only a booking for nobody by name has any'),
    purpose: fact('What for', 'word'),
    cleaning_minutes: inner('How long cleaning takes'),
    made_at: fact('Booked', 'instant'),
    made_by: fact('By', 'staff'),
    cancelled_at: fact('Cancelled', 'instant'),
    cancelled_as: fact('Why', 'word'),
    version: inner('How often it was changed'),
  },
}

export const waits: PersonalTable<DB['booking_waits']> = {
  title: 'What you waited for on a ward',
  intro: 'Each time you were on the waiting list of a ward, for something that was not free.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Number', 'number'),
    organisation_id: inner(),
    ward_id: fact('Ward', 'ward'),
    service_user_id: inner(),
    initials: inner('Only somebody who is nobody by name has any'),
    purpose: fact('What for', 'word'),
    item_id: fact('For this thing', 'item'),
    categories: inner('What kinds of things the ward has; what you were given stands with the booking'),
    connector: fact('It had to charge through', 'word'),
    minutes: fact('For how many minutes', 'number'),
    earliest_at: fact('From', 'instant'),
    latest_at: fact('Until', 'instant'),
    wanted_on: inner('The day of the time before it'),
    asked_at: fact('Asked', 'instant'),
    asked_by: fact('Written down by', 'staff'),
    ended_at: fact('Off the list', 'instant'),
    ended_as: fact('Why', 'word'),
    ended_by: fact('By', 'staff'),
    booking_id: fact('The booking', 'number'),
  },
}

export const deposits: PersonalTable<DB['locker_deposits']> = {
  title: 'Your own devices in a charging locker',
  intro: 'Each time a ward charged a device of yours.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Number', 'number'),
    organisation_id: inner(),
    ward_id: fact('Ward', 'ward'),
    bay_id: fact('Locker bay', 'item'),
    service_user_id: inner(),
    initials: inner('Only a device of nobody by name has any'),
    description: words('What it looked like', "'Removed'"),
    connector: fact('It charged through', 'word'),
    key_with: fact('Who had the key or the code', 'word'),
    ready_at: fact('Ready', 'instant'),
    deposited_at: fact('Put in', 'instant'),
    deposited_by: fact('By', 'staff'),
    ended_at: fact('Taken out', 'instant'),
    ended_as: fact('How', 'word'),
    ended_by: fact('Taken out by', 'staff'),
    handed_to: words('Who collected it for you', "case when handed_to <> '' then 'Removed' else '' end"),
    allowed_by: words('Who allowed it', "case when allowed_by <> '' then 'Removed' else '' end"),
    witnessed_by: fact('Who else was there', 'staff'),
    opened_because: words('Why it was opened', "case when opened_because <> '' then 'Removed' else '' end"),
  },
}
