import { appointmentUrl } from '../appointments/links-rules.ts'
import type { Way } from '../appointments/words-rules.ts'
import { talkUrl } from '../conversations/links-rules.ts'
import { lastsFor, type Mend, mendFor } from '../data-allowances/mend-rules.ts'
import { parseInstant } from '../lib/dates.ts'
import { preferencesUrl } from '../preferences/rules.ts'
import { trainingOfUrl } from '../training/links-rules.ts'
import { trialCallsOfUrl } from '../trial-calls/links-rules.ts'
import { deviceComes, type ReadinessFacts, trainingComes, trialComes } from './facts-rules.ts'
import * as told from './status-rules.ts'

/** Who can fix something: a champion alone, or whoever keeps the appointment, a champion or the care team. */
export type Fixer = 'champion' | 'either'

/** What to do where a requirement is not met or not known, and the page on which it is done. */
export interface Fix {
  text: string
  href: (facts: ReadinessFacts) => string
}

/** One thing that has to be so for an appointment to work. A further one is one more of these. */
export interface Requirement {
  id: string
  name: string
  /** The finding it rests on, as docs/evidence.md numbers them. */
  evidence: string
  /** The ways of meeting that need it. */
  ways: readonly Way[]
  /** When it is met, and when it is not needed although the way of meeting may ask for it: for people to read. */
  met: string
  spared?: string
  status: (facts: ReadinessFacts) => told.Status
  by: Fixer
  /** Working days that it takes; 0 is done at once, on any day. */
  takes: number
  /** Working days before the appointment by which it is best done. */
  before: number
  /** The two as the organisation decided, where it decides about them. */
  takesOf?: (facts: ReadinessFacts) => number
  beforeOf?: (facts: ReadinessFacts) => number
  /** What comes first. */
  after?: readonly string[]
  /** The day on which it comes by itself, where that is arranged. */
  comes?: (facts: ReadinessFacts) => string | undefined
  /** Worth knowing; nobody is less ready for it. */
  isNote?: true
  fix: Fix
  /** Where it is not known; the same as the fix when there is none. */
  ask?: Fix
  /** What goes before both where there is something of theirs to mend. */
  mend?: (facts: ReadinessFacts) => Mend | null
  /** More about what is there. */
  more?: (facts: ReadinessFacts) => string | null
}

const details = ({ id }: ReadinessFacts) => appointmentUrl(id, 'details')
const edit = ({ id }: ReadinessFacts) => appointmentUrl(id, 'edit')
const talk = ({ service_user_id: id }: ReadinessFacts) => talkUrl(id)
const preferences = ({ service_user_id: id }: ReadinessFacts) => preferencesUrl(id)
const lend = ({ service_user_id: id }: ReadinessFacts) => `/loans/new?service-user=${id}`
const record = ({ service_user_id: id }: ReadinessFacts) => `/service-users/${id}`

const remote: readonly Way[] = ['video', 'phone', 'text']
const inPerson: readonly Way[] = ['face-to-face', 'home-visit']

/** What an appointment needs, by way of meeting. It is read from the top. docs/states.md shows the same table to clinicians. */
export const requirements: readonly Requirement[] = [
  {
    ...{ id: 'device', name: 'A device in hand, up to date', evidence: '1.1', ways: ['video'] },
    met: 'They have one of ours or their own that works well, and it gets security updates on that day; or their ward booked one',
    status: told.hasDevice,
    ...{ by: 'champion', takes: 2, before: 4, comes: deviceComes },
    fix: { text: 'Lend a device, with its charger', href: lend },
    ask: { text: 'Ask what device they will use, and look whether it is up to date', href: talk },
  },
  {
    ...{ id: 'phone', name: 'A phone', evidence: '1.1', ways: ['text'] },
    met: 'They have a phone, whichever it is',
    status: told.hasPhone,
    ...{ by: 'champion', takes: 2, before: 4, comes: deviceComes },
    fix: { text: 'Lend a phone, with its charger', href: lend },
    ask: { text: 'Ask what phone they have', href: talk },
  },
  {
    ...{ id: 'charger', name: 'A charger', evidence: '1.1', ways: ['video'] },
    met: 'A charger is lent or given to them, or the device is their own',
    status: told.hasCharger,
    ...{ by: 'champion', takes: 2, before: 4, comes: deviceComes },
    fix: { text: 'Lend a charger', href: lend },
    ask: { text: 'Ask whether they can charge it', href: talk },
  },
  {
    ...{ id: 'data', name: 'Data or Wi-Fi, enough', evidence: '1.2b', ways: ['video'] },
    met: 'Their internet works well and they can pay for it, or what we gave lasts until after the call',
    status: told.hasData,
    ...{ by: 'champion', takes: 2, before: 3 },
    fix: { text: 'Give data: a SIM, a voucher or a hotspot', href: lend },
    ask: { text: 'Ask about their internet and what it costs them', href: talk },
    mend: ({ id, data }) => data && mendFor({ kind: 'appointment', id }, data, parseInstant(data.at)),
    more: ({ id, data }) => data && lastsFor({ kind: 'appointment', id }, data, parseInstant(data.at)),
  },
  {
    ...{ id: 'training', name: 'Training', evidence: '1.3b', ways: ['video'] },
    met: 'They came to a session since they said that they do not feel sure, or cannot do something yet',
    spared: 'They feel sure enough, and can do what we asked about, alone or with help',
    status: told.isTrained,
    ...{ by: 'champion', takes: 1, before: 3, after: ['device', 'charger', 'data'], comes: trainingComes },
    fix: { text: 'Plan a training session', href: ({ service_user_id: id }) => trainingOfUrl(id) },
    ask: { text: 'Ask how sure they feel about joining a call', href: talk },
  },
  {
    ...{ id: 'trial', name: 'A trial-run call that worked', evidence: '1.3b', ways: ['video'] },
    met: 'The newest trial-run call before it worked, with help or without',
    spared: 'They have met somebody by video before',
    status: told.hasTrial,
    // where there is no time for more, ten minutes on the day itself
    ...{ by: 'champion', takes: 0, before: 2, after: ['device', 'charger', 'data', 'training'], comes: trialComes },
    beforeOf: ({ trial_call_days: days }) => days,
    fix: { text: 'Arrange a trial-run call', href: ({ id }) => trialCallsOfUrl(id) },
  },
  {
    ...{ id: 'way-in', name: 'How to get in', evidence: '1.5', ways: remote },
    met: 'The link is written down; of a phone call or texts, the number that will show',
    status: told.hasWayIn,
    ...{ by: 'either', takes: 0, before: 2 },
    fix: { text: 'Write down how they get in', href: details },
  },
  {
    ...{ id: 'back-up', name: 'What to do when it fails', evidence: '1.4', ways: remote },
    met: 'A back-up is agreed, with its number where somebody rings or texts',
    status: told.hasBackUp,
    ...{ by: 'either', takes: 0, before: 2 },
    fix: { text: 'Agree what to do when it fails', href: details },
  },
  {
    ...{ id: 'call-back', name: 'A number to call back on', evidence: '3.3', ways: remote },
    met: 'It stands on the appointment or on the record',
    status: told.hasCallBack,
    ...{ by: 'either', takes: 0, before: 1 },
    fix: { text: 'Agree which number to ring when the call drops', href: details },
  },
  {
    ...{ id: 'told', name: 'Told when and how', evidence: '1.5', ways: remote },
    met: 'They were given or read the letter, and nothing in it has changed since',
    status: told.isTold,
    ...{ by: 'either', takes: 0, before: 2, after: ['way-in', 'back-up'] },
    fix: { text: 'Give them the letter with its guides', href: ({ id }) => appointmentUrl(id, 'told') },
  },
  {
    ...{ id: 'private-place', name: 'A private place', evidence: '3.1', ways: ['video', 'phone'] },
    met: 'They can talk there at any time, or a private room is booked for this time',
    status: told.hasPrivatePlace,
    ...{ by: 'champion', takes: 1, before: 1 },
    fix: { text: 'Offer a private room, a headset or another time', href: talk },
    ask: { text: 'Ask where they will be, and whether this time suits', href: talk },
  },
  {
    ...{ id: 'interpreter', name: 'Interpreter', evidence: '2.4', ways: [...remote, ...inPerson] },
    met: 'One is booked for this appointment',
    spared: 'They said that they need none, or it stands so on the appointment',
    status: told.hasInterpreter,
    ...{ by: 'either', takes: 3, before: 3, takesOf: ({ interpreter_days: days }) => days },
    fix: { text: 'Book an interpreter and write it down', href: edit },
    ask: { text: 'Ask whether they want an interpreter', href: edit },
  },
  {
    ...{ id: 'needs', name: 'Communication needs', evidence: '2.5', ways: [...remote, ...inPerson] },
    met: 'It is written down what we do about their needs, on the record or on the appointment',
    spared: 'They were asked, and have none',
    status: told.areNeedsMet,
    ...{ by: 'either', takes: 0, before: 2 },
    fix: { text: 'Write down what makes it easier for them', href: details },
    ask: { text: 'Ask about their communication needs', href: record },
  },
  {
    ...{ id: 'preference', name: 'How they want to meet', evidence: '2.1', ways: remote },
    met: 'They were asked for this purpose, and are not to be asked again before that day',
    status: told.isPreferenceRecent,
    ...{ by: 'champion', takes: 0, before: 2 },
    fix: { text: 'Ask again how they want to meet', href: preferences },
  },
  {
    ...{ id: 'platform', name: 'A platform that is approved', evidence: '1.6', ways: ['video'] },
    met: 'The organisation approved the one it is on or, where none is named, one of those they know',
    status: told.isPlatformApproved,
    ...{ by: 'champion', takes: 0, before: 2, isNote: true },
    fix: { text: 'See which platforms they know and what was decided about them', href: preferences },
  },
  {
    ...{ id: 'place', name: 'Where they meet', evidence: '2.7', ways: inPerson },
    met: 'The place stands on the appointment; of a visit at home, the address on the record',
    status: told.hasPlace,
    ...{ by: 'either', takes: 0, before: 1 },
    fix: { text: 'Write down where they meet', href: details },
  },
  {
    ...{ id: 'access', name: 'What makes meeting in person work', evidence: '2.7', ways: inPerson },
    met: 'What they need, such as a way in without steps, stands on the appointment',
    spared: 'They said that they need nothing of the kind',
    status: told.isAccessArranged,
    ...{ by: 'either', takes: 1, before: 1 },
    fix: { text: 'Arrange it and write it down', href: details },
    ask: { text: 'Ask what would make meeting in person work', href: talk },
  },
  {
    ...{ id: 'journey', name: 'The journey', evidence: '2.2', ways: ['face-to-face'] },
    met: 'Help with the journey stands on the appointment',
    spared: 'They asked for no help with it',
    status: told.isJourneyArranged,
    ...{ by: 'either', takes: 1, before: 1 },
    fix: { text: 'Arrange help with the journey and write it down', href: details },
    ask: { text: 'Ask whether they need help with the journey', href: talk },
  },
]
