import type pg from 'pg'

/** One statement as it went to PostgreSQL. */
export interface Statement {
  text: string
  values: unknown[]
}

export interface Listener {
  /** What was sent while the work was done. */
  during(work: () => Promise<unknown>): Promise<Statement[]>
}

type Query = (...args: unknown[]) => unknown

/** Hears every statement that goes through a pool, whichever of its connections it takes. */
export function listenTo(pool: pg.Pool): Listener {
  const known = new WeakSet<pg.PoolClient>()
  let heard: Statement[] = []
  const listenToClient = (client: pg.PoolClient) => {
    if (known.has(client)) return
    known.add(client)
    const send = client.query.bind(client) as Query
    const query: Query = (...args) => {
      heard.push(statementOf(args))
      return send(...args)
    }
    client.query = query as typeof client.query
  }
  const connect = pool.connect.bind(pool)
  const listening = (callback?: ConnectCallback) => {
    if (callback === undefined) {
      return connect().then((client) => {
        listenToClient(client)
        return client
      })
    }
    return connect((error, client, done) => {
      if (client) listenToClient(client)
      callback(error, client, done)
    })
  }
  pool.connect = listening as typeof pool.connect
  return {
    during: async (work) => {
      heard = []
      await work()
      return heard
    },
  }
}

type ConnectCallback = (error: Error | undefined, client: pg.PoolClient | undefined, done: () => void) => void

function statementOf([first, second]: unknown[]): Statement {
  if (typeof first === 'string') return { text: first, values: Array.isArray(second) ? second : [] }
  const { text, values = [] } = first as { text: string; values?: unknown[] }
  return { text, values }
}

/** A page's own questions: all but who is asking, and the audit's note that it was looked at. */
export function questionsAmong(statements: Statement[]): Statement[] {
  return statements.filter(
    ({ text }) => !/(?:from|update|into) "?sessions\b/.test(text) && !text.includes('record_audit('),
  )
}
