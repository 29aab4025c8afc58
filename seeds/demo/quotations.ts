import type { Database } from '../../src/database/connection.ts'
import { addDays } from '../../src/lib/dates.ts'
import { quotation } from '../factories/quotations.ts'
import type { ServiceUser } from '../factories/service-users.ts'
import { lastWorkingDay, timeOn } from './days.ts'
import type { PastEvent } from './history.ts'
import type { Trust } from './trusts.ts'

const said = [
  { words: 'I had never made a video call. Now I ring my sister as well.', speaker: 'person', decision: 'approved' },
  {
    words: 'We do not have to pay two bus fares to be listened to for twenty minutes.',
    speaker: 'supporter',
    decision: 'approved',
  },
  {
    words: 'Somebody sat with me until I could do it on my own. Nobody made me feel stupid.',
    speaker: 'person',
    decision: 'approved',
  },
  { words: 'Everybody in my street knows now where I go on Tuesdays.', speaker: 'person', decision: 'refused' },
  { words: 'I would still rather meet face to face, and that was fine too.', speaker: 'person', decision: undefined },
] as const

/** What some said and agreed to have shown: three are shown, one is not, and one waits to be read. Gives what the audit tells. */
export async function quoteSome(
  db: Database,
  { trust, people }: { trust: Trust; people: ServiceUser[] },
  today: string,
): Promise<PastEvent[]> {
  const [champion] = trust.champions
  const { governance } = trust
  if (!champion || !governance) return []
  const writtenAt = timeOn(lastWorkingDay(addDays(today, -10)), 14, 20)
  const known = people.filter(({ state, created_at }) => state !== 'died' && new Date(created_at) < writtenAt)
  const events: PastEvent[] = []
  for (const [at, { decision, ...words }] of said.entries()) {
    const person = known.at(-6 - at)
    if (!person) continue
    const agreedOn = addDays(today, -20)
    const made = await quotation(db, {
      ...{ ...words, person, by: champion, writtenAt, agreedOn },
      ...(decision && { decision, decidedBy: governance }),
    })
    const about = {
      ...{ organisationId: trust.organisation.id, serviceUserId: person.id, at: writtenAt },
      subject: ['quotation', made.id] as ['quotation', number],
    }
    events.push({ ...about, by: champion.id, verb: 'quotation:written' })
    if (decision) events.push({ ...about, by: governance.id, verb: `quotation:${decision}` })
  }
  return events
}
