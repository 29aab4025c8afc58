/** PostgreSQL keeps the same limit: `items_tag_check`. */
export const mostTagCharacters = 60

/** Words that stand in the URL where a tag does. PostgreSQL keeps the same list: `items_tag_not_reserved`. */
const reserved = new Set(['new', 'labels', 'import', 'export', 'scan', '.', '..'])

export function isReservedTag(tag: string): boolean {
  // JavaScript makes two characters of the small Turkish capital, PostgreSQL one
  return reserved.has(tag.replaceAll('\u0130', 'i').toLowerCase())
}

export function itemUrl(tag: string): string {
  return `/items/${encodeURIComponent(tag)}`
}
