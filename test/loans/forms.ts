import { sql } from 'kysely'
import type { TestApp, Visitor } from '../support/app.ts'

/** Three boxes of a date, as a browser sends them. */
export function dateFields(name: string, date: string) {
  const [year = '', month = '', day = ''] = date === '' ? [] : date.split('-').map((part) => String(Number(part)))
  return { [`${name}-day`]: day, [`${name}-month`]: month, [`${name}-year`]: year }
}

export type Fields = Parameters<Visitor['post']>[1] & object

/** The lend form filled in well, for a person or a member of staff: until 26 October, agreed on paper. */
export function lendFields(itemIds: number[], fields: Fields = {}): Fields {
  return {
    key: crypto.randomUUID(),
    item: itemIds.map(String),
    scan: '',
    keep: 'loan',
    'due-offered': '2026-10-26',
    ...dateFields('due', '2026-10-26'),
    agreement: 'paper',
    witness: '',
    'unsupported-reason': '',
    notes: '',
    ...fields,
  }
}

/** What a page says, without its markup. */
export function wordsOf(html: string): string {
  return html
    .replace(/<(script|style|title)\b.*?<\/\1>/gs, ' ')
    .replace(/<[^>]*>/g, ' ')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x3D;', '=')
    .replace(/\s+/g, ' ')
}

/** The errors of a form, by the field the summary leads to; under '' those that lead nowhere. */
export function errorsOf(html: string): Record<string, string> {
  const summary = /<div class="nhsuk-error-summary".*?<\/ul>/s.exec(html)?.[0] ?? ''
  const lines = [...summary.matchAll(/<li>\s*(?:<a href="#([^"]*)">)?(.*?)(?:<\/a>)?\s*<\/li>/gs)]
  return Object.fromEntries(lines.map(([, field = '', text = '']) => [field, wordsOf(text).trim()]))
}

/** The value a field of a form has on this page, or undefined where there is no such field. */
export function fieldValue(html: string, name: string): string | undefined {
  const boxes = [...html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.includes(` name="${name}"`))
  const chosen = boxes.filter((tag) => !/type="(?:radio|checkbox)"/.test(tag) || / checked/.test(tag))
  const area = new RegExp(`<textarea[^>]* name="${name}"[^>]*>(.*?)</textarea>`, 's').exec(html)?.[1]
  return area?.trim() ?? (chosen[0] && / value="([^"]*)"/.exec(chosen[0])?.[1])
}

/** The ids a form would send in a field that comes several times: hidden, or ticked. */
export function idsIn(html: string, name: string): number[] {
  const tags = [...html.matchAll(/<input\b[^>]*>/g)]
    .map(([tag]) => tag)
    .filter((tag) => tag.includes(` name="${name}"`))
  const sent = tags.filter((tag) => tag.includes('type="hidden"') || tag.includes(' checked'))
  return sent.map((tag) => Number(/ value="(\d+)"/.exec(tag)?.[1]))
}

export function loanIdIn(location: string | undefined): number {
  return Number(/^\/loans\/(\d+)$/.exec(location ?? '')?.[1])
}

export function storedLoan({ db }: TestApp, id: number) {
  return db.selectFrom('loans').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
}

export function storedLines({ db }: TestApp, loanId: number) {
  return db.selectFrom('loan_lines').selectAll().where('loan_id', '=', loanId).orderBy('id').execute()
}

export async function countLoans({ db }: TestApp): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*)::int as count from loans`.execute(db)
  return rows[0]?.count ?? 0
}

/** What the audit says of a loan, oldest first, without those who only looked. */
export async function changesOf({ db }: TestApp, loanId: number) {
  return db
    .selectFrom('audit_events')
    .leftJoin('audit_details', 'audit_event_id', 'audit_events.id')
    .select(['verb', 'staff_id', 'service_user_id', 'details'])
    .where('subject_type', '=', 'loan')
    .where('subject_id', '=', loanId)
    .where('verb', '<>', 'loan:viewed')
    .orderBy('audit_events.id')
    .execute()
}

export async function lastVerb({ db }: TestApp): Promise<string | undefined> {
  const last = await db.selectFrom('audit_events').select('verb').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return last?.verb
}
