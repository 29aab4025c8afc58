import { join } from 'node:path'
import { z } from 'zod'
import type { JobServices, Task } from '../jobs/tasks.ts'
import { createMailer, type Mailer } from './mailer.ts'
import { writeWhatIsDue } from './occasion-actions.ts'
import { sendMessage } from './sending-actions.ts'

export const messageTasks: Task[] = [
  { name: 'send-message', run: send },
  {
    name: 'write-what-is-due',
    cron: '*/5 * * * *',
    run: async (_payload, { db, clock }) => {
      await writeWhatIsDue({ db, clock })
    },
  },
]

const payloadShape = z.object({ messageId: z.number().int() })

async function send(payload: unknown, services: JobServices, attempt: { isLast: boolean }): Promise<void> {
  const { messageId } = payloadShape.parse(payload)
  const { config, db, clock } = services
  const host = new URL(config.publicUrl).hostname
  await sendMessage({ db, clock, send: mailerOf(config).send, host, isLastTry: attempt.isLast }, messageId)
}

const mailers = new WeakMap<JobServices['config'], Mailer>()

/** One for a process: it keeps its settings, not a connection. */
function mailerOf(config: JobServices['config']): Mailer {
  const known = mailers.get(config)
  if (known) return known
  const { smtpUrl, mailFrom: from, dataDir } = config
  const mailer = createMailer({ smtpUrl, from, outbox: join(dataDir, 'outbox') })
  mailers.set(config, mailer)
  return mailer
}
