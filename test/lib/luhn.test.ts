import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { isLuhn, luhnCheckDigit } from '../../src/lib/luhn.ts'

const digits = fc.stringMatching(/^[0-9]{1,30}$/)

describe('the Luhn check', () => {
  it('accepts the example in the standard and refuses it with any other last digit', () => {
    expect(isLuhn('79927398713')).toBe(true)
    for (const last of '012456789') expect(isLuhn(`7992739871${last}`)).toBe(false)
  })

  it('refuses what is not digits', () => {
    for (const text of ['', '0', ' ', '7992739871x', '7992 7398 713', '٧٩٩٢٧٣٩٨٧١٣', '-18'])
      expect(isLuhn(text)).toBe(false)
  })

  it('accepts any number that is given its check digit', () => {
    fc.assert(fc.property(digits, (number) => isLuhn(number + luhnCheckDigit(number))))
  })

  it('catches every single wrong digit', () => {
    fc.assert(
      fc.property(digits, fc.nat(), fc.integer({ min: 1, max: 9 }), (number, where, change) => {
        const right = number + luhnCheckDigit(number)
        const at = where % right.length
        const wrong = right.slice(0, at) + ((Number(right[at]) + change) % 10) + right.slice(at + 1)
        expect(isLuhn(wrong)).toBe(false)
      }),
    )
  })

  it('gives no check digit for what is not digits', () => {
    expect(() => luhnCheckDigit('')).toThrow(RangeError)
    expect(() => luhnCheckDigit('12a')).toThrow(RangeError)
  })
})
