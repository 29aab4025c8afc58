import Handlebars from 'handlebars'
import type { Option } from '../lib/view-model.ts'

const escaped = Handlebars.escapeExpression

/**
 * The options of `components/select`, with every text in them escaped. Not in a view, as the rows of a table are not: of
 * forty wards, asking Handlebars which one is chosen took as long as ten rows of the list below.
 */
export function selectOptions(items: Option[], chosen: unknown): string {
  const wanted = chosen === undefined || chosen === null ? undefined : String(chosen)
  return items.map((item) => optionOf(item, wanted)).join('\n')
}

function optionOf({ value, text, disabled }: Option, wanted: string | undefined): string {
  const selected = String(value) === wanted ? ' selected' : ''
  return `<option value="${escaped(String(value))}"${selected}${disabled ? ' disabled' : ''}>${escaped(text)}</option>`
}
