import { z } from 'zod'

/**
 * A copy is a gzip file of text. First line: what it is. Second: the manifest, as JSON. Then each table's rows in the
 * manifest's order, as PostgreSQL's COPY writes them, with a line `\.` after the last. gzip's own checksum is at the end.
 */
export const TITLE = 'Manage digital inclusion loans: backup 1'
/** The end of a table. No row reads like this: COPY doubles a backslash. */
export const END_OF_TABLE = Buffer.from('\\.\n')

const manifestShape = z.object({
  made_at: z.iso.datetime(),
  /** The version of PostgreSQL it was taken from. */
  server: z.string(),
  /** The migrations that had been made, oldest first; the last one is the version of the schema. */
  migrations: z.array(z.string()).min(1),
  /** The version of the queue's own tables. */
  queue: z.number().int(),
  tables: z.array(
    z.object({
      name: z.string(),
      columns: z.array(z.string()),
      rows: z.number().int(),
      checksum: z.string(),
    }),
  ),
  counters: z.array(z.object({ name: z.string(), value: z.string().regex(/^\d+$/), isCalled: z.boolean() })),
})

export type Manifest = z.infer<typeof manifestShape>

/** Said to whoever runs the command; nothing was changed. */
export class BackupProblem extends Error {}

export const damaged = () =>
  new BackupProblem('The file is damaged, was cut short, or is no copy. Nothing was restored: take another')

/** What the operating system, gzip or PostgreSQL calls what went wrong. */
export function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

function readManifest(line: string): Manifest {
  try {
    return manifestShape.parse(JSON.parse(line))
  } catch {
    throw damaged()
  }
}

/** Reads a copy from its beginning to its end, part by part. */
export class BackupReader {
  readonly #chunks: AsyncIterator<Buffer>
  #rest = Buffer.alloc(0)

  constructor(chunks: AsyncIterable<Buffer>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }

  async manifest(): Promise<Manifest> {
    if ((await this.#line()) !== TITLE) {
      throw new BackupProblem(
        'The file is not a copy that npm run backup made, or of a kind that this version cannot read',
      )
    }
    return readManifest(await this.#line())
  }

  /** The rows of the next table, in whole lines. */
  async *rows(): AsyncGenerator<Buffer> {
    for (;;) {
      const end = this.#endOfTable()
      if (end !== -1) {
        if (end > 0) yield this.#take(end)
        this.#take(END_OF_TABLE.length)
        return
      }
      const lines = this.#rest.lastIndexOf(0x0a) + 1
      if (lines > 0) yield this.#take(lines)
      if (!(await this.#readMore())) throw damaged()
    }
  }

  /** After the last table there is nothing more; reading this far also lets gzip compare its checksum. */
  async end(): Promise<void> {
    if (this.#rest.length > 0 || (await this.#readMore())) throw damaged()
  }

  #endOfTable(): number {
    if (this.#rest.subarray(0, END_OF_TABLE.length).equals(END_OF_TABLE)) return 0
    const found = this.#rest.indexOf('\n\\.\n')
    return found === -1 ? -1 : found + 1
  }

  async #line(): Promise<string> {
    for (;;) {
      const end = this.#rest.indexOf(0x0a)
      if (end !== -1)
        return this.#take(end + 1)
          .toString('utf8')
          .trimEnd()
      if (!(await this.#readMore())) throw damaged()
    }
  }

  #take(bytes: number): Buffer {
    const taken = this.#rest.subarray(0, bytes)
    this.#rest = this.#rest.subarray(bytes)
    return taken
  }

  async #readMore(): Promise<boolean> {
    const { value, done } = await this.#chunks.next()
    if (done) return false
    this.#rest = Buffer.concat([this.#rest, value])
    return true
  }
}
