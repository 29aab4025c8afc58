import Handlebars from 'handlebars'
import type { TimetableCell, TimetableEntry } from '../lib/view-model.ts'

const escaped = Handlebars.escapeExpression

/**
 * The cells of a row of a timetable, with every text in them escaped. Like a list's rows they are not in a view: a ward's day has a thousand, and
 * asking Handlebars what is in each took longer than the rest of the page.
 */
export function timetableCells(cells: readonly TimetableCell[]): string {
  return cells.map(cellOf).join('\n')
}

function cellOf({ kind, span, entries }: TimetableCell): string {
  return `<td colspan="${span}" class="app-timetable__cell app-timetable__cell--${kind}">${entries.map(entryOf).join('')}</td>`
}

function entryOf({ href, text, short, hint, hidden }: TimetableEntry): string {
  const more = hint ? `<span class="app-timetable__hint">${escaped(hint)}</span>` : ''
  if (!href) return `<span class="app-timetable__entry">${escaped(text)}${more}</span>`
  const words = short
    ? `<span class="app-timetable__short" aria-hidden="true">${escaped(short)}</span><span class="app-timetable__full">${escaped(text)}</span>`
    : escaped(text)
  return `<a href="${escaped(href)}">${words}${more}<span class="nhsuk-u-visually-hidden"> ${escaped(hidden)}</span></a>`
}
