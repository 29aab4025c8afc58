import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { NotifyClient } from 'notifications-node-client'

export interface Text {
  /** The same for every try, and what a later word about its delivery names. */
  reference: string
  to: string
  body: string
}

export interface Texter {
  /** `kept`: there is no key, and the text lies in a folder to be read. */
  send(text: Text): Promise<'sent' | 'kept'>
}

export interface TexterSettings {
  notifyKey: string | null
  /** One template at GOV.UK Notify, which is nothing but its field `text`. */
  notifyTemplate: string | null
  notifyUrl: string
  outbox: string
}

const PATIENCE_MS = 20_000

/** What Notify said, by its code alone: its words may quote a number. */
export class TextProblem extends Error {
  readonly isRefusal: boolean
  readonly reason: string
  constructor(status: number | null) {
    super('The text could not be handed over')
    this.name = 'TextProblem'
    // 400: it will never take this one. 401 and 403 are about our key, 429 about our number of them: somebody can mend that
    this.isRefusal = status === 400
    this.reason = status === null ? 'unreachable' : String(status)
  }
}

interface Asked {
  url: string
  data: unknown
  headers: Record<string, string>
}

/** Notify's own client waits for ever; ours goes on after a while, and follows nobody elsewhere. */
async function ask({ url, data, headers }: Asked): Promise<void> {
  const answer = await fetch(url, {
    ...{ method: 'POST', redirect: 'error', signal: AbortSignal.timeout(PATIENCE_MS), body: JSON.stringify(data) },
    headers: { ...headers, 'Content-Type': 'application/json' },
  }).catch(() => {
    throw new TextProblem(null)
  })
  await answer.body?.cancel()
  if (!answer.ok) throw new TextProblem(answer.status)
}

export function createTexter({ notifyKey, notifyTemplate, notifyUrl, outbox }: TexterSettings): Texter {
  if (notifyKey === null || notifyTemplate === null) {
    return {
      send: async (text) => {
        await keep(outbox, text)
        return 'kept'
      },
    }
  }
  const client = new NotifyClient(notifyUrl, notifyKey)
  client.setClient(ask as unknown as Parameters<typeof client.setClient>[0])
  return {
    send: async ({ reference, to, body }) => {
      await client.sendSms(notifyTemplate, to, { personalisation: { text: body }, reference })
      return 'sent'
    },
  }
}

async function keep(folder: string, { reference, to, body }: Text): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const path = join(folder, `${reference}.txt`)
  await writeFile(`${path}.part`, `${to}\n\n${body}\n`, { mode: 0o600 })
  await rename(`${path}.part`, path)
}
