import { describe, expect, it } from '@jest/globals'
import {
  makeIccid,
  makeImei,
  makeLandlineNumber,
  makeMobileNumber,
  makeTestNhsNumber,
} from '../../seeds/identifiers.ts'
import { parseIccid } from '../../src/lib/iccid.ts'
import { parseImei } from '../../src/lib/imei.ts'
import { parseNhsNumber } from '../../src/lib/nhs-number.ts'

const numbers = [...Array.from({ length: 2_000 }, (_, n) => n), 99_999]

describe('invented numbers', () => {
  it('are NHS numbers kept for tests, each with its check digit, and never the same twice', () => {
    const made = numbers.map(makeTestNhsNumber)
    expect(made.filter((digits) => parseNhsNumber(digits).value !== digits)).toEqual([])
    expect(made.filter((digits) => !digits.startsWith('999'))).toEqual([])
    expect(new Set(made).size).toBe(numbers.length)
  })

  it('are IMEIs and SIM numbers that the forms accept, and never the same twice', () => {
    for (const [make, parse] of [
      [makeImei, parseImei],
      [makeIccid, parseIccid],
    ] as const) {
      const made = numbers.map(make)
      expect(made.filter((digits) => parse(digits).value !== digits)).toEqual([])
      expect(new Set(made).size).toBe(numbers.length)
    }
  })

  it('are phone numbers that ring nowhere', () => {
    expect([makeMobileNumber(0), makeMobileNumber(999)]).toEqual(['07700 900000', '07700 900999'])
    expect([makeLandlineNumber(0), makeLandlineNumber(999)]).toEqual(['020 7946 0000', '020 7946 0999'])
  })

  it('come out the same every time', () => {
    expect([makeTestNhsNumber(0), makeTestNhsNumber(1)]).toEqual(['9990000018', '9990000107'])
  })

  it('are refused past their end, where they would become real ones', () => {
    expect(() => makeMobileNumber(1_000)).toThrow(RangeError)
    expect(() => makeTestNhsNumber(100_000)).toThrow(RangeError)
    expect(() => makeImei(-1)).toThrow(RangeError)
    expect(() => makeIccid(0.5)).toThrow(RangeError)
  })
})
