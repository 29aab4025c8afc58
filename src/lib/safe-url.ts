const SCHEMES = new Set(['https:', 'mailto:', 'tel:'])
const CONTROL_CHARACTER = /\p{Cc}/u
const SAME_ORIGIN = 'https://same-origin.invalid'

/**
 * The path when it stays on this service, else undefined: the only thing a redirect may be sent to.
 *
 * Browsers read `//host` and `/\host` as another site and drop tabs and line ends before they look, so each is refused
 * here; the URL parser, which is the browser's own, has the last word.
 */
export function ownPath(url: string): string | undefined {
  if (!url.startsWith('/') || url.includes('\\') || CONTROL_CHARACTER.test(url)) return undefined
  if (url.startsWith('//')) return undefined
  return URL.canParse(url, SAME_ORIGIN) && new URL(url, SAME_ORIGIN).origin === SAME_ORIGIN ? url : undefined
}

/**
 * The address when a page may link to it, else undefined: a path of this service, `https:`, `mailto:` or `tel:`.
 * It is a list of what is allowed, because escaping does not help: `href="{{x}}"` prints `javascript:` as it stands.
 */
export function safeUrl(url: string): string | undefined {
  if (url.startsWith('/')) return ownPath(url)
  if (CONTROL_CHARACTER.test(url) || url.includes('\\') || url !== url.trim() || !URL.canParse(url)) return undefined
  const parsed = new URL(url)
  return SCHEMES.has(parsed.protocol) && parsed.username === '' && parsed.password === '' ? url : undefined
}
