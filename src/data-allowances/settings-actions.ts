import type { Change } from '../database/change.ts'
import { changedValues } from '../lib/changed-values.ts'
import { digestOf } from '../lib/digest.ts'
import { Stale } from '../lib/refusals.ts'
import type { DataSettingsTyped } from './settings-form.ts'
import { settingColumns } from './settings-queries.ts'
import { settingsInOne } from './settings-rules.ts'

/** Changes what calls are taken to use. Every forecast is told by it from now on. Refuses (Stale) what was changed meanwhile. */
export async function changeDataSettings(change: Change, { settings, shown }: DataSettingsTyped): Promise<void> {
  const { trx, by } = change
  const before = await trx
    .selectFrom('organisations')
    .select(settingColumns)
    .where('id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  if (digestOf(settingsInOne(before)) !== shown) throw new Stale()
  await trx.updateTable('organisations').set(settings).where('id', '=', by.organisationId).execute()
  change.audit({ verb: 'settings:data-changed', details: changedValues({ ...before }, { ...settings }) })
}
