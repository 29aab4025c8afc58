import { createHash } from 'node:crypto'

/** Stands for a text: another text has another one. 32 hexadecimal digits of SHA-256. */
export function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 32)
}
