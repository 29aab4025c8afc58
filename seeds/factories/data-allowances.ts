import { createHash } from 'node:crypto'
import type { Insertable, Selectable } from 'kysely'
import { aboutCode } from '../../src/data-allowances/stock-rules.ts'
import type { Database } from '../../src/database/connection.ts'
import type { DataAllowances, DataStock } from '../../src/database/schema.ts'
import { seal } from '../../src/lib/sealed.ts'
import { makeIccid } from '../identifiers.ts'
import { exampleNow, insertOne } from './example.ts'

export type DataAllowance = Selectable<DataAllowances>

export interface DataAllowanceStory extends Partial<Insertable<DataAllowances>> {
  organisation_id: number
  by: { id: number }
  person?: { id: number }
  /** What was read, from the first to the last. */
  readings?: { at: Date; left: number }[]
}

/** A SIM with 20 GB each month that began three days ago, with nothing read yet; or as it is told. */
export async function dataAllowance(db: Database, story: DataAllowanceStory): Promise<DataAllowance> {
  const { by, person, readings = [], ...told } = story
  const { organisation_id } = story
  const made_at = new Date(exampleNow.getTime() - 3 * 86_400_000)
  const made = await insertOne(db, 'data_allowances', {
    ...{ organisation_id, kind: 'sim', provider: 'National Databank', network: '', megabytes: 20_000, period: 'month' },
    ...{ starts_on: made_at.toISOString().slice(0, 10), ends_on: null, funder: '', cost_pence: null, sim_number: null },
    ...{ service_user_id: person?.id ?? null, ward_id: null, staff_id: null, loan_line_id: null },
    ...{ suspended_at: null, cancelled_at: null, made_at, made_by: by.id, version: 1 },
    ...{ stock_id: null, is_adult: null, has_low_income: null, lacks_access: null, ...told },
  })
  const whose = { organisation_id, data_allowance_id: made.id, made_by: by.id }
  await insertOne(db, 'data_allowance_changes', {
    ...whose,
    kind: 'given',
    at: made.made_at,
    megabytes: null,
    sim_number: null,
  })
  for (const { at, left } of readings) {
    await insertOne(db, 'data_readings', { ...whose, read_at: at, megabytes_left: left, source: 'typed', made_at: at })
  }
  return made
}

let pieces = 0

/** A SIM of our stock with 20 GB each month that waits to be handed out; a voucher has a code, sealed with this key. */
export async function dataStock(
  db: Database,
  { by, key, ...told }: Partial<Insertable<DataStock>> & { organisation_id: number; by: { id: number }; key?: string },
): Promise<Selectable<DataStock>> {
  const { organisation_id } = told
  const made_at = new Date(exampleNow.getTime() - 3 * 86_400_000)
  pieces += 1
  const isVoucher = told.kind === 'voucher'
  const hash = createHash('sha256').update(`${organisation_id} ${pieces}`).digest('hex')
  const file = { organisation_id, staff_id: by.id, kind: 'data-stock', file_name: 'stock.csv', created_at: made_at }
  const result = JSON.stringify({ created: 1, updated: 0, unchanged: 0, errors: 0 })
  const import_id = told.import_id ?? (await insertOne(db, 'imports', { ...file, applied_at: made_at, result })).id
  return await insertOne(db, 'data_stock', {
    ...{ organisation_id, import_id, kind: 'sim', provider: 'National Databank', network: 'O2' },
    ...{ megabytes: 20_000, period: 'month', use_by: null, funder: '', cost_pence: null, taken_at: null },
    sim_number: isVoucher ? null : makeIccid(600_000 + pieces),
    code_hash: isVoucher ? asBytes(Buffer.from(hash, 'hex')) : null,
    code_sealed: isVoucher
      ? asBytes(seal(key ?? 'nobody has it', `EXAMPLE-CODE-${pieces}`, aboutCode(organisation_id, hash)))
      : null,
    ...{ made_at, made_by: by.id, ...told, import_id },
  })
}

/** As PostgreSQL reads bytes in JSON, by which the rows of factories go in. */
const asBytes = (bytes: Buffer) => `\\x${bytes.toString('hex')}` as unknown as Buffer
