import { join } from 'node:path'
import { z } from 'zod'
import type { JobServices, Task } from '../jobs/tasks.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { writeWhatIsDue } from './occasion-actions.ts'
import { sendMessage } from './sending-actions.ts'
import { createTexter, type Texter } from './texter.ts'

export const messageTasks: Task[] = [
  { name: 'send-message', run: send },
  {
    name: 'write-what-is-due',
    cron: '*/5 * * * *',
    run: async (_payload, { config, db, clock }) => {
      // a service that is only tried out keeps its texts to be read
      const { publicUrl, notifyKey, isProduction } = config
      await writeWhatIsDue({ db, clock, publicUrl, canText: notifyKey !== null || !isProduction })
    },
  },
]

const payloadShape = z.object({ messageId: z.number().int() })

async function send(payload: unknown, services: JobServices, attempt: { isLast: boolean }): Promise<void> {
  const { messageId } = payloadShape.parse(payload)
  const { config, db, clock } = services
  const host = new URL(config.publicUrl).hostname
  const { mailer, texter } = sendersOf(config)
  const ways = { send: mailer.send, sendText: texter.send }
  await sendMessage({ db, clock, ...ways, host, isLastTry: attempt.isLast }, messageId)
}

interface Senders {
  mailer: Mailer
  texter: Texter
}

const senders = new WeakMap<JobServices['config'], Senders>()

/** One of each for a process: they keep their settings, not a connection. */
function sendersOf(config: JobServices['config']): Senders {
  const known = senders.get(config)
  if (known) return known
  const { smtpUrl, mailFrom: from, dataDir, notifyKey, notifyTemplate, notifyUrl } = config
  const outbox = join(dataDir, 'outbox')
  const made = {
    mailer: createMailer({ smtpUrl, from, outbox }),
    texter: createTexter({ notifyKey, notifyTemplate, notifyUrl, outbox }),
  }
  senders.set(config, made)
  return made
}
