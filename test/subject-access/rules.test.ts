import { describe, expect, it } from '@jest/globals'
import { answerBy } from '../../src/subject-access/rules.ts'

describe('A request is answered', () => {
  it.each([
    ['within one calendar month', '2026-08-03', '2026-09-03'],
    ['by the last day of a month that has no such day', '2026-08-31', '2026-09-30'],
    ['in a February that is no leap year', '2027-01-30', '2027-03-01'],
    ['on the next working day after a weekend', '2026-09-03', '2026-10-05'],
    ['after Christmas', '2026-11-25', '2026-12-29'],
    ['into the next year', '2026-12-15', '2027-01-15'],
  ])('%s', (_when, received, by) => {
    expect(answerBy(received, 1)).toBe(by)
  })

  it('within three where it takes longer', () => {
    expect(answerBy('2026-08-03', 3)).toBe('2026-11-03')
  })
})
