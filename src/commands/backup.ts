/**
 * A copy of the whole database in one file, while people work; with --drill, proof that such a copy can be restored.
 *
 *     npm run backup -- FILE
 *     npm run backup -- --drill
 */
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { drill } from '../database/backup/drill.ts'
import { BackupProblem } from '../database/backup/format.ts'
import { writeBackup } from '../database/backup/write-backup.ts'
import { ownerDatabase, reportAndFail, tellCompared } from './copies.ts'

const usage = `npm run backup -- FILE       copies the whole database into a new file
npm run backup -- --drill    makes a copy, restores it into a server of its own, compares, and throws both away`

try {
  const { file, isDrill } = readArguments(process.argv.slice(2))
  const folder = isDrill ? await mkdtemp(join(tmpdir(), 'loans-drill-copy-')) : null
  try {
    const path = file ?? join(folder ?? '', 'copy.backup')
    const manifest = await ownerDatabase(({ ownerUrl }) => writeBackup(ownerUrl, path, new Date()))
    if (isDrill) tellCompared(await drill(path))
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const { size } = await stat(path)
    const where = isDrill ? 'The drill went well: the copy was restored whole' : `Copied into ${path}`
    console.log(`${where}. ${manifest.tables.length} tables, ${rows} rows, ${Math.ceil(size / 1024)} KB`)
  } finally {
    if (folder !== null) await rm(folder, { recursive: true, force: true })
  }
} catch (error) {
  reportAndFail(error)
}

function readArguments(args: string[]): { file?: string; isDrill: boolean } {
  const options = { drill: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: false })
  const [file, ...more] = positionals
  const unknown = Object.keys(values).some((name) => name !== 'drill')
  if (unknown || more.length > 0 || (file === undefined) !== values.drill) throw new BackupProblem(usage)
  return file === undefined ? { isDrill: true } : { file, isDrill: false }
}
