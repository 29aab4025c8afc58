import { addDays, formatDate } from '../lib/dates.ts'
import type { StateTag } from '../lib/view-model.ts'

/** What members of staff are trained in, and after how many months it is refreshed. */
export const staffTopics = {
  remote: { name: 'Meeting people by video and phone', months: 12 },
  safety: { name: 'Staying safe on a remote call', months: 12 },
  inclusion: { name: 'Asking what shuts people out', months: 24 },
  devices: { name: 'Handing out and charging devices', months: 24 },
} as const

export type StaffTopic = keyof typeof staffTopics
export const staffTopicIds = Object.keys(staffTopics) as StaffTopic[]

/** So many days before the end it is time for the next session. */
const DUE_DAYS = 30

export type InDate = 'in-date' | 'due' | 'lapsed' | 'never'

/** The last day on which a training still counts: the day before the same day so many months on. */
export function inDateUntil(topic: StaffTopic, trainedOn: string): string {
  const [year = 0, month = 0, day = 0] = trainedOn.split('-').map(Number)
  const months = month - 1 + staffTopics[topic].months
  const [toYear, toMonth] = [year + Math.floor(months / 12), months % 12]
  // 29 February has no such day in most years: it ends with the month
  const last = new Date(Date.UTC(toYear, toMonth + 1, 0)).getUTCDate()
  const anniversary = new Date(Date.UTC(toYear, toMonth, Math.min(day, last))).toISOString().slice(0, 10)
  return day > last ? anniversary : addDays(anniversary, -1)
}

/** Whether somebody is in date in a topic; what nobody wrote down is never taken for trained. */
export function inDate(topic: StaffTopic, trainedOn: string | undefined, today: string): InDate {
  if (trainedOn === undefined) return 'never'
  const until = inDateUntil(topic, trainedOn)
  if (until < today) return 'lapsed'
  return until <= addDays(today, DUE_DAYS) ? 'due' : 'in-date'
}

export function inDateTag(topic: StaffTopic, trainedOn: string | undefined, today: string): StateTag {
  const state = inDate(topic, trainedOn, today)
  if (trainedOn === undefined || state === 'never') return { text: 'Not yet', colour: 'grey' }
  const until = formatDate(inDateUntil(topic, trainedOn))
  if (state === 'lapsed') return { text: `Ended ${until}`, colour: 'orange' }
  return state === 'due' ? { text: `Again by ${until}`, colour: 'yellow' } : { text: `Until ${until}`, colour: 'green' }
}
