import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { londonToday } from '../lib/dates.ts'
import { countFacts } from './count-actions.ts'
import { isProfileId, type Profile, profiles } from './disclosure-rules.ts'
import { figuresToPublish } from './figures-rules.ts'
import { type SetName, setNames } from './line-rules.ts'
import { isOver, type Period, periodsIn, publishedUntil, yearsOffered } from './period-rules.ts'
import { addPublished, listPublished, listPublishers, lockPublisher } from './publish-queries.ts'
import { lineSets } from './set-rules.ts'

/**
 * Publishes, of every organisation that has chosen how, the periods that are ready and have not come out. Each organisation is a
 * change of its own. Gives how many numbers came out.
 */
export async function publishFigures({ db, clock }: { db: Database; clock: () => Date }): Promise<number> {
  let published = 0
  for (const organisationId of await listPublishers(db)) {
    const by = { organisationId, staffId: null }
    try {
      published += await makeChange({ db, by, clock }, publishOfOne)
    } catch (error) {
      if (!(error instanceof NothingToPublish)) throw error
    }
  }
  return published
}

class NothingToPublish extends Error {}

async function publishOfOne(change: Change<Author>): Promise<number> {
  const { trx, by } = change
  // two at once would each settle a period of its own, and tell by what differs
  const chosen = await lockPublisher(trx, by)
  if (chosen === null || !isProfileId(chosen)) throw new NothingToPublish()
  const now = change.now()
  const until = publishedUntil(londonToday(now))
  const years = yearsOffered(londonToday(now))
  const counts: number[] = []
  for (const year of years) {
    for (const name of setNames)
      counts.push(await publishYear(change, name, { year, until, now, profile: profiles[chosen] }))
  }
  const published = counts.reduce((sum, n) => sum + n, 0)
  if (published === 0) throw new NothingToPublish()
  change.audit({ verb: 'report:published', details: { numbers: published } })
  return published
}

interface Publishing {
  year: Period
  until: string
  now: Date
  profile: Profile
}

async function publishYear(
  { trx, by }: Change<Author>,
  name: SetName,
  { year, until, now, profile }: Publishing,
): Promise<number> {
  const ready = periodsIn(year).filter((period) => isOver(period, until))
  const before = await listPublished(trx, by, { names: [name], periods: ready.map(({ key }) => key) })
  const { lines, amounts = [] } = lineSets[name]
  if (before.length === ready.length * (lines.length + amounts.length)) return 0
  const facts = await countFacts(trx, by, [name], ready)
  const figures = figuresToPublish(facts, lineSets[name], { year, until, profile, before })
  await addPublished(trx, by, { name, figures, now })
  return figures.length
}
