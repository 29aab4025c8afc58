import { barriers } from './barrier-rules.ts'
import { choice } from './choice-rules.ts'
import type { Definition } from './content-rules.ts'
import { data } from './data-rules.ts'
import { equity } from './equity-rules.ts'
import { firstAppointments } from './first-appointment-rules.ts'
import { money } from './money-rules.ts'
import { reach } from './reach-rules.ts'
import { referralToDevice } from './referral-rules.ts'
import { neverReferred } from './referred-rules.ts'
import { stockReport } from './stock-rules.ts'
import { training } from './training-rules.ts'
import { wards } from './ward-rules.ts'

/** Every report, in the order of the list. All but those of groups are made from their plan alone. */
export const definitions = {
  reach,
  'first-appointments': firstAppointments,
  'referral-to-device': referralToDevice,
  'never-referred': neverReferred,
  barriers,
  choice,
  equity,
  data,
  training,
  wards,
  stock: stockReport,
  money,
} as const satisfies Record<string, Definition>

export type ReportName = keyof typeof definitions
export const reportNames = Object.keys(definitions) as ReportName[]

export function isReportName(text: string): text is ReportName {
  return Object.hasOwn(definitions, text)
}

export const reportsUrl = '/reports'

export function reportUrl(name: ReportName, period?: string): string {
  return `${reportsUrl}/${name}${period === undefined ? '' : `?period=${period}`}`
}

export type FileKind = 'csv' | 'xlsx' | 'svg'

export function reportFileUrl(name: ReportName, period: string, kind: FileKind): string {
  return `${reportsUrl}/${name}.${kind}?period=${period}`
}

export function reportPrintUrl(name: ReportName, period: string): string {
  return `${reportsUrl}/${name}/print?period=${period}`
}
