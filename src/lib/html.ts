/** Text as it may stand in a page or between the quotes of an attribute: for what is written without a view, such as an email. */
export function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}
