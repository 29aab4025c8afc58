import { describe, expect, it } from '@jest/globals'
import ICAL from 'ical.js'
import { DateTime } from 'luxon'
import nodeIcal from 'node-ical'
import { appointmentCalendar } from '../../src/appointments/calendar-rules.ts'
import { calendarFile } from '../../src/diary/calendar-file-rules.ts'
import { londonInstant } from '../../src/lib/dates.ts'

const now = new Date('2026-08-03T09:30:00Z')
const stored = (at: Date) => at.toISOString().replace('T', ' ').replace('Z', '+00')

function entryAt(date: string, from: string, until: string, more: object = {}) {
  const [starts_at, ends_at] = [from, until].map((time) => stored(londonInstant(date, time).value!))
  return { id: 7, way: 'video', starts_at: starts_at!, ends_at: ends_at!, cancelled_at: null, version: 1, ...more }
}

/** What the clocks in London show, as each of two parsers reads it that have nothing to do with each other. */
function read(file: string) {
  const shown = (at: Date) => DateTime.fromJSDate(at, { zone: 'Europe/London' }).toFormat('yyyy-MM-dd HH:mm')
  const one = new ICAL.Event(new ICAL.Component(ICAL.parse(file)).getFirstSubcomponent('vevent')!)
  const other = Object.values(nodeIcal.sync.parseICS(file)).find((part) => part?.type === 'VEVENT') as nodeIcal.VEvent
  return [
    { from: shown(one.startDate.toJSDate()), until: shown(one.endDate.toJSDate()), summary: one.summary, uid: one.uid },
    { from: shown(other.start), until: shown(other.end as Date), summary: String(other.summary), uid: other.uid },
  ]
}

describe('a calendar file', () => {
  it.each([
    ['2027-03-26', 'the Friday before the clocks go forward'],
    ['2027-03-28', 'the Sunday on which they do'],
    ['2027-03-30', 'the Tuesday after'],
    ['2026-10-24', 'the Saturday before they go back'],
    ['2026-10-25', 'the Sunday on which they do'],
    ['2026-10-26', 'the Monday after'],
    ['2028-02-29', '29 February'],
  ])('of %s, %s, is read alike by two parsers, at the right times', (date) => {
    const [one, other] = read(calendarFile(entryAt(date, '09:30', '10:15'), now))
    expect(one).toMatchObject({ from: `${date} 09:30`, until: `${date} 10:15`, summary: 'Call' })
    expect(other).toEqual(one)
  })

  it('says neither who nor what for nor where, in any of its lines', () => {
    const secret = {
      kind: 'trial-run-call',
      service_user: 'Kasia Mockford',
      note: 'Tablet from the trust',
      champion: 'Ada',
    }
    for (const way of ['video', 'phone', 'face-to-face', 'home-visit']) {
      const file = calendarFile(entryAt('2026-08-05', '09:30', '10:15', { ...secret, way }), now)
      expect(file).toMatch(way === 'video' || way === 'phone' ? /^SUMMARY:Call\r$/m : /^SUMMARY:Meeting\r$/m)
      expect(file).not.toMatch(
        /mental|health|NHS|trust|inclusion|loan|Kasia|Mockford|Ada|trial|training|visit|patient|service/i,
      )
      expect(file).not.toMatch(/^(DESCRIPTION|LOCATION|ORGANIZER|ATTENDEE|URL|COMMENT)/m)
    }
  })

  it('of an appointment is as neutral, with no link to join, and is another than that of a diary entry', () => {
    const secret = {
      service_user: 'Kasia Mockford',
      clinician: 'Dr Ana',
      join_link: 'https://meet.example/1',
      purpose: 'therapy',
    }
    for (const way of ['video', 'phone', 'text', 'face-to-face', 'home-visit']) {
      const file = appointmentCalendar(entryAt('2026-10-25', '09:30', '10:15', { ...secret, way }), now)
      const [one, other] = read(file)
      const summary = ['video', 'phone', 'text'].includes(way) ? 'Call' : 'Meeting'
      expect(one).toMatchObject({ from: '2026-10-25 09:30', until: '2026-10-25 10:15', summary })
      expect(other).toEqual(one)
      expect(file).not.toMatch(/Kasia|Ana|meet\.|therapy|https|appointment|NHS|health/i)
      expect(one?.uid).not.toBe(read(calendarFile(entryAt('2026-10-25', '09:30', '10:15'), now))[0]?.uid)
    }
  })

  it('of the same entry moves it in the calendar, and takes it out when it is cancelled', () => {
    const first = calendarFile(entryAt('2026-08-05', '09:30', '10:15'), now)
    const cancelled = { version: 3, cancelled_at: '2026-08-04 09:00:00+00' }
    const last = calendarFile(entryAt('2026-08-06', '09:30', '10:15', cancelled), now)
    expect(read(last)[0]?.uid).toBe(read(first)[0]?.uid)
    expect(last).toMatch(/^SEQUENCE:2\r$/m)
    expect(last).toMatch(/^STATUS:CANCELLED\r$/m)
    expect(read(calendarFile({ ...entryAt('2026-08-05', '09:30', '10:15'), id: 8 }, now))[0]?.uid).not.toBe(
      read(first)[0]?.uid,
    )
  })
})
