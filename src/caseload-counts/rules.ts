import { ethnicities, genders, housings } from '../service-users/words-rules.ts'

/**
 * By what the people on a caseload are counted, and into which groups: the same that reports divide people by, so that a
 * rate has the same words above and below the line. `counted_group_word` in PostgreSQL knows the same.
 */
export interface Breakdown {
  id: string
  name: string
  groups: readonly { id: string; name: string }[]
}

const group = (id: string, name: string) => ({ id, name })
const worded = (words: readonly { value: string; text: string }[]) => words.map(({ value, text }) => group(value, text))
const notKnown = group('not-known', 'Not known')
const yesOrNo = [group('yes', 'Yes'), group('no', 'No')]

export const EVERYBODY = 'everybody'

export const breakdowns: readonly Breakdown[] = [
  { id: EVERYBODY, name: 'Everybody', groups: [group(EVERYBODY, 'Everybody')] },
  {
    id: 'age',
    name: 'Age',
    groups: [
      ...['0-17', '18-24', '25-34', '35-44', '45-54', '55-64', '65-74'].map((id) => group(id, id.replace('-', ' to '))),
      group('75-and-over', '75 and over'),
      notKnown,
    ],
  },
  { id: 'gender', name: 'Gender', groups: [...worded(genders), notKnown] },
  { id: 'ethnicity', name: 'Ethnic group', groups: [...worded(ethnicities), notKnown] },
  { id: 'disability', name: 'Disability', groups: [...yesOrNo, notKnown] },
  {
    id: 'language',
    name: 'Interpreter needed',
    groups: [group('no', 'No'), group('spoken', 'Spoken language'), group('signed', 'Sign language'), notKnown],
  },
  { id: 'housing', name: 'Housing', groups: [...worded(housings), notKnown] },
  {
    id: 'asylum',
    name: 'Asylum',
    groups: [group('seeking', 'Seeking asylum'), group('refugee', 'Refugee'), group('no', 'Neither'), notKnown],
  },
  { id: 'inpatient', name: 'Inpatient', groups: [...yesOrNo, notKnown] },
  {
    id: 'deprivation',
    name: 'Deprivation',
    groups: [...Array.from({ length: 10 }, (_, at) => group(String(at + 1), String(at + 1))), notKnown],
  },
]

export function breakdownOf(id: string): Breakdown | undefined {
  return breakdowns.find((breakdown) => breakdown.id === id)
}

/** One number: how many people of a group are on the caseload of a place, on a day. */
export interface CaseloadCount {
  /** YYYY-MM-DD. */
  countedOn: string
  /** null: the whole organisation. */
  wardId: number | null
  breakdown: string
  group: string
  people: number
}

/** Which number it is, whatever it says. */
export function countKey({ countedOn, wardId, breakdown, group: of }: Omit<CaseloadCount, 'people'>): string {
  return [countedOn, wardId ?? '', breakdown, of].join(' ')
}

/** Where every number of one place and day is. */
export function setKey({ countedOn, wardId }: Pick<CaseloadCount, 'countedOn' | 'wardId'>): string {
  return `${countedOn} ${wardId ?? ''}`
}

/** A breakdown whose groups come to more people than there are: one of the numbers must be wrong. */
export interface TooMany {
  breakdown: Breakdown
  sum: number
  everybody: number
}

/**
 * Checks the numbers of one place and day against the number of everybody there, where that is among them. Groups may come to
 * fewer people, since not everybody is in a group; never to more.
 */
export function tooMany(counts: readonly CaseloadCount[]): TooMany[] {
  const everybody = counts.find(({ breakdown }) => breakdown === EVERYBODY)?.people
  if (everybody === undefined) return []
  return breakdowns.flatMap((breakdown) => {
    const sum = counts
      .filter((count) => count.breakdown === breakdown.id)
      .reduce((total, { people }) => total + people, 0)
    return sum > everybody ? [{ breakdown, sum, everybody }] : []
  })
}

export const countsUrl = '/caseload-counts'

/** The numbers of one place and day. */
export function countSetUrl({ countedOn, wardId }: Pick<CaseloadCount, 'countedOn' | 'wardId'>, step = ''): string {
  return `${countsUrl}/days/${countedOn}/${wardId ?? 'all'}${step}`
}
