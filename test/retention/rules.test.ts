import { describe, expect, it } from '@jest/globals'
import { addYears, keptUntil, type PersonFacts, periodsFrom } from '../../src/retention/rules.ts'

const periods = periodsFrom([])
const grown: PersonFacts = {
  state: 'community',
  state_on: null,
  date_of_birth: '1980-05-05',
  last_contact_on: '2026-08-03',
}

describe('How long a record is kept', () => {
  it.each([
    ['20 years after the last contact', {}, '2046-08-03', 'last-contact'],
    ['10 years after their death', { state: 'died', state_on: '2026-07-01' }, '2036-07-01', 'death'],
    ['10 years after the last contact, where nobody knows the day they died', { state: 'died' }, '2036-08-03', 'death'],
    [
      'longer than 20 years where that is before a child is 25',
      { date_of_birth: '2024-01-01' },
      '2049-01-01',
      'childhood',
    ],
    ['20 years for a child who is 26 before that', { date_of_birth: '2009-08-03' }, '2046-08-03', 'last-contact'],
    ['20 years where nobody knows when they were born', { date_of_birth: null }, '2046-08-03', 'last-contact'],
  ])('is %s', (_what, facts, on, because) => {
    expect(keptUntil({ ...grown, ...facts }, periods)).toEqual({ on, because })
  })

  it('is as many years as the organisation chose, until a child is 25, or 26 who was 17 then', () => {
    const chosen = periodsFrom([{ kind: 'person', years: 8 }])
    expect(keptUntil(grown, chosen).on).toBe('2034-08-03')
    const child = { ...grown, date_of_birth: '2012-01-01' }
    expect(keptUntil(child, chosen)).toEqual({ on: '2037-01-01', because: 'childhood' })
    const atSeventeen = { ...grown, date_of_birth: '2009-01-01' }
    expect(keptUntil(atSeventeen, chosen)).toEqual({ on: '2035-01-01', because: 'childhood' })
  })

  it('ends on 1 March where the day of the year is 29 February and there is none', () => {
    expect(addYears('2024-02-29', 20)).toBe('2044-02-29')
    expect(addYears('2024-02-29', 10)).toBe('2034-03-01')
  })
})
