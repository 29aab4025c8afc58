import type { Task } from '../jobs/tasks.ts'
import { askWhoIsDue } from './actions.ts'

export const checkInTasks: Task[] = [
  {
    name: 'ask-how-it-is-going',
    // in the morning, when it is read; what is out of somebody's hours waits for them
    cron: '30 9 * * *',
    run: async (_payload, { db, clock, config, log }) => {
      log.info({ asked: await askWhoIsDue({ db, clock, publicUrl: config.publicUrl }) }, 'asked how it is going')
    },
  },
]
