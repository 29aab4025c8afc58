import { readdirSync, readFileSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Express, Response } from 'express'
import type { Link, Page } from '../lib/view-model.ts'
import type { Flash } from './session.ts'
import { compileTemplates, type Show } from './templates.ts'

const VIEWS = fileURLToPath(new URL('../../views', import.meta.url))
const EXTENSION = '.hbs'

export type Layout = 'main' | 'print'

/** What the frame of every page shows, whatever the page is about. */
export type LayoutModel = {
  serviceName: string
  csrfToken: string
  assetVersion: string
  navigation: (Link & { current?: boolean })[]
  account: { name: string; role: string; organisation: string } | null
  /** Whether this person may look things up by scanning. */
  scan: boolean
  /** Said once, after something was done. */
  banner: Flash | null
  /** Until sign-out when nothing more is done; null for someone who is not signed in. */
  minutesUntilSignOut: number | null
}

/** Everything a template may call. Presenters work out the rest. */
const helpers = {
  /** As text, since a form sends text and the database numbers. */
  eq: (a: unknown, b: unknown) => a !== undefined && a !== null && String(a) === String(b),
  includes: (list: unknown, value: unknown) => Array.isArray(list) && list.some((entry) => helpers.eq(entry, value)),
}

/** Every template in a folder, by its name: `loans/list` for `loans/list.hbs`. */
function templatesIn(folder: string): [name: string, source: string][] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => extname(path) === EXTENSION)
    .map((path) => [path.slice(0, -EXTENSION.length).replaceAll(sep, '/'), readFileSync(join(folder, path), 'utf8')])
}

/** Makes the views of views/**.hbs, and of other folders of templates, once for all pages. */
export function createViews(app: Express, folders: string[] = []): void {
  app.locals.show = compileTemplates(new Map([VIEWS, ...folders].flatMap(templatesIn)), helpers)
}

/**
 * The one way to answer with a page. The model is put together here from named pieces and the caller's object stays
 * inside `page`: spread into it, a request body could say what a layout shows as it comes.
 */
export function renderPage(
  res: Response,
  view: string,
  page: Page,
  options: { status?: number; layout?: Layout } = {},
): void {
  const show = res.app.locals.show as Show
  const frame: LayoutModel = res.locals.layoutModel()
  const model = { frame, page, hasErrors: page.errors !== undefined && page.errors.length > 0 }
  const html = show(`layouts/${options.layout ?? 'main'}`, { ...model, body: show(view, model) })
  res
    .status(options.status ?? res.statusCode)
    .type('html')
    .send(html)
}
