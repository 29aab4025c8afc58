import type { Request } from 'express'
import { type AuditEntry, writeAudit } from '../database/change.ts'
import { services } from './context.ts'

/**
 * Writes that something was seen, refused or exported: what happens outside any change. It stands in a statement of its
 * own, so that a refusal is kept although everything else was rolled back.
 */
export async function recordInAudit(req: Request, ...entries: AuditEntry[]): Promise<void> {
  const { db, clock } = services(req)
  await writeAudit(db, { at: clock(), by: req.session?.actor ?? null, requestId: req.id }, entries)
}
