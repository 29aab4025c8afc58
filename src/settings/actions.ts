import type { Change } from '../database/change.ts'
import { roles } from '../lib/actor.ts'
import { digestOf } from '../lib/digest.ts'
import { Stale } from '../lib/refusals.ts'
import { listSecondStepRules } from '../second-step/queries.ts'
import type { NumbersToCall, SecondStepRules } from './form.ts'
import { numbersShown } from './rules.ts'

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

/** Says whom people can call, as call sheets and letters have it from now on. Refuses (Stale) what was changed meanwhile. */
export async function changeNumbersToCall(change: Change, { shown, ...numbers }: NumbersToCall): Promise<void> {
  const { trx, by } = change
  const before = await trx
    .selectFrom('organisations')
    .select(['crisis_line', 'help_line'])
    .where('id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  if (digestOf(numbersShown(before)) !== shown) throw new Stale()
  await trx.updateTable('organisations').set(numbers).where('id', '=', by.organisationId).execute()
  change.audit({ verb: 'settings:crisis-line-changed', details: { old: { ...before }, new: { ...numbers } } })
}
