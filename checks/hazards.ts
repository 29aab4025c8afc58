/**
 * The hazard log as far as a program can judge it: every hazard says everything, its ratings are those of the matrix, what is
 * left is accepted, and every test that is named exists.
 *
 *     node checks/hazards.ts [FILE [FOLDER]]
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const [file = 'docs/hazards.md', folder = 'test'] = process.argv.slice(2)
const parts = ['Cause', 'Effect', 'Before', 'Control', 'After', 'Shown by'] as const

const [opening = '', ...sections] = readFileSync(file, 'utf8').split(/^## /m)
const matrix = readMatrix(opening)
const problems = sections.flatMap((section) => problemsOf(section))
const numbers = sections.map((section) => /^H(\d+)\. /.exec(section)?.[1])
if (numbers.some((number, at) => number !== String(at + 1))) problems.push('Hazards are numbered H1, H2 and so on')

for (const problem of problems) console.error(problem)
console.log(`${sections.length} hazards read, ${problems.length} problems`)
process.exitCode = problems.length > 0 || sections.length === 0 ? 1 : 0

/** The rating by severity and likelihood, as the log itself prints it. */
function readMatrix(text: string): Map<string, number> {
  const rows = text
    .split('\n')
    .filter((line) => line.startsWith('|') && !line.startsWith('|-'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const [heading = [], ...lines] = rows
  const cells = lines.flatMap((line) =>
    line.slice(2, -1).map((cell, at) => [`${heading[at + 2]} × ${line[1]}`, Number(cell)] as const),
  )
  return new Map(cells)
}

function problemsOf(section: string): string[] {
  const name = section.slice(0, section.indexOf('\n'))
  const said = new Map(parts.map((part) => [part, textOf(section, part)]))
  const missing = parts.filter((part) => !said.get(part)).map((part) => `${name}: ${part} is missing`)
  const before = ratingOf(said.get('Before') ?? '')
  const after = ratingOf(said.get('After') ?? '')
  const rated = [
    ...(before === null || after === null ? [`${name}: a rating is not that of the matrix`] : []),
    ...(after !== null && after > 3 ? [`${name}: what is left is not accepted`] : []),
    ...(before !== null && after !== null && after > before ? [`${name}: the control makes it worse`] : []),
  ]
  return [...missing, ...rated, ...missingTests(said.get('Shown by') ?? '').map((test) => `${name}: ${test}`)]
}

/** What stands after the part's name, to the end of its item. */
function textOf(section: string, part: string): string {
  return new RegExp(`^- \\*\\*${part}\\*\\*: ([\\s\\S]*?)(?=^- |^$)`, 'm').exec(`${section}\n\n`)?.[1]?.trim() ?? ''
}

function ratingOf(text: string): number | null {
  const [, cell = '', rating] = /^(.+ × .+) = ([1-5])$/.exec(text) ?? []
  return matrix.get(cell) === Number(rating) ? Number(rating) : null
}

function missingTests(text: string): string[] {
  const named = [...text.matchAll(/`([\w/-]+)` "([^"]+)"/g)]
  if (named.length === 0) return ['names no test']
  return named.flatMap(([, path = '', title = '']) => {
    const found = [`${path}.test.ts`, `${path}.fault.ts`]
      .map((end) => join(folder, end))
      .find((each) => existsSync(each))
    if (found === undefined) return [`there is no test ${path}`]
    return titlesIn(found).some((each) => each.includes(title)) ? [] : [`${path} has no test "${title}"`]
  })
}

/** Names of tests and of groups of them, and the rows of tables of tests: the texts that a run would print. */
function titlesIn(path: string): string[] {
  const lines = readFileSync(path, 'utf8').split('\n')
  return lines.filter((line) => /^\s*(?:it|describe)\b|^\s*(?:\]\)\()?\(?['"`[]/.test(line) || /\]\)\(/.test(line))
}
