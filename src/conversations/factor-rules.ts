import type { EvidenceId } from './evidence-rules.ts'
import type { Step } from './step-rules.ts'

export const areas = {
  access: 'Access',
  affordability: 'Affordability',
  skills: 'Skills',
  confidence: 'Confidence',
  motivation: 'Motivation',
  accessibility: 'Accessibility',
  language: 'Language',
  privacy: 'Privacy and safety',
  surroundings: 'Surroundings',
  coming: 'Coming in person',
} as const
export type Area = keyof typeof areas

/** What one answer means for a person, and what can be done. `fine` has nothing to do. */
export interface Meaning {
  level: 'barrier' | 'risk' | 'fine'
  says: string
  steps: readonly Step[]
}

/** One thing that can shut somebody out. A further one is one more of these, and nothing else. */
export interface Factor {
  id: string
  area: Area
  name: string
  /** The questions it is told from; the worst of their answers counts. */
  asks: readonly string[]
  evidence: EvidenceId
  when: Readonly<Record<string, Meaning>>
  /** Of any other answer. */
  otherwise?: Meaning
  /** Who can change it. */
  who: 'champion' | 'care team' | 'ward' | 'trust' | 'commissioner'
  /** What the care team, and what a ward, has to do about it: never why. */
  team?: string
  ward?: string
  /** The end of "12 people …", for what shuts out most. */
  shutsOut: string
}

const barrier = (says: string, ...steps: Step[]): Meaning => ({ level: 'barrier', says, steps })
const risk = (says: string, ...steps: Step[]): Meaning => ({ level: 'risk', says, steps })
const fine = (says: string): Meaning => ({ level: 'fine', says, steps: [] })

/** Of a skill: `alone`, `with-help`, `not-yet`. */
const ofSkill = {
  'not-yet': risk('There are things they cannot do yet', 'training', 'trial-run', 'guide'),
  'with-help': risk('There are things they do with help', 'training', 'trial-run'),
  alone: fine('They can do what we asked about'),
}

/** The table of what shuts people out. It is read from the top: what stands higher is more urgent, level by level. */
export const factors: readonly Factor[] = [
  {
    ...{ id: 'private-place', area: 'privacy', name: 'A private place', asks: ['private-place'], evidence: '3.1' },
    when: {
      no: barrier('They cannot talk without being overheard', 'room', 'safe-contact', 'other-way'),
      sometimes: risk('They can talk freely at some times only', 'room', 'safe-contact'),
      always: fine('They can talk without being overheard'),
    },
    who: 'ward',
    team: 'Ask first whether it is a good moment to talk. Offer a private room.',
    ward: 'Offer a private room and a headset for calls.',
    shutsOut: 'have nowhere to talk without being overheard',
  },
  {
    ...{ id: 'messages', area: 'privacy', name: 'Messages', asks: ['messages'], evidence: '3.1' },
    when: {
      'not-alone': barrier('What we send may not reach them alone', 'safe-contact'),
      shared: fine('Somebody they chose helps with messages'),
      alone: fine('What we send is read by them alone'),
    },
    who: 'champion',
    shutsOut: 'may not be the only one to read what we send',
  },
  {
    ...{ id: 'device', area: 'access', name: 'A device', asks: ['device'], evidence: '1.1' },
    when: {
      none: barrier('They have no device', 'lend', 'other-way'),
      basic: barrier('They have a phone for calls and texts only', 'lend', 'other-way'),
      old: risk('Their device is old, slow or broken', 'lend'),
      shared: risk('They share their device', 'lend'),
      own: fine('They have a device that works well'),
    },
    who: 'champion',
    team: 'A device may have to be lent before a video call.',
    ward: 'May need one of the ward’s devices for calls.',
    shutsOut: 'have no device for a video call',
  },
  {
    ...{ id: 'connection', area: 'access', name: 'Internet', asks: ['connection'], evidence: '1.2b' },
    when: {
      none: barrier('They have no internet', 'data', 'signpost', 'other-way'),
      elsewhere: barrier('They have internet only somewhere else', 'data', 'signpost', 'other-way'),
      unstable: risk('Their internet breaks off or is slow', 'data', 'other-way'),
      well: fine('Their internet works well'),
    },
    who: 'trust',
    team: 'Calls may break off: agree what happens then.',
    shutsOut: 'have no internet where they live',
  },
  {
    ...{ id: 'affordability', area: 'affordability', name: 'Cost of data', asks: ['affordability'], evidence: '1.2b' },
    when: {
      no: barrier('They cannot afford data', 'data', 'tariff', 'signpost'),
      'runs-out': risk('Their data runs out', 'data', 'tariff'),
      yes: fine('They can afford their data'),
    },
    who: 'commissioner',
    team: 'A video call uses up their data. A phone call from us costs them nothing.',
    shutsOut: 'cannot afford the data for a video call',
  },
  {
    ...{ id: 'language', area: 'language', name: 'Language', asks: ['interpreter', 'language'], evidence: '2.4' },
    when: {
      spoken: barrier('They need an interpreter', 'interpreter', 'guide'),
      signed: barrier('They need a sign language interpreter', 'interpreter', 'adapt'),
      no: fine('They need no interpreter'),
      english: fine('They are at home in English'),
    },
    otherwise: risk('They are most at home in another language', 'interpreter', 'guide'),
    who: 'care team',
    team: 'Ask about the language and an interpreter before each contact.',
    ward: 'Ask about the language and an interpreter before each contact.',
    shutsOut: 'need an interpreter to talk with us',
  },
  {
    ...{ id: 'senses', area: 'accessibility', name: 'Seeing, hearing and using', asks: ['senses'], evidence: '2.5' },
    when: {
      seeing: barrier('Seeing a screen is hard', 'adapt', 'guide'),
      hearing: barrier('Hearing a call is hard', 'adapt', 'interpreter'),
      reading: barrier('Reading is hard', 'guide', 'adapt'),
      hands: risk('Using their hands is hard', 'adapt', 'training'),
      remembering: risk('Remembering or concentrating is hard', 'adapt', 'training', 'guide'),
      none: fine('Nothing about a screen or phone is hard'),
    },
    who: 'care team',
    team: 'See their communication needs before a letter or a call.',
    ward: 'See their communication needs before a call.',
    shutsOut: 'find a screen or phone hard to see, hear or read',
  },
  {
    ...{ id: 'on-screen', area: 'accessibility', name: 'Being on a call', asks: ['on-screen'], evidence: '2.5' },
    when: {
      'being-seen': risk('Being seen on a screen is hard', 'adapt', 'other-way'),
      trust: barrier('They cannot be sure who watches or listens', 'adapt', 'other-way'),
      unwell: barrier('Screens make them feel unwell', 'adapt', 'other-way'),
      long: risk('Long calls are hard', 'adapt'),
      none: fine('Being on a call is not hard'),
    },
    who: 'care team',
    team: 'Agree before a call: camera off, a shorter call, the phone, or face to face.',
    ward: 'They may want the camera off, or a shorter call. Ask.',
    shutsOut: 'are made unwell or uneasy by being on a screen',
  },
  {
    ...{ id: 'surroundings', area: 'surroundings', name: 'Where they stay', asks: ['charging', 'keeping'] },
    evidence: '1.1',
    when: {
      no: barrier('A device cannot be charged, or is not safe, where they stay', 'power', 'keep-safe', 'other-way'),
      sometimes: risk('They can charge a device at some times only', 'power'),
      unsure: risk('A device may not be safe where they stay', 'keep-safe'),
      yes: fine('They can charge and keep a device'),
    },
    who: 'trust',
    ward: 'Put their phone in the charging locker.',
    shutsOut: 'cannot charge or keep a device where they stay',
  },
  {
    id: 'skills',
    ...{ area: 'skills', name: 'Skills', evidence: '1.3b', when: ofSkill },
    asks: [
      'skill-charge',
      'skill-wifi',
      'skill-link',
      'skill-join',
      'skill-sound',
      'skill-accounts',
      'skill-settings',
      'skill-safe',
    ],
    who: 'champion',
    team: 'Leave extra minutes for a first video call.',
    ward: 'May need somebody to start the call with them.',
    shutsOut: 'cannot yet do all it takes to join a call',
  },
  {
    ...{ id: 'confidence', area: 'confidence', name: 'Confidence', asks: ['confidence'], evidence: '1.3b' },
    when: {
      'not-sure': barrier('They do not feel sure about joining a call', 'training', 'trial-run', 'guide'),
      'with-help': risk('They can join a call with some help', 'trial-run', 'guide'),
      sure: fine('They feel sure about joining a call'),
    },
    who: 'champion',
    team: 'Stay reachable by phone while they join a call.',
    ward: 'May need somebody to start the call with them.',
    shutsOut: 'do not feel sure enough to join a video call',
  },
  {
    ...{ id: 'interest', area: 'motivation', name: 'Interest in video', asks: ['interest'], evidence: '2.1' },
    when: {
      unsure: risk('They are not sure about video', 'no-pressure', 'other-way'),
      no: fine('They would rather not use video, which is theirs to decide'),
      yes: fine('They would like to use video'),
    },
    who: 'champion',
    shutsOut: 'are not sure about video calls',
  },
  {
    ...{ id: 'coming', area: 'coming', name: 'Coming to us', asks: ['coming'], evidence: '2.2' },
    when: {
      cost: barrier('They cannot pay for the journey', 'journey', 'home-visit'),
      distance: risk('It is far, or nothing goes there', 'journey', 'home-visit'),
      caring: risk('They look after somebody', 'journey', 'home-visit'),
      work: risk('Work or study is in the way', 'journey'),
      health: barrier('Pain, illness or getting about is in the way', 'home-visit', 'journey'),
      'leaving-home': barrier('Leaving home is hard', 'home-visit', 'other-way'),
      none: fine('Nothing is in the way of coming to us'),
    },
    who: 'care team',
    team: 'Offer a visit at home, or help with the journey.',
    shutsOut: 'cannot easily come to us',
  },
]

export function factorNamed(id: string): Factor | undefined {
  return factors.find((factor) => factor.id === id)
}
