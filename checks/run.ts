/**
 * Every check of package.json (`check:…`), one after the other, each to its end: one line a check, and what it said
 * when it failed. A check that cannot be made on this machine leaves with NOT_HERE and is not counted.
 *
 *     npm run check [-- --report FILE]      FILE gets {"passed": N, "failed": N}
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

/** What test runners have long used to say "skipped". */
const NOT_HERE = 77

const { values } = parseArgs({ options: { report: { type: 'string' } } })
const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
const counted = { passed: 0, failed: 0 }

for (const script of Object.keys(scripts)) {
  if (!script.startsWith('check:')) continue
  const result = runCheck(script)
  console.log(`${result.word.padEnd(8)} ${script.slice('check:'.length).padEnd(14)} ${result.seconds.toFixed(1)} s`)
  if (result.word === 'failed') console.log(result.output.replace(/^(?=.)/gm, '    '))
  if (result.word === 'not here') console.log(`    ${result.output.trim()}`)
  else counted[result.word] += 1
}

console.log(`${counted.passed} checks passed, ${counted.failed} failed`)
if (values.report) writeFileSync(values.report, JSON.stringify(counted))
process.exitCode = counted.failed > 0 || counted.passed === 0 ? 1 : 0

function runCheck(script: string): { word: 'passed' | 'failed' | 'not here'; seconds: number; output: string } {
  const start = performance.now()
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', script], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  })
  const word = status === 0 ? 'passed' : status === NOT_HERE ? 'not here' : 'failed'
  return { word, seconds: (performance.now() - start) / 1000, output: stdout + stderr }
}
