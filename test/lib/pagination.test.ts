import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type CursorValues, decodeCursor, encodeCursor } from '../../src/lib/pagination.ts'

const value = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }).map((text) => text.replaceAll('\0', '')),
  fc.maxSafeInteger(),
  fc.constant(null),
)

function written(values: unknown) {
  return Buffer.from(JSON.stringify(values)).toString('base64url')
}

describe('the cursor of a list', () => {
  it('comes back as it was, and needs no escaping in an address', () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1, maxLength: 8 }), (values) => {
        const cursor = encodeCursor(values)
        expect(decodeCursor(cursor)).toEqual(values)
        expect(encodeURIComponent(cursor)).toBe(cursor)
      }),
    )
  })

  it('is taken only in the shape that the list asks for', () => {
    const cursor = encodeCursor(['2026-08-03', 42])
    expect(decodeCursor(cursor, ['string', 'number'])).toEqual(['2026-08-03', 42])
    expect(decodeCursor(cursor, ['string?', 'number?'])).toEqual(['2026-08-03', 42])
    expect(decodeCursor(cursor, ['number', 'string'])).toBeNull()
    expect(decodeCursor(cursor, ['string'])).toBeNull()
    expect(decodeCursor(cursor, ['string', 'number', 'number?'])).toBeNull()
    expect(decodeCursor(encodeCursor([null, 42]), ['string?', 'number'])).toEqual([null, 42])
    expect(decodeCursor(encodeCursor([null, 42]), ['string', 'number'])).toBeNull()
    expect(decodeCursor(encodeCursor([1.5]), ['number'])).toBeNull()
    expect(decodeCursor(encodeCursor([1e300]), ['number'])).toBeNull()
  })

  it('is nothing when somebody made it up, whatever it is', () => {
    const madeUp = [
      undefined,
      null,
      5,
      ['a'],
      '',
      'not base64!',
      'AAAA',
      written({ 0: 'a' }),
      written([]),
      written(['a', ['b']]),
      written([{ a: 1 }]),
      written([true]),
      written(['a\0b']),
      Buffer.from('["\\ud83d"]').toString('base64url'),
      Buffer.from('[1e999]').toString('base64url'),
      written(Array(9).fill('a')),
      written(['a'.repeat(2_000)]),
      `${encodeCursor(['a'])}=`,
    ]
    for (const cursor of madeUp) expect({ cursor, is: decodeCursor(cursor) }).toEqual({ cursor, is: null })
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.base64String(),
          fc.json().map((json) => Buffer.from(json).toString('base64url')),
        ),
        (text) => {
          const values = decodeCursor(text, ['string', 'number'])
          expect(values === null || (typeof values[0] === 'string' && Number.isSafeInteger(values[1]))).toBe(true)
        },
      ),
    )
  })

  it('is not written from what it could not bring back', () => {
    const wrong: CursorValues[] = [
      [],
      [Number.NaN],
      [Number.POSITIVE_INFINITY],
      ['\0'],
      ['\ud83d'],
      ['a'.repeat(2_000)],
    ]
    for (const values of wrong) expect(() => encodeCursor(values)).toThrow(RangeError)
  })
})
