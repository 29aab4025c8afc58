import { spawn } from 'node:child_process'
import { once } from 'node:events'

/** Runs a program that has to be installed here and gives what it wrote, on either stream. */
export async function runTool(program: string, args: string[]): Promise<string> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += String(chunk)
    })
  }
  await once(child, 'close')
  return output
}
