import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { columnsOf, type PersonalTableName, personalTables } from './declared.ts'
import type { Column } from './kinds.ts'

/** The rows of a table that are about the people with these ids, which are an array as SQL. */
export function rowsAbout(table: PersonalTableName, people: RawBuilder<unknown>): RawBuilder<SqlBool> {
  const pieces = personalTables[table].where.split(':people').map((piece) => sql.raw(piece))
  return sql<SqlBool>`(${sql.join(pieces, people)})`
}

/** What is given of a table or read before it is given: each row with its key, and values as people read them. */
export function reading(
  table: PersonalTableName,
  people: RawBuilder<unknown>,
  limit: number,
): RawBuilder<Record<string, unknown>> | null {
  const { key, order, leftOut } = personalTables[table]
  const read = columnsOf(table, ({ access }) => access !== 'withheld')
  if (read.length === 0) return null
  const values = read.map(([name, column]) => sql`${valueRead(table, name, column)} as ${sql.ref(name)}`)
  const subject = table === 'audit_events' ? sql`, subject_type, subject_id` : sql``
  return sql<Record<string, unknown>>`
    select (${sql.raw(key)})::text as row_key, ${sql.join(values)} ${subject} from ${sql.table(table)}
    where ${rowsAbout(table, people)} and not (${sql.raw(leftOut?.where ?? 'false')})
    order by ${sql.raw(order)} limit ${limit}`
}

function valueRead(table: PersonalTableName, name: string, column: Column): RawBuilder<unknown> {
  const value = sql.ref(`${table}.${name}`)
  if (column.access === 'withheld') return sql`null`
  if (column.as === 'staff') return sql`(select name from staff where staff.id = ${value})`
  if (column.as === 'ward') return sql`(select name from wards where wards.id = ${value})`
  if (column.as !== 'item') return value
  return sql`(
    select concat_ws(' ', nullif(models.maker, ''), models.name, '(' || thing.tag || ')')
    from items thing join models on models.id = thing.model_id where thing.id = ${value}
  )`
}

/** Puts in place of all that is to be emptied what is declared for it; null for a table that has nothing of the kind. */
export function emptying(table: PersonalTableName, rows: RawBuilder<SqlBool>): RawBuilder<unknown> | null {
  const emptied = columnsOf(table, ({ retention }) => retention !== 'kept')
  if (emptied.length === 0) return null
  const values = emptied.map(([name, column]) => {
    const by = column.retention === 'kept' ? sql`` : sql.raw(column.by)
    return sql`${sql.ref(name)} = ${by}`
  })
  return sql`update ${sql.table(table)} set ${sql.join(values)} where ${rows}`
}
