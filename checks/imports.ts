/**
 * Who imports whom: the rules of `.dependency-cruiser.js`, applied to every TypeScript file of ours.
 *
 * A tool that found no parser reads nothing, and finds nothing wrong. So this also fails when a file was not read, or
 * when a file that has imports was read as having none.
 *
 *     node checks/imports.ts [FOLDER]
 */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { cruise, type ICruiseOptions, type ICruiseResult } from 'dependency-cruiser'
import readOptions from 'dependency-cruiser/config-utl/extract-depcruise-options'

const folders = ['src', 'seeds', 'migrations', 'test', 'bench', 'checks']

const root = resolve(process.argv[2] ?? '.')
const options = await readOptions(fileURLToPath(new URL('../.dependency-cruiser.js', import.meta.url)))
const result = await readImports(options)
const written = globSync(`{${folders.join(',')}}/**/*.ts`, { cwd: root })
const problems = [...unreadFiles(result, written), ...brokenRules(result, options)]
if (written.length === 0) problems.push('There is no TypeScript file here: nothing was checked')

for (const problem of problems) console.error(problem)
console.log(`${written.length} files read, ${problems.length} problems`)
process.exitCode = problems.length > 0 ? 1 : 0

async function readImports(cruiseOptions: ICruiseOptions): Promise<ICruiseResult> {
  const present = folders.filter((folder) => existsSync(join(root, folder)))
  const { output } = await cruise(present, { ...cruiseOptions, baseDir: root })
  if (typeof output === 'string') throw new Error('The import checker answered with text, not with modules')
  return output
}

function unreadFiles({ modules }: ICruiseResult, files: string[]): string[] {
  const imports = new Map(modules.map((module) => [module.source, module.dependencies.length]))
  return files.flatMap((file) => {
    if (!imports.has(file)) return [`${file}: was not read`]
    if (imports.get(file) === 0 && hasImports(file)) return [`${file}: its imports were not read`]
    return []
  })
}

function hasImports(file: string): boolean {
  return /^(?:import\b|export\b[^='"\n]*\bfrom\b)[^'"\n]*['"]/m.test(readFileSync(join(root, file), 'utf8'))
}

function brokenRules({ summary }: ICruiseResult, { ruleSet }: ICruiseOptions): string[] {
  const comments = new Map(ruleSet?.forbidden?.map((rule) => [rule.name, rule.comment]))
  return summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle ? [from, ...cycle.map((step) => step.name)].join(' → ') : `${from} → ${to}`
    return `${rule.name === 'no-orphans' ? to : path}: ${rule.name}: ${comments.get(rule.name)}`
  })
}
