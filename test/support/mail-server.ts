import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'

export interface Received {
  from: string
  to: string[]
  /** As it came over the wire. */
  source: string
}

export interface MailServer {
  url: string
  received: Received[]
  /** What it does with the next messages: takes them, refuses them with a code, or hangs up once it has them. */
  behave(how: 'take' | 'hang-up' | number): void
  stop(): Promise<void>
}

/** A real mail server on this machine, to send to. */
export async function startMailServer(port = 0): Promise<MailServer> {
  const received: Received[] = []
  let behaviour: 'take' | 'hang-up' | number = 'take'
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData(stream, session, done) {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('end', () => {
        if (typeof behaviour === 'number') {
          return done(Object.assign(new Error('not for us'), { responseCode: behaviour }))
        }
        const { mailFrom, rcptTo } = session.envelope
        received.push({
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          source: Buffer.concat(chunks).toString(),
        })
        if (behaviour === 'take') return done()
        // it has the message, and nobody hears so
        for (const connection of connections(server)) connection.destroy()
      })
    },
  })
  server.on('error', () => {})
  await new Promise<void>((listening) => server.listen(port, '127.0.0.1', () => listening()))
  return {
    url: `smtp://127.0.0.1:${(server.server.address() as AddressInfo).port}`,
    received,
    behave: (how) => {
      behaviour = how
    },
    stop: () => new Promise((closed) => server.close(() => closed())),
  }
}

function connections(server: SMTPServer): { destroy(): void }[] {
  const open = (server as unknown as { connections: Set<{ _socket: { destroy(): void } }> }).connections
  return [...open].map((connection) => connection._socket)
}
