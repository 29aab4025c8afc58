import { z } from 'zod'
import type { Task } from '../jobs/tasks.ts'
import { may } from '../web/access.ts'
import { runImport } from './run-actions.ts'

const payloadShape = z.object({ runId: z.number().int() })

const rightOf = {
  items: 'item:import',
  loans: 'loan:import',
  people: 'service-user:import',
  counts: 'caseload-count:write',
  appointments: 'appointment:import',
  'data-stock': 'data-allowance:import',
  'data-readings': 'data-allowance:import',
} as const

export const importTasks: Task[] = [
  {
    name: 'bring-in',
    run: async (payload, { db, clock, log }, { number: attempt }) => {
      const { runId } = payloadShape.parse(payload)
      await runImport({ db, clock, log, attempt, mayImport: (kind, person) => may(person, rightOf[kind]) }, runId)
    },
  },
]
