import { readdirSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Express, Response } from 'express'
import Handlebars from 'handlebars'
import { remember } from '../lib/memo.ts'
import type { Link, Option, Page, TableColumn, TableRow, TimetableCell } from '../lib/view-model.ts'
import { selectOptions } from './select-options.ts'
import type { Flash } from './session-data.ts'
import { tableRows } from './table-rows.ts'
import { timetableCells } from './timetable-cells.ts'

const VIEWS = fileURLToPath(new URL('../../views', import.meta.url))

export type Layout = 'main' | 'print'

/** What the frame of every page shows, whatever the page is about. */
export type LayoutModel = {
  serviceName: string
  csrfToken: string
  assetVersion: string
  navigation: (Link & { current?: boolean })[]
  /** `href` is null where somebody may not change their account. */
  account: { name: string; role: string; organisation: string; href: string | null } | null
  /** Whether this person may look things up by scanning. */
  scan: boolean
  /** Said once, after something was done. */
  banner: Flash | null
  /** What somebody at a ward's tablet has to know who signed in for one task. */
  tablet: string | null
  /** Until sign-out when nothing more is done; null for someone who is not signed in. */
  minutesUntilSignOut: number | null
}

/** Everything a template may call. Presenters work out the rest. */
const helpers = {
  /** As text, since a form sends text and the database numbers. */
  eq: (a: unknown, b: unknown) => a !== undefined && a !== null && String(a) === String(b),
  includes: (list: unknown, value: unknown) => Array.isArray(list) && list.some((entry) => helpers.eq(entry, value)),
  'table-rows': (rows: TableRow[], columns: TableColumn[]) => new Handlebars.SafeString(tableRows(rows, columns)),
  'timetable-cells': (cells: TimetableCell[]) => new Handlebars.SafeString(timetableCells(cells)),
  'select-options': (items: Option[], value: unknown) => new Handlebars.SafeString(selectOptions(items, value)),
}

/**
 * `explicitPartialContext`: a partial sees what it is given and nothing of what surrounds it.
 * `preventIndent`: a partial that stands on its own line must not indent what somebody typed into a textarea.
 */
const COMPILER_OPTIONS = {
  knownHelpers: { eq: true, includes: true, 'table-rows': true, 'timetable-cells': true, 'select-options': true },
  knownHelpersOnly: true,
  explicitPartialContext: true,
  preventIndent: true,
}

/** A header for everybody who works at once, under a few of the headings they look at: 3 MB when all are kept. */
const HEADERS_KEPT = 500

/**
 * The templates of views/, each a page, a layout or a partial by the name of its file. They are read when the app is made
 * and compiled when they are first used. A page is put together in one go: through express-handlebars and the view
 * engine of Express, which look for files and wait in between, a small page took a tenth longer.
 */
class Views {
  readonly #templates = new Map<string, HandlebarsTemplateDelegate>()
  /** Everything the header says is in the key, so what is remembered is what would be made. */
  readonly #header = remember(HEADERS_KEPT, (said: string) => this.#template('components/header')(JSON.parse(said)))

  constructor(folders: string[]) {
    const handlebars = Handlebars.create()
    handlebars.registerHelper(helpers)
    for (const [name, text] of folders.flatMap(templatesUnder)) {
      const template = handlebars.compile(text, COMPILER_OPTIONS)
      this.#templates.set(name, template)
      handlebars.registerPartial(name, template)
    }
  }

  page(view: string, layout: Layout, model: { frame: LayoutModel; page: Page; hasErrors: boolean }): string {
    const body = this.#template(view)(model)
    const header = new Handlebars.SafeString(this.#header(JSON.stringify(headerOf(model.frame))))
    return this.#template(`layouts/${layout}`)({ ...model, header, body })
  }

  #template(name: string): HandlebarsTemplateDelegate {
    const template = this.#templates.get(name)
    if (!template) throw new Error(`There is no view ${name}`)
    return template
  }
}

/** A visitor's header has no form in it, and to ask for a token would begin a session: `frame` is not taken apart. */
function headerOf(frame: LayoutModel) {
  const { serviceName, account, navigation, scan } = frame
  return { serviceName, account, navigation, scan, csrfToken: account === null ? '' : frame.csrfToken }
}

function templatesUnder(folder: string): [name: string, text: string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.hbs'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [
      relative(folder, path).slice(0, -'.hbs'.length).replaceAll(sep, '/'),
      // the line end after a partial would stand where the partial is named
      readFileSync(path, 'utf8').trim(),
    ])
}

/** Reads views/**.hbs, and those of other folders, for {@link renderPage}. */
export function createViews(app: Express, otherFolders: string[] = []): void {
  app.locals.views = new Views([VIEWS, ...otherFolders])
}

/**
 * The one way to answer with a page. The model is put together here from named pieces and the caller's object stays
 * inside `page`: spread into the model, a request body could say what only the app may.
 */
export function renderPage(
  res: Response,
  view: string,
  page: Page,
  options: { status?: number; layout?: Layout } = {},
): void {
  const views = res.app.locals.views as Views
  const frame: LayoutModel = res.locals.layoutModel()
  const html = views.page(view, options.layout ?? 'main', {
    frame,
    page: frame.tablet === null ? page : withoutDownloads(page),
    hasErrors: page.errors !== undefined && page.errors.length > 0,
  })
  res.status(options.status ?? res.statusCode).send(html)
}

/** A file would stay on a tablet that everybody shares. */
function withoutDownloads(page: Page): Page {
  return 'downloads' in page ? Object.assign({ ...page }, { downloads: null }) : page
}
