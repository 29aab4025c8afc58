import { type ExpressionBuilder, type SqlBool, sql } from 'kysely'
import type { Author } from '../database/change.ts'
import type { Database, InTransaction } from '../database/connection.ts'
import type { DB } from '../database/schema.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, pageOf, rowsToRead } from '../lib/keyset.ts'
import { restrictionsOf } from '../restrictions/person-queries.ts'
import { andPersonInReach, isPersonInReach, reachesEverybody } from './reach-queries.ts'
import type { ServiceUserDetails } from './rules.ts'
import { readSearchText } from './search-text.ts'

/** What tells one person from another in a list. */
const whoColumns = [
  'details.service_user_id as id',
  'details.name',
  'details.date_of_birth',
  'details.nhs_number',
  'details.local_id',
  'details.phone',
] as const

/** The organisation's people in reach of whoever asks. */
function peopleOf(db: Database, actor: Author) {
  const people = db
    .selectFrom('service_user_details as details')
    .select(whoColumns)
    .where('details.organisation_id', '=', actor.organisationId)
    // as a word and not as a parameter: only so is it known that the indexes of numbers that are one person's hold them all
    .where(sql<boolean>`not details.is_merged`)
    .where(sql<boolean>`not details.is_emptied`)
  return reachesEverybody(actor) ? people : people.where(isPersonInReach(actor, 'details.service_user_id'))
}

const byName = sql`(details.name_key, details.service_user_id)`

/**
 * One page of the organisation's people, by name. The cursor is an id and its name is looked up here, because a name may
 * not stand in an address.
 */
export async function listServiceUsers(db: Database, actor: Actor, asked: PageAsked) {
  let query = peopleOf(db, actor).limit(rowsToRead(asked))
  if (asked.before !== undefined) {
    query = query.where(sql<boolean>`${byName} < (${nameOf(actor, asked.before)})`)
    query = query.orderBy('details.name_key', 'desc').orderBy('details.service_user_id', 'desc')
  } else {
    if (asked.after !== undefined) query = query.where(sql<boolean>`${byName} > (${nameOf(actor, asked.after)})`)
    query = query.orderBy('details.name_key').orderBy('details.service_user_id')
  }
  return pageOf(await query.execute(), asked, (row) => String(row.id))
}

export type ServiceUserRow = Awaited<ReturnType<typeof listServiceUsers>>['rows'][number]

/** Where the person of a cursor stands in the list. A cursor that names none of these people leads to an empty page. */
function nameOf(actor: Actor, cursor: string) {
  return sql`select cursor_person.name_key, cursor_person.service_user_id from service_user_details cursor_person
    where cursor_person.service_user_id = ${idOf(cursor)} and cursor_person.organisation_id = ${actor.organisationId}
      ${andPersonInReach(actor, 'cursor_person.service_user_id')}`
}

function idOf(cursor: string): number {
  return /^[1-9]\d{0,14}$/.test(cursor) ? Number(cursor) : 0
}

/**
 * People by name, NHS number or the beginning of a phone number, whichever was typed, at most `limit`; a name in order of
 * names, a number in order of numbers. Every part of a name must be in theirs, in any order; accents, apostrophes and
 * hyphens make no difference. What they like to be called counts as part of the name. `after`: the id of one of them, to go on from.
 */
export async function searchServiceUsers(
  db: Database,
  actor: Actor,
  text: string,
  limit: number,
  after?: string,
): Promise<ServiceUserRow[]> {
  const search = readSearchText(text)
  if (search.kind === 'too-short') return []
  let people = peopleOf(db, actor).limit(limit)
  if (search.kind === 'name') {
    if (after !== undefined) people = people.where(sql<boolean>`${byName} > (${nameOf(actor, after)})`)
    const named = people.where(hasWords(search.words))
    return named.orderBy('details.name_key').orderBy('details.service_user_id').execute()
  }
  if (after !== undefined) people = people.where(sql<boolean>`${byPhone} > (${phoneOf(actor, after)})`)
  const numbered = people.where(hasNumber(search.digits))
  return numbered.orderBy('details.phone_key').orderBy('details.service_user_id').execute()
}

const byPhone = sql`(details.phone_key, details.service_user_id)`

function phoneOf(actor: Actor, cursor: string) {
  return sql`select cursor_person.phone_key, cursor_person.service_user_id from service_user_details cursor_person
    where cursor_person.service_user_id = ${idOf(cursor)} and cursor_person.organisation_id = ${actor.organisationId}
      ${andPersonInReach(actor, 'cursor_person.service_user_id')}`
}

type People = ExpressionBuilder<DB & { details: DB['service_user_details'] }, 'details'>

function hasWords(words: string[]) {
  return (eb: People) => eb.and(words.map(hasWord))
}

/**
 * A part of a name is looked for anywhere in it. The index knows runs of three letters, so a shorter part, such as "Li",
 * must begin a word.
 */
function hasWord(word: string) {
  if ([...word].length >= 3) {
    return sql<SqlBool>`(details.name_key like '%' || name_key(${word}) || '%'
      or (details.known_as <> '' and name_key(details.known_as) like '%' || name_key(${word}) || '%'))`
  }
  return sql<SqlBool>`(details.name_key like name_key(${word}) || '%'
    or details.name_key like '% ' || name_key(${word}) || '%')`
}

/** As an NHS number the whole of it, as a phone number how it begins. Between two bounds, so that the index is used. */
function hasNumber(digits: string) {
  const isPhone = sql<SqlBool>`(details.phone_key <> '' and details.phone_key >= phone_digits(${digits})
    and details.phone_key < phone_digits(${digits}) || ':')`
  return (eb: People) =>
    digits.length === 10 ? eb.or([eb('details.nhs_number', '=', digits), isPhone]) : eb.and([isPhone])
}

/**
 * How alike (pg_trgm, 0 to 1) a word of a name must be to what was typed. Micheal and Michael, or Jon and John, come to
 * 0.5 when nothing else is typed; PostgreSQL's own 0.6 would miss them.
 */
const ALIKE_ENOUGH = 0.45

/** People whose name is spelt much like this, the closest first: for when nobody has it as it was typed. */
export async function listSimilarNames(
  db: Database,
  actor: Actor,
  text: string,
  limit: number,
): Promise<ServiceUserRow[]> {
  if (readSearchText(text).kind !== 'name') return []
  // the index goes by a setting; it is set for this transaction alone
  return db.transaction().execute(async (trx) => {
    await sql`select set_config('pg_trgm.word_similarity_threshold', ${String(ALIKE_ENOUGH)}, true)`.execute(trx)
    return peopleOf(trx, actor)
      .where(sql<SqlBool>`name_key(${text}) <% details.name_key`)
      .orderBy(sql`name_key(${text}) <<-> details.name_key`)
      .orderBy('details.service_user_id')
      .limit(limit)
      .execute()
  })
}

/** One person and who they are. Another organisation's: none. */
export function findServiceUser(db: Database, actor: Actor, id: number) {
  return peopleWithStory(db, actor, id).executeTakeFirst()
}

/** The same, with what a care plan keeps from them. */
export function findBorrower(db: Database, actor: Actor, id: number) {
  return peopleWithStory(db, actor, id)
    .select(restrictionsOf(sql.ref('service_users.id')).as('restrictions'))
    .executeTakeFirst()
}

export type ServiceUserRecord = NonNullable<Awaited<ReturnType<typeof findServiceUser>>>

/** The person as they stand, held against other changes until this transaction ends. */
export function lockServiceUser(trx: InTransaction, actor: Actor, id: number) {
  return peopleWithStory(trx, actor, id).forNoKeyUpdate('service_users').executeTakeFirst()
}

/** Who has the person on their caseload. */
const carer = sql<string | null>`(
  select staff.name from caseload_entries entry join staff on staff.id = entry.staff_id
  where entry.service_user_id = service_users.id and entry.ended_at is null
)`

/**
 * One person with their story and who they are, for a question to choose its columns from. A record that became part of
 * another answers as that other: this is the one place where that is followed.
 */
export function peopleWithStory(db: Database, actor: Actor, id: number) {
  return db
    .selectFrom('service_users')
    .innerJoin('service_user_details as details', 'details.service_user_id', 'service_users.id')
    .select(whoColumns)
    .select(['details.known_as', 'details.email', 'service_users.state', 'service_users.version'])
    .select(carer.as('champion'))
    .select(sql<number[]>`to_jsonb(records_of(service_users.id))`.as('record_ids'))
    .where('service_users.id', '=', sql<number>`survivor_of(${id})`)
    .where('service_users.organisation_id', '=', actor.organisationId)
    .where(isPersonInReach(actor, 'service_users.id'))
}

/**
 * How alike two names are (pg_trgm, 0 to 1) for people born on the same day to be worth asking about. Low, since sharing
 * a birthday is rare already: Jane Smith and Jane Brown come to 0.29, Muhammad and Mohammed Ali to 0.37.
 */
const ALIKE = 0.25
const MOST_TWINS = 5

/** People who may be the one described: the same NHS number, or born on the same day with a name much like it. */
export function listTwins(
  db: Database,
  actor: Author,
  { name, date_of_birth, nhs_number }: Pick<ServiceUserDetails, 'name' | 'date_of_birth' | 'nhs_number'>,
): Promise<ServiceUserRow[]> {
  const likeness = sql<number>`similarity(details.name_key, name_key(${name}))`
  const isAlike = (eb: People) => eb.and([eb('details.date_of_birth', '=', date_of_birth), eb(likeness, '>=', ALIKE)])
  const people = peopleOf(db, actor).orderBy(likeness, 'desc').orderBy('details.service_user_id').limit(MOST_TWINS)
  if (nhs_number === null) return people.where(isAlike).execute()
  return people
    .clearOrderBy()
    .orderBy((eb) => eb('details.nhs_number', 'is not distinct from', nhs_number), 'desc')
    .orderBy(likeness, 'desc')
    .where((eb) => eb.or([eb('details.nhs_number', '=', nhs_number), isAlike(eb)]))
    .execute()
}

/** Who has a hospital number in this organisation. */
export function findByLocalId(db: Database, actor: Actor, localId: string) {
  return peopleOf(db, actor)
    .where('details.local_id', '<>', '')
    .where(sql<string>`lower(details.local_id)`, '=', localId.toLowerCase())
    .executeTakeFirst()
}

/** Who has an NHS number in this organisation. */
export function findByNhsNumber(db: Database, actor: Actor, nhsNumber: string) {
  return peopleOf(db, actor).where('details.nhs_number', '=', nhsNumber).executeTakeFirst()
}

/** Who last changed a person's record, and when. */
export function findLastChange(db: Database, actor: Actor, id: number) {
  return db
    .selectFrom('audit_events')
    .innerJoin('staff', 'staff.id', 'audit_events.staff_id')
    .select(['audit_events.at', 'staff.name as staff_member'])
    .where('audit_events.service_user_id', '=', id)
    .where('audit_events.organisation_id', '=', actor.organisationId)
    .where('audit_events.verb', '=', 'service-user:updated')
    .orderBy('audit_events.id', 'desc')
    .limit(1)
    .executeTakeFirst()
}

/** What a person has and had: the lines of their newest loans, newest loan first. */
export async function listLinesOf(db: Database, actor: Actor, id: number, mostLoans: number): Promise<BorrowedRow[]> {
  const { rows } = await sql<BorrowedRow>`
    select line.loan_id, loans.lent_at, line.due_on, line.taken_at, line.ended_at, line.ended_as, line.cancelled_at,
           line.moved_to_line_id, items.tag, models.maker, models.name as model
    from (
      select id, lent_at from loans
      where service_user_id = ${id} and organisation_id = ${actor.organisationId}
        ${andPersonInReach(actor, 'loans.service_user_id')}
      order by id desc
      limit ${mostLoans}
    ) loans
    join loan_lines line on line.loan_id = loans.id
    join items on items.id = line.item_id
    join models on models.id = items.model_id
    order by line.loan_id desc, line.id
  `.execute(db)
  return rows
}

export interface BorrowedRow {
  loan_id: number
  lent_at: string
  due_on: string | null
  taken_at: string | null
  ended_at: string | null
  ended_as: string | null
  cancelled_at: string | null
  moved_to_line_id: number | null
  tag: string
  maker: string
  model: string
}
