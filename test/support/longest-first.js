import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

const { default: Sequencer } = createRequire(import.meta.url)('@jest/test-sequencer')

/**
 * The files that take longest. They begin first, so that no processor is left with one of them when the others are done;
 * jest knows how long a file takes only where it ran before, and goes by its size elsewhere.
 */
const longest = [
  'browser/pages',
  'security/routes',
  'security/input',
  'security/forms',
  'model/model',
  'browser/journey',
  'web/audit',
  'database/backup',
  'database/migrations',
  'security/caseload',
  'web/starting-and-stopping',
  'imports/command',
  'seeds/demo',
  'stock-checks/pages',
  'browser/components',
  'bench/bench',
].map((name) => fileURLToPath(new URL(`../${name}.test.ts`, import.meta.url)))

const gone = longest.filter((path) => !existsSync(path))
if (gone.length > 0) throw new Error(`Among the longest tests, and gone: ${gone.join(', ')}`)

// biome-ignore lint/style/noDefaultExport: jest takes the default export
export default class LongestFirst extends Sequencer {
  sort(tests) {
    const place = ({ path }) => (longest.includes(path) ? longest.indexOf(path) : longest.length)
    return super.sort(tests).sort((one, other) => place(one) - place(other))
  }
}
