import type { Client } from 'pg'
import { columnsOf, type PersonalTableName, personalTables } from './personal-data/declared.ts'

/**
 * What the app's own role may do. It owns nothing. Every table may be read, added to and changed unless it stands here;
 * nothing may be deleted unless it stands here, and nothing may ever be truncated.
 */
const onlyGrow = [
  'audit_events',
  'audit_details',
  'agreement_versions',
  'deliveries',
  'message_occasions',
  'message_setting_changes',
  'return_batches',
  'return_scans',
  'loan_corrections',
  'loan_correction_reasons',
  'loan_correction_changes',
  'onward_plans',
  'platform_risks',
  'meeting_preference_platforms',
  'service_user_merge_moves',
  'service_user_merge_values',
  'appointment_ways',
  'cable_permits',
  'restriction_permits',
  'data_readings',
  'data_allowance_changes',
  'data_code_views',
  'published_figures',
  'report_targets',
]
const mayDelete = [
  'sessions',
  'rate_limits',
  'staff_wards',
  'imports',
  'job_workers',
  'turnaround_steps',
  'stock_check_items',
  'stock_check_unknown_codes',
  'diary_hours',
  'caseload_counts',
  'kept_counts',
]
const onlyRead = [
  'kysely_migration',
  'kysely_migration_lock',
  'item_categories',
  'turnaround_step_rules',
  'anonymisations',
  'retention_runs',
]

/** Gives the app's role its rights on what the migrations left behind. Running it again changes nothing. */
export async function grantRights(owner: Client, appRole: string): Promise<void> {
  const role = owner.escapeIdentifier(appRole)
  const list = (tables: string[]) => tables.map((table) => owner.escapeIdentifier(table)).join(', ')
  await owner.query(`
    begin;
    revoke create on schema public from public;
    grant usage on schema public to ${role};
    revoke all on all tables in schema public from ${role};
    grant select, insert, update on all tables in schema public to ${role};
    grant delete on ${list(mayDelete)} to ${role};
    revoke update on ${list(onlyGrow)} from ${role};
    revoke insert, update on ${list(onlyRead)} from ${role};
    revoke update on contact_risk_notes from ${role};
    grant update (cleared_note) on contact_risk_notes to ${role};
    commit;
  `)
}

/** What the role that empties reads beside what it keeps, to know what is due. */
const readForRetention = ['organisations', 'retention_periods']
const writtenByRetention = ['anonymisations', 'retention_runs', 'audit_events', 'audit_details']

/**
 * Gives the role that empties its rights, as declared: it may empty what is to be emptied, and reads of it no more than it
 * takes to put something in its place.
 */
export async function grantRetention(owner: Client, retentionRole: string): Promise<void> {
  const role = owner.escapeIdentifier(retentionRole)
  const columns = (names: string[]) => names.map((name) => owner.escapeIdentifier(name)).join(', ')
  const grants = (Object.keys(personalTables) as PersonalTableName[]).flatMap((table) => {
    const emptied = columnsOf(table, ({ retention }) => retention !== 'kept').map(([name]) => name)
    const read = columnsOf(table, () => true).flatMap(([name, column]) =>
      column.retention === 'kept' || new RegExp(`\\b${name}\\b`).test(column.by) ? [name] : [],
    )
    return [
      `grant select (${columns(read)}) on ${table} to ${role};`,
      ...(emptied.length > 0 ? [`grant update (${columns(emptied)}) on ${table} to ${role};`] : []),
    ]
  })
  await owner.query(`
    begin;
    grant usage on schema public to ${role};
    revoke all on all tables in schema public from ${role};
    ${grants.join('\n')}
    grant select (state_on) on service_users to ${role};
    grant select on ${readForRetention.join(', ')} to ${role};
    grant select, insert on ${writtenByRetention.join(', ')} to ${role};
    commit;
  `)
}
