import type { Database } from '../database/connection.ts'
import { inSnapshot } from '../database/snapshot.ts'
import { londonToday } from '../lib/dates.ts'
import { countFacts } from './count-actions.ts'
import { type CountedSet, listOrganisations, replaceKept } from './kept-queries.ts'
import { setNames } from './line-rules.ts'
import { periodBefore, periodsIn, yearsOffered } from './period-rules.ts'

/** What takes longer than this to count for one year is not counted for each page. */
const SLOW_MS = 30

/**
 * Counts, of every organisation, whatever its reports may ask for, at one moment. Where some of it is slow to count, all of it
 * is kept for whoever asks until the next night; where all of it is quick, nothing is, and each page counts as it is asked.
 * Gives how many organisations have theirs kept.
 */
export async function keepCounts(
  { db, clock }: { db: Database; clock: () => Date },
  slowMs = SLOW_MS,
): Promise<number> {
  let kept = 0
  for (const organisationId of await listOrganisations(db)) {
    const countedAt = clock()
    const { sets, slowest } = await countAll(db, organisationId, londonToday(countedAt))
    const isSlow = slowest > slowMs
    if (isSlow) kept += 1
    await db
      .transaction()
      .execute((trx) => replaceKept(trx, { organisationId }, { countedAt, sets: isSlow ? sets : [] }))
  }
  return kept
}

async function countAll(db: Database, organisationId: number, today: string) {
  const offered = yearsOffered(today)
  // what the first year is compared with
  const years = [...offered, ...offered.slice(-1).map(periodBefore)]
  let slowest = 0
  const sets = await inSnapshot(db, async (snapshot) => {
    const counted: CountedSet[] = []
    for (const year of years) {
      const begun = periodsIn(year).filter(({ from }) => from <= today)
      for (const name of setNames) {
        const start = performance.now()
        const facts = await countFacts(snapshot, { organisationId }, [name], begun)
        slowest = Math.max(slowest, performance.now() - start)
        const periods = begun.map(({ key }) => key)
        counted.push({ name, periods, facts })
      }
    }
    return counted
  })
  return { sets, slowest }
}
