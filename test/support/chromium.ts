import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/**
 * A Chromium for any Linux machine, taken from the packages that `npm ci` brings: the browser, the libraries that a
 * small system lacks, and a font, so that a page is as wide on one machine as on the next.
 */
export interface Chromium {
  executablePath: string
  env: Record<string, string>
}

const require = createRequire(import.meta.url)

export function findChromium(): Chromium {
  const own = process.env.CHROMIUM_PATH
  if (own) return { executablePath: own, env: {} }

  const folder = unpackOnce()
  const executablePath = join(folder, 'chromium')
  const fonts = { FONTCONFIG_FILE: join(folder, 'fonts.conf') }
  const libraries = {
    LD_LIBRARY_PATH: [join(folder, 'al2023/lib'), process.env.LD_LIBRARY_PATH].filter(Boolean).join(':'),
  }

  // The system's own libraries are the better ones where there are any.
  if (starts(executablePath, {})) return { executablePath, env: fonts }
  if (starts(executablePath, libraries)) return { executablePath, env: { ...fonts, ...libraries } }
  throw new Error(
    'The Chromium that npm installed does not start on this machine. Install one and name it in CHROMIUM_PATH.',
  )
}

function starts(executablePath: string, env: Record<string, string>): boolean {
  return spawnSync(executablePath, ['--version'], { env: { ...process.env, ...env } }).status === 0
}

/**
 * Unpacks beside the packages, once for each version of them. Two test processes may do it at once: each works in a
 * folder of its own, and the first to be ready gives it its name.
 */
function unpackOnce(): string {
  const packed = join(dirname(require.resolve('@sparticuz/chromium')), '..')
  const { version } = require(join(packed, 'package.json')) as { version: string }
  const cache = join(packed, '../../.cache')
  const folder = join(cache, `chromium-${version}`)
  if (existsSync(folder)) return folder

  mkdirSync(cache, { recursive: true })
  const working = mkdtempSync(`${folder}-`)
  try {
    for (const file of ['chromium.br', 'al2023.tar.br', 'fonts.tar.br']) inflate(join(packed, 'bin', file), working)
    writeFileSync(join(working, 'fonts.conf'), fontSettings(folder))
    renameSync(working, folder)
  } catch (error) {
    rmSync(working, { recursive: true, force: true })
    if (!existsSync(folder)) throw error
  }
  return folder
}

/** The package unpacks to the system's temporary folder and nowhere else: so another process is told that it is ours. */
function inflate(file: string, folder: string): void {
  const script = `import { inflate } from '@sparticuz/chromium'; await inflate(${JSON.stringify(file)})`
  const { status, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    env: { ...process.env, TMPDIR: folder },
    encoding: 'utf8',
  })
  if (status !== 0) throw new Error(`${file} could not be unpacked: ${stderr}`)
}

/** Only the font that the package carries, whatever the page or the machine prefers. */
function fontSettings(folder: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`
}
