import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { parseIccid } from '../../src/lib/iccid.ts'
import { luhnCheckDigit } from '../../src/lib/luhn.ts'

const nineteen = withCheckDigit('894410101234567890')
const twenty = withCheckDigit('8944110065123456789')

function withCheckDigit(digits: string) {
  return digits + luhnCheckDigit(digits)
}

function reasonFor(text: string) {
  return parseIccid(text).error?.reason
}

describe('the number of a SIM', () => {
  it('is read with 19 digits, as the standard has it, and with 20, as many networks print it', () => {
    expect(parseIccid(nineteen)).toEqual({ value: nineteen })
    expect(parseIccid(twenty)).toEqual({ value: twenty })
  })

  it('is read without the spaces and dashes it is printed with', () => {
    expect(parseIccid(nineteen.replace(/(.{4})/g, '$1 '))).toEqual({
      value: nineteen,
    })
    expect(parseIccid(twenty.replace(/(.{5})/g, '$1-'))).toEqual({ value: twenty })
  })

  it('loses the F that pads 19 digits to ten bytes, and only that one', () => {
    expect(parseIccid(`${nineteen}F`)).toEqual({ value: nineteen })
    expect(parseIccid(`${nineteen}f`)).toEqual({ value: nineteen })
    expect(reasonFor(`${twenty}F`)).toBe('not-digits')
    expect(reasonFor(`${nineteen}FF`)).toBe('not-digits')
  })

  it('is refused when a spreadsheet has shortened it or has set its last digits to 0', () => {
    expect(reasonFor('8.94411E+18')).toBe('scientific')
    expect(reasonFor('8944110065123460000')).toBe('digits-lost')
    expect(parseIccid('8944110065123460000').error?.text).toContain('format of the whole column to Text')
  })

  it('is refused with the reason when it is missing, of the wrong length, no SIM, not digits or mistyped', () => {
    expect(reasonFor('')).toBe('missing')
    expect(reasonFor(nineteen.slice(0, 18))).toBe('wrong-length')
    expect(reasonFor(`${twenty}0`)).toBe('wrong-length')
    expect(reasonFor('490154203237518')).toBe('not-a-sim')
    expect(reasonFor(`${nineteen.slice(0, 18)}X`)).toBe('not-digits')
    const wrong = nineteen.slice(0, 18) + ((Number(nineteen[18]) + 1) % 10)
    expect(reasonFor(wrong)).toBe('wrong-check-digit')
  })

  it('is accepted for any 18 or 19 digits followed by their check digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^89[0-9]{16,17}$/), (digits) => {
        const iccid = withCheckDigit(digits)
        expect(parseIccid(iccid)).toEqual({ value: iccid })
      }),
    )
  })
})
