import { describe, expect, it } from '@jest/globals'
import { crisisLines, quickOutcomes, thingsToTry } from '../../src/appointments/call-rules.ts'
import { parseDetails, parseOrder, parseOutcome } from '../../src/appointments/form.ts'
import { appointmentState, extraMinutes, mayHaveOutcome } from '../../src/appointments/rules.ts'
import { daysWaited, waitsByWay, waitsInWords } from '../../src/appointments/waiting-rules.ts'
import { type BackUp, type Way, wayNames, ways } from '../../src/appointments/words-rules.ts'
import { waysOfMeeting } from '../../src/conversations/question-rules.ts'

const now = new Date('2026-08-03T09:30:00Z')
const order = (more: object = {}) =>
  parseOrder(
    {
      ...{ first: 'yes', way: 'video', purpose: 'assessment', at: '14:30', length: '50', interpreter: '' },
      ...{ 'on-day': '5', 'on-month': '8', 'on-year': '2026' },
      ...more,
    },
    now,
  )
const day = (text: string) => {
  const [year, month, date] = text.split('-')
  return { 'on-day': date, 'on-month': month, 'on-year': year }
}
const errorsOf = (more: object) => order(more).errors?.map(({ field, text }) => `${field}: ${text}`)

describe('The form of an appointment', () => {
  it('is read in the time of London, in winter and in summer', () => {
    expect(order().value?.startsAt).toEqual(new Date('2026-08-05T13:30:00Z'))
    expect(order(day('2027-01-05')).value?.startsAt).toEqual(new Date('2027-01-05T14:30:00Z'))
    expect(order(day('2028-02-29')).value?.startsAt).toEqual(new Date('2028-02-29T14:30:00Z'))
  })

  it('says at the field what is wrong with a time', () => {
    expect(errorsOf({ ...day('2027-03-28'), at: '01:30' })).toEqual([expect.stringMatching(/^at: 1:30am is left out/)])
    expect(errorsOf({ ...day('2026-10-25'), at: '01:30' })).toEqual([expect.stringMatching(/^at: 1:30am comes twice/)])
    expect(errorsOf({ ...day('2026-08-03'), at: '10:30' })).toEqual(['on: The appointment must be in the future'])
    expect(errorsOf(day('2029-01-01'))).toEqual(['on: The appointment must be within two years'])
    expect(errorsOf({ at: '23:30' })).toEqual(['at: The appointment must end before midnight'])
    expect(errorsOf({ at: 'half past' })).toEqual(['at: Time must be like 09:30 or 14:30'])
    expect(errorsOf(day('2027-02-29'))).toEqual(['on: Day must be a real date'])
  })

  it('may keep a time that is over by now where it is only put right', () => {
    const body = { first: 'no', way: 'phone', purpose: 'review', length: '30', ...day('2026-08-03'), at: '10:00' }
    expect(parseOrder(body, now).errors).toHaveLength(1)
    expect(parseOrder(body, now, '2026-08-03 09:00:00+00').errors).toBeUndefined()
  })

  it('asks for no reason, whatever the way', () => {
    for (const { value } of ways) expect(order({ way: value, reason: '' }).errors).toBeUndefined()
    expect(errorsOf({ way: '', first: '', purpose: '' })).toHaveLength(3)
  })

  it('offers the ways of meeting that the conversation asks about, face to face first', () => {
    expect(Object.entries(wayNames)).toEqual(waysOfMeeting.map(({ value, text }) => [value, text]))
    expect(ways[0]?.value).toBe('face-to-face')
  })
})

describe('How one gets in', () => {
  const video = (more: object) => parseDetails(more, 'video')

  it('takes a link that is https, and no other', () => {
    for (const link of [
      'http://meet.example/1',
      'javascript:alert(1)',
      'https://a b',
      'meet.example',
      'https://u:p@x.example',
    ]) {
      expect(video({ 'join-link': link }).errors).toMatchObject([{ field: 'join-link' }])
    }
    expect(video({ 'join-link': 'HTTPS://meet.example/1?pwd=a%20b' }).value?.join_link).toBe(
      'https://meet.example/1?pwd=a%20b',
    )
  })

  it('is asked by way of meeting, and what the other ways need is left as it is', () => {
    expect(Object.keys(parseDetails({}, 'face-to-face').value ?? {})).toEqual([
      ...['place', 'in_person_needs', 'adaptations', 'others', 'supporter_ids'],
    ])
    expect(parseDetails({ platform: '7' }, 'phone').value).not.toHaveProperty('platform_id')
    expect(video({ platform: '7', supporters: ['3', '3', 'x'] }).value).toMatchObject({
      ...{ platform_id: 7, supporter_ids: [3] },
    })
    expect(video({ place: 'Here' }).value).not.toHaveProperty('place')
    expect(video({ 'call-back-number': '12' }).errors).toMatchObject([{ field: 'call-back-number' }])
  })
})

describe('How long people waited', () => {
  const wait = (met_by: string, asked_on: string, day: string) => ({
    met_by,
    asked_on,
    starts_at: `${day} 10:00:00+00`,
  })

  it('is counted from the referral, in the way they met in fact, remote beside in person', () => {
    const waits = [
      wait('face-to-face', '2026-08-01', '2026-08-31'),
      wait('home-visit', '2026-08-01', '2026-08-11'),
      wait('phone', '2026-08-01', '2026-08-04'),
      wait('video', '2026-08-01', '2026-08-02'),
      wait('video', '2026-08-01', '2026-08-09'),
    ]
    expect(waitsByWay(waits)).toEqual({ inPerson: { people: 2, median: 10 }, remote: { people: 3, median: 3 } })
    expect(waitsInWords(waits.slice(3, 4))).toEqual([
      '1 person met by video, phone or text for the first time. Half of them waited 1 day or less.',
    ])
    expect(waitsInWords([])).toEqual([])
  })

  it('is in days of London, over both changes of the clocks and 29 February, and never less than none', () => {
    const days = (asked_on: string, starts_at: string) => daysWaited({ asked_on, starts_at })
    expect(days('2026-10-24', '2026-10-25 23:30:00+00')).toBe(1)
    expect(days('2027-03-27', '2027-03-28 22:30:00+00')).toBe(1)
    expect(days('2028-02-28', '2028-03-01 09:00:00+00')).toBe(2)
    expect(days('2026-08-05', '2026-08-04 09:00:00+00')).toBe(0)
  })
})

describe('What became of it, in one press', () => {
  it('is offered by way and back-up, and never that they stayed away', () => {
    const offered = (way: Way, backUp: BackUp | null) =>
      quickOutcomes(way, backUp).map((one) => `${one.what} ${one.met_by}`)
    expect(offered('video', 'phone')).toEqual(['got-in video', 'back-up phone', 'could-not-connect null'])
    expect(offered('phone', 'phone')).toEqual(['got-in phone', 'could-not-connect null'])
    expect(offered('video', 'another-time')).toEqual(['got-in video', 'could-not-connect null'])
    expect(offered('home-visit', null)).toEqual(['got-in home-visit', 'back-up phone'])
    for (const { value } of ways) {
      expect(quickOutcomes(value, 'face-to-face').map(({ outcome }) => outcome)).not.toContain('did-not-attend')
      expect(thingsToTry(value)[0]).toContain('We wait for you')
    }
  })

  it('says 999 on every sheet, below the organisation’s own line', () => {
    expect(crisisLines('One\n\nTwo')).toEqual(['One', 'Two', expect.stringContaining('999')])
  })
})

describe('An appointment', () => {
  const booked = {
    ...{ starts_at: '2026-08-03 10:00:00+00', ends_at: '2026-08-03 10:50:00+00' },
    ...{ cancelled_at: null, cancelled_by: null, outcome: null },
  }
  const at = (time: string) => new Date(`2026-08-03T${time}Z`)

  it('stands where its time and its end put it', () => {
    expect(appointmentState(booked, at('09:59:59'))).toBe('to-come')
    expect(appointmentState(booked, at('10:00:00'))).toBe('under-way')
    expect(appointmentState(booked, at('10:50:00'))).toBe('waiting')
    expect(appointmentState({ ...booked, outcome: 'could-not-connect' }, at('11:00:00'))).toBe('could-not-connect')
    expect(appointmentState({ ...booked, cancelled_at: '2026-08-01 10:00:00+00' }, at('11:00:00'))).toBe('cancelled')
  })

  it('has an outcome from its beginning on, and never when it was cancelled', () => {
    expect(mayHaveOutcome(booked, at('09:59:59'))).toBe(false)
    expect(mayHaveOutcome(booked, at('10:00:00'))).toBe(true)
    expect(mayHaveOutcome({ ...booked, cancelled_at: '2026-08-01 10:00:00+00' }, at('11:00:00'))).toBe(false)
  })

  it('is given more time when it is the first and not in person', () => {
    expect(ways.map(({ value }) => extraMinutes({ isFirst: true, way: value }))).toEqual([0, 0, 15, 15, 15])
    expect(extraMinutes({ isFirst: false, way: 'video' })).toBe(0)
  })

  it('asks how they met and what went wrong of those who met alone', () => {
    expect(parseOutcome({ outcome: 'attended' }).errors?.map(({ field }) => field)).toEqual(['met-by', 'disruption'])
    expect(parseOutcome({ outcome: 'could-not-connect', 'met-by': 'video', disruption: 'small' }).value).toMatchObject({
      met_by: null,
      disruption: null,
    })
  })
})
