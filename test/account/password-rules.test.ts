import { describe, expect, it } from '@jest/globals'
import { passwordProblem, SHORTEST_WITH_SECOND_STEP } from '../../src/account/password-rules.ts'

const chooser = {
  name: 'Nadia Newcomer',
  email: 'nadia.newcomer@here.example',
  organisation: 'Here NHS Foundation Trust',
}
const problem = (password: string, shortest?: number) => passwordProblem(password, chooser, shortest)

describe('A password somebody chooses', () => {
  it.each([
    'kettle on the window sill',
    'correct horse battery staple',
    'ünïcode wörds äre fine hère',
    '🦊 🫖 🚲 🧦 🪴 🎈 🪁 🧩 🛶 🪗',
    `${'a long one of many different words '.repeat(4)}ends`,
    'Zq8#vLw2!pRt6@x',
  ])('is taken: %s', (password) => {
    expect(problem(password)).toBeNull()
  })

  it('must have 15 characters, or 8 where a second step follows it; an emoji is one', () => {
    expect(problem('')).toBe('Enter a password')
    expect(problem('fourteen chars')).toMatch(/^Password must be 15 characters or more/)
    expect(problem('Zq8#vLw2', SHORTEST_WITH_SECOND_STEP)).toBeNull()
    expect(problem('Zq8#vLw', SHORTEST_WITH_SECOND_STEP)).toMatch(/^Password must be 8 characters or more/)
    expect(problem('🦊'.repeat(14))).toMatch(/^Password must be 15 characters or more/)
  })

  it('may be long, and is never cut', () => {
    expect(problem('many words make a wall '.repeat(43))).toBeNull()
    expect(problem('x'.repeat(1_001))).toBe('Password must be 1000 characters or less')
  })

  it.each(['passwordpassword', 'aaaaaaaaaaaaaaaaaaaa', '123456789012345', 'qwertyuiopasdfghjkl', 'password12345678'])(
    'is refused when it is easy to guess: %s',
    (password) => {
      expect(problem(password)).toMatch(/too easy to guess/)
    },
  )

  it.each(['Nadia Newcomer 1!', 'herenhsfoundationtrust', 'digital inclusion loans', 'nadia.newcomer@here.example'])(
    'is refused when it is made of words that anybody here would try: %s',
    (password) => {
      expect(problem(password)).toMatch(/names of people or places here/)
    },
  )
})
