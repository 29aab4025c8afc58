import { Secret, TOTP } from 'otpauth'
import { type CodePicture, qrCode } from '../lib/qr-code.ts'
import { inFours, plainTypedCode, typedCodeFrom } from '../lib/typed-codes.ts'

/** How long somebody has between the password and the code. */
export const MINUTES_FOR_THE_CODE = 10
export const RECOVERY_CODES = 10
/** With so many left, somebody is asked to make new ones. */
export const FEW_RECOVERY_CODES = 3

/**
 * Steps of half a minute before and after this one whose code is taken too: for clocks that are a little off, and for
 * whoever types slowly. More would be more codes to guess (RFC 6238, 5.2).
 */
const STEPS_OFF = 1
const SECONDS_A_STEP = 30
const SECRET_BYTES = 20

export function newSecret(): string {
  return new Secret({ size: SECRET_BYTES }).base32
}

/** The half minute that a code of six digits belongs to, spaces or not; null for a wrong one. */
export function timeStepOf(secret: string, typed: string, now: Date): number | null {
  const token = typed.replace(/[\s-]/g, '')
  if (!/^\d{6}$/.test(token)) return null
  const timestamp = now.getTime()
  const off = codesOf(secret).validate({ token, timestamp, window: STEPS_OFF })
  return off === null ? null : TOTP.counter({ period: SECONDS_A_STEP, timestamp }) + off
}

export interface PhoneSetUp {
  picture: CodePicture
  /** To type where a phone has no camera, in fours. */
  typed: string
}

/** What a phone reads to know the secret: the code as a picture, and as letters. */
export function phoneSetUp(secret: string, email: string): PhoneSetUp {
  const code = qrCode(codesOf(secret, email).toString(), 'M') ?? qrCode(codesOf(secret).toString(), 'M')
  if (code === null) throw new Error('No QR code could be made')
  return { picture: code.picture, typed: inFours(secret) }
}

function codesOf(secret: string, label = 'Sign in'): TOTP {
  const issuer = 'Digital inclusion loans'
  return new TOTP({ issuer, label, secret: Secret.fromBase32(secret), digits: 6, period: SECONDS_A_STEP })
}

const RECOVERY_LETTERS = 16

/** A recovery code out of random bytes: 80 bits, as four times four letters. */
export function recoveryCodeFrom(bytes: Uint8Array): string {
  if (bytes.length < RECOVERY_LETTERS) throw new Error('Too few bytes')
  return typedCodeFrom(bytes.subarray(0, RECOVERY_LETTERS))
}

export const RECOVERY_CODE_BYTES = RECOVERY_LETTERS

/** As it is compared; null: none. */
export function plainRecoveryCode(typed: string): string | null {
  return plainTypedCode(typed, RECOVERY_LETTERS)
}
