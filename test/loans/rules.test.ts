import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, addWeeks } from '../../src/lib/dates.ts'
import { isWorkingDay } from '../../src/lib/working-days.ts'
import {
  defaultDueOn,
  dueDateProblem,
  isAgreementWay,
  isOpen,
  type LineFacts,
  laterDueOn,
  lineState,
  lineStates,
  loanState,
  loanStates,
  needsCharger,
  unsupportedBy,
} from '../../src/loans/rules.ts'

const today = '2026-08-03'
const line = (facts: Partial<LineFacts> = {}): LineFacts => ({
  due_on: '2026-10-26',
  taken_at: '2026-08-03 09:30:00+00',
  ended_as: null,
  cancelled_at: null,
  moved_to_line_id: null,
  ...facts,
})

const anyDay = fc.integer({ min: 0, max: 36_500 }).map((days) => addDays('2020-01-01', days))
const anyLine = fc.record<LineFacts>({
  due_on: fc.option(anyDay),
  taken_at: fc.option(fc.constant('2026-08-03 09:30:00+00')),
  ended_as: fc.option(fc.constantFrom('returned', 'lost', 'stolen', 'damaged', 'given')),
  cancelled_at: fc.option(fc.constant('2026-08-03 09:30:00+00')),
  moved_to_line_id: fc.constant(null),
})

describe('the state of a line', () => {
  it.each([
    ['out', line()],
    ['out', line({ due_on: today })],
    ['overdue', line({ due_on: '2026-08-02' })],
    ['planned', line({ taken_at: null })],
    ['planned', line({ taken_at: null, due_on: '2026-08-02' })],
    ['returned', line({ ended_as: 'returned', due_on: '2026-08-02' })],
    ['lost', line({ ended_as: 'lost' })],
    ['stolen', line({ ended_as: 'stolen' })],
    ['damaged', line({ ended_as: 'damaged' })],
    ['given', line({ ended_as: 'given', due_on: null })],
    ['cancelled', line({ cancelled_at: '2026-08-03 09:30:00+00', taken_at: null })],
    ['mistaken', line({ cancelled_at: '2026-08-03 09:30:00+00', taken_at: null, moved_to_line_id: 7 })],
  ])('is %s', (state, facts) => {
    expect(lineState(facts, today)).toBe(state)
  })

  it('always has words, and is open exactly when it is planned, out or overdue', () => {
    fc.assert(
      fc.property(anyLine, anyDay, (facts, day) => {
        const state = lineState(facts, day)
        expect(Object.keys(lineStates)).toContain(state)
        expect(isOpen(facts)).toBe(['planned', 'out', 'overdue'].includes(state))
      }),
    )
  })
})

describe('the state of a loan', () => {
  it.each([
    ['open', { lines: 2, open_lines: 2, next_due_on: '2026-08-03' }],
    ['partly-returned', { lines: 2, open_lines: 1, next_due_on: '2026-08-04' }],
    ['overdue', { lines: 2, open_lines: 1, next_due_on: '2026-08-02' }],
    ['closed', { lines: 2, open_lines: 0, next_due_on: null }],
    ['open', { lines: 1, open_lines: 1, next_due_on: null }],
  ])('is %s', (state, counted) => {
    expect(loanState(counted, today)).toBe(state)
  })

  it('is closed when it has no open line, and by nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyLine, { minLength: 1, maxLength: 10 }), anyDay, (lines, day) => {
        const open = lines.filter(isOpen)
        const due = open.flatMap((facts) => facts.due_on ?? []).sort()
        const counted = { lines: lines.length, open_lines: open.length, next_due_on: due[0] ?? null }
        const state = loanState(counted, day)
        expect(Object.keys(loanStates)).toContain(state)
        expect(state === 'closed').toBe(open.length === 0)
      }),
    )
  })
})

describe('the review date', () => {
  const weeks = new Map([
    ['tablet', 12],
    ['hotspot', 4],
    ['laptop', 26],
  ])

  it.each([
    [['tablet'], '2026-10-26'],
    [['hotspot'], '2026-09-01'],
    [['hotspot', 'laptop', 'tablet'], '2027-02-01'],
    [['accessory'], '2026-10-26'],
    [[], '2026-10-26'],
  ])('of %j is by default %s', (categories, day) => {
    expect(defaultDueOn(categories, weeks, today)).toBe(day)
  })

  it('lands on a working day, never before its weeks are over and at most 5 days after', () => {
    const anyWeeks = fc.uniqueArray(
      fc.tuple(fc.constantFrom('tablet', 'sim', 'laptop'), fc.integer({ min: 1, max: 520 })),
      {
        selector: ([category]) => category,
      },
    )
    fc.assert(
      fc.property(
        anyDay,
        anyWeeks,
        fc.array(fc.constantFrom('tablet', 'sim', 'laptop', 'charger')),
        (from, lengths, categories) => {
          const set = new Map<string, number>(lengths)
          const longest = Math.max(
            ...(categories.length === 0 ? [12] : categories.map((category) => set.get(category) ?? 12)),
          )
          const day = defaultDueOn(categories, set, from)
          expect(isWorkingDay(day)).toBe(true)
          expect(day >= addWeeks(from, longest)).toBe(true)
          expect(day <= addDays(addWeeks(from, longest), 5)).toBe(true)
        },
      ),
    )
  })

  it('of an extension is later than every review before it', () => {
    const lines = fc.array(fc.record({ category: fc.constantFrom('tablet', 'charger'), due_on: fc.option(anyDay) }))
    fc.assert(
      fc.property(lines, anyDay, (open, day) => {
        const later = laterDueOn(open, weeks, day)
        expect(isWorkingDay(later)).toBe(true)
        expect([day, ...open.map(({ due_on }) => due_on ?? day)].every((before) => before < later)).toBe(true)
      }),
    )
  })

  it.each([
    ['2026-08-02', 'The review date must be after today'],
    ['2026-08-03', 'The review date must be after today'],
    ['2026-08-04', null],
    ['2026-08-08', null],
    ['2036-07-21', null],
    ['2036-07-22', 'The review date must be within 10 years'],
  ])('on %s: %s', (day, problem) => {
    expect(dueDateProblem(day, today)).toBe(problem)
  })
})

describe('what goes with a device', () => {
  it.each([
    [['tablet'], true],
    [['smartphone', 'sim'], true],
    [['laptop', 'headset'], true],
    [['hotspot'], true],
    [['tablet', 'charger'], false],
    [['tablet', 'laptop', 'charger'], false],
    [['sim', 'headset', 'accessory'], false],
    [['charger'], false],
    [[], false],
  ])('%j lacks a charger: %s', (categories, lacks) => {
    expect(needsCharger(categories.map((category) => ({ category })))).toBe(lacks)
  })

  it('has security updates until after the review, or not', () => {
    const items = [null, '2026-10-25', '2026-10-26', '2026-10-27'].map((support_ends_on) => ({ support_ends_on }))
    expect(unsupportedBy(items, '2026-10-26')).toEqual(items.slice(1, 3))
  })
})

it('knows the ways to accept an agreement, and no other', () => {
  expect(['paper', 'screen', 'spoken', 'toString', ''].map(isAgreementWay)).toEqual([true, true, true, false, false])
})
