import { ConfigProblem, readConfig } from '../config.ts'
import { findDatabase } from '../database/addresses.ts'
import { BackupProblem } from '../database/backup/format.ts'
import type { Restored } from '../database/backup/restore-backup.ts'

/** Runs a command's work as the role that owns the tables: the app's own may not read the whole of them, nor make any. */
export async function ownerDatabase<T>(
  work: (database: { ownerUrl: string; appRole: string; retentionRole: string | null }) => Promise<T>,
): Promise<T> {
  const database = await findDatabase(readConfig(process.env), (message) => console.error(message))
  try {
    const { ownerUrl, appRole, retentionRole } = database
    if (ownerUrl === null) {
      throw new ConfigProblem(
        'MIGRATION_DATABASE_URL: say which role owns the tables, so that all of them can be copied',
      )
    }
    return await work({ ownerUrl, appRole, retentionRole })
  } finally {
    await database.stop()
  }
}

/** Table by table, what came out beside what should have. */
export function tellCompared({ manifest, tables }: Restored): void {
  const found = new Map(tables.map((table) => [table.name, table]))
  const lines = manifest.tables.map(({ name, rows, checksum }) => {
    const now = found.get(name)
    const verdict = now?.rows === rows && now.checksum === checksum ? 'the same' : 'NOT the same'
    return [name, String(rows), String(now?.rows ?? 0), verdict]
  })
  const all = [['table', 'rows in the copy', 'rows restored', 'checksum'], ...lines]
  const widths = [0, 1, 2].map((at) => Math.max(...all.map((line) => line[at]?.length ?? 0)))
  for (const [name = '', was = '', is = '', verdict = ''] of all) {
    console.log(
      `${name.padEnd(widths[0] ?? 0)}  ${was.padStart(widths[1] ?? 0)}  ${is.padStart(widths[2] ?? 0)}  ${verdict}`,
    )
  }
}

export function reportAndFail(error: unknown): void {
  const isExplained = error instanceof BackupProblem || error instanceof ConfigProblem
  console.error(isExplained ? error.message : error)
  process.exitCode = 1
}
