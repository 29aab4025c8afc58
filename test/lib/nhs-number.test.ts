import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatNhsNumber, isNhsNumber, nhsCheckDigit, parseNhsNumber } from '../../src/lib/nhs-number.ts'

function reasonFor(text: string) {
  return parseNhsNumber(text).error?.reason
}

describe('an NHS number', () => {
  it('is read as its 10 digits however they are grouped', () => {
    for (const way of ['9434765919', '943 476 5919', ' 943-476-5919 ', '943\u00a0476\u00a05919']) {
      expect(parseNhsNumber(way)).toEqual({ value: '9434765919' })
    }
  })

  it('is printed in groups of 3, 3 and 4, and read back from that', () => {
    expect(formatNhsNumber('9434765919')).toBe('943 476 5919')
    expect(parseNhsNumber(formatNhsNumber('9434765919'))).toEqual({ value: '9434765919' })
  })

  it('is refused with the reason when it is missing, of the wrong length, not digits, shortened or mistyped', () => {
    expect(reasonFor(' ')).toBe('missing')
    expect(reasonFor('943476591')).toBe('wrong-length')
    expect(reasonFor('94347659190')).toBe('wrong-length')
    expect(reasonFor('943476591X')).toBe('not-digits')
    expect(reasonFor('9.43E+09')).toBe('scientific')
    expect(reasonFor('9434765918')).toBe('wrong-check-digit')
    expect(reasonFor('0000000000')).toBe('wrong-check-digit')
  })

  it('has one right check digit or none, and swapping two different neighbours is noticed', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^9[0-9]{8}$/), fc.nat({ max: 8 }), (nine, at) => {
        const right = [...'0123456789'].filter((last) => isNhsNumber(nine + last))
        const check = nhsCheckDigit(nine)
        expect(right).toEqual(check === undefined ? [] : [check])
        if (check === undefined) return
        const number = nine + check
        const swapped = number.slice(0, at) + number[at + 1] + number[at] + number.slice(at + 2)
        expect(isNhsNumber(swapped)).toBe(number[at] === number[at + 1])
      }),
    )
  })

  it('gives no check digit for anything but nine digits', () => {
    expect(() => nhsCheckDigit('12345678')).toThrow(RangeError)
  })
})
