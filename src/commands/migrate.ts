import { ConfigProblem, readConfig } from '../config.ts'
import { findDatabase } from '../database/addresses.ts'
import { migrate } from '../database/migrate.ts'

/**
 * Brings the schema up to date: `npm run migrate`. Signs in as the owner of the tables (MIGRATION_DATABASE_URL), which
 * the app itself never does; without DATABASE_URL, on the embedded database.
 */
try {
  const config = readConfig(process.env)
  const database = await findDatabase(config, console.log)
  if (database.ownerUrl === null) {
    throw new ConfigProblem('MIGRATION_DATABASE_URL: say which role owns the tables, so that it can change them')
  }
  await migrate(database.ownerUrl, { ...database, log: console.log })
  await database.stop()
  console.log('The schema is up to date')
} catch (error) {
  console.error(error instanceof ConfigProblem ? error.message : error)
  process.exitCode = 1
}
