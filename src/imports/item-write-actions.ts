import { sql } from 'kysely'
import type { Author, Change } from '../database/change.ts'
import type { InTransaction } from '../database/connection.ts'
import { claimItemTags } from '../items/tag-actions.ts'
import { Stale } from '../lib/refusals.ts'
import type { ChangedItem, ItemColumns, ItemPlan, NewItem } from './item-plan-rules.ts'
import { type ModelDetails, type ModelInFile, modelKey } from './models-rules.ts'
import { lockItemVersions } from './queries.ts'
import type { Progress } from './sheet-actions.ts'

/** As many rows as go into one statement: more is no faster, and holds more memory. */
const BATCH = 1_000

export interface Writing {
  importId: number
  onProgress?: Progress
}

/**
 * Writes all of a plan that has no problems, in statements of a thousand rows, with an audit row for each record. Only
 * the items that change are locked, and only for as long as the writing takes: nobody who lends any other waits.
 */
export async function writeItems(change: Change<Author>, plan: ItemPlan, writing: Writing): Promise<void> {
  const { importId, onProgress = () => {} } = writing
  let done = 0
  const step = (count: number) => {
    done += count
    onProgress(done)
  }
  await claimItemTags(
    change,
    plan.created.map(({ tag }) => tag),
  )
  await lockUnchanged(change, plan.updated)
  const modelIds = await addModels(change, plan.newModels, importId)
  await completeModels(change, plan.completedModels, importId)
  const idOf = (model: ModelInFile) => model.id ?? modelIds.get(modelKey(model)) ?? 0
  for (const batch of batches(plan.created)) {
    await addItems(change, batch, { importId, idOf })
    step(batch.length)
  }
  for (const batch of batches(plan.updated)) {
    await changeItems(change, batch, { importId, idOf })
    step(batch.length)
  }
}

/** An item that somebody changed since it was planned on would lose what they did. */
async function lockUnchanged({ trx, by }: Change<Author>, items: readonly ChangedItem[]): Promise<void> {
  const versions = await lockItemVersions(
    trx,
    by,
    items.map(({ id }) => id),
  )
  if (items.some(({ id, version }) => versions.get(id) !== version)) {
    throw new Stale('An item changed while the file came in. Nothing was imported. Try again.')
  }
}

type Target = { importId: number; idOf: (model: ModelInFile) => number }

async function addModels(
  change: Change<Author>,
  models: ModelInFile[],
  importId: number,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>()
  for (const batch of batches(models)) {
    const rows = batch.map(({ category, maker, name, ...rest }) => ({ category, maker, name, ...detailsOf(rest) }))
    const { rows: added } = await sql<{ id: number; category: string; maker: string; name: string }>`
      insert into models (organisation_id, category, maker, name, operating_system, support_ends_on, connector,
                          cable_length_cm, created_at)
      select ${change.by.organisationId}, category, maker, name, operating_system, support_ends_on, connector,
             cable_length_cm, ${change.now()}
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        category text, maker text, name text, operating_system text, support_ends_on date, connector text,
        cable_length_cm integer)
      returning id, category, maker, name
    `.execute(change.trx)
    for (const model of added) ids.set(modelKey(model), model.id)
    for (const row of rows) {
      const id = ids.get(modelKey(row))
      if (id === undefined) throw new Error('A model went in and did not come back')
      change.audit({ verb: 'model:created', subject: ['model', id], details: { new: row, import: importId } })
    }
  }
  return ids
}

/** Fills in what a model lacked, and nothing else of it. */
async function completeModels(change: Change<Author>, models: ModelInFile[], importId: number): Promise<void> {
  for (const batch of batches(models)) {
    const rows = batch.map((model) => ({ id: model.id, ...detailsOf(model) }))
    await sql`
      update models
      set operating_system = row.operating_system, support_ends_on = row.support_ends_on, connector = row.connector,
          cable_length_cm = row.cable_length_cm, version = version + 1
      from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
        id bigint, operating_system text, support_ends_on date, connector text, cable_length_cm integer)
      where models.id = row.id and models.organisation_id = ${change.by.organisationId}
    `.execute(change.trx)
    for (const model of batch) {
      const filled = Object.fromEntries([...model.filledBy.keys()].map((detail) => [detail, model[detail]]))
      change.audit({
        verb: 'model:updated',
        subject: ['model', model.id ?? 0],
        details: { old: {}, new: filled, import: importId },
      })
    }
  }
}

function detailsOf(model: ModelDetails): ModelDetails {
  const { operating_system, support_ends_on, connector, cable_length_cm } = model
  return { operating_system, support_ends_on, connector, cable_length_cm }
}

async function addItems(change: Change<Author>, items: readonly NewItem[], { importId, idOf }: Target): Promise<void> {
  const rows = items.map(({ tag, model, columns }) => ({
    tag,
    model_id: idOf(model),
    category: model.category,
    ...columns,
  }))
  const { rows: added } = await sql<{ id: number; tag: string }>`
    insert into items (organisation_id, model_id, category, tag, serial, imei, iccid, phone_number, kept_at_ward_id,
                       bought_on, cost_pence, order_number, notes, created_at)
    select ${change.by.organisationId}, model_id, category, tag, serial, imei, iccid, phone_number, kept_at_ward_id,
           bought_on, cost_pence, coalesce(order_number, ''), coalesce(notes, ''), ${change.now()}
    from ${recordset(rows)}
    returning id, tag
  `.execute(change.trx)
  const ids = new Map(added.map(({ id, tag }) => [tag, id]))
  for (const row of rows) {
    const id = ids.get(row.tag)
    if (id === undefined) throw new Error('An item went in and did not come back')
    change.audit({ verb: 'item:created', subject: ['item', id], details: { new: row, import: importId } })
  }
}

/** What the row does not say stays as it is: a null is no value here, since no cell can take one away. */
async function changeItems(change: Change<Author>, items: readonly ChangedItem[], target: Target): Promise<void> {
  const { importId, idOf } = target
  const changes = items.map((item) => ({ item, model: item.model && movedTo(item.model, idOf) }))
  const rows = changes.map(({ item, model }) => ({ id: item.id, ...item.new, ...model?.new }))
  await sql`
    update items
    set model_id = coalesce(row.model_id, items.model_id), category = coalesce(row.category, items.category),
        serial = coalesce(row.serial, items.serial), imei = coalesce(row.imei, items.imei),
        iccid = coalesce(row.iccid, items.iccid), phone_number = coalesce(row.phone_number, items.phone_number),
        kept_at_ward_id = coalesce(row.kept_at_ward_id, items.kept_at_ward_id),
        bought_on = coalesce(row.bought_on, items.bought_on), cost_pence = coalesce(row.cost_pence, items.cost_pence),
        order_number = coalesce(row.order_number, items.order_number), notes = coalesce(row.notes, items.notes),
        version = items.version + 1
    from ${recordset(rows)}
    where items.id = row.id and items.organisation_id = ${change.by.organisationId}
  `.execute(change.trx)
  for (const { item, model } of changes) {
    change.audit({
      verb: 'item:updated',
      subject: ['item', item.id],
      details: { old: { ...item.old, ...model?.old }, new: { ...item.new, ...model?.new }, import: importId },
    })
  }
}

function movedTo(model: NonNullable<ChangedItem['model']>, idOf: Target['idOf']) {
  const columnsOf = (of: ModelInFile) => ({ model_id: idOf(of), category: of.category })
  return { old: columnsOf(model.old), new: columnsOf(model.new) }
}

type ItemRow = Partial<ItemColumns> & { id?: number; tag?: string; model_id?: number; category?: string }

/** Rows as one parameter that PostgreSQL reads as a table, `row`. */
function recordset(rows: readonly ItemRow[]) {
  return sql`jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as row (
    id bigint, tag text, model_id bigint, category text, serial text, imei text, iccid text, phone_number text,
    kept_at_ward_id bigint, bought_on date, cost_pence integer, order_number text, notes text)`
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let at = 0; at < rows.length; at += BATCH) yield rows.slice(at, at + BATCH)
}

/**
 * Imports of one organisation wait for each other, so that each is planned on what the one before it left behind. Longer
 * than the app waits for other locks, since a large file takes longer than other changes do.
 */
export async function waitForTurn(trx: InTransaction, organisationId: number): Promise<void> {
  await sql`set local lock_timeout = '14s'`.execute(trx)
  await trx
    .selectFrom('organisations')
    .select('id')
    .where('id', '=', organisationId)
    .forNoKeyUpdate()
    .executeTakeFirstOrThrow()
}
