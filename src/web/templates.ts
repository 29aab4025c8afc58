import { compileFunction } from 'node:vm'
import Handlebars from 'handlebars'

type Expression = hbs.AST.Expression
export type Helpers = Record<string, (...values: unknown[]) => unknown>
export type Show = (view: string, root: object) => string

/**
 * Makes one function of each Handlebars template. Handlebars reads them; only the code they become is ours. What it makes
 * itself builds an object and several closures for every `{{#if}}` it meets, which was most of the time of a list of 50
 * rows: 1.04 ms a page, and 0.25 ms so. It knows what views/components/README.md allows and refuses everything else.
 */
export function compileTemplates(sources: ReadonlyMap<string, string>, helpers: Helpers): Show {
  const known = { views: new Set(sources.keys()), helpers: new Set(Object.keys(helpers)) }
  const functions = [...sources].map(
    ([name, source]) => `${JSON.stringify(name)}: ${writeTemplate(name, source, known)}`,
  )
  const code = `const { escape, get, isFilled, listOf } = runtime\nconst views = {\n${functions.join(',\n')}\n}\nreturn views`
  const make = compileFunction(code, ['runtime', 'helpers'], { filename: 'views' })
  const views = make(runtime, { ...helpers, lookup: runtime.get }) as Record<
    string,
    (context: object, root: object) => string
  >
  return (view, root) => {
    const show = views[view]
    if (show === undefined) throw new Error(`There is no view ${view}`)
    return show(root, root)
  }
}

const runtime = {
  /** A value of the model's own; what every object or text inherits is none. */
  get: (from: unknown, name: string): unknown =>
    typeof from === 'object' && from !== null && Object.hasOwn(from, name)
      ? (from as Record<string, unknown>)[name]
      : undefined,
  /** As Handlebars has it: an empty list counts as nothing. */
  isFilled: (value: unknown): boolean => Boolean(value) && !(Array.isArray(value) && value.length === 0),
  listOf(value: unknown): unknown[] {
    if (value === undefined || value === null || Array.isArray(value)) return (value as unknown[] | null) ?? []
    throw new Error('A view goes through lists and nothing else')
  },
  escape: (value: unknown): string =>
    typeof value === 'string' && !/[&<>"'`=]/.test(value) ? value : Handlebars.escapeExpression(value as string),
}

interface Known {
  views: Set<string>
  helpers: Set<string>
}

/** Where a name is looked up: the JavaScript variable that holds the context, and what loops around it have named. */
interface Scope {
  context: string
  outer?: Scope
  index?: string
  list?: string
  named: Record<string, string>
}

function writeTemplate(name: string, source: string, known: Known): string {
  let variables = 0
  function newVariable(word: string): string {
    variables += 1
    return `${word}${variables}`
  }

  function refuse(what: string): never {
    throw new Error(`The view ${name}: ${what}`)
  }

  function statements({ body }: hbs.AST.Program, scope: Scope): string {
    return body.map((statement) => writeStatement(statement, scope)).join('\n')
  }

  function writeStatement(statement: hbs.AST.Statement, scope: Scope): string {
    switch (statement.type) {
      case 'ContentStatement':
        return print(JSON.stringify((statement as hbs.AST.ContentStatement).value))
      case 'CommentStatement':
        return ''
      case 'MustacheStatement':
        return writeMustache(statement as hbs.AST.MustacheStatement, scope)
      case 'BlockStatement':
        return writeBlock(statement as hbs.AST.BlockStatement, scope)
      case 'PartialStatement':
        return writePartial(statement as hbs.AST.PartialStatement, 'undefined', scope)
      case 'PartialBlockStatement':
        return writeContainer(statement as hbs.AST.PartialBlockStatement, scope)
      default:
        return refuse(`${statement.type} is not known here`)
    }
  }

  function writeMustache({ path, params, hash, escaped }: hbs.AST.MustacheStatement, scope: Scope): string {
    const value =
      params.length > 0 || hash ? call(path as hbs.AST.PathExpression, params, hash, scope) : write(path, scope)
    return print(escaped ? `escape(${value})` : `(${value} ?? '')`)
  }

  function writeBlock({ path, params, hash, program, inverse }: hbs.AST.BlockStatement, scope: Scope): string {
    const [subject] = params
    if (params.length !== 1 || subject === undefined) refuse(`{{#${path.original}}} is about one thing`)
    const value = write(subject, scope)
    const countsZero = hash?.pairs.some(({ key }) => key === 'includeZero')
    const otherwise = inverse ? ` else {\n${statements(inverse, scope)}\n}` : ''
    if (path.original === 'if')
      return `if (isFilled(${value})${countsZero ? ` || ${value} === 0` : ''}) {\n${statements(program, scope)}\n}${otherwise}`
    if (path.original === 'unless') return `if (!isFilled(${value})) {\n${statements(program, scope)}\n}${otherwise}`
    if (path.original === 'each') return writeEach(value, program, otherwise, scope)
    if (path.original !== 'with') refuse(`{{#${path.original}}} is not known here`)
    const context = newVariable('context')
    const inner = { context, outer: scope, named: namedBy(program, [context]) }
    return `const ${context} = ${value}\nif (isFilled(${context})) {\n${statements(program, inner)}\n}${otherwise}`
  }

  function writeEach(value: string, program: hbs.AST.Program, otherwise: string, scope: Scope): string {
    const [list, index, context] = [newVariable('list'), newVariable('index'), newVariable('context')]
    const inner = { context, outer: scope, index, list, named: namedBy(program, [context, index]) }
    return `const ${list} = listOf(${value})
if (${list}.length > 0) {
for (let ${index} = 0; ${index} < ${list}.length; ${index} += 1) {
const ${context} = ${list}[${index}]
${statements(program, inner)}
}
}${otherwise}`
  }

  function namedBy({ blockParams = [] }: hbs.AST.Program, values: string[]): Record<string, string> {
    return Object.fromEntries(blockParams.map((param, at) => [param, values[at] ?? 'undefined']))
  }

  /** A partial sees what it is given and nothing of what surrounds it. */
  function writePartial(
    { name: partial, params, hash, indent }: hbs.AST.PartialStatement,
    block: string,
    scope: Scope,
  ) {
    const { original } = partial as hbs.AST.PathExpression
    const [given] = params
    const values = hash?.pairs.map(({ key, value }) => `${JSON.stringify(key)}: ${write(value, scope)}`) ?? []
    const context =
      given && values.length === 0
        ? write(given, scope)
        : `{ ${[...(given ? [`...${write(given, scope)}`] : []), ...values].join(', ')} }`
    if (original !== '@partial-block' && !known.views.has(original)) refuse(`there is no ${original} to put in`)
    const shown =
      original === '@partial-block'
        ? `(block === undefined ? '' : block(${context}))`
        : `views[${JSON.stringify(original)}](${context}, root, ${block})`
    return `${indent ? `${print(JSON.stringify(indent))}\n` : ''}${print(shown)}`
  }

  /** What stands inside a container is made where the container shows it, with what it is shown with. */
  function writeContainer(statement: hbs.AST.PartialBlockStatement, scope: Scope): string {
    const context = newVariable('context')
    const content = `(${context}) => {\nlet out = ''\n${statements(statement.program, { context, outer: scope, named: {} })}\nreturn out\n}`
    return writePartial(
      { ...statement, type: 'PartialStatement', indent: '', strip: statement.openStrip },
      content,
      scope,
    )
  }

  function write(expression: Expression, scope: Scope): string {
    switch (expression.type) {
      case 'StringLiteral':
      case 'NumberLiteral':
      case 'BooleanLiteral':
        return JSON.stringify((expression as hbs.AST.StringLiteral).value)
      case 'SubExpression': {
        const { path, params, hash } = expression as hbs.AST.SubExpression
        return call(path, params, hash, scope)
      }
      case 'PathExpression':
        return writePath(expression as hbs.AST.PathExpression, scope)
      default:
        return refuse(`${expression.type} is not known here`)
    }
  }

  function call({ original }: hbs.AST.PathExpression, params: Expression[], hash: hbs.AST.Hash, scope: Scope): string {
    if (hash || !(known.helpers.has(original) || original === 'lookup')) refuse(`{{${original}}} is no helper`)
    return `helpers.${original}(${params.map((param) => write(param, scope)).join(', ')})`
  }

  function writePath({ data, depth, parts, original }: hbs.AST.PathExpression, scope: Scope): string {
    const [first = '', ...rest] = parts
    if (data) return propertiesOf(dataOf(first, scope), rest)
    if (depth === 0 && !/^this\b|^\./.test(original)) {
      const named = nameIn(first, scope)
      if (named !== undefined) return propertiesOf(named, rest)
    }
    let around: Scope | undefined = scope
    for (let level = 0; level < depth; level += 1) around = around?.outer
    return propertiesOf(around?.context ?? 'undefined', parts)
  }

  function dataOf(word: string, scope: Scope): string {
    if (word === 'root') return 'root'
    const loop = loopAround(scope)
    if (loop === undefined) return 'undefined'
    if (word === 'index') return `${loop.index}`
    if (word === 'first') return `(${loop.index} === 0)`
    if (word === 'last') return `(${loop.index} === ${loop.list}.length - 1)`
    return refuse(`@${word} is not known here`)
  }

  const print = (value: string) => `out += ${value}`
  const root: Scope = { context: 'context', named: {} }
  const body = statements(Handlebars.parse(source.trim()), root)
  return `(context, root, block) => {\nlet out = ''\n${body}\nreturn out\n}`
}

function propertiesOf(value: string, names: string[]): string {
  return names.reduce((from, name) => `get(${from}, ${JSON.stringify(name)})`, value)
}

function nameIn(name: string, scope: Scope | undefined): string | undefined {
  if (scope === undefined) return undefined
  return Object.hasOwn(scope.named, name) ? scope.named[name] : nameIn(name, scope.outer)
}

function loopAround(scope: Scope | undefined): Scope | undefined {
  return scope === undefined || scope.index !== undefined ? scope : loopAround(scope.outer)
}
