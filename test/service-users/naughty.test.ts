import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { naughtyStrings } from '../security/naughty.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { expectFound, expectTyped } from './naughty-people.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

/** A sample; npm run test:faults takes them all. */
const sample = naughtyStrings.filter((_, place) => place % 12 === 0)

describe(`each of ${sample.length} naughty strings`, () => {
  it('comes back from the form of a person as it was typed', async () => {
    for (const text of sample) await expectTyped(champion, text)
  })

  it('can be a name, if it has a letter in it, and can be looked for', async () => {
    for (const text of sample) await expectFound(champion, text)
    expect(app.logged()).not.toContain('"level":50')
  })
})
