import { describe, expect, it } from '@jest/globals'
import { isMobile, partsOf } from '../../src/messages/text-rules.ts'

describe('The parts of a text', () => {
  it.each([
    ['a'.repeat(160), 1],
    ['a'.repeat(161), 2],
    ['a'.repeat(306), 2],
    ['a'.repeat(307), 3],
    [`${'a'.repeat(158)}€`, 1],
    [`${'a'.repeat(159)}€`, 2],
    ['ŵ'.repeat(70), 1],
    ['ŵ'.repeat(71), 2],
    ['😀'.repeat(35), 1],
    ['😀'.repeat(99), 3],
    // 33 of them fill 66 of 67 places, and no half stands in the last
    ['😀'.repeat(100), 4],
    ['€'.repeat(76 * 3), 3],
    ['€'.repeat(76 * 3 + 1), 4],
  ])('%s are counted as the networks count them', (text, parts) => {
    expect(partsOf(text)).toBe(parts)
  })
})

describe('A number that a text reaches', () => {
  it.each(['07700 900123', '+44 7700 900123', '0044 7700 900 123', '07624 123456'])('%s', (number) => {
    expect(isMobile(number)).toBe(true)
  })
  it.each(['0161 496 0000', '020 7946 0018', '07012 345678', '07612 345678', '+33 6 12 34 56 78', 'Kim', ''])(
    'is not %s',
    (number) => {
      expect(isMobile(number)).toBe(false)
    },
  )
})
