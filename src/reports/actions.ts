import type { Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { londonMidnight } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import type { Report } from './content-rules.ts'
import type { ReportName } from './definition-rules.ts'
import { isProfileId, type ProfileId, type Published, profiles, protect } from './disclosure-rules.ts'
import { type CaseloadShown, equityReport } from './equity-rules.ts'
import { type Fact, type Figures, publishedFigures, trueFigures } from './figures-rules.ts'
import { type Headline, headlinesOf } from './home-rules.ts'
import { type Line, lendingLines, OPEN, peopleLines } from './line-rules.ts'
import { type Period, periodBefore, yearOf } from './period-rules.ts'
import { countLending, countPeople, type Denominator, lastCounts, readProfile, type Span } from './queries.ts'
import { reachReport } from './reach-rules.ts'

/** Who may see numbers as they were counted. It names them: a role that is not here is given what may be published. */
const seeTrueNumbers: readonly Actor['role'][] = ['administrator', 'champion', 'information-governance']

export function seesTrueNumbers({ role }: Pick<Actor, 'role'>): boolean {
  return seeTrueNumbers.includes(role)
}

export interface Reading {
  db: Database
  actor: Actor
  today: string
}

/** What reports are made of. */
export interface ReportFigures {
  figures: Figures
  profile: ProfileId | null
}

const sets = {
  people: { lines: peopleLines, count: countPeople },
  lending: { lines: lendingLines, count: countLending },
} satisfies Record<
  string,
  { lines: readonly Line[]; count: (db: Database, actor: Actor, span: Span) => Promise<Fact[]> }
>

export type SetName = keyof typeof sets

/** What is counted as it stood at a moment: with what began and ended it would tell small numbers, so it is not published. */
const standing: Record<SetName, readonly string[]> = { people: [], lending: [OPEN] }

/**
 * Reads figures of a period and of the one before, as whoever asks may see them. There is no other way from the counts to a
 * page or a file. Null: nobody has chosen how small numbers are hidden, so there is nothing for this reader.
 */
export async function readFigures(
  reading: Reading,
  names: readonly SetName[],
  period: Period,
): Promise<ReportFigures | null> {
  const { db, actor } = reading
  const profile = await profileOf(reading)
  if (profile === null && !seesTrueNumbers(actor)) return null
  const years = yearsOf(period)
  const span = spanOf(years, [period, periodBefore(period)])
  const read = await Promise.all(
    names.map(async (name) => {
      const { lines, count } = sets[name]
      return forReader(reading, { lines, years, profile, facts: await count(db, actor, span) })
    }),
  )
  return { figures: together(names, read), profile }
}

async function profileOf({ db, actor }: Reading): Promise<ProfileId | null> {
  const text = await readProfile(db, actor)
  return text !== null && isProfileId(text) ? text : null
}

interface Counted {
  facts: readonly Fact[]
  lines: readonly Line[]
  years: readonly Period[]
  profile: ProfileId | null
}

function forReader({ actor, today }: Reading, { facts, lines, years, profile }: Counted): Figures {
  if (seesTrueNumbers(actor)) return trueFigures(facts)
  if (profile === null) throw new Error('Nothing is published before it is said how')
  return publishedFigures(facts, lines, { years, today, profile: profiles[profile] })
}

/** A year is published as a whole or not at all: what of it is hidden depends on the rest. */
function yearsOf(period: Period): Period[] {
  const year = yearOf(period.from)
  const before = yearOf(periodBefore(period).from)
  return before.key === year.key ? [year] : [before, year]
}

function spanOf(years: readonly Period[], shown: readonly Period[]): Span {
  const [first, last] = [years[0] as Period, years.at(-1) as Period]
  const ends = shown.map(({ key: period, until }) => ({ period, at: londonMidnight(until) }))
  return { from: londonMidnight(first.from), until: londonMidnight(last.until), ends }
}

function together(names: readonly SetName[], read: readonly Figures[]): Figures {
  const holder = new Map(
    names.flatMap((name, at) =>
      [...sets[name].lines.map(({ id }) => id), ...standing[name]].map((id) => [id, read[at] as Figures]),
    ),
  )
  return {
    areTrue: read.every(({ areTrue }) => areTrue),
    of(line, period) {
      const figures = holder.get(line)
      if (!figures) throw new Error(`${line} was not read`)
      return figures.of(line, period)
    },
  }
}

export interface MadeReport {
  report: Report
  areTrue: boolean
  profile: ProfileId | null
  countedOn?: string | null
}

const setsOf: Record<ReportName, readonly SetName[]> = { reach: ['people', 'lending'], equity: ['people'] }

/** Makes a report for whoever asks; null where nothing is published yet. */
export async function readReport(reading: Reading, name: ReportName, period: Period): Promise<MadeReport | null> {
  const read = await readFigures(reading, setsOf[name], period)
  if (!read) return null
  const { figures, profile } = read
  const content = { figures, period, before: periodBefore(period) }
  const about = { areTrue: figures.areTrue, profile }
  if (name === 'reach') return { report: reachReport(content), ...about }
  const caseload = await readCaseload(reading, period, profile)
  return { report: equityReport(content, caseload), countedOn: caseload?.countedOn ?? null, ...about }
}

/** The figures of the home page; null where nothing is published yet. */
export async function readHeadlines(reading: Reading, period: Period): Promise<Headline[] | null> {
  const read = await readFigures(reading, ['people', 'lending'], period)
  return read && headlinesOf({ figures: read.figures, period, before: periodBefore(period) })
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
}
