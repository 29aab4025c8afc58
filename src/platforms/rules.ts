import type { StateTag } from '../lib/view-model.ts'

/** What the organisation decided about a platform. None of it stops anybody: losing the person may be the greater risk. */
export const approvals: Readonly<Record<string, { text: string; tag: StateTag }>> = {
  approved: { text: 'Approved', tag: { text: 'Approved', colour: 'green' } },
  conditions: { text: 'Approved with these settings', tag: { text: 'With settings', colour: 'yellow' } },
  'not-approved': { text: 'Not approved', tag: { text: 'Not approved', colour: 'red' } },
}

export interface RiskTaken {
  risk: string
  accepted_at: string
  staff_member: string
}

export interface KnownPlatform {
  id: number
  name: string
  approval: string
  risk: RiskTaken | null
}

/** What to know before a platform is used that is not simply approved; nothing where it is. */
export function platformNote({ name, approval, risk }: KnownPlatform, formatDay: (at: string) => string): string {
  if (approval === 'approved') return ''
  if (approval === 'conditions') return `${name} is approved with certain settings. See them before the call.`
  if (risk === null)
    return `${name} is not approved, and nobody has accepted the risk yet. It may still be right for them: ask.`
  return `${name} is not approved. ${risk.staff_member} accepted the risk on ${formatDay(risk.accepted_at)}: ${risk.risk}`
}

export function platformUrl(id: number): string {
  return `/platforms/${id}`
}
