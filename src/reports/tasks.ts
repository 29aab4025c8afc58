import type { Task } from '../jobs/tasks.ts'
import { deliverReports } from './delivery-actions.ts'
import { writeDelivery } from './delivery-presenter.ts'
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
  {
    name: 'deliver-reports',
    // in the morning, when what was published at night is there
    cron: '0 6 * * *',
    run: async (_payload, { db, clock, config: { publicUrl } }) => {
      await deliverReports({ db, clock, publicUrl, write: writeDelivery })
    },
  },
]
