import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { columnsOf, type PersonalTableName, personalTables } from './declared.ts'

/** A condition of a declaration, about the people with these ids. */
export function isAbout(condition: string, people: readonly number[]): RawBuilder<SqlBool> {
  const pieces = condition.split(':people').map((piece) => sql.raw(piece))
  return sql<SqlBool>`(${sql.join(pieces, sql`${people}::bigint[]`)})`
}

/** The rows of a table that are about the people with these ids. */
export function rowsAbout(table: PersonalTableName, people: readonly number[]): RawBuilder<SqlBool> {
  return isAbout(personalTables[table].where, people)
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
