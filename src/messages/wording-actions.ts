import type { Change } from '../database/change.ts'
import { RuleBroken, Stale } from '../lib/refusals.ts'
import { type MessageRuleName, ruleOf } from './occasion-rules.ts'
import { canSwitch, type SettledKind } from './wording-kinds-rules.ts'
import type { OwnWording } from './wording-rules.ts'

/** Stops one kind of message for a whole organisation, or lets it go out again. What waits to be sent is not sent once it is stopped. Refuses (Stale). */
export async function switchMessage(change: Change, kind: SettledKind, version: number, isOn: boolean): Promise<void> {
  if (!canSwitch(kind))
    throw new RuleBroken(`This message is always sent. ${ruleOf(kind as MessageRuleName).alwaysOn ?? ''}`)
  await settle(change, kind, version, { is_on: isOn })
  change.audit({
    verb: isOn ? 'settings:message-switched-on' : 'settings:message-switched-off',
    details: { new: { kind } },
  })
}

/** Puts own words in place of ours, or ours back where a part is null. Refuses (Stale) what somebody changed meanwhile. */
export async function wordMessage(
  change: Change,
  kind: SettledKind,
  version: number,
  { text, letter, ...own }: Partial<OwnWording>,
): Promise<void> {
  const columns = {
    ...own,
    ...(text !== undefined && { text_body: text }),
    ...(letter !== undefined && { letter_body: letter }),
  }
  const old = await settle(change, kind, version, columns)
  change.audit({ verb: 'settings:message-worded', details: { old: { kind, ...old }, new: { kind, ...columns } } })
}

interface Columns {
  is_on?: boolean
  subject?: string | null
  body?: string | null
  text_body?: string | null
  letter_body?: string | null
}

/** Gives what stood there before, of what is changed. */
async function settle(change: Change, kind: SettledKind, version: number, columns: Columns): Promise<Columns> {
  const { trx, by } = change
  // nobody else of the organisation settles anything meanwhile, also where there is no row yet
  await trx
    .selectFrom('organisations')
    .select('id')
    .where('id', '=', by.organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
  const before = await trx
    .selectFrom('message_settings')
    .select(['version', 'is_on', 'subject', 'body', 'text_body', 'letter_body'])
    .where('organisation_id', '=', by.organisationId)
    .where('kind', '=', kind)
    .executeTakeFirst()
  if ((before?.version ?? 0) !== version) throw new Stale()
  const changed = { ...columns, version: version + 1, changed_at: change.now(), changed_by: by.staffId }
  if (before) {
    await trx
      .updateTable('message_settings')
      .set(changed)
      .where('organisation_id', '=', by.organisationId)
      .where('kind', '=', kind)
      .execute()
  } else {
    await trx
      .insertInto('message_settings')
      .values({ organisation_id: by.organisationId, kind, ...changed })
      .execute()
  }
  const names = Object.keys(columns) as (keyof Columns)[]
  return Object.fromEntries(names.map((name) => [name, before?.[name] ?? null]))
}
