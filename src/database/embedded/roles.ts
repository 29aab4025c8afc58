import type pg from 'pg'
import type { DatabaseRecord } from './record.ts'

export const OWNER_ROLE = 'loans_owner'
export const APP_ROLE = 'loans_app'
/** Empties what is kept no longer, and can do nothing else. */
export const RETENTION_ROLE = 'loans_retention'

/** Kept by the server, so that a request that goes wrong, or a script run as the app, cannot hold up everybody else. */
const appTimeouts = {
  statement_timeout: '15s',
  lock_timeout: '5s',
  idle_in_transaction_session_timeout: '15s',
}

/**
 * Makes the roles and the database: one role owns it and migrates, the app's and that of retention own nothing. Running it
 * again changes nothing, so a first start that was cut short is completed by the next.
 */
export async function prepareDatabase(
  admin: pg.Client,
  name: string,
  passwords: DatabaseRecord['passwords'],
): Promise<void> {
  await ensureRole(admin, OWNER_ROLE, passwords.owner)
  await ensureRole(admin, APP_ROLE, passwords.app)
  await ensureRole(admin, RETENTION_ROLE, passwords.retention)
  for (const [setting, value] of Object.entries(appTimeouts)) {
    await admin.query(`ALTER ROLE ${APP_ROLE} SET ${setting} = '${value}'`)
  }
  if (!(await hasDatabase(admin, name))) {
    await admin.query(`CREATE DATABASE ${admin.escapeIdentifier(name)} OWNER ${OWNER_ROLE}`)
  }
  await admitOurRoles(admin, name)
  // The app's role has no business in the server's own databases either.
  await admin.query('REVOKE ALL ON DATABASE postgres, template1 FROM PUBLIC')
}

/** A database lets everybody in and make temporary tables until told otherwise, and a copy of one does so again. */
export async function admitOurRoles(admin: pg.Client, name: string): Promise<void> {
  const database = admin.escapeIdentifier(name)
  await admin.query(`REVOKE ALL ON DATABASE ${database} FROM PUBLIC`)
  await admin.query(`GRANT CONNECT ON DATABASE ${database} TO ${APP_ROLE}, ${RETENTION_ROLE}`)
}

async function ensureRole(admin: pg.Client, role: string, password: string): Promise<void> {
  const { rowCount } = await admin.query('SELECT FROM pg_roles WHERE rolname = $1', [role])
  if (rowCount === 0) await admin.query(`CREATE ROLE ${role}`)
  await admin.query(
    `ALTER ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS
     PASSWORD ${admin.escapeLiteral(password)}`,
  )
}

async function hasDatabase(admin: pg.Client, name: string): Promise<boolean> {
  const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [name])
  return rowCount !== 0
}
