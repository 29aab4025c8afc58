import type { Pool } from 'pg'
import { type Config, ConfigProblem } from '../config.ts'
import { startEmbedded } from './embedded.ts'

export interface DatabaseAddresses {
  appUrl: string
  /** null where this process must not, or cannot, change the schema. */
  ownerUrl: string | null
  appRole: string
  /** The role that empties what is kept no longer; null where this process is not to do that. */
  retentionUrl: string | null
  retentionRole: string | null
  stop(): Promise<void>
}

/** The server the configuration names, or else the embedded one, started or joined. */
export async function findDatabase(config: Config, log: (message: string) => void): Promise<DatabaseAddresses> {
  if (config.databaseUrl !== null) {
    return {
      appUrl: config.databaseUrl,
      ownerUrl: config.migrationDatabaseUrl,
      appRole: roleOf(config.databaseUrl),
      retentionUrl: config.retentionDatabaseUrl,
      retentionRole: config.retentionDatabaseUrl === null ? null : roleOf(config.retentionDatabaseUrl),
      stop: async () => {},
    }
  }
  const embedded = await startEmbedded({ dataDir: config.dataDir, log })
  return {
    appUrl: embedded.appUrl,
    ownerUrl: embedded.ownerUrl,
    appRole: roleOf(embedded.appUrl),
    retentionUrl: embedded.retentionUrl,
    retentionRole: roleOf(embedded.retentionUrl),
    stop: () => embedded.stop(),
  }
}

function roleOf(url: string): string {
  const role = decodeURIComponent(new URL(url).username)
  if (role === '') throw new ConfigProblem('DATABASE_URL: it must say which role to sign in as')
  return role
}

/**
 * Production runs as a role that owns nothing: were the app ever talked into running somebody's SQL, that role still
 * could not alter the audit or drop a constraint.
 */
export async function refuseOwner(pool: Pool): Promise<void> {
  const { rows } = await pool.query<{ is_owner: boolean; is_super: boolean }>(`
    select exists (
             select from pg_class join pg_namespace on pg_namespace.oid = relnamespace
             where nspname = 'public' and pg_has_role(current_user, relowner, 'member')
           ) as is_owner,
           (select rolsuper from pg_roles where rolname = current_user) as is_super
  `)
  if (rows[0]?.is_owner || rows[0]?.is_super) {
    throw new ConfigProblem('DATABASE_URL: the app must not sign in as the owner of its tables or as a superuser')
  }
}
