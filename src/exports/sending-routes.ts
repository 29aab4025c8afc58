import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as pause } from 'node:timers/promises'
import type { Request, Response } from 'express'
import { streamCsv } from '../lib/csv.ts'
import { londonToday } from '../lib/dates.ts'
import { TooBusy } from '../lib/refusals.ts'
import type { SheetColumn } from '../lib/sheet-column.ts'
import { streamXlsx } from '../lib/xlsx-writer.ts'
import { recordInAudit } from '../web/audit.ts'
import { type Context, context, queryText } from '../web/context.ts'
import { type ReadPage, readWholeList } from './actions.ts'

export interface Export<Row> {
  /** What the file is called, without the day and its ending. */
  name: string
  /** What stands on the tab of a workbook. */
  title: string
  /** As the audit tells it. */
  verb: string
  /** What was asked for, for the audit. */
  filters: Record<string, unknown>
  columns: readonly SheetColumn<Row>[]
  page: ReadPage<Row>
}

/**
 * Sends a whole list as a file while it is read, so that it is never held as a whole. It is in the audit before the first row is
 * sent, since nobody knows how much of a file that broke off was kept.
 */
export async function sendExport<Row>(req: Request, res: Response, what: Export<Row>): Promise<void> {
  const { db, now, config } = context(req)
  const format = queryText(req, 'format') === 'xlsx' ? 'xlsx' : 'csv'
  const fileName = `${what.name}-${londonToday(now)}.${format}`
  // whoever asks for the headers alone is given no row, so nothing is read and nothing is in the audit
  if (req.method === 'HEAD') return void res.attachment(fileName).end()
  const done = await takeTurn(config)
  try {
    await recordInAudit(req, { verb: what.verb, details: { format, ...what.filters } })
    await readWholeList(db, what.page, async (pages) => {
      res.attachment(fileName)
      await pipeline(fileOf(format, what, pages), res)
    })
  } catch (error) {
    if (!isGone(req, error)) throw error
  } finally {
    done()
  }
}

function fileOf<Row>(format: 'csv' | 'xlsx', { title, columns }: Export<Row>, pages: AsyncIterable<Row[]>): Readable {
  const batches = cellsOf(columns, pages)
  if (format === 'xlsx') return streamXlsx(title, columns, batches)
  const headings = columns.map(({ heading }) => heading)
  return streamCsv(headings, batches)
}

async function* cellsOf<Row>(columns: readonly SheetColumn<Row>[], pages: AsyncIterable<Row[]>) {
  for await (const rows of pages) yield rows.map((row) => columns.map(({ cell }) => cell(row)))
}

let underWay = 0
/** An export that was sent keeps its connection a moment longer; nobody is turned away for that. */
const PATIENCE_MS = 4_000
const PAUSE_MS = 25

/**
 * An export keeps a connection while it is read, and half of them stay for everybody else. Refuses (TooBusy) whoever would
 * wait for longer than a page may take.
 */
async function takeTurn({ databaseConnections }: Context['config']): Promise<() => void> {
  const most = Math.max(1, Math.floor(databaseConnections / 2))
  for (let waited = 0; underWay >= most; waited += PAUSE_MS) {
    if (waited >= PATIENCE_MS) throw new TooBusy()
    await pause(PAUSE_MS)
  }
  underWay += 1
  return () => {
    underWay -= 1
  }
}

/** Whoever asked has closed the window: nobody is left to tell, and nothing is wrong. */
function isGone(req: Request, error: unknown): boolean {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return code === 'ERR_STREAM_PREMATURE_CLOSE' && req.socket.destroyed
}
