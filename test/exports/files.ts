import { parse } from 'csv-parse/sync'
import { readSheet } from 'read-excel-file/node'
import type { Visitor } from '../support/app.ts'

/** A downloaded list: its rows under their headings. */
export type Row = Record<string, unknown>

export async function downloadCsv(visitor: Visitor, path: string): Promise<Row[]> {
  const { status, text } = await visitor.get(path)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return parse(text, { bom: true, columns: true })
}

/** Read by a library that knows nothing of how we write: what a spreadsheet program would show. */
export async function downloadXlsx(visitor: Visitor, path: string): Promise<Row[]> {
  const [headings = [], ...rows] = await readSheet(await downloadBytes(visitor, path))
  return rows.map((cells) => Object.fromEntries(cells.map((cell, at) => [String(headings[at]), cell])))
}

export async function downloadBytes(visitor: Visitor, path: string): Promise<Buffer> {
  const { status, body } = await visitor.get(path).buffer(true).parse(whole)
  if (status !== 200) throw new Error(`${path} answered ${status}`)
  return body as Buffer
}

/** supertest gives its parsers the stream, under the type of an answer. */
function whole(answer: unknown, done: (error: Error | null, body: Buffer) => void): void {
  const stream = answer as NodeJS.ReadableStream
  const pieces: Buffer[] = []
  stream.on('data', (piece: Buffer) => pieces.push(piece))
  stream.once('error', (error) => done(error, Buffer.alloc(0)))
  stream.once('end', () => done(null, Buffer.concat(pieces)))
}
