import { afterAll, beforeAll, it } from '@jest/globals'
import fc from 'fast-check'
import { remembered } from './remembered.ts'
import { type Service, startService, stopService } from './service.ts'
import { everyStory } from './stories.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

it('whatever happens to things and loans, in whatever order: who has what is certain, and each history tells it', async () => {
  // the same stories every time, so that a change is to blame; npm run test:faults tells new ones
  await fc.assert(everyStory(service), {
    examples: remembered,
    numRuns: 60,
    seed: 20_260_803,
    interruptAfterTimeLimit: 60_000,
  })
})
