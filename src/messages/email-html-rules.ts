import { escapeHtml } from '../lib/html.ts'
/** A line of an email as it is shown: words, and links that lead where they say. */
export type EmailLine = { text: string; href?: string }[]

/** The paragraphs of an email, each in its lines. The page that goes out and the preview of it are both made of these. */
export function paragraphsOf(body: string): EmailLine[][] {
  return body
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => paragraph.split('\n').map(piecesOf))
}

function piecesOf(line: string): EmailLine {
  return line
    .split(/(https?:\/\/[^\s<>"]+)/)
    .filter((piece) => piece !== '')
    .map((text) => (/^https?:\/\//.test(text) ? { text, href: text } : { text }))
}

/** The same words for those who read mail as a page: no picture, no link of its own, nothing that tells who opened it. */
export function asHtml(body: string): string {
  const html = paragraphsOf(body)
    .map((lines) => `<p>${lines.map((line) => line.map(asMarkup).join('')).join('<br>')}</p>`)
    .join('')
  return `<!doctype html><html lang="en"><meta charset="utf-8"><body style="font: 1.1em/1.5 sans-serif">${html}</body></html>`
}

function asMarkup({ text, href }: EmailLine[number]): string {
  return href === undefined ? escapeHtml(text) : `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`
}
