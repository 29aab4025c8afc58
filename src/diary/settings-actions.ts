import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { Stale } from '../lib/refusals.ts'
import type { CallSettingsTyped } from './settings-form.ts'
import { settingsShown } from './settings-rules.ts'

/** Changes what the organisation decides about calls, from now on; what is planned stays. Refuses (Stale) what was changed meanwhile. */
export async function changeCallSettings(change: Change, { settings, shown }: CallSettingsTyped): Promise<void> {
  const { trx, by } = change
  const before = await trx
    .selectFrom('organisations')
    .select(['break_minutes', 'trial_call_days', 'interpreter_days'])
    .where('id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  if (settingsShown(before) !== shown) throw new Stale()
  await trx.updateTable('organisations').set(settings).where('id', '=', by.organisationId).execute()
  change.audit({ verb: 'settings:calls-changed', details: changedValues({ ...before }, { ...settings }) })
}
