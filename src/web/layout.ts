import type { Request, RequestHandler } from 'express'
import type { Config } from '../config.ts'
import { roleNames } from '../lib/actor.ts'
import { may, type Right } from './access.ts'
import { services } from './context.ts'
import { TABLET_IDLE_MINUTES } from './session.ts'
import type { Flash } from './session-data.ts'
import { assetVersion } from './static.ts'
import type { LayoutModel } from './views.ts'

/** The links every page carries. Nobody sees a link to what their role may not do. */
const navigation: { href: string; text: string; right: Right }[] = [
  { href: '/', text: 'Worklist', right: 'worklist:read' },
  { href: '/appointments', text: 'Appointments', right: 'appointment:read' },
  { href: '/diary', text: 'Diary', right: 'diary:read' },
  { href: '/appointments/today', text: 'Appointments', right: 'appointment:today' },
  { href: '/training', text: 'Training', right: 'training:read' },
  { href: '/trial-calls', text: 'Trial-run calls', right: 'trial-call:read' },
  { href: '/loans', text: 'Loans', right: 'loan:read' },
  { href: '/data-allowances', text: 'Data', right: 'data-allowance:read' },
  { href: '/wards', text: 'Timetables', right: 'booking:read' },
  { href: '/items', text: 'Items', right: 'item:read' },
  { href: '/kits', text: 'Kits', right: 'item:read' },
  { href: '/turnaround', text: 'Turnaround', right: 'turnaround:write' },
  { href: '/incidents', text: 'Incidents', right: 'incident:read' },
  { href: '/referrals', text: 'Referrals', right: 'referral:read' },
  { href: '/service-users', text: 'Service users', right: 'service-user:read' },
  { href: '/people', text: 'Service users', right: 'person:summary' },
  { href: '/concerns', text: 'Concerns', right: 'concern:list' },
  { href: '/signposts', text: 'Help nearby', right: 'signpost:read' },
  { href: '/guides', text: 'Guides', right: 'guide:read' },
  { href: '/platforms', text: 'Platforms', right: 'platform:read' },
  { href: '/reports', text: 'Reports', right: 'report:read' },
  { href: '/openings', text: 'Opened records', right: 'opening:review' },
  { href: '/open-record', text: 'Open another record', right: 'record:open' },
  { href: '/subject-access', text: 'Subject access', right: 'subject-access:write' },
  { href: '/retention', text: 'Retention', right: 'retention:write' },
  { href: '/admin/staff', text: 'Staff', right: 'staff:read' },
  { href: '/admin/wards', text: 'Wards', right: 'ward:read' },
  { href: '/admin/settings', text: 'Settings', right: 'settings:read' },
  { href: '/messages', text: 'Messages', right: 'message:read' },
  { href: '/audit', text: 'Audit', right: 'audit:read' },
]

/** Gives every page its frame. It is worked out only when a page is rendered, so that a redirect costs nothing. */
export function pageFrame(config: Config, csrfToken: (req: Request) => string): RequestHandler {
  return (req, res, next) => {
    res.locals.layoutModel = (): LayoutModel => {
      const actor = req.session?.actor ?? null
      // it may name somebody, so it waits for the person it was meant for to sign in again
      const flash = actor ? takeFlash(req) : undefined
      return {
        serviceName: 'Manage digital inclusion loans',
        // made when a form asks for it: a page without one begins no session
        get csrfToken() {
          return req.session ? csrfToken(req) : ''
        },
        assetVersion,
        navigation: navigation
          .filter(({ right }) => may(actor, right))
          .map(({ href, text }) => ({ href, text, current: isWithin(req.path, href) })),
        account: actor && {
          name: actor.name,
          role: roleNames[actor.role],
          organisation: actor.organisationName,
          href: may(actor, 'own-account:write') ? '/account' : null,
        },
        scan: may(actor, 'item:read'),
        banner: flash === undefined ? null : typeof flash === 'string' ? { text: flash } : flash,
        tablet: actor?.tablet ? oneTask(actor.tablet.wardName) : null,
        minutesUntilSignOut: actor ? minutesLeft(req, config) : null,
      }
    }
    next()
  }
}

/** Whichever limit comes first. Its idle limit was moved at most a minute ago (see SessionStore), so a minute is held back. */
function minutesLeft(req: Request, config: Config): number {
  if (req.session.actor?.tablet) return TABLET_IDLE_MINUTES
  const endsAt = Date.parse(req.session.endsAt ?? '')
  const now = services(req).clock().getTime()
  const untilTheEnd = Number.isNaN(endsAt) ? config.sessionHours * 60 : Math.floor((endsAt - now) / 60_000)
  return Math.max(1, Math.min(config.sessionIdleMinutes - 1, untilTheEnd))
}

const oneTask = (wardName: string) =>
  `${wardName} tablet, for one task. You are signed out when it is done, or after 1 minute in which you do nothing.`

function takeFlash(req: Request): string | Flash | undefined {
  if (!req.session?.flash) return undefined
  const { flash } = req.session
  delete req.session.flash
  return flash
}

function isWithin(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`)
}
