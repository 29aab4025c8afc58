import { appointmentTables } from './appointments.ts'
import { concernTables } from './concerns.ts'
import { contactTables } from './contact.ts'
import { dataAllowanceTables } from './data-allowances.ts'
import type { Column, PersonalTable } from './kinds.ts'
import { loanTables } from './loans.ts'
import { ownDataTables } from './own-data.ts'
import { personTables } from './person.ts'
import { quotationTables } from './quotations.ts'
import { recordTables } from './records.ts'
import { referralTables } from './referrals.ts'
import { restrictionTables } from './restrictions.ts'
import { talkTables } from './talks.ts'
import { trainingTables } from './training.ts'
import { trialCallTables } from './trial-calls.ts'

/**
 * Every table with rows about a person, and what becomes of each of its columns: in the copy that they may ask for, and when
 * they are anonymised. In the order of the copy.
 *
 * A table or column that is not here fails the types, and `test/own-data/declared.test.ts`. Add a new table to the file it
 * fits, or one of its own; the copy, the nightly job and the rights of its database role all follow from it.
 */
const declared = {
  ...personTables,
  ...contactTables,
  ...referralTables,
  ...concernTables,
  ...quotationTables,
  ...restrictionTables,
  ...talkTables,
  ...appointmentTables,
  ...trainingTables,
  ...trialCallTables,
  ...loanTables,
  ...dataAllowanceTables,
  ...recordTables,
  ...ownDataTables,
}

export type PersonalTableName = keyof typeof declared

export const personalTables = declared as Readonly<Record<PersonalTableName, PersonalTable>>

/** Every other table, and why nothing in it is about a person. */
export const otherTables: Readonly<Record<string, string>> = {
  organisations: 'about the organisation',
  message_occasions: 'which day or time of a loan or session was written about; whom to, the message itself says',
  message_setting_changes: 'words for everybody, with fields that each message fills in',
  message_settings: 'words for everybody, with fields that each message fills in',
  figure_shares: 'which organisation may see what another one published',
  report_deliveries: 'how often a member of staff is sent the published numbers',
  report_targets: 'a figure that an organisation wants to reach',
  group_sessions: 'about a group: when and what for; who is in it, the entry of each of them says',
  sites: 'about places',
  wards: 'about places',
  caseload_counts: 'counts of many people, of whom none is named',
  kept_counts: 'counts of many people, of whom none is named',
  kept_figures: 'counts of many people, of whom none is named',
  published_figures: 'numbers that were published, small ones hidden',
  ward_tablets: 'about a ward’s tablet',
  staff: 'about staff',
  staff_badges: 'about staff',
  staff_links: 'about staff',
  staff_pins: 'about staff',
  staff_wards: 'about staff',
  diary_hours: 'about staff',
  diary_exceptions: 'about staff',
  staff_trainings: 'about staff',
  second_steps: 'about staff',
  second_step_rules: 'settings',
  recovery_codes: 'about staff',
  loan_lengths: 'settings',
  agreement_versions: 'the words of the agreement, the same for everybody',
  models: 'about things',
  kits: 'about things',
  platforms: 'about programs',
  data_stock: 'about things; who has one is told by the allowance',
  platform_risks: 'what a member of staff decided about a program',
  signposts: 'about places and services',
  guides: 'what everybody may be given to read',
  item_categories: 'words',
  turnaround_step_rules: 'words',
  // whose it was before is told by the loan
  turnaround_steps: 'what was done to a thing between two borrowers; a turnaround has no loan line',
  repairs: 'what was done to a thing; a repair has no loan line',
  disposals: 'where a thing went that nobody had',
  return_batches: 'who took a pile back, and when',
  stock_checks: 'about places',
  connectivity_notes: 'about places',
  cable_permits: 'about things on a ward',
  stock_check_items: 'about things in a place',
  stock_check_unknown_codes: 'codes that belong to nothing',
  // until then it may hold names: it is let go with the file, or after 7 days
  imports: 'a spreadsheet until it is brought in, and counts afterwards',
  import_runs: 'prints of rows, which tell nothing by themselves, and counts afterwards',
  sessions: 'who is signed in; ids alone, for hours',
  retention_periods: 'settings',
  retention_runs: 'how many records were emptied, and when',
  submissions: 'where a form led: ids alone',
  rate_limits: 'counts of tries to sign in, by staff',
  job_workers: 'which processes run',
  kysely_migration: 'which migrations were made',
  kysely_migration_lock: 'which migrations were made',
}

/** The columns of a table to which something applies, with their names. */
export function columnsOf(name: PersonalTableName, isMeant: (column: Column) => boolean): [string, Column][] {
  return Object.entries(personalTables[name].columns).filter(([, column]) => isMeant(column))
}

/** A piece of SQL of a declaration, with the parameter that holds the ids of a person's records. */
export function aboutPeople(condition: string, parameter = '$1::bigint[]'): string {
  return condition.replaceAll('any(:people)', `any(${parameter})`)
}
