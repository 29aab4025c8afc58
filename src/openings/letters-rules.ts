import { formatInstant } from '../lib/dates.ts'

interface Told {
  name: string
  who: string
  role: string
  personId: number
  at: Date
  url: string
}

/** Tells information governance of an opening: no name of a service user, and not the reason, which may hold one. */
export function openingNotice({ name, who, role, personId, at, url }: Told) {
  return {
    subject: 'A record was opened with a reason',
    body: `Hello ${name},

${who} (${role.toLowerCase()}) opened the record of service user ${personId} on ${formatInstant(at.toISOString())}. It is outside what they see otherwise, so they gave a reason.

Sign in to read the reason, see what they did, and mark it as seen:
${url}`,
  }
}
