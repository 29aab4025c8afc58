import { afterAll, beforeAll, it } from '@jest/globals'
import { thirtyEdits } from '../readiness/thirty-edits.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

it('keeps what readiness promises after thirty edits at once, twenty times over', async () => {
  const [champion, care] = [await app.signedInAs('champion'), await app.signedInAs('care-team')]
  await thirtyEdits(app, { champion, care, ward: await app.signedInAs('ward-staff') }, 20)
})
