import { Secret, TOTP } from 'otpauth'
import { exampleSecret } from '../../seeds/factories.ts'

/** What a phone with this secret shows at that moment. */
export function codeAt(now: Date, secret = exampleSecret): string {
  return new TOTP({ secret: Secret.fromBase32(secret.replaceAll(' ', '')) }).generate({ timestamp: now.getTime() })
}

/** A code that is none of those that would be taken. */
export function wrongCodeAt(now: Date, secret = exampleSecret): string {
  const taken = [-30_000, 0, 30_000].map((off) => codeAt(new Date(now.getTime() + off), secret))
  return ['111111', '222222', '333333', '444444'].find((code) => !taken.includes(code))!
}

/** The secret as a page shows it to be typed. */
export function secretOn(html: string): string {
  return /<p class="app-secret">([A-Z2-7 ]+)<\/p>/.exec(html)![1]!.replaceAll(' ', '')
}

export function recoveryCodesOn(html: string): string[] {
  return [...html.matchAll(/<li>((?:[0-9A-Z]{4} ?){4})<\/li>/g)].map(([, code]) => code!)
}
