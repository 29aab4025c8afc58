import { fileURLToPath } from 'node:url'
import type { Express, Response } from 'express'
import { ExpressHandlebars } from 'express-handlebars'
import Handlebars from 'handlebars'
import type { Link, Page, TableColumn, TableRow } from '../lib/view-model.ts'
import type { Flash } from './session.ts'
import { tableRows } from './table-rows.ts'

const VIEWS = fileURLToPath(new URL('../../views', import.meta.url))

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
  'table-rows': (rows: TableRow[], columns: TableColumn[]) => new Handlebars.SafeString(tableRows(rows, columns)),
}

/**
 * `explicitPartialContext`: a partial sees what it is given and nothing of what surrounds it.
 * `preventIndent`: a partial that stands on its own line must not indent what somebody typed into a textarea.
 */
const COMPILER_OPTIONS = {
  knownHelpers: { eq: true, includes: true, 'table-rows': true },
  knownHelpersOnly: true,
  explicitPartialContext: true,
  preventIndent: true,
}

/**
 * Helpers and partials are registered once with a Handlebars of our own. Handed over with every page, as express-handlebars
 * does it, they are merged anew for the page and for its layout: a tenth of a list.
 */
class Views extends ExpressHandlebars {
  readonly #own: typeof Handlebars
  #registered: Promise<void> | undefined

  constructor() {
    const own = Handlebars.create()
    own.registerHelper(helpers)
    super({
      handlebars: own,
      extname: '.hbs',
      defaultLayout: false,
      layoutsDir: `${VIEWS}/layouts`,
      partialsDir: VIEWS,
      compilerOptions: COMPILER_OPTIONS,
    })
    this.#own = own
  }

  override async getPartials(options: RenderOptions = {}) {
    if (!this.#registered || !options.cache) this.#registered = this.#register(options)
    await this.#registered
    return {}
  }

  override async render(filePath: string, context: object = {}, options: RenderOptions = {}): Promise<string> {
    const template = await this.getTemplate(filePath, options)
    return (template as HandlebarsTemplateDelegate)(context)
  }

  async #register(options: RenderOptions): Promise<void> {
    const partials = await super.getPartials(options)
    this.#own.registerPartial(partials as Record<string, HandlebarsTemplateDelegate>)
  }
}

type RenderOptions = NonNullable<Parameters<ExpressHandlebars['getPartials']>[0]>

/** Renders views/**.hbs. Templates are read once, whatever NODE_ENV says, unless `reload` asks otherwise. */
export function createViews(app: Express, options: { reload?: boolean; views?: string[] } = {}): void {
  const handlebars = new Views()
  app.engine('hbs', handlebars.engine)
  app.set('view engine', 'hbs')
  app.set('views', [VIEWS, ...(options.views ?? [])])
  app.set('view cache', options.reload !== true)
}

/**
 * The one way to answer with a page. The model is put together here from named pieces and the caller's object stays
 * inside `page`: spread into the options, a request body could choose the layout or a file to include (CVE-2021-32820).
 */
export function renderPage(
  res: Response,
  view: string,
  page: Page,
  options: { status?: number; layout?: Layout } = {},
): void {
  const layout: LayoutModel = res.locals.layoutModel()
  res.status(options.status ?? res.statusCode).render(view, {
    layout: `${options.layout ?? 'main'}.hbs`,
    frame: layout,
    page,
    hasErrors: page.errors !== undefined && page.errors.length > 0,
  })
}
