import { isRemote } from './rules.ts'
import type { BackUp, Disruption, Outcome, Way } from './words-rules.ts'

/**
 * What whoever picks up the phone says to somebody who cannot get in, in the order that helps most people soonest. It is read
 * aloud to somebody who is upset, so each line is one thing to do.
 */
const tries: Readonly<Partial<Record<Way, readonly string[]>>> = {
  video: [
    'Say first: “You have not missed it. We wait for you.”',
    'Is the device switched on, charged and plugged in?',
    'Is there internet? Move close to the router, or switch Wi-Fi off to use mobile data.',
    'Close every other program. Open the link again, or read it out letter by letter.',
    'If it asks, allow the microphone and the camera. The camera may stay off.',
    'No sound? Turn the volume up, and take the headset out and in.',
    'Switch the device off and on again.',
    'After 10 minutes use the back-up. Do not go on trying.',
  ],
  phone: [
    'Say first: “You have not missed it. We wait for you.”',
    'Which number do they have in front of them? Compare it with the one on this page.',
    'Does their phone turn down calls that show no number? Then ring from one that shows.',
    'Do they have signal? Ask them to go to a window, or ring the other number.',
    'After 10 minutes use the back-up. Do not go on trying.',
  ],
  text: [
    'Say first: “You have not missed it. We wait for you.”',
    'Is the device charged, and is there internet or signal?',
    'Close the app or page, and open it again.',
    'Switch the device off and on again.',
    'After 10 minutes use the back-up. Do not go on trying.',
  ],
}

/** Nothing of this for a meeting in person: then it is a question of the way there. */
const inPerson = [
  'Say first: “You have not missed it. We wait for you.”',
  'Are they lost, held up, or waiting somewhere else? Tell them where you are.',
  'Offer to meet by phone now, or at another time. It is their choice.',
]

export function thingsToTry(way: string): readonly string[] {
  return tries[way as Way] ?? inPerson
}

/** What has become of it, in one press. Nothing that was written down in words is touched by it. */
export interface QuickOutcome {
  what: QuickWord
  text: string
  outcome: Outcome
  met_by: Way | null
  disruption: Disruption | null
}

export type QuickWord = 'got-in' | 'back-up' | 'could-not-connect'

const wayOfBackUp: Readonly<Partial<Record<BackUp, Way>>> = {
  phone: 'phone',
  text: 'text',
  video: 'video',
  'face-to-face': 'face-to-face',
}

/**
 * What can have become of it, each one press away. That they did not attend is not among them: whoever rings has tried to.
 */
export function quickOutcomes(way: Way, backUp: BackUp | null): QuickOutcome[] {
  if (!isRemote(way)) {
    return [
      met('got-in', 'They met', way, 'none'),
      met('back-up', 'They met by phone in its place', 'phone', 'back-up'),
    ]
  }
  const other = backUp === null ? undefined : wayOfBackUp[backUp]
  return [
    met('got-in', 'They got in', way, 'small'),
    ...(other === undefined || other === way ? [] : [usedBackUp(other)]),
    {
      what: 'could-not-connect',
      text: 'They could not connect',
      outcome: 'could-not-connect',
      met_by: null,
      disruption: null,
    },
  ]
}

function met(what: QuickWord, text: string, way: Way, disruption: Disruption): QuickOutcome {
  return { what, text, outcome: 'attended', met_by: way, disruption }
}

function usedBackUp(way: Way): QuickOutcome {
  return way === 'face-to-face'
    ? met('back-up', 'They met face to face in its place', way, 'moved-face-to-face')
    : met('back-up', 'They met by the back-up', way, 'back-up')
}

/** Whom to call in a crisis, in the organisation's own words; and, whatever stands there, when it is 999. */
export function crisisLines(own: string): string[] {
  return [...own.split('\n').filter((line) => line !== ''), 'Where somebody’s life is in danger: call 999.']
}
