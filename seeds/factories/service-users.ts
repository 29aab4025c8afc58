import type { Insertable, Selectable } from 'kysely'
import type { Database } from '../../src/database/connection.ts'
import type { ServiceUserDetails, ServiceUsers } from '../../src/database/schema.ts'
import { makeMobileNumber, makeTestNhsNumber } from '../identifiers.ts'
import { exampleNow, insertAll, insertOne, longAgo, nextNumber } from './example.ts'
import { organisationIdOr } from './places.ts'

type Details = Omit<Insertable<ServiceUserDetails>, 'service_user_id' | 'organisation_id'>

export type ServiceUser = Selectable<ServiceUsers> & Omit<Selectable<ServiceUserDetails>, 'service_user_id'>

export type ServiceUserOverrides = Partial<Insertable<ServiceUsers>> & Partial<Details>

/** Somebody in the community, with an NHS number, a phone and an email address. */
export async function serviceUser(db: Database, overrides: ServiceUserOverrides = {}): Promise<ServiceUser> {
  const [made] = await serviceUsers(db, [overrides])
  if (made === undefined) throw new Error('Nobody was made')
  return made
}

/** A story of which nothing is known yet; whatever else is given is who somebody is. */
const emptyStory: Omit<Insertable<ServiceUsers>, 'organisation_id' | 'created_at'> = {
  state: 'community',
  state_on: null,
  version: 1,
  ward_id: null,
  team_id: null,
  has_no_address: false,
  interpreter: null,
  needs_asked: null,
  needs: [],
  needs_review_on: null,
  agrees: null,
  parent_contact: null,
  gender: null,
  ethnicity: null,
  disability: null,
  housing: null,
  asylum: null,
  deprivation_decile: null,
}

const emptyWords = {
  known_as: '',
  local_id: '',
  address: '',
  call_back_number: '',
  clinician: '',
  emergency_name: '',
  emergency_relation: '',
  emergency_phone: '',
  language: '',
  needs_words: '',
  needs_met: '',
  needs_shared: '',
  agreement_note: '',
  contact_instruction: '',
}

const isOfStory = (column: string) => column === 'created_at' || Object.hasOwn(emptyStory, column)

/** Any number of them in two statements. */
export async function serviceUsers(db: Database, many: ServiceUserOverrides[]): Promise<ServiceUser[]> {
  const people: Insertable<ServiceUsers>[] = []
  for (const { organisation_id: given, ...overrides } of many) {
    const story = only(overrides, isOfStory)
    people.push({ created_at: longAgo, ...emptyStory, ...story, organisation_id: await organisationIdOr(db, given) })
  }
  const stories = await insertAll(db, 'service_users', people)
  const details = await insertAll(
    db,
    'service_user_details',
    stories.map((story, at) => detailsRow(story, many[at] ?? {})),
  )
  return stories.map((story, at) => {
    const { service_user_id: _, ...named } = details[at]!
    return { ...story, ...named }
  })
}

/** A second record of somebody, which became part of theirs a moment ago. It had nothing that theirs lacked. */
export async function mergedRecord(
  db: Database,
  { kept, by, at = exampleNow, ...who }: Omit<NotedMerge, 'mergedId' | 'at'> & ServiceUserOverrides & { at?: Date },
) {
  const merged = await serviceUser(db, { ...who, organisation_id: kept.organisation_id })
  return await noteMerge(db, { kept, mergedId: merged.id, by, at })
}

/** A sister who may be told about appointments. */
export async function supporter(
  db: Database,
  {
    of,
    consent = 'given',
    told = ['appointments'],
    ...more
  }: { of: Pick<ServiceUser, 'id' | 'organisation_id'>; consent?: string; told?: string[] } & {
    name?: string
    phone?: string
    email?: string
  },
) {
  const { id: service_user_id, organisation_id } = of
  const agreed =
    consent === 'given' ? { consent_on: '2026-07-01', may_be_told: told } : { consent_on: null, may_be_told: [] }
  const made = await insertOne(db, 'supporters', {
    ...{ organisation_id, service_user_id, version: 1, consent, ...agreed, created_at: longAgo },
  })
  const who = { name: `Sister Example-Person ${nextNumber()}`, relation: 'Sister', phone: '', email: '', ...more }
  await insertOne(db, 'supporter_details', { supporter_id: made.id, organisation_id, ...who })
  return made
}

interface NotedMerge {
  kept: Pick<ServiceUser, 'id' | 'organisation_id'>
  mergedId: number
  by: { id: number }
  at: Date
}

/** Makes a record of which nothing is taken over, and with which nothing happened yet, part of another. */
export async function noteMerge(db: Database, { kept, mergedId, by, at }: NotedMerge) {
  const { id: kept_id, organisation_id } = kept
  await db.updateTable('service_users').set({ merged_into: kept_id }).where('id', '=', mergedId).execute()
  const row = { organisation_id, kept_id, merged_id: mergedId, merged_at: at, merged_by: by.id }
  const merge = await insertOne(db, 'service_user_merges', row)
  const nothing = { merge_id: merge.id, before: '{}', after: '{}' }
  await db.insertInto('service_user_merge_values').values(nothing).execute()
  return merge
}

function only<Row extends object>(row: Row, isWanted: (column: string) => boolean): Partial<Row> {
  return Object.fromEntries(Object.entries(row).filter(([column]) => isWanted(column))) as Partial<Row>
}

function detailsRow(
  { id, organisation_id }: Selectable<ServiceUsers>,
  overrides: ServiceUserOverrides,
): Insertable<ServiceUserDetails> {
  const number = nextNumber()
  return {
    name: `Robin Example-Person ${number}`,
    date_of_birth: '1984-02-29',
    nhs_number: makeTestNhsNumber(number),
    phone: makeMobileNumber(number % 1000),
    email: `person-${number}@post.example`,
    ...emptyWords,
    ...only(overrides, (column) => !isOfStory(column)),
    organisation_id,
    service_user_id: id,
  }
}
