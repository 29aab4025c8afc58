import { waysOfMeeting } from '../conversations/question-rules.ts'
import type { KnownPlatform } from '../platforms/rules.ts'

interface Word {
  value: string
  text: string
}

const words = (...pairs: [string, string][]): Word[] => pairs.map(([value, text]) => ({ value, text }))

/** What an appointment is for. */
export const purposes: readonly Word[] = words(
  ['first-meeting', 'First meeting'],
  ['assessment', 'Assessment'],
  ['therapy', 'Therapy'],
  ['review', 'Review'],
  ['medication', 'Medication'],
  ['group', 'Group'],
  ['crisis', 'In a crisis'],
)

export const cameras = words(['on', 'Camera on'], ['off', 'Camera off'], ['either', 'Either is fine'])
export const lengths = words(['shorter', 'Shorter'], ['usual', 'As usual'], ['longer', 'Longer'])
export const frequencies = words(['more-often', 'More often'], ['usual', 'As usual'], ['less-often', 'Less often'])
export const timesOfDay = words(['morning', 'Morning'], ['afternoon', 'Afternoon'], ['evening', 'Evening'])

/** How somebody wants to meet for one purpose: the newest that was written down. */
export interface Preference {
  id: number
  purpose: string
  ways: string[]
  camera: string | null
  length: string | null
  frequency: string | null
  times: string[]
  review_on: string
  at: string
  staff_member: string
  joins: string
  notes: string
  platforms: KnownPlatform[]
}

export function textOf(list: readonly Word[], value: string | null): string {
  return list.find((one) => one.value === value)?.text ?? ''
}

export function wayText(value: string): string {
  return waysOfMeeting.find((way) => way.value === value)?.text ?? value
}

/** The ways in the person's own order, in one line. */
export function waysText(ways: readonly string[]): string {
  return ways.map((way, at) => (at === 0 ? wayText(way) : wayText(way).toLowerCase())).join(', then ')
}

export function preferencesUrl(personId: number): string {
  return `/service-users/${personId}/preferences`
}
