import type { Database } from '../../src/database/connection.ts'
import { addDays, addWeeks } from '../../src/lib/dates.ts'
import { conversation, suggest } from '../factories/conversations.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay } from './days.ts'
import type { Random } from './random.ts'
import type { Trust } from './trusts.ts'

export interface TalkPlan {
  trust: Trust
  people: ServiceUser[]
  today: string
  random: Random
}

/** What people say, the likelier the more often it stands here. */
const opening: Readonly<Record<string, readonly string[]>> = {
  way: ['face-to-face', 'face-to-face', 'video', 'phone', 'phone', 'home-visit', 'text'],
  interest: ['yes', 'yes', 'unsure', 'no'],
  device: ['none', 'none', 'basic', 'old', 'shared', 'own'],
  connection: ['none', 'elsewhere', 'unstable', 'well', 'well'],
  affordability: ['no', 'no', 'runs-out', 'yes'],
  confidence: ['not-sure', 'not-sure', 'with-help', 'sure'],
  'private-place': ['always', 'always', 'always', 'sometimes', 'no'],
  language: ['english', 'english', 'english', 'english', 'somali', 'polish', 'bengali'],
}
const rest: Readonly<Record<string, readonly string[]>> = {
  coming: ['none', 'none', 'cost', 'distance', 'caring', 'health', 'leaving-home'],
  senses: ['none', 'none', 'none', 'seeing', 'hearing', 'reading', 'hands'],
  'on-screen': ['none', 'none', 'being-seen', 'long', 'unwell'],
  charging: ['yes', 'yes', 'yes', 'sometimes', 'no'],
}
const skills = ['charge', 'wifi', 'link', 'join', 'sound', 'accounts'].map((name) => `skill-${name}`)

/** Champions have talked with a good half of the people; with some of them twice. Some reviews are due. */
export async function talkWithPeople(db: Database, { trust, people, today, random }: TalkPlan): Promise<void> {
  const asked = people.filter(({ id }) => id % 2 === 0 || random.chance(0.2))
  const pick = (of: Readonly<Record<string, readonly string[]>>, chance: number) =>
    Object.fromEntries(
      Object.entries(of).flatMap(([question, values]) =>
        random.chance(chance) ? [[question, random.pick(values)]] : [],
      ),
    )
  const say = (values: readonly string[]) => Object.fromEntries(skills.map((skill) => [skill, random.pick(values)]))
  for (const [nth, person] of asked.entries()) {
    const by = random.pick(trust.champions)
    const heldOn = lastWorkingDay(addDays(today, -random.between(3, 200)))
    const before = lastWorkingDay(addDays(heldOn, -random.between(60, 150)))
    const isAgain = nth % 5 === 0
    if (isAgain) {
      const answers = { ...pick(opening, 0.9), ...say(['not-yet', 'not-yet', 'with-help']) }
      await conversation(db, { person, by, heldOn: before, reviewOn: addWeeks(before, 26), isReviewed: true, answers })
    }
    const answers = {
      ...pick(opening, 0.85),
      ...pick(rest, 0.5),
      ...(isAgain ? say(['alone', 'alone', 'with-help']) : {}),
    }
    const how = random.pick(['phone', 'in-person', 'home-visit', 'paper'])
    await conversation(db, { person, by, heldOn, how, reviewOn: addWeeks(heldOn, 26), answers })
    await suggest(db, person, `${heldOn}T11:00:00Z`)
  }
}
