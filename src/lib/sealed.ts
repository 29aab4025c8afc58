import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto'

const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * Encrypts a text so that a copy of the database reads nothing in it (AES-256-GCM). `about` says whose it is: put beside
 * somebody else's name, it cannot be opened.
 */
export function seal(key: string, text: string, about: string): Buffer {
  const iv = randomBytes(IV_BYTES)
  const cipher = createCipheriv('aes-256-gcm', derived(key, 'seal'), iv, { authTagLength: TAG_BYTES })
  cipher.setAAD(Buffer.from(about))
  const hidden = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
  return Buffer.concat([iv, cipher.getAuthTag(), hidden])
}

/** Throws where the key is another one, or it is not what it was sealed as. */
export function unseal(key: string, sealed: Buffer, about: string): string {
  const iv = sealed.subarray(0, IV_BYTES)
  const decipher = createDecipheriv('aes-256-gcm', derived(key, 'seal'), iv, { authTagLength: TAG_BYTES })
  try {
    decipher.setAAD(Buffer.from(about)).setAuthTag(sealed.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
    const hidden = sealed.subarray(IV_BYTES + TAG_BYTES)
    return Buffer.concat([decipher.update(hidden), decipher.final()]).toString('utf8')
  } catch {
    throw new Error('What is kept encrypted cannot be read: is SECOND_STEP_KEY the one it was written with?')
  }
}

/** A hash that can only be tried by whoever has the key: for texts that are too short to keep as a plain hash. */
export function keyedHash(key: string, text: string): Buffer {
  return createHmac('sha256', derived(key, 'hash')).update(text).digest()
}

function derived(key: string, purpose: 'seal' | 'hash'): Buffer {
  return Buffer.from(hkdfSync('sha256', key, '', `second step: ${purpose}`, 32))
}
