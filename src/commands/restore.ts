/**
 * Puts a copy that `npm run backup` made into an empty database, and proves that it came out as it was.
 *
 *     npm run restore -- FILE [--drill]
 */
import { parseArgs } from 'node:util'
import { drill } from '../database/backup/drill.ts'
import { BackupProblem } from '../database/backup/format.ts'
import { restoreBackup } from '../database/backup/restore-backup.ts'
import { ownerDatabase, reportAndFail, tellCompared } from './copies.ts'

const usage = `npm run restore -- FILE            puts the copy into the empty database that the settings name
npm run restore -- FILE --drill    puts it into a server of its own, compares, and throws that away`

try {
  const { file, isDrill } = readArguments(process.argv.slice(2))
  const restored = isDrill ? await drill(file) : await ownerDatabase((database) => restoreBackup(database, file))
  tellCompared(restored)
  const { tables, manifest } = restored
  const what = isDrill ? 'The drill went well: the copy was restored whole' : 'Restored. Start the app'
  console.log(`${what}. ${tables.length} tables as they were at ${manifest.made_at}`)
} catch (error) {
  reportAndFail(error)
}

function readArguments(args: string[]): { file: string; isDrill: boolean } {
  const options = { drill: { type: 'boolean', default: false } } as const
  const { values, positionals } = parseArgs({ args, options, allowPositionals: true, strict: false })
  const [file, ...more] = positionals
  const unknown = Object.keys(values).some((name) => name !== 'drill')
  if (file === undefined || unknown || more.length > 0) throw new BackupProblem(usage)
  return { file, isDrill: values.drill === true }
}
