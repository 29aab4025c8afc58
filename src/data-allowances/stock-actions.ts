import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import { NotFound, RuleBroken } from '../lib/refusals.ts'
import { giveAllowance, type HeldBy } from './actions.ts'
import { lockAllowance } from './queries.ts'
import type { NewReading } from './reading-rules.ts'
import type { StockOrder } from './stock-form.ts'
import { findCode, nextOfStock } from './stock-queries.ts'
import type { NewStock } from './stock-rules.ts'

/** Writes down SIMs and vouchers that came in with a spreadsheet, whose audit row says so. */
export async function writeStock(change: Change<Author>, importId: number, stock: readonly NewStock[]): Promise<void> {
  const { trx, by } = change
  const madeAt = change.now()
  const column = <T>(of: (one: NewStock) => T) => stock.map(of)
  await sql`
    insert into data_stock (organisation_id, import_id, kind, provider, network, megabytes, period, use_by, funder, cost_pence,
                            sim_number, code_hash, code_sealed, made_at, made_by)
    select ${by.organisationId}, ${importId}, kind, provider, network, megabytes, period, use_by, funder, cost_pence,
           sim_number, decode(code_hash, 'hex'), decode(code_sealed, 'base64'), ${madeAt}, ${by.staffId}
    from unnest(
      ${column(({ kind }) => kind)}::text[],
      ${column(({ provider }) => provider)}::text[],
      ${column(({ network }) => network)}::text[],
      ${column(({ megabytes }) => megabytes)}::int[],
      ${column(({ period }) => period)}::text[],
      ${column(({ useBy }) => useBy)}::date[],
      ${column(({ funder }) => funder)}::text[],
      ${column(({ costPence }) => costPence)}::int[],
      ${column(({ simNumber }) => simNumber)}::text[],
      ${column(({ codeHash }) => codeHash)}::text[],
      ${column(({ codeSealed }) => codeSealed)}::text[]
    ) said (kind, provider, network, megabytes, period, use_by, funder, cost_pence, sim_number, code_hash, code_sealed)
  `.execute(trx)
}

/** Writes down what a provider's file says is left. Each is in the audit of whoever it is about. */
export async function writeImportedReadings(change: Change<Author>, readings: readonly NewReading[]): Promise<void> {
  const { trx, by } = change
  const now = change.now()
  const column = <T>(of: (one: NewReading) => T) => readings.map(of)
  await sql`
    insert into data_readings (organisation_id, data_allowance_id, megabytes_left, read_at, source, made_at, made_by)
    select ${by.organisationId}, id, megabytes_left, coalesce(read_at, ${now}), 'imported', ${now}, ${by.staffId}
    from unnest(
      ${column(({ allowanceId }) => allowanceId)}::bigint[],
      ${column(({ left }) => left)}::int[],
      ${column(({ readAt }) => readAt)}::timestamptz[]
    ) said (id, megabytes_left, read_at)
  `.execute(trx)
  for (const { allowanceId, serviceUserId, left, readAt } of readings) {
    change.audit({
      ...{ verb: 'data-allowance:read', subject: ['data-allowance', allowanceId] },
      ...(serviceUserId !== null && { serviceUserId }),
      details: { new: { megabytes_left: left, read_at: readAt ?? now.toISOString() } },
    })
  }
}

/** Gives what has to be started soonest of a sort of our stock. Of two who give the last one, the second is refused. */
export async function giveFromStock(
  change: Change,
  held: HeldBy,
  { stockId, ...order }: StockOrder,
): Promise<{ id: number; simNumber: string | null }> {
  const stock = await nextOfStock(change.trx, change.by, { stockId, startsOn: order.startsOn })
  if (!stock) throw new RuleBroken('There are none of these left. Choose another one, or bring in more.')
  const { kind, provider, network, megabytes, period, funder, cost_pence: costPence, sim_number: simNumber } = stock
  const what = { kind, provider, network, megabytes, period, funder, costPence, simNumber }
  return { ...(await giveAllowance(change, held, { ...order, ...what }, stock.id)), simNumber }
}

/**
 * Writes down that somebody looks at the code of a voucher. Whoever gave it sees it once; after that, and for anybody else, only
 * with a reason. Gives the code as it is kept, encrypted.
 */
export async function lookAtCode(change: Change, id: number, reason: string) {
  const { trx, by } = change
  const allowance = await lockAllowance(trx, by, id)
  const code = allowance && (await findCode(trx, by, id))
  if (!code) throw new NotFound()
  if (reason === '' && (code.view_count > 0 || code.made_by !== by.staffId)) throw new RuleBroken(SEEN_BEFORE)
  await trx
    .insertInto('data_code_views')
    .values({
      ...{ organisation_id: by.organisationId, data_allowance_id: id, at: change.now(), made_by: by.staffId, reason },
    })
    .execute()
  change.audit({
    verb: code.view_count === 0 ? 'data-allowance:code-viewed' : 'data-allowance:code-again-viewed',
    subject: ['data-allowance', id],
    ...(allowance.service_user_id !== null && { serviceUserId: allowance.service_user_id }),
    ...(reason !== '' && { details: { reason } }),
  })
  return { id, sealed: code.code_sealed, hash: code.code_hash }
}

export const SEEN_BEFORE = 'The code was shown before. Write why it is needed again'
