import { type Author, type Change, makeChange } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { londonToday } from '../lib/dates.ts'
import { queueEmail } from '../messages/actions.ts'
import { type MadeReport, readReport } from './actions.ts'
import { type ReportName, reportNames } from './definition-rules.ts'
import { type DueDelivery, listDueDeliveries } from './delivery-queries.ts'
import { DAYS_OF_USE, type DeliveryWords, deliveryText, type Every } from './delivery-rules.ts'
import { type Period, periodOf } from './period-rules.ts'

const DAY = 86_400_000

/** From now on, or no more. What came out before is not sent. */
export async function chooseDelivery(change: Change, every: Every): Promise<void> {
  const { trx, by } = change
  const chosen = { every, since: change.now() }
  await trx
    .insertInto('report_deliveries')
    .values({ ...chosen, staff_id: by.staffId, organisation_id: by.organisationId })
    // choosing the same once more is no new beginning: what came out this night is still sent
    .onConflict((conflict) =>
      conflict.column('staff_id').doUpdateSet(chosen).where('report_deliveries.every', '!=', every),
    )
    .execute()
  change.audit({ verb: 'report:delivery-chosen', details: { new: { every } } })
}

/** A report of a period, as whoever pays for the service may see it. */
export interface PublishedReport {
  name: ReportName
  period: Period
  made: MadeReport
  now: Date
}

/** What an email says, and the page that goes with it. */
export type WriteDelivery = (
  reports: readonly PublishedReport[],
  organisation: string,
) => { answers: DeliveryWords['answers']; page: string }

interface DeliversWith {
  db: Database
  clock: () => Date
  publicUrl: string
  write: WriteDelivery
}

/**
 * Sends what has come out to everybody who chose to have it sent: what was published and nothing else, whoever they are by now.
 * Each period once to each of them. Gives how many emails were written.
 */
export async function deliverReports({ db, clock, publicUrl, write }: DeliversWith): Promise<number> {
  const due = await listDueDeliveries(db)
  let written = 0
  for (const people of Map.groupBy(due, (one) => `${one.organisation_id} ${one.period}`).values()) {
    const [{ organisation_id: organisationId, organisation, period: key }] = people as [DueDelivery]
    const period = periodOf(key)
    if (!period) throw new Error(`What was published of ${key} is of no period`)
    const reports = await readPublished({ db, clock }, organisationId, period)
    const { answers, page } = write(reports, organisation)
    const by: Author = { organisationId, staffId: null }
    written += await makeChange({ db, by, clock }, async (change) => {
      for (const one of people) {
        await queueOne(
          change,
          one,
          deliveryText({ name: one.name, organisation, period: period.name, answers, publicUrl }),
          page,
        )
      }
      change.audit({ verb: 'report:delivered', details: { new: { period: key, people: people.length } } })
      return people.length
    })
  }
  return written
}

async function readPublished(
  { db, clock }: Pick<DeliversWith, 'db' | 'clock'>,
  organisationId: number,
  period: Period,
): Promise<PublishedReport[]> {
  const now = clock()
  const reading = { db, actor: { role: 'commissioner', organisationId } as const, today: londonToday(now) }
  const reports: PublishedReport[] = []
  for (const name of reportNames) {
    const made = await readReport(reading, name, period)
    if (made) reports.push({ name, period, made, now })
  }
  return reports
}

async function queueOne(
  change: Change<Author>,
  { staff_id: staffId, name, email: address, period }: DueDelivery,
  words: { subject: string; body: string },
  attached: string,
): Promise<void> {
  await queueEmail(change, {
    ...{ cause: `reports:${staffId}:${period}`, kind: 'reports', isSecret: false, attached },
    sendUntil: new Date(change.now().getTime() + DAYS_OF_USE * DAY),
    to: { staffId, name, address },
    ...words,
  })
}
