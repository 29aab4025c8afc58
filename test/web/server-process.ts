import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What `npm start` calls Node with: how much memory it takes is decided there. */
const command = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
  .scripts.start.split(' ')
  .slice(1) as string[]

export interface ServerProcess {
  child: ChildProcess
  address: string
  /** Everything it wrote so far. */
  output(): string
  /** Its exit code, once it has ended. */
  ended: Promise<number | null>
}

/** The service as it really runs: a process of its own, with these settings and no others. */
export async function startServer(settings: Record<string, string>): Promise<ServerProcess> {
  const port = await freePort()
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, PORT: String(port), ...settings }
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  const ended = once(child, 'close').then(([code]) => code as number | null)
  return { child, address: `http://127.0.0.1:${port}`, output: () => output, ended }
}

export async function untilReady(server: ServerProcess): Promise<void> {
  for (let time = 0; time < 1_200; time += 1) {
    if (server.child.exitCode !== null) throw new Error(`It ended: ${server.output()}`)
    const answer = await fetch(`${server.address}/health/ready`).catch(() => null)
    if (answer?.ok) return
    await new Promise((later) => setTimeout(later, 50))
  }
  throw new Error(`It never got ready: ${server.output()}`)
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}
