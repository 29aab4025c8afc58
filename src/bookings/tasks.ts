import type { Task } from '../jobs/tasks.ts'
import { releaseUncollected } from './release-actions.ts'

export const bookingTasks: Task[] = [
  {
    name: 'release-uncollected',
    cron: '*/5 * * * *',
    run: async (_payload, { db, clock }) => {
      await releaseUncollected({ db, clock })
    },
  },
]
