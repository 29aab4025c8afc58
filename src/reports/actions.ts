import type { Change } from '../database/change.ts'
import type { Database } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { londonMidnight } from '../lib/dates.ts'
import { RuleBroken } from '../lib/refusals.ts'
import { countChoice, countFirstAppointments } from './appointment-queries.ts'
import { countBarriers } from './barrier-queries.ts'
import { tellingAnswers } from './barrier-rules.ts'
import type { Report } from './content-rules.ts'
import type { Span } from './counted-queries.ts'
import { definitions, type ReportName } from './definition-rules.ts'
import { isProfileId, type ProfileId, type Published, profiles, protect } from './disclosure-rules.ts'
import { type CaseloadShown, equityReport } from './equity-rules.ts'
import { type Fact, type Figures, publishedFigures, trueFigures } from './figures-rules.ts'
import { countData, countTraining, countWards } from './help-queries.ts'
import { type Headline, headlinesOf } from './home-rules.ts'
import type { LineSet, SetName } from './line-rules.ts'
import { comparedWith, isOver, type Period, periodsIn, yearOf } from './period-rules.ts'
import { plannedReport } from './plan-rules.ts'
import { countLending, countPeople, type Denominator, lastCounts, readProfile } from './queries.ts'
import { countReferrals } from './referral-queries.ts'
import { lineSets } from './set-rules.ts'
import { countMoney, countStock } from './stock-queries.ts'

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

const counts: Record<SetName, (db: Database, actor: Actor, span: Span) => Promise<Fact[]>> = {
  people: countPeople,
  lending: countLending,
  'first-appointments': countFirstAppointments,
  referrals: countReferrals,
  barriers: (db, actor, span) => countBarriers(db, actor, span, tellingAnswers),
  choice: countChoice,
  stock: countStock,
  wards: countWards,
  data: countData,
  training: countTraining,
  money: countMoney,
}

/**
 * Reads figures of a period and of what it is compared with, as whoever asks may see them. There is no other way from the counts to a
 * page or a file. Null: nobody has chosen how small numbers are hidden, so there is nothing for this reader.
 */
export async function readFigures(
  reading: Reading,
  names: readonly SetName[],
  period: Period,
): Promise<ReportFigures | null> {
  const { db, actor, today } = reading
  const profile = await profileOf(reading)
  if (profile === null && !seesTrueNumbers(actor)) return null
  const shown = [period, ...comparedWith(period)]
  const years = yearsOf(shown)
  const read = await Promise.all(
    names.map(async (name) => {
      const facts = await counts[name](db, actor, spanOf(years, seesTrueNumbers(actor) ? shown : overBy(years, today)))
      return forReader(reading, { set: lineSets[name], years, profile, facts })
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
  set: LineSet
  years: readonly Period[]
  profile: ProfileId | null
}

function forReader({ actor, today }: Reading, { facts, set, years, profile }: Counted): Figures {
  if (seesTrueNumbers(actor)) return trueFigures(facts)
  if (profile === null) throw new Error('Nothing is published before it is said how')
  return publishedFigures(facts, set, { years, today, profile: profiles[profile] })
}

/** A year is published as a whole or not at all: what of it is hidden depends on the rest. */
function yearsOf(periods: readonly Period[]): Period[] {
  const years = new Map(periods.map(({ from }) => [yearOf(from).key, yearOf(from)]))
  return [...years.values()].sort((one, other) => one.from.localeCompare(other.from))
}

function overBy(years: readonly Period[], today: string): Period[] {
  return years.flatMap(periodsIn).filter((period) => isOver(period, today))
}

function spanOf(years: readonly Period[], shown: readonly Period[]): Span {
  const [first, last] = [years[0] as Period, years.at(-1) as Period]
  const ends = shown.map(({ key: period, until }) => ({ period, at: londonMidnight(until) }))
  return { from: londonMidnight(first.from), until: londonMidnight(last.until), ends }
}

function together(names: readonly SetName[], read: readonly Figures[]): Figures {
  const holder = new Map(
    names.flatMap((name, at) => {
      const { lines, trueOnly, amounts = [] } = lineSets[name]
      return [...lines, ...trueOnly, ...amounts].map(({ id }) => [id, read[at] as Figures] as const)
    }),
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

/** Makes a report for whoever asks; null where nothing is published yet. */
export async function readReport(reading: Reading, name: ReportName, period: Period): Promise<MadeReport | null> {
  const definition = definitions[name]
  const read = await readFigures(reading, definition.sets, period)
  if (!read) return null
  const { figures, profile } = read
  const content = { figures, period, compared: comparedWith(period) }
  const about = { areTrue: figures.areTrue, profile }
  if ('tables' in definition) return { report: plannedReport(definition, content), ...about }
  const caseload = await readCaseload(reading, period, profile)
  return { report: equityReport(content, caseload), countedOn: caseload?.countedOn ?? null, ...about }
}

/** The figures of the home page; null where nothing is published yet. */
export async function readHeadlines(reading: Reading, period: Period): Promise<Headline[] | null> {
  const read = await readFigures(reading, ['people', 'lending'], period)
  return read && headlinesOf({ figures: read.figures, period, compared: comparedWith(period) })
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
