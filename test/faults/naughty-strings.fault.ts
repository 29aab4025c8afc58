import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { allFieldsOf, freeText, naughtyStrings, tryText } from '../security/naughty.ts'
import { makeRecords, type Records } from '../security/records.ts'
import { exampleOf, postNames } from '../security/route-table.ts'
import { expectFound, expectTyped } from '../service-users/naughty-people.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor
let records: Records

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  records = await makeRecords(app.db, { by: app.people.actors.champion, ward: app.people.ward, mark: 'mine' })
})
afterAll(() => app.close())

const forms = postNames.filter((name) => !exampleOf(name).endsSession && name !== 'POST /sign-in')

describe(`each of ${naughtyStrings.length} naughty strings, in each form`, () => {
  it.each(forms.filter((name) => freeText[name]))('%s takes it where anything may be written', async (name) => {
    for (const text of naughtyStrings) await tryText(champion, { name, fields: freeText[name]!, text, records })
  })

  it.each(forms)('%s takes it in all its fields at once', async (name) => {
    const fields = allFieldsOf(name, records)
    for (const text of naughtyStrings) await tryText(champion, { name, fields, text, records })
  })

  it('comes back from the form of a person as it was typed, can be a name, and can be looked for', async () => {
    for (const text of naughtyStrings) {
      await expectTyped(champion, text)
      await expectFound(champion, text)
    }
  })

  it('has left no fault behind', () => {
    expect(app.logged()).not.toContain('"level":50')
  })
})
