import type { Client, Connection, Submittable } from 'pg'

/** What COPY needs of a connection. The driver has it and leaves COPY to its users, so its types do not say. */
interface CopyConnection extends Connection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
  sendCopyFail(reason: string): void
}

interface Handlers {
  rows?: (chunk: Buffer, connection: CopyConnection) => void
  ready?: (connection: CopyConnection) => void
}

/** Runs one COPY statement. A broken connection and a refusal both reject it. */
function runCopy(client: Client, text: string, { rows, ready }: Handlers): Promise<void> {
  return new Promise((done, fail) => {
    const nothing = () => {}
    let connection: CopyConnection
    const copy = {
      submit: (to: Connection) => {
        connection = to as CopyConnection
        void connection.query(text)
      },
      handleCopyInResponse: () => (ready ?? ((to) => to.sendCopyFail('there is nothing to send')))(connection),
      handleCopyData: ({ chunk }: { chunk: Buffer }) => rows?.(chunk, connection),
      handleError: fail,
      handleReadyForQuery: () => done(),
      handleCommandComplete: nothing,
      handleRowDescription: nothing,
      handleDataRow: nothing,
      handleEmptyQuery: nothing,
      handleParseComplete: nothing,
      handlePortalSuspended: nothing,
    }
    void client.query(copy as Submittable)
  })
}

/** Takes what `copy … to stdout` gives to `take`. While that is busy nothing more is read from the server. */
export async function copyOut(client: Client, text: string, take: (rows: Buffer) => Promise<void>): Promise<void> {
  let taken = Promise.resolve()
  let waiting = 0
  let problem: unknown
  const rows = (read: Buffer, { stream }: CopyConnection) => {
    // the driver reads what comes next into the same memory, and what is taken is held for longer than that
    const chunk = Buffer.from(read)
    waiting += 1
    stream.pause()
    taken = taken
      .then(() => (problem === undefined ? take(chunk) : undefined))
      .catch((error: unknown) => {
        problem ??= error
      })
      .finally(() => {
        waiting -= 1
        if (waiting === 0) stream.resume()
      })
  }
  await runCopy(client, text, { rows })
  await taken
  if (problem !== undefined) throw problem
}

/** Gives `copy … from stdin` what `rows` brings, no faster than the server takes it. */
export async function copyIn(client: Client, text: string, rows: AsyncIterable<Buffer>): Promise<void> {
  let problem: unknown
  const ready = async (connection: CopyConnection) => {
    try {
      for await (const chunk of rows) {
        connection.sendCopyFromChunk(chunk)
        if (connection.stream.writableNeedDrain) {
          await new Promise((drained) => {
            connection.stream.once('drain', drained)
            connection.stream.once('close', drained)
          })
        }
      }
      connection.endCopyFrom()
    } catch (error) {
      problem = error
      connection.sendCopyFail('what was to be sent broke off')
    }
  }
  try {
    await runCopy(client, text, { ready: (connection) => void ready(connection) })
  } catch (error) {
    throw problem ?? error
  }
}
