import { SingleBar } from 'cli-progress'

/** A bar on a terminal, for the person who watches; silence for a script. It goes away when the work is done. */
export class ProgressBar {
  readonly #total: number
  readonly #bar: SingleBar | null
  #phase = ''

  constructor(total: number) {
    this.#total = total
    const format = '{phase} {bar} {value} of {total}'
    this.#bar = process.stderr.isTTY ? new SingleBar({ format, stream: process.stderr, clearOnComplete: true }) : null
  }

  /** What to call as one part of the work gets on. The bar begins anew with each part. */
  phase(name: string): (done: number) => void {
    return (done) => {
      if (name !== this.#phase) this.#bar?.start(this.#total, 0, { phase: name })
      this.#phase = name
      this.#bar?.update(done)
    }
  }

  stop(): void {
    this.#bar?.stop()
  }
}
