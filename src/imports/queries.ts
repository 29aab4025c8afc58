import { sql } from 'kysely'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Scope } from '../lib/actor.ts'
import type { KnownItem } from './item-plan-rules.ts'
import type { ImportKind } from './kinds-rules.ts'
import type { StoredMapping } from './mapping-rules.ts'
import type { KnownModel } from './models-rules.ts'
import type { Counts } from './plan-rules.ts'
import type { Place } from './words-rules.ts'

/** What was done, kept once a file is in. */
export type ImportResult = Counts & Partial<Record<'newModels' | 'completedModels' | 'newLoans' | 'newPeople', number>>

export interface StagedImport {
  id: number
  file_name: string
  /** null once it is in. */
  bytes: Buffer | null
  format: 'csv' | 'workbook' | 'sheet'
  /** The name of the sheet that was taken out of a workbook. */
  sheet: string | null
  mapping: StoredMapping | null
  result: ImportResult | null
  applied_at: string | null
}

const columns = ['id', 'file_name', 'bytes', 'format', 'sheet', 'mapping', 'result', 'applied_at'] as const

/** Which imports somebody may reach: their organisation's, of the kind whose right they have. */
export type ImportScope = Scope & { kind: ImportKind }

/** One import with its file. Another organisation's, or of another kind: none. */
export async function findImport(db: Database, scope: ImportScope, id: number): Promise<StagedImport | undefined> {
  const found = await importById(db, scope, id).executeTakeFirst()
  return found as StagedImport | undefined
}

/** The import, held until this transaction ends, so that it is applied once however often that is asked. */
export async function lockImport(
  trx: InTransaction,
  scope: ImportScope,
  id: number,
): Promise<StagedImport | undefined> {
  const found = await importById(trx, scope, id).forUpdate().executeTakeFirst()
  return found as StagedImport | undefined
}

function importById(db: Database, scope: ImportScope, id: number) {
  return db
    .selectFrom('imports')
    .select(columns)
    .where('id', '=', id)
    .where('organisation_id', '=', scope.organisationId)
    .where('kind', '=', scope.kind)
}

export type RecentImport = Awaited<ReturnType<typeof listImports>>[number]

/** The newest imports, without their files. */
export function listImports(db: Database, scope: ImportScope, limit: number) {
  return db
    .selectFrom('imports')
    .leftJoin('staff', 'staff.id', 'imports.staff_id')
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom('import_runs')
          .select(['import_runs.id', 'import_runs.ended_at'])
          .whereRef('import_runs.import_id', '=', 'imports.id')
          .orderBy('import_runs.id', 'desc')
          .limit(1)
          .as('run'),
      (join) => join.onTrue(),
    )
    .select(['imports.id', 'imports.file_name', 'imports.created_at', 'imports.applied_at', 'imports.result'])
    .select(['staff.name as staff_member', 'run.id as run_id', 'run.ended_at as run_ended_at'])
    .where('imports.organisation_id', '=', scope.organisationId)
    .where('imports.kind', '=', scope.kind)
    .orderBy('imports.id', 'desc')
    .limit(limit)
    .execute()
}

/** Closed ones too: a file that we wrote may name them, and is told that they are. */
export function listPlaces(db: Database, scope: Scope): Promise<Place[]> {
  return db
    .selectFrom('wards')
    .select(['id', 'code', 'name'])
    .select(sql<boolean>`closed_at is not null`.as('is_closed'))
    .where('organisation_id', '=', scope.organisationId)
    .orderBy('name')
    .orderBy('code')
    .execute()
}

export function listKnownModels(db: Database, scope: Scope): Promise<KnownModel[]> {
  return knownModels(db, scope).execute()
}

/** As {@link listKnownModels}, each held as it is until this transaction ends. */
export function lockKnownModels(trx: InTransaction, scope: Scope): Promise<KnownModel[]> {
  return knownModels(trx, scope).forNoKeyUpdate().execute()
}

function knownModels(db: Database, scope: Scope) {
  return db
    .selectFrom('models')
    .select(['id', 'category', 'maker', 'name'])
    .select(['operating_system', 'support_ends_on', 'connector', 'cable_length_cm'])
    .where('organisation_id', '=', scope.organisationId)
    .orderBy('id')
}

/** `at` is the place in the list of tags that was asked with, from 1. */
type FoundItem = KnownItem & { at: number }

/** The items that have one of these tags, as PostgreSQL compares them. */
export async function findItemsByTag(db: Database, scope: Scope, tags: readonly string[]): Promise<FoundItem[]> {
  const { rows } = await sql<FoundItem>`
    select asked.at::int, items.id, items.tag, items.model_id, items.version, items.serial, items.imei, items.iccid,
           items.phone_number, items.kept_at_ward_id, items.bought_on, items.cost_pence, items.order_number, items.notes
    from unnest(${tags}::text[]) with ordinality asked (tag, at)
    join items on items.organisation_id = ${scope.organisationId} and items.tag_key = lower(trim(asked.tag))
  `.execute(db)
  return rows
}

/**
 * The versions of these items, each held until this transaction ends. They are locked in the order of their ids, as
 * everybody locks items, so that nobody waits in a ring.
 */
export async function lockItemVersions(
  trx: InTransaction,
  scope: Scope,
  ids: readonly number[],
): Promise<Map<number, number>> {
  const { rows } = await sql<{ id: number; version: number }>`
    select id, version from items
    where organisation_id = ${scope.organisationId} and id = any(${ids}::bigint[])
    order by id for no key update
  `.execute(trx)
  return new Map(rows.map(({ id, version }) => [id, version]))
}

export interface NumberHolder {
  id: number
  tag: string
  number: string
}

export async function findImeiHolders(db: Database, scope: Scope, imeis: readonly string[]): Promise<NumberHolder[]> {
  const { rows } = await sql<NumberHolder>`
    select id, tag, imei as number from items
    where organisation_id = ${scope.organisationId} and imei = any(${imeis}::text[])
  `.execute(db)
  return rows
}

export async function findIccidHolders(db: Database, scope: Scope, iccids: readonly string[]): Promise<NumberHolder[]> {
  const { rows } = await sql<NumberHolder>`
    select id, tag, iccid as number from items
    where organisation_id = ${scope.organisationId} and iccid = any(${iccids}::text[])
  `.execute(db)
  return rows
}

/** Which of these tags a kit has, by their places in the list, from 1. */
export async function findKitTags(db: Database, scope: Scope, tags: readonly string[]): Promise<number[]> {
  const { rows } = await sql<{ at: number }>`
    select asked.at::int
    from unnest(${tags}::text[]) with ordinality asked (tag, at)
    join kits on kits.organisation_id = ${scope.organisationId} and kits.tag_key = lower(trim(asked.tag))
  `.execute(db)
  return rows.map(({ at }) => at)
}

/** The organisation that a command works for. */
export function findOrganisation(db: Database, code: string) {
  return db.selectFrom('organisations').select(['id', 'code', 'name']).where('code', '=', code).executeTakeFirst()
}

export function listOrganisationCodes(db: Database) {
  return db.selectFrom('organisations').select('code').orderBy('code').execute()
}
