import type { ReportName } from './definition-rules.ts'
import type { SetName } from './line-rules.ts'
import { PEOPLE } from './people-rules.ts'

/** A figure that most is asked about. `line` is what it is called wherever it stands: on pages, in targets, in what is shared. */
export interface HeadlineFigure {
  line: string
  set: SetName
  text: string
  report: ReportName
}

/** What most is asked about, in the order of what it is for. */
export const headlineFigures: readonly HeadlineFigure[] = [
  { line: PEOPLE, set: 'people', text: 'People helped', report: 'reach' },
  {
    line: 'first-people',
    set: 'first-appointments',
    text: 'People who met at a first appointment by phone, video or text',
    report: 'first-appointments',
  },
  { line: 'referral-got', set: 'referrals', text: 'Got a device after a referral', report: 'referral-to-device' },
  { line: 'items', set: 'lending', text: 'Items handed over', report: 'reach' },
  { line: 'gifts', set: 'lending', text: 'Items given to keep', report: 'reach' },
  { line: 'trained', set: 'training', text: 'People who came to training', report: 'training' },
]

export function headlineFigure(line: string): HeadlineFigure | undefined {
  return headlineFigures.find((figure) => figure.line === line)
}
