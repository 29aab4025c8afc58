import type { Measure } from './content-rules.ts'

/** What two reports count alike. */
export const helped: Measure = {
  name: 'People helped',
  counts:
    'Service users who were handed at least one item on loan or as a gift in the period. Somebody handed things twice is one person in a month, a quarter and a year alike, so months do not add up to a year.',
  leavesOut:
    'Loans to wards and to staff, the use of a ward’s own devices, and help without an item, such as training or data alone. Hand-overs that were planned and did not happen.',
  unit: 'People',
  why: 'A device with its charger is what most people who are shut out lack first.',
}
