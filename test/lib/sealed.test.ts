import { describe, expect, it } from '@jest/globals'
import { keyedHash, seal, unseal } from '../../src/lib/sealed.ts'

const key = 'a key of 32 characters and more than that'

describe('What is sealed', () => {
  it('comes out as it went in, and is another text each time', () => {
    const [one, other] = [seal(key, 'a secret', 'mine'), seal(key, 'a secret', 'mine')]
    expect(unseal(key, one, 'mine')).toBe('a secret')
    expect(one.equals(other)).toBe(false)
    expect(one.includes('a secret')).toBe(false)
  })

  it('opens with no other key, for nobody else, and not when a bit of it was changed', () => {
    const sealed = seal(key, 'a secret', 'mine')
    const changed = Buffer.from(sealed)
    changed[changed.length - 1]! ^= 1
    for (const [how, bytes, about] of [
      ['another key of 32 characters and more', sealed, 'mine'],
      [key, sealed, 'yours'],
      [key, changed, 'mine'],
      [key, Buffer.alloc(3), 'mine'],
    ] as const) {
      expect(() => unseal(how, bytes, about)).toThrow('is SECOND_STEP_KEY the one it was written with?')
    }
  })
})

it('A hash that takes a key is another with another key', () => {
  expect(keyedHash(key, 'code')).toEqual(keyedHash(key, 'code'))
  expect(keyedHash(key, 'code')).not.toEqual(keyedHash(`${key}.`, 'code'))
})
