import {
  type LimitNode,
  PostgresDialect,
  type PostgresDialectConfig,
  PostgresQueryCompiler,
  type RawNode,
  ValueNode,
} from 'kysely'
import { AppDriver } from './driver.ts'

/**
 * Writes the number of rows that are asked for into the statement, and sends it as no value: PostgreSQL plans a named
 * statement once for whatever values come (see SESSION_SETTINGS), and how few rows are wanted decides the plan.
 */
export class PlannedOnceCompiler extends PostgresQueryCompiler {
  protected override visitLimit({ limit }: LimitNode): void {
    this.append('limit ')
    this.#visitRows(limit)
  }

  protected override visitRaw({ sqlFragments, parameters }: RawNode): void {
    for (const [at, fragment] of sqlFragments.entries()) {
      this.append(fragment)
      const next = parameters[at]
      if (next && /\blimit\s+$/i.test(fragment)) this.#visitRows(next)
      else if (next) this.visitNode(next)
    }
  }

  #visitRows(rows: LimitNode['limit']): void {
    if (ValueNode.is(rows) && Number.isSafeInteger(rows.value)) this.append(String(rows.value))
    else this.visitNode(rows)
  }
}

/** PostgreSQL, as this app speaks to it. */
export class AppDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig
  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): AppDriver {
    return new AppDriver(this.#config)
  }

  override createQueryCompiler(): PostgresQueryCompiler {
    return new PlannedOnceCompiler()
  }
}
