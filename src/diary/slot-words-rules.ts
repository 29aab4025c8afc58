import type { Condition, Slot } from './slot-conditions-rules.ts'

/** A time that is offered, as the value of a form. */
export const slotValue = ({ championId, startsAt }: Pick<Slot, 'championId' | 'startsAt'>) =>
  `${championId} ${startsAt.toISOString()}`

/** What stands in the way, and what would have to be otherwise. A safe time is asked for anew, and never passed over. */
export const conditionWords: Readonly<Record<Condition, { stands: string; loosened: string }>> = {
  hours: { stands: 'No champion works then', loosened: 'a champion works outside of their hours' },
  leave: { stands: 'A champion is on leave or away', loosened: 'somebody on leave or away comes in' },
  busy: { stands: 'The diaries are full', loosened: 'a champion moves what they have planned' },
  break: { stands: 'There is no break between two calls', loosened: 'a champion goes without the break between calls' },
  'working-day': { stands: 'Weekends and bank holidays', loosened: 'it is on a weekend or a bank holiday' },
  'safe-times': { stands: 'The times they said are safe', loosened: 'they say that another time is safe too' },
  'person-busy': { stands: 'What the person has planned', loosened: 'the person moves what they have planned' },
  device: { stands: 'The device is not in their hands by then', loosened: 'they have the device sooner' },
  interpreter: { stands: 'The notice an interpreter needs', loosened: 'an interpreter can come sooner' },
  training: { stands: 'Training comes first, and is not done by then', loosened: 'the training comes sooner' },
  'before-appointment': {
    stands: 'The working days there have to be before the appointment',
    loosened: 'it comes nearer to the appointment',
  },
}

/** If the training comes sooner and they have the device sooner */
export function loosenedInWords(names: readonly Condition[]): string {
  return `If ${names.map((name) => conditionWords[name].loosened).join(' and ')}`
}
