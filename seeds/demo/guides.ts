import { sql } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import { readBlocks } from '../../src/guides/block-rules.ts'
import { starterGuides } from '../../src/guides/starter-rules.ts'
import { addDays, addWeeks } from '../../src/lib/dates.ts'
import { insertAll } from '../factories/example.ts'
import { platform } from '../factories/preferences.ts'
import type { TalkPlan } from './conversations.ts'
import { lastWorkingDay, officeTime } from './days.ts'
import { seededRandom } from './random.ts'

/** Platforms that people know by name, and every guide that comes with the service: approved, but for those of one platform, which are still to be read. */
export async function makeGuides(db: Database, { trust, today, random }: Omit<TalkPlan, 'people'>): Promise<void> {
  const organisation_id = trust.organisation.id
  const there = await db
    .selectFrom('platforms')
    .select(['id', 'name'])
    .where('organisation_id', '=', organisation_id)
    .execute()
  const known = new Map(there.map(({ id, name }) => [name, id]))
  for (const [name, mb_per_minute] of [
    ['Microsoft Teams', 10],
    ['AccuRx', 9],
  ] as const) {
    known.set(name, (await platform(db, { organisation_id, name, mb_per_minute })).id)
  }
  const by = trust.administrator.id
  const rows = starterGuides
    .filter(({ platform: name }) => name === null || known.has(name))
    .map(({ platform: name, text, ...guide }) => {
      const at = officeTime(lastWorkingDay(addDays(today, -random.between(20, 300))), random)
      const isDraft = name === 'AccuRx'
      return {
        ...{ ...guide, organisation_id, language: 'en', number: 1, link: '', version: 1 },
        platform_id: known.get(name ?? '') ?? null,
        blocks: readBlocks(text).blocks as never,
        ...{ written_at: at, written_by: by, retired_at: null, retired_by: null },
        ...{ approved_at: isDraft ? null : at, approved_by: isDraft ? null : by },
        review_on: isDraft ? null : addWeeks(today, random.between(-2, 40)),
      }
    })
  await insertAll(db, 'guides', rows)
}

/** Every third person who meets somebody by video or phone was told by letter, with the plain guides behind it. */
export async function makeLetters(db: Database, { trust, today }: Pick<TalkPlan, 'trust' | 'today'>): Promise<void> {
  const organisation_id = trust.organisation.id
  const by = trust.champions[0]?.id
  if (by === undefined) return
  const at = officeTime(lastWorkingDay(addDays(today, -1)), seededRandom(5))
  await sql`
    with told as (
      insert into appointment_letters (organisation_id, appointment_id, format, told_as, at, by)
      select organisation_id, id, 'plain', 'by-hand', ${at}, ${by} from appointments
      where organisation_id = ${organisation_id} and service_user_id % 3 = 0 and cancelled_at is null and outcome is null
        and starts_at > ${at} and made_at < ${at} and way = any('{video,phone}')
      returning id, appointment_id
    )
    insert into guides_given (organisation_id, service_user_id, guide_id, format, letter_id, at, by)
    select ${organisation_id}, appointments.service_user_id, guides.id, 'plain', told.id, ${at}, ${by}
    from told
    join appointments on appointments.id = told.appointment_id and appointments.way = 'video'
    join guides on guides.organisation_id = ${organisation_id} and guides.purpose = any('{join-call,if-it-fails}')
      and guides.form = 'plain' and guides.approved_at is not null
      and coalesce(guides.platform_id, appointments.platform_id, 0) = coalesce(appointments.platform_id, 0)
      and (guides.purpose = 'if-it-fails' or guides.platform_id is not distinct from appointments.platform_id)`.execute(
    db,
  )
}
