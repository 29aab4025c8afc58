import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { parseNote } from '../../src/connectivity/form.ts'
import { noteInWords } from '../../src/connectivity/rules.ts'
import { startApp, type TestApp } from '../support/app.ts'
import { plainText } from '../support/html.ts'

let app: TestApp

beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const today = '2026-08-03'

it('reads a note: today where no day is given, and a speed where something was measured', () => {
  expect(parseNote({ what: 'slow', megabits: '2.5', place: ' Family  room ' }, today)).toMatchObject({
    value: { what: 'slow', happenedOn: today, megabits: 2.5, place: 'Family room' },
  })
  const wrong = parseNote(
    { what: 'other', megabits: 'fast', 'happened-day': '4', 'happened-month': '8', 'happened-year': '2026' },
    today,
  )
  expect(wrong.errors?.map(({ field }) => field)).toEqual(['what', 'happened', 'megabits'])
  expect(parseNote({ what: 'works' }, today).errors?.map(({ text }) => text)).toEqual(['Enter the speed'])
  const note = { what: 'dropped', happened_on: '2026-08-03', megabits: 3, place: 'Room 2' }
  expect(noteInWords(note)).toMatch(/^3 Aug(ust)? 2026: A call dropped, 3 Mbit\/s, Room 2$/)
})

it('is noted once on a ward, and told on its page and to the others at the site', async () => {
  const { ward, actors } = app.people
  const url = `/wards/${ward.code}/connectivity`
  const nurse = await app.signedInAs('ward-staff')
  const form = { key: crypto.randomUUID(), what: 'no-wifi', place: 'Day room', megabits: '' }
  expect((await nurse.post(url, form)).status).toBe(303)
  expect((await nurse.post(url, form)).status).toBe(303)
  const notes = await app.db.selectFrom('connectivity_notes').select(['what', 'ward_id']).execute()
  expect(notes).toEqual([{ what: 'no-wifi', ward_id: ward.id }])
  expect(plainText((await nurse.get(url)).text)).toMatch(/Day room.*No Wi-Fi/)
  expect(plainText((await nurse.get(`/wards/${ward.code}`)).text)).toContain('No Wi-Fi, Day room')
  const stranger = await app.signedInAs({ ...actors['ward-staff'], wardIds: [] })
  expect((await stranger.post(url, form)).status).not.toBe(200)
})
