import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import {
  availableItem,
  availableItems,
  itemInTurnaround,
  kit,
  loanTo,
  lostItem,
  placement,
  serviceUser,
} from '../../seeds/factories.ts'
import {
  changesOf,
  dateFields,
  errorsOf,
  type Fields,
  fieldValue,
  lendFields,
  storedLines,
  storedLoan,
  wordsOf,
} from '../loans/forms.ts'
import { startApp, startOfTest, type TestApp, type Visitor } from '../support/app.ts'

let app: TestApp
let champion: Visitor

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** Items lent together to somebody, a week ago unless told otherwise. */
async function lent(name: string, count = 1, lentAt?: Date) {
  const person = await serviceUser(app.db, { ...here(), name })
  const items = await availableItems(
    app.db,
    Array.from({ length: count }, () => here()),
  )
  const loan = await loanTo(app.db, { serviceUser: person, items, isWithoutCharger: true, ...(lentAt && { lentAt }) })
  return { loan, items, person, tags: items.map((item) => item.tag) }
}

const fieldsOf = (codes: string[], more: Fields = {}): Fields => ({
  key: crypto.randomUUID(),
  codes: codes.join('\r\n'),
  ...dateFields('returned', ''),
  ...more,
})

const send = (fields: Fields, visitor = champion) => visitor.post('/loans/returns', fields)

/** Sends a batch and reads the page it leads to. */
async function scan(codes: string[], more: Fields = {}) {
  const answer = await send(fieldsOf(codes, more))
  expect([answer.status, answer.headers.location]).toEqual([303, expect.stringMatching(/^\/loans\/returns\/\d+$/)])
  const page = await champion.get(answer.headers.location ?? '')
  expect(page.status).toBe(200)
  return page.text
}

const endsOf = async (loan: { id: number }) => (await storedLines(app, loan.id)).map((line) => line.ended_as)

const turnaroundsOf = (items: { id: number }[]) =>
  app.db
    .selectFrom('item_holds')
    .select(['item_id', 'taken_at'])
    .where((eb) => eb('item_id', '=', eb.fn.any(eb.val(items.map(({ id }) => id)))))
    .where('kind', '=', 'turnaround')
    .where('ended_at', 'is', null)
    .execute()

/** The rows of a table of the page, each as its words. */
function rowsUnder(html: string, caption: RegExp): string[] {
  const tables = [...html.matchAll(/<table.*?<\/table>/gs)].map(([table]) => table)
  const table = tables.find((text) => caption.test(/<caption.*?<\/caption>/s.exec(text)?.[0] ?? '')) ?? ''
  const body = /<tbody.*<\/tbody>/s.exec(table)?.[0] ?? ''
  return [...body.matchAll(/<tr.*?<\/tr>/gs)].map(([row]) => wordsOf(row).trim())
}

describe('taking back by scanning', () => {
  it('takes back what several people had, each loan by itself, and sends each item to the bench', async () => {
    const [ann, ben] = [await lent('Ann Example', 2), await lent('Ben Example')]
    const page = await scan([ann.tags[1]!, ben.tags[0]!.toLowerCase(), ann.tags[0]!])
    expect(wordsOf(page)).toContain('3 of 3 taken back')
    expect(rowsUnder(page, /Taken back \(3\)/).map((row) => /From (\w+)/.exec(row)?.[1])).toEqual(['Ann', 'Ben', 'Ann'])
    expect([...(await endsOf(ann.loan)), ...(await endsOf(ben.loan))]).toEqual(['returned', 'returned', 'returned'])
    expect(await turnaroundsOf([...ann.items, ...ben.items])).toHaveLength(3)
    expect(await changesOf(app, ann.loan.id)).toEqual([
      {
        verb: 'loan:returned',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: ann.person.id,
        details: { items: [ann.tags[1], ann.tags[0]], returnedAt: startOfTest.toISOString() },
      },
    ])
    expect((await storedLoan(app, ann.loan.id)).version).toBe(2)
    expect(wordsOf((await champion.get(`/loans/${ben.loan.id}`)).text)).toContain(`took back ${ben.tags[0]}.`)
  })

  it('says of every code what became of it, in the order of scanning, and takes back what it can', async () => {
    const ann = await lent('Ann Example')
    const twins = await availableItems(app.db, [
      { ...here(), serial: 'TWIN' },
      { ...here(), serial: 'TWIN' },
    ])
    const box = await kit(app.db, { ...here(), items: [] })
    const back = await itemInTurnaround(app.db, here())
    const lost = await lostItem(app.db, here())
    const free = twins[0]!
    const foreign = await availableItem(app.db, { organisation_id: app.people.otherOrganisationId })
    const codes = ['NOBODYS', ann.tags[0]!, 'twin', box.tag, back.tag, ann.tags[0]!, lost.tag, free.tag, foreign.tag]
    const page = await scan(codes)
    expect(wordsOf(page)).toContain('1 of 9 taken back')
    const problems = rowsUnder(page, /Not taken back \(8\)/)
    expect(problems.map((row) => row.replace(/^Scanned /, ''))).toEqual([
      'NOBODYS Why Not known What to do Check it against the label and scan it again.',
      'twin Why Not clear What to do Several items have this number. Type the asset tag of the one you have.',
      `${box.tag} Why Label of a kit What to do Scan each item of the kit that came back.`,
      `${back.tag} Why Came back before What to do Make ${back.tag} ready Nobody has it on loan.`,
      `${ann.tags[0]} Why Scanned twice What to do Nothing. It counts once.`,
      `${lost.tag} Why No longer ours What to do Report ${lost.tag} as found It was reported lost.`,
      `${free.tag} Why Not on loan What to do See ${free.tag} Nobody has it on loan. If you found it somewhere, put it on its shelf.`,
      `${foreign.tag} Why Not known What to do Check it against the label and scan it again.`,
    ])
    // what typing can put right waits in the box; what is done or hopeless does not
    expect(fieldValue(page, 'codes')).toBe(`NOBODYS\ntwin\n${foreign.tag}`)
    expect(await endsOf(ann.loan)).toEqual(['returned'])
  })

  it('finds an item by its label’s address, its serial number and its IMEI', async () => {
    const [tagged, serial, imei] = [await lent('Ann Example'), await lent('Ben Example'), await lent('Cat Example')]
    const set = (item: { id: number }, columns: object) =>
      app.db.updateTable('items').set(columns).where('id', '=', item.id).execute()
    await set(serial.items[0]!, { serial: 'SER-7001' })
    await set(imei.items[0]!, { imei: '490154203237518' })
    const page = await scan([`https://loans.example/items/${tagged.tags[0]}`, 'ser-7001', '49 015420 323751 8'])
    expect(wordsOf(page)).toContain('3 of 3 taken back')
  })

  it('goes on scan by scan: the box is empty and has the focus, and the list grows', async () => {
    const [ann, ben] = [await lent('Ann Example'), await lent('Ben Example')]
    await scan(ann.tags)
    const wrong = await scan(['NOBODYS-1'])
    expect(wordsOf(wrong)).toContain('Not taken back')
    expect(fieldValue(wrong, 'codes')).toBe('')
    const page = await scan(ben.tags)
    expect(wordsOf(page)).toContain(`${ben.tags[0]} is back from Ben Example.`)
    expect(/<textarea[^>]*autofocus/.test(page)).toBe(true)
    const list = rowsUnder(page, /What you took back by scanning today/)
    expect(list[0]).toContain(ben.tags[0])
    expect(list[1]).toContain(ann.tags[0])
  })

  it('takes back from whoever a ward lent it on to; scanned when it is ready, from the ward', async () => {
    const ward = { id: app.people.ward.id, ...here() }
    const headset = await availableItem(app.db, { ...here(), category: 'headset' })
    const home = await placement(app.db, { ward, items: [headset] })
    const ann = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
    await champion.post('/loans', lendFields([headset.id], { 'service-user': ann.id }))
    const page = await scan([headset.tag])
    expect(wordsOf(page)).toContain(`${headset.tag} is back from Ann Example.`)
    expect(wordsOf(page)).toContain('It stays with Ash Ward.')
    expect(await endsOf(home)).toEqual([null])
    expect(wordsOf(await scan([headset.tag]))).toContain('Came back before')
    await sql`insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by)
      select hold.organisation_id, hold.id, rule.step, ${startOfTest}, ${app.people.actors.champion.staffId}
      from item_holds hold join turnaround_step_rules rule on rule.category = 'headset'
      where hold.item_id = ${headset.id} and hold.kind = 'turnaround' and hold.ended_at is null`.execute(app.db)
    await sql`update item_holds set ended_at = ${startOfTest}, ended_as = 'ready'
      where item_id = ${headset.id} and kind = 'turnaround' and ended_at is null`.execute(app.db)
    expect(wordsOf(await scan([headset.tag]))).toContain(`${headset.tag} is back from Ash Ward.`)
    expect(await endsOf(home)).toEqual(['returned'])
  })

  it('keeps the day they really came back, and leaves out what was lent after it', async () => {
    const early = await lent('Ann Example')
    const late = await lent('Ben Example', 1, new Date('2026-08-02T10:00:00Z'))
    const page = await scan([...early.tags, ...late.tags], dateFields('returned', '2026-07-30'))
    expect(wordsOf(page)).toContain('1 of 2 taken back')
    expect(rowsUnder(page, /^.*Not taken back/s).join()).toContain('Not on that day')
    const [line] = await storedLines(app, early.loan.id)
    expect(new Date(line?.ended_at ?? 0).toISOString()).toBe('2026-07-30T11:00:00.000Z')
    expect(await endsOf(late.loan)).toEqual([null])
    // the day stays in the form, in sight, for the rest of the batch
    expect(fieldValue(page, 'returned-day')).toBe('30')
  })
})

describe('a batch that is wrong', () => {
  it('says everything at once, and keeps what was scanned', async () => {
    const page = await send(fieldsOf([], dateFields('returned', '2026-08-04')))
    expect(page.status).toBe(422)
    expect(errorsOf(page.text)).toEqual({
      codes: 'Scan or type at least one item',
      returned: 'Day they came back must be today or in the past',
    })
    const many = await send(fieldsOf(Array.from({ length: 501 }, (_, at) => `T-${at}`)))
    expect(many.status).toBe(422)
    expect(errorsOf(many.text).codes).toBe('There are 501 codes. Take back 500 at most, and the rest after that')
    expect(fieldValue(many.text, 'codes')).toContain('T-500')
  })

  it('counts once when it is sent twice at once, and both are told the same', async () => {
    const ann = await lent('Ann Example', 2)
    const fields = fieldsOf([...ann.tags, 'NOBODYS-2'])
    const answers = await Promise.all([send(fields), send(fields)])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(answers[0]?.headers.location).toBe(answers[1]?.headers.location)
    expect(wordsOf((await champion.get(answers[0]?.headers.location ?? '')).text)).toContain('2 of 3 taken back')
    expect(await turnaroundsOf(ann.items)).toHaveLength(2)
    expect(await changesOf(app, ann.loan.id)).toHaveLength(1)
  })

  it('takes back each item once when two people scan one pile', async () => {
    const ann = await lent('Ann Example', 10)
    const answers = await Promise.all([send(fieldsOf(ann.tags)), send(fieldsOf([...ann.tags].reverse()))])
    expect(answers.map(({ status }) => status)).toEqual([303, 303])
    expect(await turnaroundsOf(ann.items)).toHaveLength(10)
    const titles = await Promise.all(
      answers.map(async ({ headers }) => wordsOf((await champion.get(headers.location ?? '')).text)),
    )
    expect(titles.map((words) => /(\w+ of 10) taken back/.exec(words)?.[1]).sort()).toEqual(['10 of 10', 'None of 10'])
  })

  it.each(otherRoles)('is refused to %s', async (role) => {
    const visitor = await app.signedInAs(role)
    const ann = await lent('Ann Example')
    expect((await visitor.get('/loans/returns')).status).toBe(403)
    expect((await send(fieldsOf(ann.tags), visitor)).status).toBe(403)
    expect(await endsOf(ann.loan)).toEqual([null])
  })

  it('takes back nothing of another organisation, and shows nobody else’s batch', async () => {
    const person = await serviceUser(app.db, { organisation_id: app.people.otherOrganisationId })
    const foreign = await loanTo(app.db, { serviceUser: person })
    const { tag } = await app.db
      .selectFrom('items')
      .select('tag')
      .where('id', '=', foreign.lines[0]!.item_id)
      .executeTakeFirstOrThrow()
    const answer = await send(fieldsOf([tag]))
    expect(await endsOf(foreign)).toEqual([null, null])
    const stranger = await app.signedInAs(app.people.foreignActors.champion)
    expect((await stranger.get(answer.headers.location ?? '')).status).toBe(404)
    expect((await champion.get('/loans/returns/99999999')).status).toBe(404)
  })
})
