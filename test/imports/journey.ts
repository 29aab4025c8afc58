import type { TestApp, Visitor } from '../support/app.ts'

type Fields = Record<string, string>

/** The choices and hidden values of a page's forms, as a browser would send them if nothing was changed. */
export function fieldsOf(html: string): Fields {
  const fields: Fields = {}
  for (const [, name = '', options = ''] of html.matchAll(/<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs)) {
    fields[name] = /<option value="([^"]*)" selected/.exec(options)?.[1] ?? ''
  }
  for (const [tag] of html.matchAll(/<input type="hidden"[^>]*>/g)) {
    const name = /name="([^"]+)"/.exec(tag)?.[1] ?? ''
    if (name !== '_csrf') fields[name] = unescapeHtml(/value="([^"]*)"/.exec(tag)?.[1] ?? '')
  }
  return fields
}

export function unescapeHtml(text: string): string {
  const entities: Fields = { amp: '&', lt: '<', gt: '>', quot: '"', '#x27': "'", '#x60': '`', '#x3D': '=' }
  return text.replace(/&([^;]+);/g, (whole, name: string) => entities[name] ?? whole)
}

/** What a page says, without its markup, and without what only a narrow table shows. */
export function textOf(html: string): string {
  const main = /<main[^>]*>(.*)<\/main>/s.exec(html)?.[1] ?? html
  const heard = main.replace(/<option.*?<\/option>|<span[^>]* aria-hidden="true">.*?<\/span>/gs, '')
  return unescapeHtml(heard.replace(/<[^>]+>/g, ' ')).replace(/\s+/g, ' ')
}

/** Sends a file; gives where its import is, such as /items/import/3. */
export async function upload(
  visitor: Visitor,
  bytes: Buffer,
  name = 'devices.csv',
  to = '/items/import',
): Promise<string> {
  const answer = await visitor.postFile(to, 'file', bytes, name, { key: crypto.randomUUID() })
  if (answer.status !== 303) throw new Error(`The file was refused: ${textOf(answer.text)}`)
  return answer.headers.location as string
}

/** Goes from the file to the preview by pressing Continue, with a choice of one's own where given. */
export async function toPreview(
  visitor: Visitor,
  bytes: Buffer,
  chosen: { columns?: Fields; words?: Fields; to?: string } = {},
): Promise<{ path: string; html: string; text: string; seen: string }> {
  const path = await upload(visitor, bytes, 'devices.csv', chosen.to)
  const columns = await visitor.get(path)
  const matched = await visitor.post(path, { ...fieldsOf(columns.text), ...chosen.columns })
  if (matched.headers.location === `${path}/words`) {
    const words = await visitor.get(`${path}/words`)
    await visitor.post(`${path}/words`, { ...fieldsOf(words.text), ...chosen.words })
  }
  return await preview(visitor, path)
}

export async function preview(visitor: Visitor, path: string) {
  const { text: html } = await visitor.get(`${path}/preview`)
  return { path, html, text: textOf(html), seen: fieldsOf(html).seen ?? '' }
}

/** Brings a whole file in; gives what the result page says. */
export async function bringIn(visitor: Visitor, bytes: Buffer, chosen: Parameters<typeof toPreview>[2] = {}) {
  const { path, seen } = await toPreview(visitor, bytes, chosen)
  const applied = await visitor.post(`${path}/apply`, { seen })
  const result = await visitor.get(applied.headers.location ?? `${path}/preview`)
  return textOf(result.text)
}

export async function items(app: TestApp) {
  const rows = await app.db
    .selectFrom('items')
    .innerJoin('models', 'models.id', 'items.model_id')
    .leftJoin('wards', 'wards.id', 'items.kept_at_ward_id')
    .selectAll('items')
    .select(['models.maker', 'models.name as model', 'wards.code as ward'])
    .where('items.organisation_id', '=', app.people.organisationId)
    .orderBy('items.id')
    .execute()
  return new Map(rows.map((row) => [row.tag, row]))
}

export async function countOf(app: TestApp, table: 'items' | 'models' | 'imports' | 'audit_events'): Promise<number> {
  const { count } = await app.db
    .selectFrom(table)
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow()
  return count
}
