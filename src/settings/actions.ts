import type { Change } from '../database/change.ts'
import { roles } from '../lib/actor.ts'
import { Stale } from '../lib/refusals.ts'
import { listSecondStepRules } from '../second-step/queries.ts'
import type { SecondStepRules } from './form.ts'

/** Says which roles must sign in with a second step. It binds when somebody next signs in. Refuses (Stale) what was changed meanwhile. */
export async function changeSecondStepRules(change: Change, { required, shown }: SecondStepRules): Promise<void> {
  const { trx, by } = change
  await trx
    .selectFrom('organisations')
    .select('id')
    .where('id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  const rules = await listSecondStepRules(trx, by, roles)
  const old = rules.filter((rule) => rule.is_required).map(({ role }) => role)
  if (old.join(' ') !== shown.join(' ')) throw new Stale()
  const rows = roles.map((role) => ({
    organisation_id: by.organisationId,
    role,
    is_required: required.includes(role),
  }))
  await trx
    .insertInto('second_step_rules')
    .values(rows)
    .onConflict((conflict) =>
      conflict
        .columns(['organisation_id', 'role'])
        .doUpdateSet((eb) => ({ is_required: eb.ref('excluded.is_required') })),
    )
    .execute()
  change.audit({
    verb: 'settings:second-step-changed',
    details: { old: { asked_for_from: old }, new: { asked_for_from: required } },
  })
}
