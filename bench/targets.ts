import { randomUUID } from 'node:crypto'
import pg from 'pg'
import type { Asked, Target } from './load.ts'
import type { RunningApp, RunningReference } from './servers.ts'

/** What is asked for, chosen beforehand from the data: other pages of the list, other items, each item lent once. */
export interface Supplies {
  /** Keys to begin a page of the list after. */
  listKeys: string[]
  itemTags: string[]
  serviceUserIds: number[]
  /** Items that are free. */
  freeItemIds: number[]
  openLines: { loanId: number; lineId: number }[]
  dueOn: string
}

export async function readSupplies(adminUrl: string): Promise<Supplies> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'bench' })
  await client.connect()
  try {
    const column = async <T>(sql: string) => (await client.query<{ value: T }>(sql)).rows.map(({ value }) => value)
    const openLines = await client.query<{ loan: string; line: string }>(`
      select loan_id as loan, min(id) as line from loan_lines
      where taken_at is not null and ended_at is null and placed_with_ward_id is null
      group by loan_id order by md5(loan_id::text)`)
    return {
      listKeys: await column(`select tag_key as value from items where id % 97 = 3 order by md5(tag) limit 400`),
      itemTags: await column(`select tag as value from items where left_at is null order by md5(tag) limit 400`),
      serviceUserIds: (await column<string>(`select id as value from service_users order by id limit 5000`)).map(Number),
      freeItemIds: (await column<string>(freeItems)).map(Number),
      openLines: openLines.rows.map(({ loan, line }) => ({ loanId: Number(loan), lineId: Number(line) })),
      dueOn: (await column<string>(`select (current_date + 84)::text as value`))[0] ?? '',
    }
  } finally {
    await client.end()
  }
}

const freeItems = `
  select items.id as value from items join models on models.id = model_id
  where left_at is null and (support_ends_on is null or support_ends_on > current_date + 100)
    and not exists (select from item_holds where item_id = items.id and ended_at is null and cancelled_at is null)
    and not exists (select from loan_lines where item_id = items.id and ended_at is null and cancelled_at is null)
  order by md5(tag)
`

/** Browsers ask for compressed pages; `plain` leaves that out, as the reference pages know nothing of it. */
export function pageTargets(app: RunningApp, supplies: Supplies, plain = true): Record<'items' | 'item' | 'worklist', Target> {
  const encoding: Record<string, string> = plain ? {} : { 'accept-encoding': 'gzip, deflate, br, zstd' }
  const page = (name: string, path: () => string): Target => ({
    name,
    origin: app.origin,
    status: 200,
    next: (connection) => ({ path: path(), headers: { cookie: app.people[connection]?.cookie ?? '', ...encoding } }),
  })
  const key = inTurn(supplies.listKeys)
  const tag = inTurn(supplies.itemTags)
  return {
    items: page('items', () => `/items?after=${encodeURIComponent(key())}`),
    item: page('item', () => `/items/${encodeURIComponent(tag())}`),
    worklist: page('worklist', () => '/'),
  }
}

export function writeTargets(app: RunningApp, supplies: Supplies): Record<'lend' | 'return', Target> {
  const item = once(supplies.freeItemIds, 'free items')
  const line = once(supplies.openLines, 'open loans')
  const serviceUser = inTurn(supplies.serviceUserIds)
  const [year = '', month = '', day = ''] = supplies.dueOn.split('-')
  const form = (connection: number, path: string, fields: Record<string, string | number>): Asked => {
    const person = app.people[connection]
    const body = Object.entries({ _csrf: person?.csrfToken ?? '', ...fields })
    return {
      method: 'POST',
      path,
      headers: { cookie: person?.cookie ?? '', 'content-type': 'application/x-www-form-urlencoded' },
      body: body.map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&'),
    }
  }
  return {
    lend: {
      name: 'lend',
      origin: app.origin,
      status: 303,
      next: (connection) =>
        form(connection, '/loans', {
          key: randomUUID(),
          'service-user': serviceUser(),
          item: item(),
          keep: 'loan',
          'due-day': day,
          'due-month': month,
          'due-year': year,
          agreement: 'paper',
          'without-charger': 'yes',
          notes: '',
        }),
    },
    return: {
      name: 'return',
      origin: app.origin,
      status: 303,
      next: (connection) => {
        const { loanId, lineId } = line()
        return form(connection, `/loans/${loanId}/return`, { line: lineId, version: 1 })
      },
    },
  }
}

export function referenceTargets(
  reference: RunningReference,
  items: number,
): Record<'bare' | 'express' | 'render' | 'list' | 'detail' | 'write', Target> {
  const page = (name: string, path: () => string, origin = reference.origin): Target => ({
    name,
    origin,
    status: 200,
    next: (connection) => ({ path: path(), headers: { cookie: reference.cookies[connection] ?? '' } }),
  })
  let turn = 0
  const tag = (number: number) => `DL-${String(number).padStart(6, '0')}`
  // every hundredth item has twenty loans
  const detailed = () => tag(100 * (1 + ((turn += 37) % Math.floor(items / 100))))
  return {
    bare: page('bare', () => '/', reference.bare),
    express: page('express', () => '/hello'),
    render: page('render', () => '/render'),
    list: page('list', () => `/list?after=${tag((turn += 997) % (items - 60))}`),
    detail: page('detail', () => `/detail/${detailed()}`),
    write: {
      name: 'write',
      origin: reference.origin,
      status: 303,
      next: (connection) => ({
        method: 'POST',
        path: '/write',
        headers: {
          cookie: reference.cookies[connection] ?? '',
          'content-type': 'application/x-www-form-urlencoded',
        },
        body: `item=${1 + ((turn += 7919) % items)}&person=${1 + (turn % 5000)}`,
      }),
    },
  }
}

function inTurn<T>(all: T[]): () => T {
  if (all.length === 0) throw new Error('There is nothing to ask for: was the data made?')
  let at = 0
  return () => all[at++ % all.length] as T
}

function once<T>(all: T[], what: string): () => T {
  let at = 0
  return () => {
    const next = all[at++]
    if (next === undefined) throw new Error(`There are no more ${what}: measure for a shorter time, or with more lines`)
    return next
  }
}
