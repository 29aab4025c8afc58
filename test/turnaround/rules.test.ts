import { describe, expect, it } from '@jest/globals'
import { categories } from '../../src/items/rules.ts'
import {
  inSheetOrder,
  isPlanAtRisk,
  missingBefore,
  remaining,
  type Step,
  stepsFor,
  stepsInSentence,
  takenBackWith,
} from '../../src/turnaround/rules.ts'

const everyCategory = Object.keys(categories)

describe('the sheet on the bench', () => {
  it.each([
    [
      'tablet',
      'inspected, accessories complete, SIM checked, storage card out, signed out of accounts, wiped, cleaned, charged to 80%',
    ],
    [
      'laptop',
      'inspected, accessories complete, storage card out, signed out of accounts, wiped, cleaned, charged to 80%',
    ],
    ['hotspot', 'inspected, accessories complete, SIM checked, wiped, cleaned, charged to 80%'],
    ['sim', 'SIM checked'],
    ['charger', 'inspected, cleaned'],
    ['headset', 'inspected, accessories complete, cleaned'],
  ])('asks of a %s, in this order: %s', (category, steps) => {
    expect(stepsInSentence(stepsFor(category))).toBe(steps)
  })

  it('asks of a smartphone what it asks of a tablet', () => {
    expect(stepsFor('smartphone')).toEqual(stepsFor('tablet'))
  })

  it.each(everyCategory)('asks at least one step of every category: %s', (category) => {
    expect(stepsFor(category)).not.toEqual([])
  })

  it('asks nothing of a category that does not exist', () => {
    expect(stepsFor('spoon')).toEqual([])
  })

  it.each(everyCategory)('can be ticked from top to bottom without ever being out of order: %s', (category) => {
    const steps = stepsFor(category)
    const early = steps.filter((step, at) => missingBefore(step, steps, steps.slice(0, at)).length > 0)
    expect(early).toEqual([])
  })
})

describe('what is left to do', () => {
  it('is every step that is not done, in order', () => {
    expect(remaining(stepsFor('charger'), [])).toEqual(['inspected', 'cleaned'])
    expect(remaining(stepsFor('charger'), ['cleaned'])).toEqual(['inspected'])
    expect(remaining(stepsFor('charger'), ['cleaned', 'inspected'])).toEqual([])
  })

  it('is not lessened by a step that this category does not need', () => {
    expect(remaining(stepsFor('sim'), ['inspected'])).toEqual(['sim-checked'])
  })
})

describe('the order', () => {
  const tablet = stepsFor('tablet')

  it('has a device signed out, and its storage card out, before it is wiped', () => {
    expect(missingBefore('wiped', tablet, [])).toEqual(['storage-card-out', 'signed-out'])
    expect(missingBefore('wiped', tablet, ['storage-card-out', 'signed-out'])).toEqual([])
  })

  it('has it cleaned after everything but charging', () => {
    expect(missingBefore('cleaned', tablet, [])).toEqual(
      tablet.filter((step) => step !== 'cleaned' && step !== 'charged'),
    )
  })

  it('leaves charging free: a flat device is charged first', () => {
    expect(missingBefore('charged', tablet, [])).toEqual([])
  })

  it('waits for no step that the category does not need', () => {
    expect(missingBefore('wiped', stepsFor('hotspot'), [])).toEqual([])
    expect(missingBefore('cleaned', stepsFor('charger'), ['inspected'])).toEqual([])
  })

  it('takes back with a step whatever was done after it, so that it never stands out of order', () => {
    expect(takenBackWith('signed-out', tablet)).toEqual(['signed-out', 'wiped', 'cleaned'])
    expect(takenBackWith('wiped', ['inspected', 'wiped'])).toEqual(['wiped'])
    expect(takenBackWith('charged', tablet)).toEqual(['charged'])
  })

  it.each(tablet)('is right whatever is taken back: %s', (step) => {
    const back: Step[] = takenBackWith(step, tablet)
    const done = tablet.filter((other) => !back.includes(other))
    expect(done.filter((other) => missingBefore(other, tablet, done).length > 0)).toEqual([])
  })

  it('shows what is done as it stands on the sheet, and last what is no longer on it', () => {
    const done = ['cleaned', 'polished', 'inspected'].map((step) => ({ step }))
    expect(inSheetOrder(done).map(({ step }) => step)).toEqual(['inspected', 'cleaned', 'polished'])
  })
})

describe('a plan for an item that is not ready', () => {
  const friday = new Date('2026-08-07T09:00:00Z')

  it.each([
    ['should have begun', '2026-08-07 08:00:00+00', true],
    ['begins today', '2026-08-07 15:00:00+00', true],
    ['begins at the end of the next working day', '2026-08-10 22:59:00+00', true],
    ['begins the day after that', '2026-08-11 08:00:00+00', false],
  ])('that %s', (_when, startsAt, isAtRisk) => {
    expect(isPlanAtRisk(startsAt, friday)).toBe(isAtRisk)
  })
})
