import { formatDate } from '../lib/dates.ts'
import type { AccessRequest } from './queries.ts'
import { type CopyColumn, type CopyRow, type CopySection, type Decided, itemId } from './rules.ts'
import { valueLines } from './words-rules.ts'

/** A copy as it is given: what every part says, in words, and the same for a program. */
export interface Copy {
  title: string
  made: string
  parts: CopyPart[]
}

export interface CopyPart {
  id: string
  title: string
  intro: string
  entries: CopyEntry[]
}

export interface CopyEntry {
  lines: { label: string; lines: string[]; isLeftOut: boolean }[]
}

export interface CopyShown {
  request: AccessRequest
  organisationName: string
  sections: CopySection[]
  decided: ReadonlyMap<string, Decided>
  today: string
}

/**
 * Puts a copy together. What is about somebody else says that it was left out; what would do harm is not there at all, since
 * to say so could do it too.
 */
export function presentCopy({ request, organisationName, sections, decided, today }: CopyShown): Copy {
  return {
    title: `What ${organisationName} keeps about ${request.name}`,
    made: `Made on ${formatDate(today)}, for a request of ${formatDate(request.received_on)}.`,
    parts: sections.flatMap((section) => {
      const entries = section.rows.flatMap((row) => entryOf(section, row, decided))
      return entries.length === 0 ? [] : [{ id: section.table, title: section.title, intro: section.intro, entries }]
    }),
  }
}

function entryOf(section: CopySection, row: CopyRow, decided: CopyShown['decided']): CopyEntry[] {
  const lines = section.columns.flatMap((column) => lineOf(section, row, column, decided))
  if (lines.length === 0) return []
  return [{ lines }]
}

function lineOf({ table }: CopySection, { key, values }: CopyRow, column: CopyColumn, decided: CopyShown['decided']) {
  const { name, label, as, isReviewed } = column
  const lines = valueLines(values[name], as, values)
  if (lines.length === 0) return []
  const decision = isReviewed ? decided.get(itemId(table, key, name))?.decision : 'give'
  if (decision === 'give') return [{ label, lines, isLeftOut: false }]
  if (decision !== 'third-party') return []
  return [{ label, lines: ['Left out, because it is about somebody else'], isLeftOut: true }]
}

/** The same as JSON: each part with its rows, by the labels a person reads. */
export function copyAsJson(copy: Copy): string {
  const parts = copy.parts.map(({ title, intro, entries }) => ({
    title,
    intro,
    entries: entries.map(({ lines }) => lines.map((line) => ({ label: line.label, value: line.lines.join('\n') }))),
  }))
  return `${JSON.stringify({ title: copy.title, made: copy.made, parts }, null, 2)}\n`
}

/** A page by itself, which any browser opens with no connection, and which prints well. */
export function copyAsHtml(copy: Copy): string {
  const contents = copy.parts.map(({ id, title }) => `<li><a href="#${asText(id)}">${asText(title)}</a></li>`)
  return `<!DOCTYPE html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${asText(copy.title)}</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${asText(copy.title)}</h1>
<p>${asText(copy.made)}</p>
${INTRO.map((text) => `<p>${asText(text)}</p>`).join('\n')}
<h2>What is in it</h2>
<ol>
${contents.join('\n')}
</ol>
${copy.parts.map(partAsHtml).join('\n')}
</main>
</body>
</html>
`
}

const INTRO = [
  'You have the right to a copy of what is kept about you. This is everything that the service for digital inclusion loans keeps, part by part. The file “data.json” has the same for a computer.',
  'The law lets us leave some things out: what is about somebody else who did not agree, and what would do serious harm. Numbers that only join one part to another are not in it.',
  'If something is wrong, tell us and we will put it right. If you are not content with this answer, ask for information governance, or complain to the Information Commissioner’s Office: ico.org.uk, or 0303 123 1113.',
  'This is private. Keep it where nobody else reads it, or ask us to keep it for you.',
]

const STYLE =
  'body{font:1.1rem/1.5 Arial,sans-serif;color:#212b32;margin:0;padding:1rem}main{max-width:44rem;margin:auto}' +
  'h2{border-top:2px solid #005eb8;padding-top:1rem;margin-top:2.5rem}dl{margin:0 0 1.5rem;padding:0 0 .5rem;border-bottom:1px solid #d8dde0}' +
  'dt{font-weight:bold}dd{margin:0 0 .6rem}.left-out{font-style:italic}@media print{h2{break-after:avoid}dl{break-inside:avoid}}'

function partAsHtml({ id, title, intro, entries }: CopyPart): string {
  return `<section id="${asText(id)}">
<h2>${asText(title)}</h2>
<p>${asText(intro)}</p>
${entries.map(entryAsHtml).join('\n')}
</section>`
}

function entryAsHtml({ lines }: CopyEntry): string {
  const items = lines.map(({ label, lines: texts, isLeftOut }) => {
    const text = texts.map(asText).join('<br>')
    return `<dt>${asText(label)}</dt><dd${isLeftOut ? ' class="left-out"' : ''}>${text}</dd>`
  })
  return `<dl>${items.join('')}</dl>`
}

function asText(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
