import { createHash, timingSafeEqual } from 'node:crypto'

/**
 * Whether a program that asks has the token that was agreed with it. In the same time whatever is sent: hashes are of one length,
 * and are compared to their end.
 */
export function isBearer(header: string | undefined, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(header ?? ''), digest(`Bearer ${token}`))
}
