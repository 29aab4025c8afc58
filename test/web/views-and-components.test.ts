import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from '@jest/globals'
import Handlebars from 'handlebars'

type Node = { type: string } & Record<string, unknown>
type PartialCall = Node & { name: { original: string }; hash?: { pairs: { key: string }[] } }

/** Every node of a template, whatever it stands in. */
function* nodesOf(value: unknown): Generator<Node> {
  if (Array.isArray(value)) for (const each of value) yield* nodesOf(each)
  else if (value && typeof value === 'object') {
    if ('type' in value) yield value as Node
    yield* nodesOf(Object.values(value))
  }
}

const parsed = (path: string) => [...nodesOf(Handlebars.parse(readFileSync(path, 'utf8')))]
const nameOf = (path: string) => path.replace(/^views\//, '').replace(/\.hbs$/, '')
const callsIn = (nodes: Node[]) => nodes.filter(({ type }) => type.startsWith('Partial')) as unknown as PartialCall[]
const isContainer = (nodes: Node[]) => callsIn(nodes).some((call) => call.name.original === '@partial-block')
/** A box of one sentence is given `text` in place of content. */
const maySayText = (call: PartialCall, nodes: Node[]) =>
  readBy(nodes).has('text') && (call.hash?.pairs ?? []).some(({ key }) => key === 'text')
const readBy = (nodes: Node[]) =>
  new Set(nodes.filter(({ type }) => type === 'PathExpression').map(({ parts }) => String((parts as unknown[])[0])))

const templates = new Map(globSync('views/**/*.hbs').map((path) => [nameOf(path), parsed(path)]))

/** What a partial can be told: every name it reads, also through the partials it hands itself on to. */
function namesTakenBy(name: string, seen = new Set<string>()): Set<string> {
  const nodes = templates.get(name) ?? []
  seen.add(name)
  const handedOn = callsIn(nodes)
    .map((call) => call.name.original)
    .filter((other) => !seen.has(other))
    .flatMap((other) => [...namesTakenBy(other, seen)])
  return new Set([...readBy(nodes), ...handedOn])
}

describe.each([...templates])('the view %s', (_name, nodes) => {
  const calls = callsIn(nodes).filter((call) => call.name.original !== '@partial-block')

  it('uses partials that are there, and gives content to those that show it and to no other', () => {
    for (const call of calls) {
      const used = templates.get(call.name.original)
      expect([call.name.original, used !== undefined]).toEqual([call.name.original, true])
      const hasContent = call.type === 'PartialBlockStatement'
      if (hasContent !== isContainer(used ?? []))
        expect([call.name.original, hasContent, maySayText(call, used ?? [])]).toEqual([
          call.name.original,
          false,
          true,
        ])
    }
  })

  it('gives each partial only what it knows', () => {
    const unknown = calls.flatMap((call) =>
      (call.hash?.pairs ?? [])
        .filter(({ key }) => !namesTakenBy(call.name.original).has(key))
        .map(({ key }) => `${call.name.original} knows no "${key}"`),
    )
    expect(unknown).toEqual([])
  })
})

describe('what a template may do', () => {
  it('is never to print HTML as it comes, but for the body in a layout', () => {
    const raw = [...templates].flatMap(([name, nodes]) =>
      nodes.filter((node) => node.type === 'MustacheStatement' && node.escaped === false).map(() => name),
    )
    expect(raw.sort()).toEqual(['layouts/main', 'layouts/print'])
  })

  it.each(globSync('views/**/*.hbs'))('is to quote every attribute, with no style or script of its own: %s', (path) => {
    const source = readFileSync(path, 'utf8').replace(/\{\{!--[\s\S]*?--\}\}/g, '')
    expect(source).not.toMatch(/=\{\{|\sstyle="|\son[a-z]+="|<script>|<style/)
  })
})

describe('the style sheet', () => {
  it('has every class of our own that a view uses', () => {
    const css = readFileSync('public/app.css', 'utf8')
    const used = globSync('views/**/*.hbs').flatMap((path) => readFileSync(path, 'utf8').match(/\bapp-[a-z_-]+/g) ?? [])
    expect([...new Set(used)].filter((name) => !css.includes(`.${name}`))).toEqual([])
  })
})
