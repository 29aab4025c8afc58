import { describe, expect, it } from '@jest/globals'
import { type BayFacts, depositState, nearestBay, readyAfter } from '../../src/lockers/rules.ts'

const at = (time: string) => new Date(`2026-08-03T${time}:00Z`)

describe('a deposit', () => {
  it.each([
    ['09:59', 'charging'],
    ['10:00', 'ready'],
    ['13:59', 'ready'],
    ['14:00', 'not-collected'],
  ])('that is ready at 10:00 is at %s %s', (time, state) => {
    expect(depositState({ ready_at: '2026-08-03T10:00:00Z', ended_at: null, ended_as: null }, at(time))).toBe(state)
  })

  it('is ready on a quarter of an hour, and never sooner than was asked for', () => {
    expect(readyAfter(at('09:01'), 2)).toEqual(at('11:15'))
    expect(readyAfter(at('09:15'), 1)).toEqual(at('10:15'))
  })
})

it('the nearest bay is free, works, has the connector, and is not the one that was tapped', () => {
  const bay = (id: number, connector: string, more: Partial<BayFacts> = {}): BayFacts => ({
    id,
    tag: `BAY-${id}`,
    connector,
    kept_here: true,
    is_out_of_service: false,
    deposit_id: null,
    ...more,
  })
  const bays = [
    bay(1, 'lightning'),
    bay(2, 'usb-c'),
    bay(3, 'usb-c'),
    bay(4, 'lightning', { deposit_id: 9 }),
    bay(5, 'lightning', { is_out_of_service: true }),
    bay(6, 'lightning', { kept_here: false }),
    bay(7, 'lightning'),
  ]
  expect(nearestBay(bays, 3, 'lightning')?.id).toBe(1)
  expect(nearestBay(bays, 5, 'lightning')?.id).toBe(7)
  expect(nearestBay(bays, 2, 'wireless')).toBeUndefined()
})
