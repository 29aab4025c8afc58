import { sql } from 'kysely'
import { jsonArrayFrom } from 'kysely/helpers/postgres'
import { newestAnswersOf } from '../conversations/answer-queries.ts'
import { dataOf } from '../data-allowances/forecast-queries.ts'
import type { Database, InTransaction } from '../database/connection.ts'
import type { Actor } from '../lib/actor.ts'
import { personsWayOf } from '../readiness/queries.ts'
import { restrictionsOf } from '../restrictions/person-queries.ts'
import { contactFacts } from '../safe-contact/facts-queries.ts'
import { peopleWithStory } from './queries.ts'

const answerColumns = [
  'service_users.state_on',
  'service_users.ward_id',
  'service_users.team_id',
  'service_users.has_no_address',
  'service_users.interpreter',
  'service_users.needs_asked',
  'service_users.needs',
  'service_users.needs_review_on',
  'service_users.agrees',
  'service_users.parent_contact',
  'service_users.gender',
  'service_users.ethnicity',
  'service_users.disability',
  'service_users.housing',
  'service_users.asylum',
  'service_users.deprivation_decile',
  'details.address',
  'details.call_back_number',
  'details.clinician',
  'details.emergency_name',
  'details.emergency_relation',
  'details.emergency_phone',
  'details.language',
  'details.needs_words',
  'details.needs_met',
  'details.needs_shared',
  'details.agreement_note',
  'details.contact_instruction',
] as const

/** Everything that is written down about one person, with who supports them and who last wrote each section. */
export function findRecord(db: Database, actor: Actor, id: number) {
  return recordOf(db, actor, id).executeTakeFirst()
}

/** The same, with their next appointments and how far they have come. */
export function findRecordAndWay(db: Database, actor: Actor, id: number, asked: { now: Date; most: number }) {
  return recordOf(db, actor, id)
    .select(personsWayOf(actor, 'service_users.id', asked).as('way'))
    .select(dataOf('service_users.id', 'service_users.organisation_id', asked.now).as('data'))
    .executeTakeFirst()
}

function recordOf(db: Database, actor: Actor, id: number) {
  return peopleWithStory(db, actor, id)
    .leftJoin('wards as ward', 'ward.id', 'service_users.ward_id')
    .leftJoin('wards as team', 'team.id', 'service_users.team_id')
    .select([...answerColumns, 'ward.name as ward', 'team.name as team', contactFacts.as('contact')])
    .select(newestAnswersOf('service_users.id').as('said'))
    .select(restrictionsOf(sql.ref('service_users.id')).as('restrictions'))
    .select((eb) => [
      jsonArrayFrom(
        eb
          .selectFrom('service_user_sections as section')
          .innerJoin('staff', 'staff.id', 'section.changed_by')
          .select(['section.section', 'section.version', 'section.changed_at', 'staff.name as staff_member'])
          .whereRef('section.service_user_id', '=', 'service_users.id'),
      ).as('sections'),
      jsonArrayFrom(
        eb
          .selectFrom('service_user_merges as merge')
          .innerJoin('service_user_details as other', 'other.service_user_id', 'merge.merged_id')
          .innerJoin('staff', 'staff.id', 'merge.merged_by')
          .select(['merge.id', 'merge.merged_id', 'merge.merged_at', 'other.name as merged_name'])
          .select(['other.date_of_birth', 'other.nhs_number', 'staff.name as staff_member'])
          .whereRef('merge.kept_id', '=', 'service_users.id')
          .where('merge.undone_at', 'is', null)
          .orderBy('merge.id'),
      ).as('merges'),
      jsonArrayFrom(
        eb
          .selectFrom('supporters')
          .innerJoin('supporter_details as who', 'who.supporter_id', 'supporters.id')
          .select(['supporters.id', 'supporters.consent', 'supporters.consent_on', 'supporters.may_be_told'])
          .select(['supporters.version', 'who.name', 'who.relation', 'who.phone', 'who.email'])
          .whereRef('supporters.service_user_id', '=', 'service_users.id')
          .where('supporters.ended_at', 'is', null)
          .orderBy('supporters.id'),
      ).as('supporters'),
      jsonArrayFrom(
        eb
          .selectFrom('referrals')
          .select(['referrals.id', 'referrals.referred_on', 'referrals.first_appointment_on'])
          .whereRef('referrals.service_user_id', '=', 'service_users.id')
          .where('referrals.is_open', '=', true)
          .orderBy('referrals.id'),
      ).as('referrals'),
    ])
}

export type PersonRecord = NonNullable<Awaited<ReturnType<typeof findRecord>>>

/** What is written down about a person as it stands, held until this transaction ends. */
export function lockAnswers(trx: InTransaction, actor: Actor, id: number) {
  return peopleWithStory(trx, actor, id).select(answerColumns).forNoKeyUpdate('service_users').executeTakeFirst()
}

/** The version of a section. Nobody answered it yet: 1. */
export async function findSectionVersion(db: Database, id: number, section: string): Promise<number> {
  const row = await db
    .selectFrom('service_user_sections')
    .select('version')
    .where('service_user_id', '=', id)
    .where('section', '=', section)
    .executeTakeFirst()
  return row?.version ?? 1
}
