import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { channels } from '../../src/safe-contact/kinds-rules.ts'
import { insertAll } from '../factories/example.ts'
import { contactAddress, contactTask, privateNote } from '../factories/safe-contact.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, officeTime } from './days.ts'
import type { Random } from './random.ts'
import type { Trust } from './trusts.ts'

export interface ContactPlan {
  trust: Trust
  people: ServiceUser[]
  today: string
  random: Random
}

/** Most people were asked how they may be reached. One is to be texted between 10 and 12 alone, two have everything paused. */
export async function askAboutContact(db: Database, plan: ContactPlan): Promise<void> {
  const { trust, people, today, random } = plan
  const champion = () => random.pick(trust.champions)
  const at = () => officeTime(lastWorkingDay(addDays(today, -random.between(1, 200))), random)
  const asked = people.filter(() => random.chance(0.6))
  const answers = asked.flatMap((person, nth) => {
    const written = { at: at(), recorded_by: champion().id }
    const base = { organisation_id: trust.organisation.id, service_user_id: person.id, ...written }
    const open = {
      answer: 'allowed',
      from_hour: null,
      until_hour: null,
      days: [],
      number_shown: null,
      names_service: false,
    }
    const no = { ...open, answer: 'not-allowed' }
    if (nth === 0) {
      const morning = { ...open, from_hour: 10, until_hour: 12 }
      return channels.map((channel) => ({ ...base, channel, ...(channel === 'text' ? morning : no) }))
    }
    const some = channels.filter(() => random.chance(0.85))
    return some.map((channel) => ({ ...base, channel, ...(random.chance(0.85) ? open : no) }))
  })
  await insertAll(db, 'contact_answers', answers)
  const [texted, ruledOut, paused, silent, chased] = asked
  if (!texted || !ruledOut || !paused || !silent || !chased) return
  const by = champion()
  const words = { contact_instruction: 'Do not ring the home number.' }
  await db.updateTable('service_user_details').set(words).where('service_user_id', '=', texted.id).execute()
  await contactAddress(db, {
    person: ruledOut,
    by,
    at: at(),
    address: ruledOut.phone || 'old@post.example',
    isSafe: false,
  })
  const note = 'They told us on their own that somebody at home reads their messages and listens to calls.'
  await privateNote(db, { person: paused, by, at: at(), note })
  await contactTask(db, { person: texted, at: at(), kind: 'review-in-a-week', purpose: 'chase', reason: 'not-allowed' })
  await contactTask(db, { person: paused, at: at(), kind: 'review-in-a-week', purpose: 'chase', reason: 'paused' })
}
