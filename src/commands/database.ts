import { type Config, ConfigProblem, readConfig } from '../config.ts'
import { findDatabase } from '../database/addresses.ts'
import { type Database, openDatabase, openPool } from '../database/connection.ts'
import { isSchemaCurrent } from '../database/migrate.ts'

/**
 * Runs a command's work on the database that the app uses: the server that DATABASE_URL names, or else the embedded one,
 * which is joined where the app runs and started where it does not. A command never changes the schema.
 */
export async function withDatabase<T>(work: (db: Database, config: Config) => Promise<T>): Promise<T> {
  const config = readConfig(process.env)
  const database = await findDatabase(config, (message) => console.error(message))
  const pool = openPool({ url: database.appUrl, applicationName: 'command', connections: 2 })
  const db = openDatabase(pool)
  try {
    if (!(await isSchemaCurrent(db))) {
      throw new ConfigProblem(
        'The database is not set up for this version yet. Run npm run migrate, or start the app once',
      )
    }
    return await work(db, config)
  } finally {
    await db.destroy()
    await database.stop()
  }
}
