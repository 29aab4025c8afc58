/** What a figure counts, in words that may be published with it. */
export interface Measure {
  name: string
  counts: string
  /** What it is divided by, of a share. */
  outOf?: string
  leavesOut: string
  unit: string
  why: string
}

export interface Definition {
  name: string
  /** Its question is its title. */
  question: string
  measures: readonly Measure[]
}

const helped: Measure = {
  name: 'People helped',
  counts:
    'Service users who were handed at least one item on loan or as a gift in the period. Somebody handed things twice is one person in a month, a quarter and a year alike, so months do not add up to a year.',
  leavesOut:
    'Loans to wards and to staff, the use of a ward’s own devices, and help without an item, such as training or data alone. Hand-overs that were planned and did not happen.',
  unit: 'People',
  why: 'A device with its charger is what most people who are shut out lack first.',
}

export const definitions = {
  reach: {
    name: 'reach',
    question: 'How many people do we reach?',
    measures: [
      helped,
      {
        name: 'Loans started',
        counts: 'Loans to service users of which the first item was handed over in the period.',
        leavesOut: 'Loans to wards and staff, and loans that were planned and never handed over.',
        unit: 'Loans',
        why: 'How much lending there was: one person may have several loans.',
      },
      {
        name: 'Loans ended',
        counts: 'Loans to service users of which the last item came back, was given, or was written off in the period.',
        leavesOut: 'Loans of which anything is still out, or still to be handed over.',
        unit: 'Loans',
        why: 'People lose access when loans end: set it beside what was given to keep.',
      },
      {
        name: 'Loans open at the end',
        counts: 'Loans to service users that had begun and not ended when the period was over.',
        leavesOut:
          'It is not published: together with the loans that began and ended it would tell small numbers that are hidden.',
        unit: 'Loans',
        why: 'How many people have something now that will have to come back, be extended or be given.',
      },
      {
        name: 'Items given to keep',
        counts: 'Items on loan to service users that became theirs in the period.',
        leavesOut: 'Items given by wards or staff.',
        unit: 'Items',
        why: 'A gift is access that does not end.',
      },
      {
        name: 'Items handed over',
        counts: 'Items handed to service users in the period, by what they are. An item lent twice counts twice.',
        leavesOut: 'Items placed with a ward, or lent to staff.',
        unit: 'Items',
        why: 'What people need and are given, for buying the right things next.',
      },
    ],
  },
  equity: {
    name: 'equity',
    question: 'Do we reach everybody alike?',
    measures: [
      helped,
      {
        name: 'Share of the caseload',
        counts: 'People helped of a group, as above.',
        outOf:
          'People of that group on the caseload of the whole organisation, as it was last counted before the end of the period. It is said where nobody has counted.',
        leavesOut:
          'No share is given of fewer than 20 people, where either number is hidden, or where more were helped than were counted.',
        unit: 'Percent, with the range that holds the true share in 95 of 100 such counts (Wilson)',
        why: 'Age, language, disability and poverty lower the use of remote care. A group with a range below everybody’s is reached less.',
      },
      {
        name: 'Groups',
        counts:
          'Age on the last day of the financial year. Gender, ethnic group, disability, interpreter, housing, asylum and deprivation (1 is the most deprived tenth of neighbourhoods) as they are written down today.',
        leavesOut: 'Somebody who was not asked, or prefers not to say, is under “Not known”.',
        unit: 'People',
        why: 'The same groups as the caseload is counted by, so that the words above and below the line are the same.',
      },
    ],
  },
} as const satisfies Record<string, Definition>

export type ReportName = keyof typeof definitions

export function isReportName(text: string): text is ReportName {
  return Object.hasOwn(definitions, text)
}

export const reportsUrl = '/reports'

export function reportUrl(name: ReportName, period?: string): string {
  return `${reportsUrl}/${name}${period === undefined ? '' : `?period=${period}`}`
}

export function reportFileUrl(name: ReportName, period: string): string {
  return `${reportsUrl}/${name}.csv?period=${period}`
}
