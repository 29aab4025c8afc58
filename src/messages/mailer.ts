import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createTransport } from 'nodemailer'
import { asHtml } from './email-html-rules.ts'
import { isRefusal } from './rules.ts'

export interface Email {
  /** The same for every try: a mailbox that gets it twice can tell. */
  messageId: string
  /** The name of whoever the person knows; null: as the service calls itself. */
  sender: string | null
  to: { name: string; address: string }
  subject: string
  body: string
  /** A calendar file to go with it, where it tells of a time. */
  calendar: string | null
  /** A page to go with it, as HTML. */
  attached: { filename: string; content: string } | null
}

export interface Mailer {
  /** `kept`: there is no mail server, and the message lies in a folder to be read. */
  send(email: Email): Promise<'sent' | 'kept'>
}

export interface MailerSettings {
  smtpUrl: string | null
  from: string
  /** Where messages are kept while there is no mail server. */
  outbox: string
}

/** What the mail server said, without its words: they may quote an address. */
export class MailProblem extends Error {
  readonly isRefusal: boolean
  readonly reason: string
  constructor(cause: unknown) {
    super('The message could not be handed over')
    this.name = 'MailProblem'
    const { code, responseCode } = (cause ?? {}) as { code?: string; responseCode?: number }
    this.isRefusal = isRefusal(responseCode)
    this.reason = [responseCode, code].filter((part) => part !== undefined).join(' ') || 'unknown'
  }
}

const PATIENCE_MS = 20_000

export function createMailer({ smtpUrl, from, outbox }: MailerSettings): Mailer {
  const timeouts = { connectionTimeout: 5_000, greetingTimeout: 5_000, socketTimeout: PATIENCE_MS }
  const server = smtpUrl === null ? null : createTransport({ url: smtpUrl, ...timeouts })
  const writer = createTransport({ streamTransport: true, buffer: true })
  return {
    send: async (email) => {
      const mail = {
        from: email.sender === null ? from : { name: email.sender, address: addressIn(from) },
        to: email.to,
        subject: email.subject,
        text: email.body,
        html: asHtml(email.body),
        attachments: [
          ...(email.calendar === null ? [] : [{ ...calendarPart, content: email.calendar }]),
          ...(email.attached === null ? [] : [{ ...email.attached, contentType: 'text/html; charset=utf-8' }]),
        ],
        messageId: email.messageId,
        // nobody's out-of-office note answers a machine
        headers: { 'Auto-Submitted': 'auto-generated' },
        disableFileAccess: true,
        disableUrlAccess: true,
      }
      if (server === null) {
        const { message } = await writer.sendMail(mail)
        await keep(outbox, email.messageId, message as Buffer)
        return 'kept'
      }
      try {
        await server.sendMail(mail)
        return 'sent'
      } catch (error) {
        throw new MailProblem(error)
      }
    },
  }
}

const calendarPart = { filename: 'calendar.ics', contentType: 'text/calendar; charset=utf-8; method=PUBLISH' }

/** The address alone of one that is written with a name. */
export function addressIn(from: string): string {
  return /<([^<>]+)>\s*$/.exec(from)?.[1] ?? from
}

/** Whole or not at all: whoever reads the folder never meets half a message. */
async function keep(folder: string, messageId: string, message: Buffer): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${messageId.replaceAll(/[^\w.-]/g, '')}.eml`)
  await writeFile(`${path}.part`, message, { mode: 0o600 })
  await rename(`${path}.part`, path)
}
