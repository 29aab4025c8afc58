/** Crockford's: no letter that looks like another letter or number. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** A code to be typed or scanned, out of as many random bytes as it has letters: 5 bits each, in fours. */
export function typedCodeFrom(bytes: Uint8Array): string {
  return inFours(Array.from(bytes, (byte) => LETTERS[byte % 32]).join(''))
}

/** As it is compared: small letters, spaces and dashes are the same, and so is what looks alike. null: none of so many letters. */
export function plainTypedCode(typed: string, letters: number): string | null {
  const plain = typed.toUpperCase().replace(/[\s-]/g, '').replace(/O/g, '0').replace(/[IL]/g, '1')
  return new RegExp(`^[${LETTERS}]{${letters}}$`).test(plain) ? plain : null
}

export function inFours(text: string): string {
  return text.match(/.{1,4}/g)?.join(' ') ?? ''
}
