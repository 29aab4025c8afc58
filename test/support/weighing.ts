import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** The most bytes of memory that a process had while something went on, beyond what it had before. */
export async function growthDuring(pid: number, work: () => Promise<unknown>): Promise<number> {
  const before = await memoryOf(pid)
  let most = before
  let isOver = false
  const weighing = (async () => {
    while (!isOver) {
      most = Math.max(most, await memoryOf(pid))
      await new Promise((later) => setTimeout(later, 20))
    }
  })()
  try {
    await work()
  } finally {
    isOver = true
    await weighing
  }
  return Math.max(most, await memoryOf(pid)) - before
}

async function memoryOf(pid: number): Promise<number> {
  const { stdout } = await run('ps', ['-o', 'rss=', '-p', String(pid)])
  return Number(stdout.trim()) * 1024
}
