import { describe, expect, it } from '@jest/globals'
import { formatTimeLeft } from '../../src/lib/time-left.ts'

const now = new Date('2026-08-03T09:30:00Z')
const after = (minutes: number) => new Date(now.getTime() + minutes * 60_000)

describe('what is due to the minute', () => {
  it.each([
    [0, 'now'],
    [0.4, 'now'],
    [1, 'in 1 minute'],
    [59, 'in 59 minutes'],
    [60, 'in 1 hour'],
    [119.9, 'in 2 hours'],
    [47 * 60, 'in 47 hours'],
    [48 * 60, 'in 2 days'],
    [10 * 24 * 60, 'in 10 days'],
    [-0.4, 'now'],
    [-1, '1 minute late'],
    [-60, '1 hour late'],
    [-3 * 60, '3 hours late'],
    [-72 * 60, '3 days late'],
  ])('%d minutes from now is %s', (minutes, words) => {
    expect(formatTimeLeft(after(minutes), now)).toBe(words)
  })

  it('is read as the database writes it too', () => {
    expect(formatTimeLeft('2026-08-03 11:30:00+00', now)).toBe('in 2 hours')
  })

  it.each([
    ['on the night the clocks go forward', '2026-03-28T18:00:00Z', '2026-03-29T18:00:00Z'],
    ['on the night they go back', '2026-10-24T18:00:00Z', '2026-10-25T18:00:00Z'],
  ])('counts the hours that really pass %s', (_night, from, due) => {
    expect(formatTimeLeft(new Date(due), new Date(from))).toBe('in 24 hours')
  })
})
