import type { RequestHandler } from 'express'
import { type Actor, type Role, roles } from '../lib/actor.ts'
import { NotAllowed } from '../lib/refusals.ts'

/**
 * Who may do what: one vocabulary, in the words of the routes. A right says what a role may ask for; which records it
 * then sees is the scope every query takes (own organisation, own wards, own caseload).
 */
const rights = {
  'worklist:read': ['administrator', 'champion', 'care-team', 'ward-staff', 'information-governance', 'commissioner'],
  'item:read': ['administrator', 'champion', 'ward-staff'],
  'item:export': ['administrator', 'champion', 'ward-staff'],
  'item:write': ['administrator', 'champion'],
  'item:import': ['administrator', 'champion'],
  'turnaround:write': ['administrator', 'champion'],
  'item:report-fault': ['administrator', 'champion', 'ward-staff'],
  'incident:read': ['administrator', 'champion'],
  'incident:write': ['administrator', 'champion'],
  'stock-check:read': ['administrator', 'champion', 'ward-staff'],
  'stock-check:export': ['administrator', 'champion', 'ward-staff'],
  'stock-check:write': ['administrator', 'champion', 'ward-staff'],
  'loan:read': ['champion', 'ward-staff'],
  'loan:export': ['champion', 'ward-staff'],
  'loan:write': ['champion'],
  'loan:import': ['champion'],
  'service-user:import': ['champion'],
  'service-user:read': ['champion'],
  'person:summary': ['care-team', 'ward-staff'],
  'service-user:write': ['champion'],
  'conversation:read': ['champion'],
  'conversation:write': ['champion'],
  'platform:read': ['administrator', 'champion', 'care-team'],
  'platform:write': ['administrator'],
  'guide:read': ['administrator', 'champion', 'care-team'],
  'guide:write': ['administrator'],
  'signpost:read': ['administrator', 'champion', 'care-team'],
  'signpost:write': ['administrator'],
  'caseload:write': ['champion'],
  'caseload-count:read': ['administrator', 'champion'],
  'caseload-count:write': ['administrator', 'champion'],
  'record:open': ['champion', 'ward-staff', 'information-governance'],
  'opening:review': ['information-governance'],
  'service-user:merge': ['champion'],
  'referral:read': ['champion', 'care-team', 'ward-staff'],
  'referral:write': ['champion', 'care-team', 'ward-staff'],
  'referral:decide': ['champion'],
  'restriction:write': ['champion', 'care-team', 'ward-staff'],
  'restriction:permit': ['champion', 'ward-staff'],
  'concern:list': ['champion', 'care-team', 'ward-staff', 'information-governance'],
  'concern:raise': ['champion', 'care-team', 'ward-staff'],
  'concern:read': ['champion', 'information-governance'],
  'concern:close': ['information-governance'],
  'quotation:write': ['champion'],
  'quotation:read': ['champion', 'information-governance'],
  'quotation:take-back': ['champion', 'information-governance'],
  'quotation:approve': ['information-governance'],
  'appointment:read': ['champion', 'care-team'],
  'appointment:write': ['champion', 'care-team'],
  'letter:post': ['champion'],
  'appointment:today': ['ward-staff'],
  'appointment:import': ['champion'],
  'diary:read': ['champion'],
  'diary:write': ['champion'],
  'training:read': ['champion'],
  'training:write': ['champion'],
  'trial-call:read': ['champion'],
  'trial-call:write': ['champion'],
  'data-allowance:read': ['champion'],
  'data-allowance:write': ['champion'],
  'data-allowance:import': ['champion'],
  'own-account:write': roles,
  'own-pin:write': ['ward-staff'],
  'staff:read': ['administrator'],
  'staff:write': ['administrator'],
  'ward:read': ['administrator'],
  'ward:write': ['administrator'],
  'tablet:read': ['administrator'],
  'tablet:write': ['administrator'],
  'booking:read': ['administrator', 'champion', 'ward-staff'],
  'booking:write': ['administrator', 'champion', 'ward-staff'],
  'locker:read': ['administrator', 'champion', 'ward-staff'],
  'locker:write': ['administrator', 'champion', 'ward-staff'],
  'leaving:read': ['champion', 'ward-staff'],
  'leaving:write': ['champion', 'ward-staff'],
  'report:read': ['administrator', 'champion', 'information-governance', 'commissioner'],
  'ward-report:read': ['administrator', 'champion', 'ward-staff', 'information-governance'],
  'site-report:read': ['administrator', 'champion', 'information-governance'],
  'report:compare': ['commissioner'],
  'report:deliver': ['commissioner'],
  'settings:read': ['administrator'],
  'settings:write': ['administrator'],
  'message:read': ['administrator'],
  'message:write': ['administrator'],
  'audit:read': ['information-governance'],
  'retention:write': ['information-governance'],
  'subject-access:write': ['information-governance'],
} as const satisfies Record<string, readonly Role[]>

/** `public` asks for nothing; `signed-in`, which is about the session alone, for any role. */
export type Right = keyof typeof rights | 'public' | 'signed-in'

/** What concerns everybody's people: a champion who is limited to a caseload does none of it. */
const beyondCaseload: ReadonlySet<Right> = new Set<Right>([
  'loan:import',
  'appointment:import',
  'data-allowance:import',
  'service-user:import',
  'caseload:write',
  'caseload-count:write',
  'report:read',
  'ward-report:read',
  'site-report:read',
])

/**
 * What somebody may ask for who signed in on a ward's tablet with a PIN or a badge: the ward's work. A new right is not
 * among them until it is written here. No account, since whoever watched the PIN could take it over; no file, since a shared
 * tablet would keep it; no record outside the ward, whatever the reason.
 */
const onTablet: ReadonlySet<Right> = new Set<Right>([
  'signed-in',
  'worklist:read',
  'item:read',
  'item:report-fault',
  'stock-check:read',
  'stock-check:write',
  'loan:read',
  'appointment:today',
  'booking:read',
  'booking:write',
  'locker:read',
  'locker:write',
  'leaving:read',
  'leaving:write',
  'restriction:write',
  'restriction:permit',
])

export function may(actor: Pick<Actor, 'role' | 'caseloadOnly' | 'tablet'> | null | undefined, right: Right): boolean {
  if (right === 'public') return true
  if (!actor) return false
  if (actor.tablet && !onTablet.has(right)) return false
  if (actor.caseloadOnly && beyondCaseload.has(right)) return false
  // whoever sees everybody has no record to open
  if (right === 'record:open' && actor.role === 'champion') return actor.caseloadOnly
  return right === 'signed-in' || (rights[right] as readonly Role[]).includes(actor.role)
}

/** Stands before every handler. Asks a visitor to sign in, and tells a role that may not do this so. */
export function access(right: Right, askToSignIn: RequestHandler): RequestHandler {
  return (req, res, next) => {
    const actor = req.session.actor
    if (may(actor, right)) return next()
    if (!actor) return askToSignIn(req, res, next)
    throw new NotAllowed()
  }
}
