/**
 * Another process that uses the embedded database, for `embedded.test.ts`: says what it got, then holds on to it until
 * its standard input is closed.
 *
 *     node test/database/embedded-process.ts DATA_DIR
 */
import { once } from 'node:events'
import { startEmbedded } from '../../src/database/embedded.ts'

const database = await startEmbedded({ dataDir: process.argv[2] ?? '', settings: { fsync: 'off' } })
const { adminUrl, port, startedHere } = database
process.stdout.write(`${JSON.stringify({ adminUrl, port, startedHere })}\n`)

process.stdin.resume()
await once(process.stdin, 'end')
await database.stop()
