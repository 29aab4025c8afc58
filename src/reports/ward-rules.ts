import type { ReportPlan } from './content-rules.ts'
import { type Line, type LineSet, part, partsOf } from './line-rules.ts'

const booked: Line = { id: 'booked', text: 'Bookings on wards', counts: 'events' }
const used: Line = { id: part('booked-end', 'used'), text: 'Handed out', counts: 'events' }
const bays: Line = { id: 'deposits', text: 'Devices put in a locker to charge', counts: 'events' }

export const wardSet: LineSet = {
  lines: [
    booked,
    ...partsOf(booked, 'booked-end', {
      used: used.text,
      'not-collected': 'Not collected, and released',
      'not-known': 'Neither handed out nor released',
    }),
    ...partsOf(used, 'used-hour', {
      night: 'Before 8am',
      morning: '8am to noon',
      afternoon: 'Noon to 4pm',
      evening: '4pm to 8pm',
      late: '8pm and later',
    }),
    { id: 'booked-cancelled', text: 'Called off before', counts: 'events' },
    bays,
  ],
  trueOnly: [],
}

const ids = (by: string) => wardSet.lines.filter((line) => line.by === by).map(({ id }) => id)

export const wards: ReportPlan = {
  name: 'wards',
  question: 'Are the devices of wards used, and when?',
  sets: ['wards'],
  measures: [
    {
      name: booked.text,
      counts:
        'Bookings of an item or a room on a ward whose time was to begin in the period, by what became of them. One booking of several items is one.',
      leavesOut:
        'Bookings that were called off, which have a number of their own. That somebody was turned away, because everything was taken, is written down nowhere.',
      unit: 'Bookings',
      why: 'What is booked and not collected is missing to somebody else.',
    },
    {
      name: 'Use by hour',
      counts: 'Bookings that were handed out, by the hour in which they were to begin.',
      leavesOut: 'Use without a booking.',
      unit: 'Bookings',
      why: 'It says when staff are needed to hand out and take back.',
    },
    {
      name: bays.text,
      counts: 'Devices of people’s own that were put in a charging locker in the period.',
      leavesOut: 'Devices that are charged elsewhere.',
      unit: 'Devices',
      why: 'A charged phone of one’s own is the device that most people want.',
    },
  ],
  answer: ({ period, words, figure, share }) => [
    `${period.name}: ${words(booked.id, ['booking', 'bookings'])} on wards. Handed out: ${figure(used.id)}${share(used.id, booked.id)}. Not collected: ${figure(part('booked-end', 'not-collected'))}${share(part('booked-end', 'not-collected'), booked.id)}.`,
  ],
  tables: [
    { caption: 'What became of bookings', lines: [booked.id, ...ids('booked-end')], shareOf: booked.id },
    { caption: 'When they were used', lines: ids('used-hour'), shareOf: used.id },
    { caption: 'Called off, and lockers', lines: ['booked-cancelled', bays.id] },
  ],
}
