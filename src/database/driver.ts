import {
  AbortedTransactionError,
  CompiledQuery,
  type DatabaseConnection,
  PostgresDriver,
  type TransactionSettings,
} from 'kysely'

type Connection = Parameters<PostgresDriver['rollbackTransaction']>[0]

/** A statement that begins with this is the last of its transaction: see {@link AppDriver}. */
export const LAST_OF_TRANSACTION = '/* last */'

/**
 * Begins and ends transactions without waiting for it. BEGIN goes off together with the first statement, and COMMIT
 * together with the last one where that says so: two ways to the database and back less for every change. It is as safe:
 * when the last statement fails, the COMMIT behind it finds a transaction that has failed, and PostgreSQL rolls that back.
 * Needs connections that send without waiting for the answer before (`pipeline`).
 */
export class AppDriver extends PostgresDriver {
  readonly #begun = new WeakMap<DatabaseConnection, Promise<unknown>>()
  readonly #ended = new WeakMap<DatabaseConnection, Promise<{ rows: unknown[] }>>()
  readonly #watched = new WeakSet<DatabaseConnection>()

  override async acquireConnection(
    ...options: Parameters<PostgresDriver['acquireConnection']>
  ): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection(...options)
    if (!this.#watched.has(connection)) this.#watch(connection)
    return connection
  }

  /** COMMIT is sent behind the last statement of a transaction, in the same breath. */
  #watch(connection: DatabaseConnection): void {
    this.#watched.add(connection)
    const execute = connection.executeQuery.bind(connection) as DatabaseConnection['executeQuery']
    connection.executeQuery = <R>(query: CompiledQuery, ...rest: unknown[]) => {
      const result = (execute as (...all: unknown[]) => ReturnType<typeof execute<R>>)(query, ...rest)
      if (this.#begun.has(connection) && query.sql.startsWith(LAST_OF_TRANSACTION)) {
        this.#ended.set(connection, handled(execute(CompiledQuery.raw('commit'))))
      }
      return result
    }
  }

  override async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    this.#begun.set(connection, handled(super.beginTransaction(connection, settings)))
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#begun.get(connection)
    const ended = this.#ended.get(connection)
    this.#forget(connection)
    if (ended === undefined) return super.commitTransaction(connection)
    const [answer] = (await ended).rows as { command?: string }[]
    if (answer?.command === 'ROLLBACK') throw new AbortedTransactionError()
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    this.#forget(connection)
    await super.rollbackTransaction(connection as Connection)
  }

  #forget(connection: DatabaseConnection): void {
    this.#begun.delete(connection)
    this.#ended.delete(connection)
  }
}

/** Whoever waits for it hears of its failure; until somebody does, it is no mistake that nobody saw to. */
function handled<T>(work: Promise<T>): Promise<T> {
  work.catch(() => {})
  return work
}
