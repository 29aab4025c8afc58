import { type Expression, type RawBuilder, sql } from 'kysely'

/** The rows of a question as one value, in the order it gives them. What they hold is then as JSON writes it. */
export function asList<Row>(question: Expression<unknown>): RawBuilder<Row[]> {
  return sql<Row[]>`(select coalesce(json_agg(one), '[]') from (${question}) one)`
}

/**
 * The answers of several questions in one row, each a list in a column of its own. A way to the database and back costs
 * both of them a tenth of a millisecond, which is more than most questions of a page take to be answered.
 */
export function asLists<Lists extends object>(
  questions: { [Name in keyof Lists]: Expression<unknown> },
): RawBuilder<Lists> {
  const columns = Object.entries<Expression<unknown>>(questions).map(
    ([name, question]) => sql`${asList(question)} as ${sql.ref(name)}`,
  )
  return sql<Lists>`select ${sql.join(columns)}`
}
