/** The words of an appointment, as the database keeps them and as people read them. */
interface Word<Value extends string> {
  value: Value
  text: string
}

const words = <Value extends string>(of: Readonly<Record<Value, string>>): Word<Value>[] =>
  (Object.entries(of) as [Value, string][]).map(([value, text]) => ({ value, text }))

/** Face to face stands first: it is what a first appointment is offered as, and it is always open. */
export const wayNames = {
  'face-to-face': 'Face to face',
  'home-visit': 'A visit at home',
  phone: 'A phone call',
  video: 'A video call',
  text: 'Text messages or chat',
} as const

export type Way = keyof typeof wayNames
export const ways = words<Way>(wayNames)

export const purposeNames = {
  assessment: 'Assessment',
  therapy: 'Therapy',
  review: 'Review',
  medication: 'Medication',
  group: 'Group',
  crisis: 'Crisis',
  other: 'Something else',
} as const

export type Purpose = keyof typeof purposeNames
export const purposes = words<Purpose>(purposeNames)

/** What is done when it fails, as it was agreed with the person. */
export const backUpNames = {
  phone: 'We call them by phone',
  text: 'We text or chat',
  video: 'We change to a video call',
  'face-to-face': 'They come to us, or we go to them',
  'another-time': 'We find another time',
} as const

export type BackUp = keyof typeof backUpNames
export const backUps = words<BackUp>(backUpNames)

export const interpreterNames = {
  'not-needed': 'Not needed',
  'to-book': 'Needed, and still to be booked',
  booked: 'Booked',
} as const

export type Interpreter = keyof typeof interpreterNames
export const interpreters = words<Interpreter>(interpreterNames)

/** That nobody could get through is an outcome of its own, and never counted as somebody who did not attend. */
export const outcomeNames = {
  attended: 'They met',
  'could-not-connect': 'They could not connect',
  'did-not-attend': 'They did not attend',
} as const

export type Outcome = keyof typeof outcomeNames
export const outcomes = words<Outcome>(outcomeNames)

export const disruptionNames = {
  none: 'Nothing',
  small: 'Small problems, and it went on',
  'back-up': 'It failed, and the back-up was used',
  'moved-face-to-face': 'It failed, and they met face to face in its place',
  abandoned: 'It broke off, and was not taken up again',
} as const

export type Disruption = keyof typeof disruptionNames
export const disruptions = words<Disruption>(disruptionNames)

export const cancellerNames = { person: 'The person', team: 'The team' } as const

export type Canceller = keyof typeof cancellerNames
export const cancellers = words<Canceller>(cancellerNames)

/** Whether a word is one of these; what a form sends may be anything. */
export function isOneOf<Value extends string>(names: Readonly<Record<Value, string>>, text: string): text is Value {
  return Object.hasOwn(names, text)
}
