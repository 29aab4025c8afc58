import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

export interface TextReceived {
  phone_number: string
  template_id: string
  reference: string
  personalisation: { text: string }
}

export interface NotifyServer {
  url: string
  received: TextReceived[]
  /** What it answers from now on: 201 takes a text. */
  behave(status: number): void
  stop(): Promise<void>
}

/** A peer on this machine that speaks as GOV.UK Notify does, as far as texts go. */
export async function startNotifyServer(): Promise<NotifyServer> {
  const received: TextReceived[] = []
  let status = 201
  const server = createServer((req, res) => {
    const chunks: Buffer[] = []
    req.on('data', (chunk: Buffer) => chunks.push(chunk))
    req.on('end', () => {
      const isSigned = /^Bearer [\w-]+\.[\w-]+\.[\w-]+$/.test(req.headers.authorization ?? '')
      const isOurs = req.method === 'POST' && req.url === '/v2/notifications/sms' && isSigned
      const answer = isOurs ? status : 403
      if (answer === 201) received.push(JSON.parse(Buffer.concat(chunks).toString()) as TextReceived)
      res.writeHead(answer, { 'Content-Type': 'application/json' }).end('{}')
    })
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', () => listening()))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    behave: (to) => {
      status = to
    },
    stop: () => new Promise((closed) => server.close(() => closed())),
  }
}
