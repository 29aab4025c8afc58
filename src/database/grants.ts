import type { Client } from 'pg'

/**
 * What the app's own role may do. It owns nothing. Every table may be read, added to and changed unless it stands here;
 * nothing may be deleted unless it stands here, and nothing may ever be truncated.
 */
const onlyGrow = [
  'audit_events',
  'audit_details',
  'agreement_versions',
  'deliveries',
  'return_batches',
  'return_scans',
  'loan_corrections',
  'loan_correction_reasons',
  'loan_correction_changes',
  'onward_plans',
  'service_user_merge_moves',
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
]
const onlyRead = ['kysely_migration', 'kysely_migration_lock', 'item_categories', 'turnaround_step_rules']

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
    commit;
  `)
}
