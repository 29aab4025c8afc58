// npm run css builds public/app.css; npm run css -- --check says whether it is what the sources give.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { compile } from 'sass'

const pathOf = (relative) => fileURLToPath(new URL(relative, import.meta.url))
const target = pathOf('../public/app.css')

const { css } = compile(pathOf('app.scss'), {
  loadPaths: [pathOf('.'), pathOf('../node_modules')],
  style: 'compressed',
  charset: false,
  quietDeps: true,
})
const built = `${css}\n`

if (!process.argv.includes('--check')) {
  writeFileSync(target, built)
} else if (readFileSync(target, 'utf8') !== built) {
  process.stderr.write('public/app.css is not what styles/ gives. Run: npm run css\n')
  process.exitCode = 1
}
