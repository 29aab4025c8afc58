import type { Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import { addJob } from '../database/jobs.ts'
import type { Actor } from '../lib/actor.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { listTargets } from '../targets/queries.ts'
import { targetYear } from '../targets/rules.ts'
import type { Report } from './content-rules.ts'
import { countFacts } from './count-actions.ts'
import { definitions, type ReportName } from './definition-rules.ts'
import { isProfileId, type ProfileId, type Published, profiles, protect } from './disclosure-rules.ts'
import { equityReport } from './equity-rules.ts'
import { type Figures, shownFigures, trueFigures } from './figures-rules.ts'
import type { CaseloadShown } from './group-rules.ts'
import { type Headlines, headlineSets, headlinesOf } from './home-rules.ts'
import { readKept } from './kept-queries.ts'
import type { SetName } from './line-rules.ts'
import { comparedWith, type Period } from './period-rules.ts'
import { plannedReport } from './plan-rules.ts'
import { listPublished } from './publish-queries.ts'
import { type Denominator, lastCounts, readProfile } from './queries.ts'
import { listTeamsReferring } from './referred-queries.ts'
import { neverReferredReport } from './referred-rules.ts'
import { PUBLISH } from './words-rules.ts'

/** Who may see numbers as they were counted. It names them: a role that is not here is given what was published. */
const seeTrueNumbers: readonly Actor['role'][] = ['administrator', 'champion', 'information-governance']

export function seesTrueNumbers({ role }: Pick<Actor, 'role'>): boolean {
  return seeTrueNumbers.includes(role)
}

export interface Reading {
  db: Database
  actor: Pick<Actor, 'role' | 'organisationId'>
  today: string
}

/** What reports are made of. */
export interface ReportFigures {
  figures: Figures
  /** How they were published; null where they are counted now. */
  profile: ProfileId | null
  /** When they were published or, of true numbers, counted; null where they are counted now. */
  asOf: string | null
}

/**
 * Reads figures of a period and of what it is compared with, as whoever asks may see them: counted now for those who do the
 * work, and for anybody else what came out. There is no other way from the counts to a page or a file. Null: nothing of it
 * has come out, so there is nothing for this reader.
 */
export async function readFigures(
  reading: Reading,
  names: readonly SetName[],
  period: Period,
): Promise<ReportFigures | null> {
  const shown = [period, ...comparedWith(period)]
  const { db, actor } = reading
  if (seesTrueNumbers(actor)) {
    const kept = await readKept(db, actor, { names, periods: shown.map(({ key }) => key) })
    const facts = kept?.facts ?? (await countFacts(db, actor, names, shown))
    return { figures: trueFigures(facts), profile: null, asOf: kept?.countedAt ?? null }
  }
  const profile = await profileOf(reading)
  const rows = await listPublished(db, actor, { names, periods: shown.map(({ key }) => key) })
  const ofPeriod = rows.filter((row) => row.period === period.key)
  const [first] = ofPeriod
  if (!first || names.some((name) => !ofPeriod.some(({ set }) => set === name))) return null
  return { figures: shownFigures(rows), profile, asOf: first.publishedAt }
}

async function profileOf({ db, actor }: Reading): Promise<ProfileId | null> {
  const text = await readProfile(db, actor)
  return text !== null && isProfileId(text) ? text : null
}

export interface MadeReport {
  report: Report
  areTrue: boolean
  profile: ProfileId | null
  countedOn?: string | null
  asOf: string | null
}

/** Makes a report for whoever asks; null where nothing is published yet. */
export async function readReport(reading: Reading, name: ReportName, period: Period): Promise<MadeReport | null> {
  const definition = definitions[name]
  const read = await readFigures(reading, definition.sets, period)
  if (!read) return null
  const { figures, profile, asOf } = read
  const content = { figures, period, compared: comparedWith(period) }
  const about = { areTrue: figures.areTrue, profile, asOf }
  if ('tables' in definition) return { report: plannedReport(definition, content), ...about }
  const caseload = await readCaseload(reading, period, profile)
  const { db, actor } = reading
  const report =
    name === 'never-referred'
      ? neverReferredReport(content, caseload, figures.areTrue ? await listTeamsReferring(db, actor, period) : null)
      : equityReport(content, caseload)
  return { report, countedOn: caseload?.countedOn ?? null, ...about }
}

/** The figures of the home page with their targets; null where nothing is published yet. */
export async function readHeadlines(reading: Reading, period: Period): Promise<Headlines | null> {
  const read = await readFigures(reading, headlineSets(seesTrueNumbers(reading.actor)), period)
  if (!read) return null
  const { figures, profile } = read
  const set = await listTargets(reading.db, reading.actor, targetYear(period))
  const targets = new Map(
    set.flatMap(({ figure, good, quarterly }) => (good && quarterly !== null ? [[figure, { good, quarterly }]] : [])),
  )
  const hiding = figures.areTrue || profile === null ? null : profiles[profile]
  return headlinesOf({ figures, period, compared: comparedWith(period), profile: hiding, targets })
}

/** The last counts of the caseload before the end of a period; null where nobody counted it. */
async function readCaseload(
  reading: Reading,
  period: Period,
  profile: ProfileId | null,
): Promise<CaseloadShown | null> {
  const { db, actor } = reading
  const counts = await lastCounts(db, actor, period.until)
  const [first] = counts
  if (!first) return null
  const areTrue = seesTrueNumbers(actor)
  if (!areTrue && profile === null) throw new Error('Nothing is published before it is said how')
  const shown = areTrue ? trueCounts(counts) : publishedCounts(counts, profile as ProfileId)
  return { countedOn: first.countedOn, of: (breakdown, group) => shown.get(key({ breakdown, group })) }
}

const key = ({ breakdown, group }: Pick<Denominator, 'breakdown' | 'group'>) => `${breakdown}:${group}`
const EVERYBODY = key({ breakdown: 'everybody', group: 'everybody' })

function trueCounts(counts: readonly Denominator[]): Map<string, Published> {
  return new Map(counts.map((count) => [key(count), count.people]))
}

/** Not everybody has to be in a group, so that groups come to everybody at most. */
function publishedCounts(counts: readonly Denominator[], profile: ProfileId): Map<string, Published> {
  const hasTotal = counts.some((count) => key(count) === EVERYBODY)
  const groups = Map.groupBy(
    counts.filter((count) => key(count) !== EVERYBODY),
    ({ breakdown }) => breakdown,
  )
  const cells = counts.map((count) => ({
    id: key(count),
    value: count.people,
    ...(hasTotal && key(count) !== EVERYBODY && { of: EVERYBODY }),
  }))
  const relations = hasTotal
    ? [...groups.values()].map((of) => ({ plus: [EVERYBODY], minus: of.map(key), low: 0, high: Infinity }))
    : []
  return protect([{ cells, relations }], profiles[profile])
}

/** Says, for good, how small numbers are hidden in what an organisation publishes. Refuses (RuleBroken) where it is said. */
export async function chooseProfile(change: Change, profile: ProfileId): Promise<void> {
  const { trx, by } = change
  const { numUpdatedRows } = await trx
    .updateTable('organisations')
    .set({ disclosure_profile: profile })
    .where('id', '=', by.organisationId)
    .where((eb) => eb.or([eb('disclosure_profile', 'is', null), eb('disclosure_profile', '=', profile)]))
    .executeTakeFirst()
  if (numUpdatedRows !== 1n) throw new RuleBroken('How small numbers are hidden was chosen already, and stays so')
  change.audit({ verb: 'settings:disclosure-chosen', details: { new: { profile } } })
  await addJob(trx, PUBLISH, {})
}
