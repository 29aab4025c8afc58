import type { Task } from '../jobs/tasks.ts'
import { emptyWhatIsDue } from './emptying-actions.ts'

export const retentionTasks: Task[] = [
  {
    name: 'empty-what-is-due',
    needsRetention: true,
    // at night, after the day's backup
    cron: '15 3 * * *',
    run: async (_payload, { retention: db, clock }) => {
      if (!db) throw new Error('this process was not given the role that empties')
      await emptyWhatIsDue({ db, clock })
    },
  },
]
