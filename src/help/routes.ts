import type { Request, Response } from 'express'
import { get } from '../web/routes.ts'
import { renderPage } from '../web/views.ts'

export const helpRoutes = [get('/help', 'public', showHelp)]

function showHelp(_req: Request, res: Response): void {
  renderPage(res, 'help/help', { title: 'Get help with this service' })
}
