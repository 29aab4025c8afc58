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
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import rules from '../.dependency-cruiser.js'

const folders = ['src', 'seeds', 'migrations', 'test', 'bench', 'checks']

const root = resolve(process.argv[2] ?? '.')
const result = await readImports(root)
const written = globSync(`{${folders.join(',')}}/**/*.ts`, { cwd: root })
const problems = [...unreadFiles(result, written), ...brokenRules(result)]

for (const problem of problems) console.error(problem)
console.log(`${written.length} files read, ${problems.length} problems`)
if (written.length === 0) console.error('There is no TypeScript file here: nothing was checked')
process.exitCode = problems.length > 0 || written.length === 0 ? 1 : 0

async function readImports(baseDir: string): Promise<ICruiseResult> {
  const present = folders.filter((folder) => existsSync(join(baseDir, folder)))
  const options = { ...rules.options, baseDir, validate: true, ruleSet: { forbidden: rules.forbidden } }
  const { output } = await cruise(present, options)
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
  return /^(?:import\b|export\b.*\bfrom\b)[^'"\n]*['"]/m.test(readFileSync(join(root, file), 'utf8'))
}

function brokenRules({ summary }: ICruiseResult): string[] {
  const comments = new Map(rules.forbidden.map((rule) => [rule.name, rule.comment]))
  return summary.violations.map(({ from, to, rule, cycle }) => {
    const path = cycle ? [from, ...cycle.map((step) => step.name)].join(' → ') : `${from} → ${to}`
    return `${rule.name === 'no-orphans' ? to : path}: ${rule.name}: ${comments.get(rule.name)}`
  })
}
