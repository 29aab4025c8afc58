import { hash } from 'node:crypto'
import type { Request, Response } from 'express'
import type { Config } from '../config.ts'
import { services } from './context.ts'
import { cookieOptions } from './session.ts'

/** As long as a browser keeps any; it begins anew whenever somebody signs in on the tablet. */
const KEPT_MS = 400 * 86_400_000

/** What a ward's tablet shows with each request, as the database has it; null: this is none. */
export function tabletHashOf(req: Request): Buffer | null {
  const name = tabletCookieName(services(req).config)
  const token = new RegExp(`(?:^|;\\s*)${name}=([\\w-]{43})(?:;|$)`).exec(req.headers.cookie ?? '')?.[1]
  return token === undefined ? null : hashOfToken(token)
}

/** 32 random bytes, so nobody tries them out, and a plain hash of them is enough. */
export function hashOfToken(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

export function keepTabletCookie(req: Request, res: Response, token?: string): void {
  const { config } = services(req)
  const name = tabletCookieName(config)
  const value = token ?? new RegExp(`(?:^|;\\s*)${name}=([\\w-]{43})`).exec(req.headers.cookie ?? '')?.[1]
  if (value !== undefined) res.cookie(name, value, { ...cookieOptions(config), maxAge: KEPT_MS })
}

export function forgetTabletCookie(req: Request, res: Response): void {
  const { config } = services(req)
  res.clearCookie(tabletCookieName(config), cookieOptions(config))
}

function tabletCookieName(config: Config): string {
  return config.publicUrl.startsWith('https://') ? '__Host-tablet' : 'tablet'
}
