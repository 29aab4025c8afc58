import type { Content, Definition, Report, ReportTable } from './content-rules.ts'
import { SMALLEST_DENOMINATOR } from './disclosure-rules.ts'
import {
  type CaseloadShown,
  cellsOf,
  type GroupReached,
  groupName,
  groupShares,
  groupTables,
  leastChart,
  reachedShare,
  type Share,
} from './group-rules.ts'
import { type Line, type LineSet, partsOf } from './line-rules.ts'
import { equityBreakdowns } from './people-rules.ts'
import { inWords } from './words-rules.ts'

export const REFERRED = 'referred-people'
const PREFIX = 'referred-'
const referredPeople: Line = { id: REFERRED, text: 'People referred', counts: 'people' }
const teams: Line = {
  id: 'referring-teams',
  text: 'Wards and teams that referred somebody',
  counts: 'people',
  // each has somebody whom it referred; that several may refer the same one makes this the stricter
  within: REFERRED,
}

export const referredSet: LineSet = {
  lines: [
    referredPeople,
    ...equityBreakdowns.flatMap(({ id, groups }) =>
      partsOf(referredPeople, `${PREFIX}${id}`, Object.fromEntries(groups.map((group) => [group.id, group.name]))),
    ),
    teams,
  ],
  trueOnly: [],
}

export const neverReferred: Definition = {
  name: 'never-referred',
  question: 'Who is never referred?',
  sets: ['referred'],
  measures: [
    {
      name: referredPeople.text,
      counts:
        'People of whom somebody asked for something for them in the period, by the day it was asked, whoever asked and whatever became of it. Somebody who was referred twice is one person.',
      outOf:
        'People of the same group on the caseload of the whole organisation, as it was last counted before the end of the period.',
      leavesOut:
        'People who were lent something without a referral. No share is given of fewer than 20 people, where either number is hidden, or where more were referred than were counted.',
      unit: 'People, and percent with the range that holds the true share in 95 of 100 such counts (Wilson)',
      why: 'Nobody can be helped whom nobody refers. A group with a range below everybody’s is referred less.',
    },
    {
      name: teams.text,
      counts: 'Wards and teams of ours from which at least one referral came in the period.',
      leavesOut: 'Referrals by letter, call or email of which no ward or team was written down.',
      unit: 'Wards and teams',
      why: 'A team that refers nobody has to be told that it can.',
    },
    {
      name: 'Wards and teams that refer nobody, or few',
      counts:
        'Wards and community teams that were open in the period, with the people they referred beside their own caseload as it was last counted before its end. Few: the range of their share lies below the share of everybody.',
      leavesOut:
        'It is not published: what a ward did is one more thing to subtract. Hubs, which have no caseload of their own.',
      unit: 'Wards and teams',
      why: 'It says whom to visit first.',
    },
  ],
}

/** A ward or team, and how many of its people it referred. Only those who see true numbers are given them. */
export interface TeamReferring {
  name: string
  isClosed: boolean
  caseload: number | null
  referred: number
}

/** Which groups nobody refers, or few; and for those who see true numbers, which wards and teams refer nobody. */
export function neverReferredReport(
  content: Content,
  caseload: CaseloadShown | null,
  teamsReferring: readonly TeamReferring[] | null,
): Report {
  const { figures, period } = content
  const shares = groupShares(content, caseload, { whole: REFERRED, prefix: PREFIX })
  const told = (id: string, of?: readonly [string, string]) => inWords(figures.of(id, period), figures.areTrue, of)
  return {
    answer: [
      `${period.name}: referrals were of ${told(REFERRED)}, and came from ${told(teams.id, ['ward or team', 'wards and teams'])}.`,
      // where nobody was, each group would say so
      ...(figures.of(REFERRED, period) === 0 ? [] : groupAnswer(caseload, shares)),
      ...(teamsReferring ? teamAnswer(teamsReferring) : []),
    ],
    tables: [
      ...(teamsReferring ? [teamTable(teamsReferring, shares.everybody)] : []),
      ...groupTables(shares.groups, 'People referred'),
    ],
    chart: leastChart(
      shares.groups,
      'The groups that are referred least: share of their people on the caseload',
      period.name,
    ),
  }
}

function groupAnswer(
  caseload: CaseloadShown | null,
  { everybody, groups, less }: ReturnType<typeof groupShares>,
): string[] {
  if (!caseload)
    return ['Nobody has counted the caseload before the end of this period, so we cannot say which groups are missed.']
  const none = groups.filter(isMissed)
  const few = less.filter((group) => !isMissed(group))
  return [
    ...(none.length > 0 ? [`Nobody was referred of: ${none.map(groupName).join('; ')}.`] : []),
    ...(few.length > 0 ? [`Clearly fewer than of everybody: ${few.map(groupName).join('; ')}.`] : []),
    ...(everybody && none.length + few.length === 0
      ? [`That is ${everybody.percent}% of the caseload. No group is clearly referred less than that.`]
      : []),
  ]
}

/** Nobody of enough people; of a handful it says nothing. A hidden number is no nought. */
function isMissed({ reached, counted, name }: Pick<GroupReached, 'reached' | 'counted' | 'name'>): boolean {
  return name !== 'Not known' && reached === 0 && typeof counted === 'number' && counted >= SMALLEST_DENOMINATOR
}

function teamAnswer(all: readonly TeamReferring[]): string[] {
  const none = all.filter(({ referred }) => referred === 0).length
  if (all.length === 0) return []
  return [
    none === 0 ? 'Every ward and team referred somebody.' : `${none} of ${all.length} wards and teams referred nobody.`,
  ]
}

const MOST_TEAMS = 60

/** Those that referred nobody, and then those that referred few, each with the largest caseload first. */
function teamTable(all: readonly TeamReferring[], everybody: Share | null): ReportTable {
  const rows = all
    .map((team) => {
      const share = reachedShare(team.referred, team.caseload ?? undefined)
      const isFew = share !== null && everybody !== null && share.high < everybody.percent
      return { ...team, share, isFew, said: team.referred === 0 ? 'Nobody' : isFew ? 'Few' : '' }
    })
    .filter(({ said }) => said !== '')
    .sort((a, b) => Math.sign(a.referred) - Math.sign(b.referred) || (b.caseload ?? 0) - (a.caseload ?? 0))
  const left = rows.length - MOST_TEAMS
  return {
    caption: `Wards and teams that refer nobody, or few${left > 0 ? `: the first ${MOST_TEAMS} of ${rows.length}` : ''}`,
    columns: ['People referred', 'On the caseload', 'Share', 'Range', 'What it says'],
    rows: rows.slice(0, MOST_TEAMS).map(({ name, isClosed, referred, caseload, share, said }) => ({
      text: isClosed ? `${name} (closed since)` : name,
      values: [...cellsOf({ reached: referred, counted: caseload ?? undefined, share }), said],
    })),
  }
}
