import { afterAll, beforeAll, it } from '@jest/globals'
import fc from 'fast-check'
import { remembered } from '../model/remembered.ts'
import { type Service, startService, stopService } from '../model/service.ts'
import { everyStory } from '../model/stories.ts'

let service: Service

beforeAll(async () => {
  service = await startService()
})
afterAll(() => stopService(service))

it('holds for 1,000 stories that nobody has told before', async () => {
  // what fails names its seed and path: give both to the same test to see it again
  await fc.assert(everyStory(service), { examples: remembered, numRuns: 1_000, interruptAfterTimeLimit: 230_000 })
})
