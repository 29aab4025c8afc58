import { describe, expect, it } from '@jest/globals'
import type { Contact } from '../../src/data-allowances/contacts-rules.ts'
import { type DueFacts, dueData } from '../../src/data-allowances/due-rules.ts'
import { overdueStep } from '../../src/data-allowances/overdue-rules.ts'

const now = new Date('2026-08-03T09:30:00Z')
const today = '2026-08-03'
const rates = { video: 10, phone: 0, text: 1, day: 100 }

const friday: Contact = {
  ...{ kind: 'appointment', id: 1, way: 'video', platform: null, platform_mb: null },
  ...{ starts_at: '2026-08-07T09:00:00Z', ends_at: '2026-08-07T09:50:00Z' },
}

const read = (left: number) => [{ at: '2026-08-03T09:00:00Z', left }]

function allowance(id: number, more: Partial<DueFacts> = {}): DueFacts {
  return {
    ...{ id, megabytes: 5_000, period: 'once', starts_on: '2026-08-01', ends_on: null, suspended_at: null },
    ...{ cancelled_at: null, readings: read(4_000), top_ups: [], service_user_id: 7, contacts: [friday], rates },
    ...{ has_loan_ended: false, unused_since: null, suspend_after_days: null, due_on: null, warned_at: null, ...more },
  }
}

const told = (...rows: DueFacts[]) => dueData(rows, now, today).map(({ row, why, on }) => [row.id, why, on])

describe('data whose item is overdue', () => {
  const overdue = (more: Partial<DueFacts> = {}) =>
    allowance(1, { due_on: '2026-07-20', suspend_after_days: 14, contacts: [], ...more })
  const step = (more: Partial<DueFacts> = {}) => overdueStep(overdue(more), now)

  it('is left alone where the organisation did not turn it on, or it is not overdue for long enough', () => {
    expect(step({ suspend_after_days: null })).toBeNull()
    expect(step({ due_on: null })).toBeNull()
    expect(step({ due_on: '2026-07-21' })).toBeNull()
  })

  it('is asked about after a warning that was a week ago, and never while a call is booked', () => {
    expect(step()).toBe('warn')
    expect(step({ warned_at: '2026-07-27T09:30:01Z' })).toBe('wait')
    expect(step({ warned_at: '2026-07-27T09:30:00Z' })).toBe('decide')
    // warned, then extended, and overdue again
    expect(step({ warned_at: '2026-07-20T09:30:00Z' })).toBe('warn')
    const byPhone = { ...friday, way: 'phone' }
    for (const contacts of [[friday], [byPhone]]) {
      expect(step({ warned_at: '2026-07-27T09:30:00Z', contacts })).toBe('booked')
    }
  })

  it('stands on the worklist while there is something to do', () => {
    expect(told(overdue())).toEqual([[1, 'warn', null]])
    expect(told(overdue({ warned_at: '2026-08-01T09:30:00Z' }))).toEqual([])
    expect(told(overdue({ warned_at: '2026-07-27T09:30:00Z' }))).toEqual([[1, 'overdue', null]])
    expect(told(overdue({ suspended_at: '2026-08-01T09:30:00Z' }))).toEqual([])
    expect(told(overdue({ contacts: [friday] }))).toEqual([])
  })
})

describe('what is to be done about data', () => {
  it('is nothing where it lasts, and a top-up where it does not', () => {
    expect(told(allowance(1))).toEqual([])
    expect(told(allowance(1, { readings: read(500) }))).toEqual([[1, 'runs-out', '2026-08-07']])
    const toppedUp = { readings: read(500), top_ups: [{ at: '2026-08-03T09:10:00Z', megabytes: 2_000 }] }
    expect(told(allowance(1, toppedUp))).toEqual([])
  })

  it('is nothing where another of their allowances lasts, and one line where none does', () => {
    const empty = { readings: read(0) }
    expect(told(allowance(1, empty), allowance(2))).toEqual([])
    expect(told(allowance(1, empty), allowance(2, empty))).toEqual([[1, 'runs-out', '2026-08-03']])
    expect(told(allowance(1, empty), allowance(2, { service_user_id: 8 }))).toHaveLength(1)
  })

  it('resumes what is suspended where nothing else runs, and leaves it alone where nothing is booked', () => {
    const suspended = { suspended_at: '2026-08-02T09:00:00Z' }
    expect(told(allowance(1, suspended))).toEqual([[1, 'suspended', null]])
    expect(told(allowance(1, { ...suspended, contacts: [] }))).toEqual([])
  })

  it('tells what ends within two weeks, and not what ends later or is over', () => {
    const ending = (ends_on: string) => told(allowance(1, { ends_on, contacts: [] }))
    expect(ending('2026-08-17')).toEqual([[1, 'ends', '2026-08-17']])
    expect(ending('2026-08-18')).toEqual([])
    expect(ending('2026-08-02')).toEqual([])
  })

  it('tells what is low, though nothing is booked, until it is topped up or the reading is old', () => {
    const low = { readings: read(499), contacts: [] }
    expect(told(allowance(1, low))).toEqual([[1, 'low', null]])
    expect(told(allowance(1, { ...low, readings: read(500) }))).toEqual([])
    expect(told(allowance(1, { ...low, top_ups: [{ at: '2026-08-03T09:10:00Z', megabytes: 1 }] }))).toEqual([])
    expect(told(allowance(1, { ...low, megabytes: null }))).toEqual([])
    expect(told(allowance(1, { ...low, readings: [{ at: '2026-07-19T09:00:00Z', left: 9 }] }))).toEqual([])
  })

  it('tells what nobody used for 30 days by readings alone, after all else', () => {
    const unused = { unused_since: '2026-07-04T09:00:00Z', contacts: [] }
    expect(told(allowance(1, unused))).toEqual([[1, 'unused', null]])
    expect(told(allowance(1, { ...unused, unused_since: '2026-07-05T09:00:00Z' }))).toEqual([])
    expect(told(allowance(1, { ...unused, suspended_at: '2026-08-03T09:00:00Z' }))).toEqual([])
    const old = [{ at: '2026-07-19T09:00:00Z', left: 4_000 }]
    expect(told(allowance(1, { ...unused, unused_since: '2026-05-01T09:00:00Z', readings: old }))).toEqual([])
    const ending = allowance(2, { ends_on: '2026-08-10', contacts: [], service_user_id: 8 })
    expect(told(allowance(1, unused), ending).map(([id]) => id)).toEqual([2, 1])
    expect(told({ ...ending, ...unused })).toEqual([[2, 'ends', '2026-08-10']])
  })

  it('tells of what runs on after its loan first, until somebody suspends it', () => {
    const after = allowance(2, { has_loan_ended: true, contacts: [], service_user_id: null })
    const ending = allowance(1, { ends_on: '2026-08-10', contacts: [], service_user_id: null })
    expect(told(ending, after)).toEqual([
      [2, 'loan-ended', null],
      [1, 'ends', '2026-08-10'],
    ])
    expect(told({ ...after, suspended_at: '2026-08-03T09:00:00Z' })).toEqual([])
  })
})
