import { londonDate } from '../lib/dates.ts'

/**
 * How long what is kept, by kind, to begin with. From the NHS Records Management Code of Practice, Appendix II (the retention
 * schedule): https://transform.england.nhs.uk/information-governance/guidance/records-management-code/
 * They are the least that a trust may choose only where its own records manager says so, so each can be changed.
 */
export const periodKinds = [
  {
    kind: 'person',
    years: 20,
    label: 'A person’s record',
    after: 'after the last contact',
    source: 'The Code: mental health records, 20 years',
  },
  {
    kind: 'died',
    years: 10,
    label: 'The record of somebody who died',
    after: 'after their death',
    source: 'The Code: mental health records, 10 years after death',
  },
  {
    kind: 'messages',
    years: 8,
    label: 'What messages to people said',
    after: 'after they were written',
    source: 'The Code: records of adults that no other line covers, 8 years',
  },
  {
    kind: 'subject-access',
    years: 3,
    label: 'Who asked for a copy of their data, and how we knew',
    after: 'after the request was closed',
    source: 'The Code: subject access requests, 3 years',
  },
] as const

export type PeriodKind = (typeof periodKinds)[number]['kind']
export type Periods = Readonly<Record<PeriodKind, number>>

/** The years an organisation chose, and where it chose none, those of the Code. */
export function periodsFrom(chosen: readonly { kind: string; years: number }[]): Periods {
  const entries = periodKinds.map(({ kind, years }) => [kind, chosen.find((one) => one.kind === kind)?.years ?? years])
  return Object.fromEntries(entries) as Periods
}

export interface PersonFacts {
  state: string
  /** The day they died, for somebody who did, if it is known. */
  state_on: string | null
  date_of_birth: string | null
  last_contact_on: string
}

export type Because = 'last-contact' | 'death' | 'childhood'

/**
 * The first day on which a record is not kept any more, and why then. The record of a child is kept at least until their 25th
 * birthday, or the 26th where they were 17 at the last contact (the Code, "Children's records").
 */
export function keptUntil(person: PersonFacts, periods: Periods): { on: string; because: Because } {
  const { last_contact_on: last, date_of_birth: born } = person
  if (person.state === 'died') return { on: addYears(person.state_on ?? last, periods.died), because: 'death' }
  const afterContact = addYears(last, periods.person)
  if (born === null || addYears(born, 18) <= last) return { on: afterContact, because: 'last-contact' }
  const grown = addYears(born, addYears(born, 17) <= last ? 26 : 25)
  return grown > afterContact ? { on: grown, because: 'childhood' } : { on: afterContact, because: 'last-contact' }
}

/** The same day so many years later; 29 February becomes 1 March. */
export function addYears(date: string, years: number): string {
  const year = String(Number(date.slice(0, 4)) + years).padStart(4, '0')
  const isLeap = new Date(Date.UTC(Number(year), 1, 29)).getUTCMonth() === 1
  return date.endsWith('-02-29') && !isLeap ? `${year}-03-01` : `${year}${date.slice(4)}`
}

/** The moment before which something is so many years old. */
export function yearsBefore(now: Date, years: number): string {
  return addYears(londonDate(now), -years)
}

/** No record can be due that was begun after this day. */
export function earliestBeginning(until: string, { person, died }: Periods): string {
  return addYears(until, -Math.min(person, died))
}

/** What stands in the way of emptying a record that is due. */
export interface Obstacles {
  is_held: boolean
  has_loan: boolean
  has_request: boolean
}

export function isInTheWay({ is_held, has_loan, has_request }: Obstacles): boolean {
  return is_held || has_loan || has_request
}

/** Stands for all of them, in a form that is shown before it is sent. */
export function printOfPeriods(periods: Periods): string {
  return periodKinds.map(({ kind }) => periods[kind]).join(' ')
}

/** Why a record is emptied, in words for a table. */
export function becauseText(because: Because, periods: Periods): string {
  if (because === 'childhood') return 'They were a child: kept until they are 25, or 26'
  return because === 'death'
    ? `${periods.died} years after their death`
    : `${periods.person} years after the last contact`
}

/** What keeps a record that is due, or will be, in words; empty where nothing does. */
export function obstacleTexts({ is_held, has_loan, has_request }: Obstacles): string[] {
  return [
    ...(is_held ? ['Held'] : []),
    ...(has_loan ? ['Something of ours is with them'] : []),
    ...(has_request ? ['A copy of their data is asked for'] : []),
  ]
}
