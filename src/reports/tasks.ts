import type { Task } from '../jobs/tasks.ts'
import { keepCounts } from './kept-actions.ts'
import { publishFigures } from './publish-actions.ts'
import { PUBLISH } from './words-rules.ts'

export const reportTasks: Task[] = [
  {
    name: 'keep-counts',
    cron: '10 2 * * *',
    run: async (_payload, { db, clock }) => {
      await keepCounts({ db, clock })
    },
  },
  {
    name: PUBLISH,
    // at night: a month comes out two weeks after it is over
    cron: '40 2 * * *',
    run: async (_payload, { db, clock }) => {
      await publishFigures({ db, clock })
    },
  },
]
