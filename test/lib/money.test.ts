import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { formatPounds, MOST_PENCE, parsePounds } from '../../src/lib/money.ts'

function reasonFor(text: string) {
  return parsePounds(text).error?.reason
}

describe('an amount of money', () => {
  it('is read as whole pence in the ways people write pounds', () => {
    const read: Record<string, number> = {
      '£1,234.50': 123450,
      '1234.5': 123450,
      '£ 1,234': 123400,
      ' 249.99 ': 24999,
      'GBP 12': 1200,
      '12.00 GBP': 1200,
      '0': 0,
      '.50': 50,
      '0.29': 29,
      '1.15': 115,
      '007': 700,
      '1,000,000.00': MOST_PENCE,
    }
    for (const [text, pence] of Object.entries(read))
      expect({ text, ...parsePounds(text) }).toEqual({ text, value: pence })
  })

  it('is refused when a comma stands where we write a point: a guess could be a hundred times too much', () => {
    for (const text of ['1.234,50', '12,5', '1234,50', '1,23', '12,34.50', '1 234,50']) {
      expect(reasonFor(text)).toBe('comma-decimal')
    }
  })

  it('is refused with the reason when it is missing, negative, too fine, too large, foreign or no amount', () => {
    expect(reasonFor('')).toBe('missing')
    for (const text of ['-5', '£-5', '-£5', '−5', '(5.00)', '5-']) expect(reasonFor(text)).toBe('negative')
    expect(reasonFor('1.234')).toBe('too-many-decimals')
    for (const text of ['1000000.01', '9'.repeat(400)]) expect(reasonFor(text)).toBe('too-large')
    for (const text of ['$5', '5 €', 'EUR 5']) expect(reasonFor(text)).toBe('other-currency')
    for (const text of ['abc', '£', '.', '1e3', '5p', '1 234', 'NaN', 'Infinity', '12.', '1.2.3', '٥']) {
      expect(reasonFor(text)).toBe('not-money')
    }
  })

  it('says what is wrong about the field it is for', () => {
    expect(parsePounds('abc', 'Cost').error?.text).toBe('Cost must be an amount of money, like £249.99')
    expect(parsePounds('', 'Cost').error?.text).toBe('Enter the cost')
    expect(parsePounds('1000001', 'Cost').error?.text).toBe('Cost must be £1,000,000 or less')
  })

  it('is written with pence only where there are some', () => {
    expect(formatPounds(0)).toBe('£0')
    expect(formatPounds(5)).toBe('£0.05')
    expect(formatPounds(123400)).toBe('£1,234')
    expect(formatPounds(123450)).toBe('£1,234.50')
    expect(formatPounds(-1999)).toBe('-£19.99')
  })

  it('comes back to the penny after it is written and read, for every amount', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: MOST_PENCE }), (pence) => {
        expect(parsePounds(formatPounds(pence))).toEqual({ value: pence })
        expect(parsePounds((pence / 100).toFixed(2))).toEqual({ value: pence })
      }),
    )
  })
})
