import { sql } from 'kysely'
import type { Change } from '../database/change.ts'
import { NotFound, RuleBroken, Stale } from '../lib/refusals.ts'
import { readBlocks } from './block-rules.ts'
import type { GuideSlot, GuideWords } from './form.ts'
import { ENGLISH } from './language-rules.ts'
import { type LockedGuide, lockGuide } from './queries.ts'
import { isDraft, isInUse } from './rules.ts'
import { starterGuides } from './starter-rules.ts'

const asJson = (blocks: GuideWords['blocks']) => sql<never>`${JSON.stringify(blocks)}::jsonb`

/** Begins a guide, as a draft. Refuses (NotUnique) where there is a draft of the same already. */
export async function writeGuide(
  change: Change,
  { blocks, ...guide }: GuideSlot & GuideWords,
): Promise<{ id: number }> {
  const { trx, by } = change
  if (guide.platform_id !== null) await requirePlatform(change, guide.platform_id)
  const { id } = await trx
    .insertInto('guides')
    .values({
      ...guide,
      ...{ organisation_id: by.organisationId, blocks: asJson(blocks), number: nextNumber(change, guide) },
      ...{ written_at: change.now(), written_by: by.staffId },
    })
    .returning('id')
    .executeTakeFirstOrThrow()
  change.audit({ verb: 'guide:written', subject: ['guide', id], details: { new: { title: guide.title } } })
  return { id }
}

const nextNumber = ({ by }: Change, { purpose, platform_id, form, language }: GuideSlot) => sql<number>`(
  select coalesce(max(number), 0) + 1 from guides
  where organisation_id = ${by.organisationId} and purpose = ${purpose} and coalesce(platform_id, 0) = ${platform_id ?? 0}
    and form = ${form} and language = ${language}
)`

async function requirePlatform({ trx, by }: Change, id: number): Promise<void> {
  const found = await trx
    .selectFrom('platforms')
    .select('id')
    .where('id', '=', id)
    .where('organisation_id', '=', by.organisationId)
    .executeTakeFirst()
  if (!found) throw new NotFound()
}

/** A draft of the next version, with the words as they are now. Refuses (NotUnique) where somebody has begun one. */
export async function beginNextVersion(change: Change, id: number): Promise<{ id: number }> {
  const { purpose, platform_id, form, language, title, blocks, link } = await lock(change, id)
  const slot = { purpose, platform_id, form, language } as GuideSlot
  return writeGuide(change, { ...slot, title, blocks, link })
}

/** Changes a draft, as somebody saw it at `version`. Refuses (RuleBroken) what was approved: a new version is begun for that. */
export async function changeDraft(change: Change, id: number, version: number, words: GuideWords): Promise<void> {
  const guide = await lockDraft(change, id, version)
  await change.trx
    .updateTable('guides')
    .set({ title: words.title, link: words.link, blocks: asJson(words.blocks), version: version + 1 })
    .where('id', '=', guide.id)
    .execute()
  change.audit({ verb: 'guide:changed', subject: ['guide', id] })
}

/** Somebody approves a draft by name. From now on it is handed out, in place of the version before. */
export async function approveGuide(change: Change, id: number, version: number, reviewOn: string): Promise<void> {
  const guide = await lockDraft(change, id, version)
  const { trx, by } = change
  const now = change.now()
  const before = await trx
    .updateTable('guides')
    .set({ retired_at: now, retired_by: by.staffId, version: sql`version + 1` })
    .where('organisation_id', '=', by.organisationId)
    .where('purpose', '=', guide.purpose)
    .where('form', '=', guide.form)
    .where('language', '=', guide.language)
    .where(sql<boolean>`coalesce(platform_id, 0) = ${guide.platform_id ?? 0}`)
    .where('approved_at', 'is not', null)
    .where('retired_at', 'is', null)
    .returning('id')
    .execute()
  await trx
    .updateTable('guides')
    .set({ approved_at: now, approved_by: by.staffId, review_on: reviewOn, version: version + 1 })
    .where('id', '=', id)
    .execute()
  for (const old of before) change.audit({ verb: 'guide:retired', subject: ['guide', old.id] })
  change.audit({ verb: 'guide:approved', subject: ['guide', id], details: { new: { review_on: reviewOn } } })
}

/** Takes a guide out of use, or throws a draft away. It stays to be read, since somebody may have been given it. */
export async function retireGuide(change: Change, id: number, version: number): Promise<void> {
  const guide = await lock(change, id)
  if (guide.version !== version) throw new Stale()
  if (!isDraft(guide) && !isInUse(guide)) throw new RuleBroken('This guide is out of use already.')
  await change.trx
    .updateTable('guides')
    .set({ retired_at: change.now(), retired_by: change.by.staffId, version: version + 1 })
    .where('id', '=', id)
    .execute()
  change.audit({ verb: 'guide:retired', subject: ['guide', id] })
}

/**
 * Takes over every guide that comes with the service and that the organisation has none of yet, as drafts: nothing is handed out
 * that nobody here has read. Those for a platform come only where the organisation has it, by name. Gives how many.
 */
export async function takeOverStarters(change: Change): Promise<number> {
  const { trx, by } = change
  const platforms = await trx
    .selectFrom('platforms')
    .select(['id', sql<string>`lower(name)`.as('name')])
    .where('organisation_id', '=', by.organisationId)
    .execute()
  const rows = starterGuides.flatMap(({ platform, text, ...guide }) => {
    const known = platforms.find(({ name }) => name === platform?.toLowerCase())
    return platform !== null && !known
      ? []
      : [{ ...guide, platform_id: known?.id ?? null, language: ENGLISH, blocks: readBlocks(text).blocks }]
  })
  const made = await sql`
    insert into guides (organisation_id, purpose, platform_id, form, language, number, title, blocks, written_at, written_by)
    select ${by.organisationId}, asked.purpose, asked.platform_id, asked.form, asked.language, 1, asked.title, asked.blocks,
           ${change.now()}, ${by.staffId}
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as asked (purpose text, platform_id bigint, form text, language text, title text, blocks jsonb)
    where not exists (
      select from guides where organisation_id = ${by.organisationId} and purpose = asked.purpose
        and coalesce(platform_id, 0) = coalesce(asked.platform_id, 0) and form = asked.form and language = asked.language
    )
    on conflict do nothing
    returning id`.execute(trx)
  const count = made.rows.length
  change.audit({ verb: 'guide:starters-taken-over', details: { new: { guides: count } } })
  return count
}

async function lock({ trx, by }: Change, id: number): Promise<LockedGuide> {
  const guide = await lockGuide(trx, by, id)
  if (!guide) throw new NotFound()
  return guide
}

async function lockDraft(change: Change, id: number, version: number): Promise<LockedGuide> {
  const guide = await lock(change, id)
  if (guide.version !== version) throw new Stale()
  if (!isDraft(guide)) throw new RuleBroken('This guide is not a draft any more. Write a new version of it.')
  return guide
}
