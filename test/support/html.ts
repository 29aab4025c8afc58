import { HtmlValidate } from 'html-validate'

/** The HTML standard and what makes a page accessible; how a page is laid out in its source is nobody's business. */
const validator = new HtmlValidate({
  extends: ['html-validate:standard', 'html-validate:a11y', 'html-validate:document'],
  rules: {
    'no-inline-style': 'error',
    'no-dup-id': 'error',
    'valid-id': ['error', { relaxed: true }],
    'require-sri': 'off',
    // On a ward's tablet, with scripts off, the page is taken away three minutes after its session ended or could have: what
    // people see there is not for whoever comes next
    'meta-refresh': 'off',
    // The error summary and what was just done stand before the h1, as the NHS service manual has it
    'heading-level': ['error', { minInitialRank: 'h2' }],
  },
})

/** One line for each mistake in a whole page: where it is, and what is wrong. */
export async function findHtmlMistakes(html: string): Promise<string[]> {
  const { results } = await validator.validateString(html)
  return results
    .flatMap((result) => result.messages)
    .filter((message) => message.severity === 2)
    .map(
      ({ line, column, message, ruleId, selector }) =>
        `line ${line}:${column} ${message} (${ruleId}) ${selector ?? ''}`,
    )
}

/** What a page says, without its markup: one line, with single spaces. */
export function plainText(html: string): string {
  return html
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replace(/\s+/g, ' ')
}
