import Handlebars from 'handlebars'
import type { TableCell, TableColumn, TableRow } from '../lib/view-model.ts'

const escaped = Handlebars.escapeExpression

/**
 * The rows of `components/data-table`, with every text in them escaped. The one piece of markup that is not in a view: a list has two hundred cells with
 * half a dozen conditions each, and asking Handlebars about them took as long as all the rest of the page.
 */
export function tableRows(rows: TableRow[], columns: TableColumn[]): string {
  const headings = columns.map(
    ({ text }) => `<span class="nhsuk-table__heading" aria-hidden="true">${escaped(text)} </span>`,
  )
  return rows.map(({ cells }) => rowOf(cells, headings)).join('')
}

function rowOf(cells: TableCell[], headings: string[]): string {
  const parts = cells.map((cell, at) => {
    const inside = `${headings[at] ?? ''}<span class="app-table__value">${contentOf(cell)}</span>`
    if (at === 0) return `<th class="nhsuk-table__header" scope="row">${inside}</th>`
    return `<td class="nhsuk-table__cell${cell.numeric ? ' nhsuk-table__cell--numeric' : ''}">${inside}</td>`
  })
  return `<tr class="nhsuk-table__row">${parts.join('')}</tr>\n`
}

function contentOf({ text = '', href, visuallyHiddenText, tag, hint }: TableCell): string {
  let value = escaped(text)
  if (href) value = `<a class="nhsuk-link" href="${escaped(href)}">${value}${hiddenText(visuallyHiddenText)}</a>`
  if (tag)
    value += `${text ? ' ' : ''}<strong class="nhsuk-tag nhsuk-tag--${escaped(tag.colour)}">${escaped(tag.text)}</strong>`
  if (hint) value += `<span class="app-table__hint">${escaped(hint)}</span>`
  return value
}

function hiddenText(text: string | undefined): string {
  return text ? `<span class="nhsuk-u-visually-hidden"> ${escaped(text)}</span>` : ''
}
