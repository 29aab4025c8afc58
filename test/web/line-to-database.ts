import type { AddressInfo } from 'node:net'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** What a network can do: carry, carry nothing any more, or be gone. */
type State = 'open' | 'silent' | 'gone'

/** A line between the app and its database that can be cut, hung up or held. */
export class LineToDatabase {
  readonly #target: URL
  readonly #pairs = new Set<[Socket, Socket]>()
  #server: Server | undefined
  #port = 0
  #state: State = 'open'

  constructor(url: string) {
    this.#target = new URL(url)
  }

  /** The address at which the database is found through this line. */
  async open(): Promise<string> {
    await this.#listen()
    const through = new URL(this.#target)
    through.hostname = '127.0.0.1'
    through.port = String(this.#port)
    return through.href
  }

  /** Nothing is refused and nothing is answered, like a cable that was pulled or a server that is held. */
  fallSilent(): void {
    this.#state = 'silent'
    for (const pair of this.#pairs) for (const socket of pair) socket.pause()
  }

  /** Like a server that was stopped: what was open is closed, and nothing new gets in. */
  async cut(): Promise<void> {
    this.#state = 'gone'
    const server = this.#server
    for (const pair of this.#pairs) for (const socket of pair) socket.destroy()
    this.#pairs.clear()
    if (server) await new Promise((closed) => server.close(closed))
    this.#server = undefined
  }

  async mend(): Promise<void> {
    this.#state = 'open'
    for (const pair of this.#pairs) for (const socket of pair) socket.resume()
    if (!this.#server) await this.#listen()
  }

  async #listen(): Promise<void> {
    const server = createServer((socket) => this.#carry(socket))
    await new Promise<void>((listening) => server.listen(this.#port, '127.0.0.1', listening))
    this.#port = (server.address() as AddressInfo).port
    this.#server = server
  }

  #carry(socket: Socket): void {
    const onward = connect(Number(this.#target.port), this.#target.hostname)
    const pair: [Socket, Socket] = [socket, onward]
    this.#pairs.add(pair)
    socket.pipe(onward)
    onward.pipe(socket)
    if (this.#state === 'silent') for (const one of pair) one.pause()
    for (const one of pair) {
      one.on('error', () => {})
      one.on('close', () => {
        this.#pairs.delete(pair)
        for (const other of pair) other.destroy()
      })
    }
  }
}
