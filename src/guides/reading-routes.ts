import type { Request, Response } from 'express'
import { queryText, services, textFrom } from '../web/context.ts'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'
import { noGuideToRead, presentReading } from './reading-presenter.ts'
import { findGuideToRead } from './reading-queries.ts'

export const readingRoutes = [get('/read/:key', 'public', showGuide)]

const KEY = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** For whoever has the link. There is nothing of a person on it, and nobody is told that it was opened. */
async function showGuide(req: Request, res: Response): Promise<void> {
  const key = textFrom(req, 'key')
  const guide = KEY.test(key) ? await findGuideToRead(services(req).db, key) : undefined
  if (!guide) return renderPage(res, 'guides/nothing-to-read', noGuideToRead, { status: 404 })
  renderPage(res, 'guides/print', presentReading(guide, key, queryText(req, 'print') === 'large'), { layout: 'print' })
}
