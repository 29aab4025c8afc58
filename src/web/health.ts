import type { RequestHandler } from 'express'
import { sql } from 'kysely'
import { services } from './context.ts'

/** The process runs. Says nothing of the database: a restart would not mend that. */
export const live: RequestHandler = (_req, res) => {
  res.set('Cache-Control', 'no-store').json({ status: 'live' })
}

/** The process can serve: the database answers. */
export const ready: RequestHandler = async (req, res) => {
  res.set('Cache-Control', 'no-store')
  try {
    await sql`select 1`.execute(services(req).db)
    res.json({ status: 'ready' })
  } catch {
    res.status(503).json({ status: 'no database' })
  }
}
