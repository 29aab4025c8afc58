import { formatInstant } from '../lib/dates.ts'

interface Addressee {
  name: string
  organisation: string
  url: string
  until: Date
}

/**
 * The words of the emails that bring somebody to their account. Plain text: it reads the same everywhere. No subject names who
 * they work for: it is what a locked screen shows.
 */
export function invitationText({ name, organisation, url, until }: Addressee) {
  return {
    subject: 'Join Manage digital inclusion loans',
    body: `Hello ${name},

You are invited to use Manage digital inclusion loans for ${organisation}.

Open this link and choose a password:
${url}

The link works once, until ${formatInstant(until.toISOString())}. If it has stopped working, ask the person who invited you for a new one.

If you did not expect this, you can leave it. Nothing happens unless you open the link.`,
  }
}

export function passwordResetText({ name, url, until }: Omit<Addressee, 'organisation'>) {
  return {
    subject: 'Set a new password for Manage digital inclusion loans',
    body: `Hello ${name},

Somebody asked for a new password for your account. If it was you, open this link and choose one:
${url}

The link works once, until ${formatInstant(until.toISOString())}.

If it was not you, you can leave this email. Your password stays as it is. Tell your administrator if it happens again.`,
  }
}
