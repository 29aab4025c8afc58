import type { Config } from '../config.ts'
import type { Database } from '../database/connection.ts'

export interface JobServices {
  config: Config
  db: Database
  /** The same database as the role that empties what is kept no longer; none where this process does not do that. */
  retention?: Database | undefined
  clock: () => Date
  log: {
    info(fields: object, message?: string): void
    warn(fields: object, message?: string): void
    error(fields: object, message?: string): void
  }
}

export interface Attempt {
  number: number
  /** What fails now is not tried again. */
  isLast: boolean
}

/** One line of a feature's table of tasks: what the queue calls it, and what it does. What it throws is tried again. */
export interface Task {
  name: string
  run(payload: unknown, services: JobServices, attempt: Attempt): Promise<void>
  /** When it runs by itself, in UTC: minute, hour, day of the month, month, day of the week. */
  cron?: string
  /** It is left to processes that were given the role that empties what is kept no longer. */
  needsRetention?: true
}
