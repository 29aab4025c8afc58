import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { pinProblem, plainBadgeCode } from '../../src/pins/rules.ts'

describe('A PIN', () => {
  it.each([
    '0000',
    '7777',
    '1111111',
    '1234',
    '4321',
    '7890',
    '98765',
    '12345678',
    '1212',
    '123123',
    '1122',
    '112233',
    '2580',
  ])('%s is too easy to guess', (pin) => expect(pinProblem(pin)).toContain('too easy to guess'))

  it.each(['1984', '2026', '2912', '1231', '0704', '3105', '290284', '022984', '840229', '29021984', '19840229'])(
    '%s is a date or a year',
    (pin) => expect(pinProblem(pin)).toContain('a date or a year'),
  )

  it.each([
    ['', 'Enter a PIN'],
    ['73 91', 'PIN must be digits only'],
    ['73a1', 'PIN must be digits only'],
    ['٧٣٩١', 'PIN must be digits only'],
    ['739', 'PIN must be 4 to 8 digits'],
    ['739164827', 'PIN must be 4 to 8 digits'],
  ])('%j is refused: %s', (pin, said) => expect(pinProblem(pin)).toBe(said))

  it.each(['7391', '4826', '80417', '739146', '50739146'])('%s is taken', (pin) => expect(pinProblem(pin)).toBeNull())

  it('of four digits: most are left to choose from, and none of them is a day of a year', () => {
    const taken = Array.from({ length: 10_000 }, (_, n) => String(n).padStart(4, '0')).filter(
      (pin) => pinProblem(pin) === null,
    )
    expect(taken.length).toBeGreaterThan(8_500)
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 28 }), fc.integer({ min: 1, max: 12 }), (day, month) => {
        const two = (n: number) => String(n).padStart(2, '0')
        return !taken.includes(two(day) + two(month)) && !taken.includes(two(month) + two(day))
      }),
    )
  })
})

it('A badge is read whatever a scanner makes of capitals and spaces, and nothing else is one', () => {
  expect(plainBadgeCode('abcd efgh jkmn pqrs tvwx')).toBe('ABCDEFGHJKMNPQRSTVWX')
  for (const scanned of ['', 'TAB-0001', 'ABCDEFGHJKMNPQRSTVW', 'ABCDEFGHJKMNPQRSTVWXY', 'ABCDEFGHJKMNPQRSTVWU'])
    expect(plainBadgeCode(scanned)).toBeNull()
})
