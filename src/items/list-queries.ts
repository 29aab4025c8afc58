import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { builtOnce } from '../database/built-once.ts'
import type { Database } from '../database/connection.ts'
import { asColumns, type Columns, type Packed, rowsOf } from '../database/lists.ts'
import type { Actor } from '../lib/actor.ts'
import { type PageAsked, type Place, pageOf, placeAsked, placeCursor, rowsToRead } from '../lib/keyset.ts'
import { type Reach, reachOf } from '../service-users/reach-queries.ts'
import { type WardRow, wardsOf } from '../wards/queries.ts'
import { conditionsOf, stateOf } from './filter-queries.ts'
import type { ItemFilter } from './filter-rules.ts'
import { isInReach } from './reach-queries.ts'
import type { ItemState } from './rules.ts'

export interface ItemRow {
  id: number
  tag: string
  tag_key: string
  category: string
  left_as: string | null
  maker: string
  model: string
  hold_kind: string | null
  placed_with: string | null
  kept_at: string | null
  due_on: string | null
  /** Where it stands in a list that is not by tag. */
  place_at: string | null
  place_id: number | null
}

const itemColumns: Columns<ItemRow> = {
  id: true,
  tag: true,
  tag_key: true,
  category: true,
  left_as: true,
  maker: true,
  model: true,
  hold_kind: true,
  placed_with: true,
  kept_at: true,
  due_on: true,
  place_at: true,
  place_id: true,
}

type WardOffered = Pick<WardRow, 'id' | 'name'>

/**
 * Where the items of a state are looked for. What somebody has now is few beside all that is ours, and is kept by when it
 * is due or by when it was taken, so its list is in that order: what is due first, or has been away for longest, at the
 * top. By tag, one would look through all that is out for each page of it.
 */
const foundIn: Partial<Record<ItemState, (wanted: PageWanted) => RawBuilder<ItemRow>>> = {
  overdue: (wanted) => linesDue(wanted, sql`due.due_on < ${wanted.today} and ${isTheirsNow}`),
  'on-loan': (wanted) => linesDue(wanted, sql`due.due_on >= ${wanted.today} and due.placed_with_ward_id is null`),
  'in-use': (wanted) => holdsOfKind(wanted, 'booking'),
  turnaround: (wanted) => holdsOfKind(wanted, 'turnaround'),
  repair: (wanted) => holdsOfKind(wanted, 'repair'),
}

const hold = (item: string) => sql`(
  select item_id from item_holds where item_id = ${sql.ref(item)} and taken_at is not null and ended_at is null
)`

/** What a ward lent on is its borrower's now, and not late because the ward's own loan is. */
const isTheirsNow = sql<SqlBool>`(due.placed_with_ward_id is null or ${hold('due.item_id')} is null)`

/**
 * Item by item, as many as the page takes, and for what nobody has alone: left to choose, PostgreSQL reads all that is out
 * first, or all placements.
 */
const isFree = sql<SqlBool>`case when ${hold('items.id')} is null then (
  select item_id from loan_lines
  where item_id = items.id and placed_with_ward_id is not null and taken_at is not null and ended_at is null
) is null end`

type PageWanted = Reach & ItemFilter & PageAsked & Partial<Place> & { today: string }

/** One page of the items that fit the filter: by tag, or as {@link foundIn} has it. And the wards that the filter offers. */
export async function listItems(db: Database, actor: Actor, filter: ItemFilter, today: string, page: PageAsked) {
  const isByTag = filter.state === undefined || foundIn[filter.state] === undefined
  const place = isByTag ? undefined : placeAsked(page)
  const asked = isByTag || place ? page : { size: page.size }
  const wanted = { ...reachOf(actor), today, ...filter, ...asked, ...place }
  // what is searched for becomes part of a pattern, so that statement is built around it
  const read = filter.search ? (await pageAndWards(db, wanted).execute(db)).rows : await readPageAndWards(db, wanted)
  const [lists] = read
  const list = pageOf(lists ? rowsOf(lists.rows) : [], asked, (row) =>
    row.place_at === null || row.place_id === null ? row.tag_key : placeCursor(row.place_at, row.place_id),
  )
  return { ...list, wards: lists ? rowsOf(lists.wards) : [] }
}

function pageAndWards(db: Database, wanted: PageWanted) {
  const rows = asColumns(itemPage(wanted), itemColumns)
  const wards = asColumns<WardOffered>(wardsOf(db, wanted), { id: true, name: true })
  return sql<{ rows: Packed<ItemRow>; wards: Packed<WardOffered> }>`select ${rows} as rows, ${wards} as wards`
}

const readPageAndWards = builtOnce(['role', 'caseloadOnly', 'state', 'size'], pageAndWards)

/**
 * The items of the page first, and then what is shown of each, looked up for all of them at once: beside each other in the
 * list, they stand beside each other in the indexes too. One by one, PostgreSQL would go down four indexes for every row.
 */
function itemPage(wanted: PageWanted): RawBuilder<ItemRow> {
  const find = wanted.state && foundIn[wanted.state]
  const back = wanted.before === undefined ? sql`` : sql`desc`
  return sql<ItemRow>`
    with page as materialized (${find ? find(wanted) : itemsByTag(wanted)}),
    held as materialized (${find ? sql`select id as item_id, kind, due_on from page` : holdsOfPage}),
    placed as materialized (
      select item_id, placed_with_ward_id, due_on from loan_lines
      where item_id = any(array(select id from page)) and placed_with_ward_id is not null
        and taken_at is not null and ended_at is null
    ),
    named as materialized (select id, maker, name from models where id = any(array(select model_id from page)))
    select page.id, page.tag, page.tag_key, page.category, page.left_as, named.maker, named.name as model,
           held.kind as hold_kind, placed_ward.name as placed_with, kept_ward.name as kept_at,
           coalesce(held.due_on, placed.due_on) as due_on, page.place_at, page.place_id
    from page
    join named on named.id = page.model_id
    left join held on held.item_id = page.id
    left join placed on placed.item_id = page.id
    left join wards placed_ward on placed_ward.id = placed.placed_with_ward_id
    left join wards kept_ward on kept_ward.id = page.kept_at_ward_id
    order by ${find ? sql`page.place_at ${back}, page.place_id ${back}` : sql`page.tag_key ${back}`}`
}

/** A loan is due on the day that its plan ends with; asked at noon, so that no change of the clocks makes another of it. */
const holdsOfPage = sql`
  select item_id, kind, case when kind = 'loan' then
           ((upper(plan) - interval '12 hours') at time zone 'Europe/London')::date
         end as due_on
  from item_holds
  where item_id = any(array(select id from page)) and taken_at is not null and ended_at is null`

const columns = sql`
  items.id, items.tag, items.tag_key, items.category, items.left_as, items.model_id, items.kept_at_ward_id`

const joinHold = sql`
  left join item_holds hold on hold.item_id = items.id and hold.taken_at is not null and hold.ended_at is null`

const joinPlacement = sql`
  left join loan_lines placement on placement.item_id = items.id and placement.placed_with_ward_id is not null
    and placement.taken_at is not null and placement.ended_at is null`

/** Of that only what is asked about: PostgreSQL would look up a placement that nobody wants to know of, too. */
const joinWard = ({ wardId }: ItemFilter) => (wardId ? joinPlacement : sql``)

function itemsByTag(wanted: PageWanted) {
  const { organisationId, before, after, state, today } = wanted
  const conditions = [
    sql`items.organisation_id = ${organisationId}`,
    isInReach(wanted),
    ...conditionsOf(wanted, wanted),
    ...(state === 'available' ? [sql`items.left_at is null`, isFree] : stateOf(wanted, wanted, today)),
    ...(before === undefined ? [] : [sql`items.tag_key < ${before}`]),
    ...(before !== undefined || after === undefined ? [] : [sql`items.tag_key > ${after}`]),
  ]
  return sql<ItemRow>`
    select ${columns}, null::date as place_at, null::bigint as place_id
    from items
    ${state === 'on-ward' ? sql`${joinHold} ${joinPlacement}` : joinWard(wanted)}
    where ${sql.join(conditions, sql` and `)}
    order by items.tag_key ${before === undefined ? sql`` : sql`desc`}
    limit ${rowsToRead(wanted)}`
}

/** (`offset 0`: left to choose, PostgreSQL reads the whole stock to join it to the few of the page.) */
const itemOf = (found: string) => sql`
  cross join lateral (select * from items where id = ${sql.ref(`${found}.item_id`)} offset 0) items`

/** Through the index of what is out by its review. */
function linesDue(wanted: PageWanted, isDue: RawBuilder<unknown>) {
  return sql<ItemRow>`
    select ${columns}, case when due.placed_with_ward_id is null then 'loan' end as kind, due.due_on,
           due.due_on as place_at, due.id as place_id
    from loan_lines due
    ${itemOf('due')}
    ${joinWard(wanted)}
    where due.organisation_id = ${wanted.organisationId} and due.taken_at is not null and due.ended_at is null
      and ${isDue} and ${isOnPage(wanted, sql`due.due_on`, sql`due.id`, 'date')}`
}

/** Through the index of what is taken, by what for and since when. */
function holdsOfKind(wanted: PageWanted, kind: 'booking' | 'turnaround' | 'repair') {
  return sql<ItemRow>`
    select ${columns}, away.kind, null::date as due_on, away.taken_at as place_at, away.id as place_id
    from item_holds away
    ${itemOf('away')}
    ${joinWard(wanted)}
    where away.organisation_id = ${wanted.organisationId} and away.kind = ${sql.lit(kind)}
      and away.taken_at is not null and away.ended_at is null
      and ${isOnPage(wanted, sql`away.taken_at`, sql`away.id`, 'timestamptz')}`
}

/** The rest of the filter, the place in the list and its order, for items that were found by something else than their tag. */
function isOnPage(wanted: PageWanted, placeAt: RawBuilder<unknown>, placeId: RawBuilder<unknown>, type: string) {
  const { before, at, id } = wanted
  const [beyond, direction] = before === undefined ? [sql`>`, sql``] : [sql`<`, sql`desc`]
  const conditions = [
    sql`items.left_at is null`,
    isInReach(wanted),
    ...conditionsOf(wanted, wanted),
    ...(at === undefined ? [] : [sql`(${placeAt}, ${placeId}) ${beyond} (${at}::${sql.raw(type)}, ${id}::bigint)`]),
  ]
  return sql`${sql.join(conditions, sql` and `)}
    order by ${placeAt} ${direction}, ${placeId} ${direction}
    limit ${rowsToRead(wanted)}`
}
