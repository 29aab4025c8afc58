import type { Request } from 'express'
import { seal, unseal } from '../lib/sealed.ts'
import { services } from '../web/context.ts'
import { MINUTES_FOR_THE_CODE, newSecret } from './rules.ts'
import type { KeyedDoor } from './sign-in-actions.ts'

export function doorOf(req: Request): KeyedDoor {
  const { db, clock, guesses, secondStepKey } = services(req)
  return { db, clock, guesses, secondStepKey, ...(req.id !== undefined && { requestId: req.id }) }
}

/** The secret that is being set up in this session: the same one however often the page is loaded, for ten minutes. */
export function secretToSetUp(req: Request, staffId: number): string {
  return secretBeingSetUp(req, staffId) ?? beginSecret(req, staffId)
}

export function beginSecret(req: Request, staffId: number): string {
  const { secondStepKey, clock } = services(req)
  const secret = newSecret()
  const sealed = seal(secondStepKey, secret, aboutNewSecretOf(staffId)).toString('base64')
  req.session.newSecret = { sealed, since: clock().toISOString() }
  return secret
}

/** null: none was begun here, or too long ago. */
export function secretBeingSetUp(req: Request, staffId: number): string | null {
  const { secondStepKey, clock } = services(req)
  const { newSecret: kept } = req.session
  if (!kept || clock().getTime() - Date.parse(kept.since) > MINUTES_FOR_THE_CODE * 60_000) return null
  return unseal(secondStepKey, Buffer.from(kept.sealed, 'base64'), aboutNewSecretOf(staffId))
}

const aboutNewSecretOf = (staffId: number) => `new secret of ${staffId}`
const aboutCodesOf = (staffId: number) => `recovery codes of ${staffId}`

/** Recovery codes, to be shown in this session until their owner says that they are kept. */
export function keepCodes(req: Request, staffId: number, codes: string[], next: string) {
  const sealed = seal(services(req).secondStepKey, codes.join('\n'), aboutCodesOf(staffId)).toString('base64')
  return { newRecoveryCodes: { sealed, next } }
}

export function codesToShow(req: Request, staffId: number): string[] | null {
  const { newRecoveryCodes: kept } = req.session
  if (!kept) return null
  return unseal(services(req).secondStepKey, Buffer.from(kept.sealed, 'base64'), aboutCodesOf(staffId)).split('\n')
}
