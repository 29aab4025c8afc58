/**
 * What can be seen in the text of a file, line by line, and that no other tool looks at.
 *
 *     node checks/text.ts [FOLDER]
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, resolve } from 'node:path'

interface Rule {
  name: string
  files: RegExp
  except?: RegExp
  /** Changes the text, line for line, before the pattern is looked for. */
  prepare?: (text: string) => string
  pattern: RegExp
}

const skipped = /^(?:node_modules|\.git|\.data|coverage)$/

const rules: Rule[] = [
  { name: 'nothing is left to do', files: /./, pattern: /\b(?:TO[D]O|FIX[M]E|X[X]X)\b/ },
  {
    name: 'no address of a package registry',
    files: /./,
    pattern: /\b(?:registry[.](?:npmjs|yarnpkg|npmmirror)[.]|npm[.]pkg[.]github|"resolved": "http)/,
  },
  {
    name: 'no test is left out, and none is run alone',
    files: /^(?:test|bench)\/.*\.ts$/,
    pattern: /\b(?:it|test|describe)[.](?:only|skip|todo)\b|\b(?:fit|xit|fdescribe|xdescribe|xtest)[(]/,
  },
  {
    name: 'only a layout prints raw, and only its body',
    files: /\.hbs$/,
    prepare: (text) => text.replaceAll('{{{body}}}', ''),
    pattern: /\{\{\{|\{\{~?&/,
  },
  {
    name: 'the body is printed raw by a layout only',
    files: /\.hbs$/,
    except: /^(?:bench\/)?views\/layouts\//,
    pattern: /\{\{\{body/,
  },
  { name: 'attributes are quoted', files: /\.hbs$/, prepare: unquotedTags, pattern: /<[a-z][^<>]*=(?!"")/i },
  {
    name: 'no script, style or event handler inside a page',
    files: /\.hbs$/,
    prepare: unquotedTags,
    pattern: /<script(?![^<>]*\ssrc="")|<style\b|<[a-z][^<>]*\s(?:on[a-z]+|style)=/i,
  },
  {
    name: 'text is marked safe by the views module only',
    files: /^src\/.*\.ts$/,
    except: /^src\/web\/views\.ts$/,
    pattern: /\bSafeString\b/,
  },
  {
    name: 'what a caller sent is never spread',
    files: /^src\/.*\.ts$/,
    pattern: /\.\.\.\s*req\.(?:body|query|params)\b/,
  },
  {
    name: 'rules, forms, presenters and queries are told the time',
    files: /^src\/.*\b(?:rules|form|presenter|queries)(?:\.ts$|\/)/,
    pattern: /\bnew Date\(\)|\bDate\.now\(|\bDateTime\.(?:now|local|utc)\(\)/,
  },
  {
    name: 'PostgreSQL is told the time',
    files: /^src\/.*\b(?:queries|actions)(?:\.ts$|\/)/,
    pattern: /(?<![.\w])now\(\)|\b(?:current_date|current_timestamp|clock_timestamp|localtimestamp)\b/i,
  },
]

const root = resolve(process.argv[2] ?? '.')
const files = listFiles(root)
const problems = files.flatMap((file) => readProblems(file))

for (const problem of problems) console.error(problem)
console.log(`${files.length} files read, ${problems.length} problems`)
process.exitCode = problems.length > 0 || files.length === 0 ? 1 : 0

function listFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (skipped.test(entry.name)) return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return listFiles(path)
    return entry.isFile() ? [relative(root, path)] : []
  })
}

function readProblems(file: string): string[] {
  const wanted = rules.filter((rule) => rule.files.test(file) && !rule.except?.test(file))
  const text = readFileSync(join(root, file), 'utf8')
  if (text.includes('\0')) return []

  return wanted.flatMap(({ name, pattern, prepare }) => {
    const lines = (prepare ? prepare(text) : text).split('\n')
    return lines.flatMap((line, index) => (pattern.test(line) ? [`${file}:${index + 1}: ${name}`] : []))
  })
}

/**
 * The tags of a view, each on one line where it began, without what is quoted: `<a href="{{x}}" id={{y}}>` becomes
 * `<a href="" id=_>`. Whatever Handlebars prints between the tags is gone.
 */
function unquotedTags(text: string): string {
  const noComments = text.replace(/\{\{!--[\s\S]*?--\}\}|\{\{![\s\S]*?\}\}|<!--[\s\S]*?-->/g, onlyLineEnds)
  const noMustaches = noComments.replace(/\{\{\{?[\s\S]*?\}\}\}?/g, (found) => `_${onlyLineEnds(found)}`)
  return noMustaches.replace(/<[a-z][^<>"']*(?:"[^"]*"[^<>"']*|'[^']*'[^<>"']*)*>/gi, (tag) => {
    return tag.replace(/"[^"]*"|'[^']*'/g, '""').replaceAll('\n', ' ') + onlyLineEnds(tag)
  })
}

function onlyLineEnds(text: string): string {
  return text.replace(/[^\n]/g, '')
}
