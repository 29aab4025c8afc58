/** How one step of the checklist went. */
export const answerNames = {
  yes: 'Yes',
  'with-help': 'Yes, with help',
  no: 'No',
  'not-tried': 'Not tried',
} as const

export type StepAnswer = keyof typeof answerNames

export const stepIds = ['got_in', 'heard', 'seen', 'charged', 'private_place', 'light', 'location', 'back_up'] as const
export type StepId = (typeof stepIds)[number]

/** One thing that is tried on the call, and what to do where it does not work. */
export interface Step {
  id: StepId
  /** The question, as whoever makes the call reads it. */
  ask: string
  hint?: string
  /** Without it there is no call. */
  isNeeded: boolean
  /** Of a call by phone nothing is seen. */
  isOnScreen: boolean
  follows: string
}

/** The checklist of a trial-run call, in the order in which it is worked through. */
export const steps: readonly Step[] = [
  {
    ...{ id: 'got_in', ask: 'Did they get in?', isNeeded: true, isOnScreen: false },
    follows: 'Plan a training session on joining a call, and try again',
  },
  {
    ...{ id: 'heard', ask: 'Do you hear each other?', isNeeded: true, isOnScreen: false },
    follows: 'Look at the sound together, or lend a headset, and try again',
  },
  {
    ...{ id: 'seen', ask: 'Do you see each other?', isNeeded: false, isOnScreen: true },
    hint: 'Where they want the camera off, that is a yes',
    follows: 'Ask whether they want the camera on at all. If they do, look at it together',
  },
  {
    ...{ id: 'charged', ask: 'Is it charged and plugged in?', isNeeded: true, isOnScreen: false },
    follows: 'See that they have a charger and somewhere to plug it in',
  },
  {
    ...{ id: 'private_place', ask: 'Are they somewhere they can talk?', isNeeded: false, isOnScreen: false },
    hint: 'Ask it so that a yes or no is enough',
    follows: 'Offer a private room, a headset or another time',
  },
  {
    ...{
      id: 'light',
      ask: 'Are camera and light right, and other programs closed?',
      isNeeded: false,
      isOnScreen: true,
    },
    hint: 'A cable is better than Wi-Fi where there is one',
    follows: 'Try another seat or lamp with them before the appointment',
  },
  {
    ...{ id: 'location', ask: 'Do you know where they will be, and which number to call back on?', isNeeded: false },
    isOnScreen: false,
    follows: 'Agree the number to call back on, and where they will be',
  },
  {
    ...{ id: 'back_up', ask: 'Did you try what you agreed for when it fails?', isNeeded: false, isOnScreen: false },
    follows: 'Agree what to do when it fails, and try it',
  },
]

export type Checklist = Record<StepId, StepAnswer | null>

export const outcomeNames = {
  passed: 'It worked',
  'passed-with-help': 'It worked with help',
  'not-passed': 'It did not work yet',
  'not-reached': 'Nobody answered',
} as const
export type TrialOutcome = keyof typeof outcomeNames

/** What is asked on a call in this way. */
export function stepsFor(way: string): Step[] {
  return steps.filter(({ isOnScreen }) => way === 'video' || !isOnScreen)
}

/**
 * What came of a call, from how its steps went. It worked when all of it did; with help, when what a call cannot do without did.
 * So nobody has to give a verdict on a person.
 */
export function outcomeOf(checklist: Checklist, way: string): TrialOutcome {
  const asked = stepsFor(way)
  if (asked.some(({ id, isNeeded }) => isNeeded && checklist[id] !== 'yes' && checklist[id] !== 'with-help')) {
    return 'not-passed'
  }
  return asked.every(({ id }) => checklist[id] === 'yes') ? 'passed' : 'passed-with-help'
}

export function hasPassed(outcome: string | null): boolean {
  return outcome === 'passed' || outcome === 'passed-with-help'
}

/** What follows from a call: a line for each thing that did not work or was not tried. */
export function whatFollows(checklist: Checklist, way: string): string[] {
  return stepsFor(way)
    .filter(({ id }) => checklist[id] === 'no' || checklist[id] === 'not-tried')
    .map(({ follows }) => follows)
}
