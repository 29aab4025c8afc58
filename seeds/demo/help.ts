import type { Database } from '../../src/database/connection.ts'
import { addDays, addWeeks } from '../../src/lib/dates.ts'
import { acceptedRisk, meetingPreference, platform, signpost } from '../factories/preferences.ts'
import type { TalkPlan } from './conversations.ts'
import { lastWorkingDay, officeTime } from './days.ts'

const entries = [
  [
    'tariff',
    'Social tariffs for phone and internet',
    'Cheaper contracts for people who get certain benefits. We can look together.',
    ['affordability', 'connection'],
  ],
  ['hub', 'The Corner Hub', 'Free Wi-Fi and a quiet room. No need to book.', ['connection', 'private-place']],
  ['library', 'Central Library', 'Computers, Wi-Fi and printing. Somebody to ask.', ['connection', 'device', 'skills']],
  [
    'training',
    'Learn My Way group',
    'First steps on a phone or tablet, on Tuesdays.',
    ['skills', 'confidence', 'interest'],
  ],
  [
    'specialist',
    'Talking in sign language',
    'Care in British Sign Language, anywhere in England.',
    ['language', 'senses'],
  ],
  ['voluntary', 'Befriending by phone', 'A call each week from somebody who has time.', []],
] as const

/** Platforms with what was decided about them, the list of help, and how some people want to meet. */
export async function makeHelp(db: Database, { trust, people, today, random }: TalkPlan): Promise<void> {
  const organisation_id = trust.organisation.id
  const by = trust.champions[0]
  if (!by) return
  const approved = await platform(db, {
    organisation_id,
    name: 'Attend Anywhere',
    mb_per_minute: 8,
    mb_source: 'measured by our IT team',
  })
  const chatter = await platform(db, {
    ...{ organisation_id, name: 'ChatAlong', approval: 'not-approved', decided_on: null, decided_by_words: '' },
    ...{ settings: '', guidance: 'Many people know it. Say nothing on it that others may not hear.', mb_per_minute: 5 },
  })
  await acceptedRisk(db, { platform: chatter, by, risk: 'Some people answer nowhere else, and would be lost.' })
  for (const [kind, name, about, helps] of entries) {
    const checked_on = lastWorkingDay(addDays(today, -random.between(10, 250)))
    const more = { kind, name, about, helps: [...helps], checked_on, checked_by: by.id }
    await signpost(db, { organisation_id, ...more, phone: '01632 960 100' })
  }
  for (const [nth, person] of people.filter(({ id }) => id % 7 === 0).entries()) {
    const day = lastWorkingDay(addDays(today, -random.between(5, 190)))
    await meetingPreference(db, {
      ...{ person, by: random.pick(trust.champions), at: officeTime(day, random), review_on: addWeeks(day, 26) },
      ways: random.pick([
        ['face-to-face', 'phone'],
        ['phone', 'home-visit', 'face-to-face'],
        ['video', 'phone', 'face-to-face'],
      ]),
      purpose: nth % 2 === 0 ? 'first-meeting' : 'therapy',
      camera: random.pick(['on', 'off', 'either']),
      platforms: [nth % 3 === 0 ? chatter : approved],
    })
  }
}
