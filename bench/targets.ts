import { randomUUID } from 'node:crypto'
import type { Asked, Target } from './load.ts'
import type { RunningApp, RunningReference } from './servers.ts'
import type { Supplies } from './supplies.ts'

/** Browsers ask for compressed pages; `plain` leaves that out, as the reference pages know nothing of it. */
export function pageTargets(
  app: RunningApp,
  supplies: Supplies,
  plain = true,
): Record<'items' | 'item' | 'worklist', Target> {
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
  return {
    lend: formTarget(app, 'lend', '/loans', () => ({
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
    })),
    return: {
      name: 'return',
      origin: app.origin,
      status: 303,
      next: (connection) => {
        const { loanId, lineId, version } = line()
        return formOf(app, connection, `/loans/${loanId}/return`, { line: lineId, version })
      },
    },
  }
}

type Fields = Record<string, string | number>

/** A form that is sent to one address, filled in anew each time. */
export function formTarget(app: RunningApp, name: string, path: string, fields: () => Fields): Target {
  return { name, origin: app.origin, status: 303, next: (connection) => formOf(app, connection, path, fields()) }
}

function formOf(app: RunningApp, connection: number, path: string, fields: Fields): Asked {
  const person = app.people[connection]
  const body = Object.entries({ _csrf: person?.csrfToken ?? '', ...fields })
  return {
    method: 'POST',
    path,
    headers: { cookie: person?.cookie ?? '', 'content-type': 'application/x-www-form-urlencoded' },
    body: body.map(([field, value]) => `${field}=${encodeURIComponent(value)}`).join('&'),
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
  const step = (by: number, among: number) => {
    turn += by
    return turn % among
  }
  const tag = (number: number) => `DL-${String(number).padStart(6, '0')}`
  // every hundredth item has twenty loans
  const detailed = () => tag(100 * (1 + step(37, Math.floor(items / 100))))
  return {
    bare: page('bare', () => '/', reference.bare),
    express: page('express', () => '/hello'),
    render: page('render', () => '/render'),
    list: page('list', () => `/list?after=${tag(step(997, items - 60))}`),
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
        body: `item=${1 + step(7919, items)}&person=${1 + (turn % 5000)}`,
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
