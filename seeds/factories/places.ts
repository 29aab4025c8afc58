import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { Organisations, Sites, Wards } from '../../src/database/schema.ts'
import { roles } from '../../src/lib/actor.ts'
import { firstAgreement, firstLoanWeeks } from '../agreement.ts'
import { exampleNow, insertAll, insertOne, longAgo, nextNumber } from './example.ts'

export type Organisation = Selectable<Organisations>
export type Site = Selectable<Sites>
export type Ward = Selectable<Wards>

/** An organisation that can lend: it has the first version of the agreement and a loan length for each category. */
export async function organisation(
  db: Database,
  overrides: Partial<Insertable<Organisations>> = {},
): Promise<Organisation> {
  const number = nextNumber()
  const made = await insertOne(db, 'organisations', {
    code: `EX-${number}`,
    name: `Example Trust ${number} (invented)`,
    created_at: longAgo,
    ...overrides,
  })
  const { id: organisation_id, created_at } = made
  await insertOne(db, 'agreement_versions', { organisation_id, number: 1, body: firstAgreement, created_at })
  const categories = await db.selectFrom('item_categories').select('code').orderBy('sort_order').execute()
  const lengths = categories.map(({ code }) => ({ organisation_id, category: code, weeks: firstLoanWeeks }))
  await insertAll(db, 'loan_lengths', lengths)
  // to sign in with the password alone is for what is invented: a real organisation says nothing here, and is safe
  const secondStep = roles.map((role) => ({ organisation_id, role, is_required: false }))
  await insertAll(db, 'second_step_rules', secondStep)
  return made
}

/** The given organisation, or one made for the occasion. */
export async function organisationIdOr(db: Database, given: number | undefined): Promise<number> {
  return given ?? (await organisation(db)).id
}

export async function site(db: Database, overrides: Partial<Insertable<Sites>> = {}): Promise<Site> {
  const organisation_id = await organisationIdOr(db, overrides.organisation_id)
  return insertOne(db, 'sites', { name: `Example House ${nextNumber()}`, ...overrides, organisation_id })
}

/** An inpatient ward with cables of up to a metre, unless told otherwise. */
export async function ward(db: Database, overrides: Partial<Insertable<Wards>> = {}): Promise<Ward> {
  const organisation_id = await organisationIdOr(db, overrides.organisation_id)
  const site_id = overrides.site_id ?? (await site(db, { organisation_id })).id
  const number = nextNumber()
  return insertOne(db, 'wards', {
    code: `ward-${number}`,
    name: `Example Ward ${number}`,
    kind: 'inpatient ward',
    longest_cable_cm: 100,
    ...overrides,
    organisation_id,
    site_id,
  })
}

/** A ward that was closed when nothing was there any more. */
export function closedWard(
  db: Database,
  { by, closedAt = exampleNow, ...overrides }: Partial<Insertable<Wards>> & { by: { id: number }; closedAt?: Date },
): Promise<Ward> {
  return ward(db, { ...overrides, closed_at: closedAt, closed_by: by.id })
}
