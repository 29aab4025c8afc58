import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, loanTo, model, restriction, serviceUser, staffMember } from '../../seeds/factories.ts'
import { makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import { csv } from './fixtures.ts'
import { bringIn, preview, textOf, toPreview, upload } from './journey.ts'

let app: TestApp
let champion: Visitor
let tags = 0

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const to = '/loans/import'
const heading = 'Asset tag,Full name,Date of birth,NHS number,Ward,Staff email,Lent on,Review date,Notes'

async function freeItem(more: object = {}) {
  tags += 1
  return await availableItem(app.db, { ...here(), category: 'charger', tag: `LN-${tags}`, ...more })
}

const open = (visitor: Visitor, ...rows: string[]) => bringIn(visitor, csv(heading, ...rows), { to })
const look = async (...rows: string[]) => (await toPreview(champion, csv(heading, ...rows), { to })).text

async function loansOf(tag: string) {
  return await app.db
    .selectFrom('loan_lines as line')
    .innerJoin('items', 'items.id', 'line.item_id')
    .innerJoin('loans', 'loans.id', 'line.loan_id')
    .leftJoin('service_user_details as person', 'person.service_user_id', 'loans.service_user_id')
    .select(['loans.id', 'person.name', 'loans.ward_id', 'loans.staff_id', 'loans.notes', 'loans.lent_by'])
    .select(['line.due_on', 'line.from_at', 'line.taken_at', 'line.ended_at', 'loans.import_id'])
    .where('items.tag', '=', tag)
    .execute()
}

const counts = async () =>
  Promise.all(
    (['loans', 'service_users', 'item_holds'] as const).map(async (table) => {
      const rows = await app.db.selectFrom(table).select('id').execute()
      return rows.length
    }),
  )

describe('a spreadsheet of open loans', () => {
  it('lends to people, wards and staff as of the day it says, in one loan where the rows agree', async () => {
    const colleague = await staffMember(app.db, here())
    const nhs = makeTestNhsNumber(4_321)
    await serviceUser(app.db, { ...here(), name: 'Known Exampleton', nhs_number: nhs, date_of_birth: '1980-05-06' })
    const [one, two, three, four, five] = [
      await freeItem(),
      await freeItem(),
      await freeItem(),
      await freeItem(),
      await freeItem(),
    ]
    const rows = [
      `${one.tag},Newcomer Example,29/2/1984,,,,1/7/2026,2/11/2026,Has a dog`,
      `${two.tag},Newcomer Example,29/2/1984,,,,1/7/2026,2/11/2026,Has a dog`,
      `${three.tag},,,${nhs},,,13/7/2026,2/11/2026,`,
      `${four.tag},,,,Ash Ward,,1/6/2026,2/11/2026,`,
      `${five.tag},,,,,${colleague.email.toUpperCase()},3/8/2026,2/11/2026,`,
    ]
    const shown = await look(...rows)
    expect(shown).toContain('New loans 4')
    expect(shown).toContain('1 service user is not here yet and will be added')
    expect(await open(champion, ...rows)).toContain('5 created, 0 updated, 0 unchanged, 0 errors')

    const [first] = await loansOf(one.tag)
    const [second] = await loansOf(two.tag)
    expect(second?.id).toBe(first?.id)
    expect(first).toMatchObject({ name: 'Newcomer Example', notes: 'Has a dog', due_on: '2026-11-02', ended_at: null })
    // noon in London on the day it was lent
    expect(new Date(first?.from_at ?? '').toISOString()).toBe('2026-07-01T11:00:00.000Z')
    expect(first?.taken_at).toBe(first?.from_at)
    expect((await loansOf(three.tag))[0]).toMatchObject({ name: 'Known Exampleton' })
    expect((await loansOf(four.tag))[0]).toMatchObject({ ward_id: app.people.ward.id })
    expect((await loansOf(five.tag))[0]).toMatchObject({ staff_id: colleague.id })
    expect((await champion.get(`/loans/${first?.id}`)).status).toBe(200)

    const before = await counts()
    expect(await look(...rows)).toContain('There is nothing to import')
    expect(await counts()).toEqual(before)
  })

  it('stays as it is when it comes again after somebody extended or returned it', async () => {
    const item = await freeItem()
    await open(champion, `${item.tag},Robin Again,1/2/1990,,,,1/7/2026,2/11/2026,`)
    await app.db.updateTable('loan_lines').set({ due_on: '2026-12-01' }).where('item_id', '=', item.id).execute()
    expect(await look(`${item.tag},Robin Again,1/2/1990,,,,1/7/2026,2/11/2026,`)).toContain(
      'There is nothing to import',
    )
    expect((await loansOf(item.tag))[0]?.due_on).toBe('2026-12-01')
  })

  it('leaves out rows that have ended, and says how many', async () => {
    const item = await freeItem()
    const text = await toPreview(
      champion,
      csv(`${heading},Ended on`, `${item.tag},Somebody Else,1/2/1991,,,,1/6/2026,2/11/2026,,1/7/2026`),
      { to },
    )
    expect(text.text).toContain('1 row left out, because the loan has ended')
    expect(await loansOf(item.tag)).toEqual([])
  })

  it('keeps the audit row of every loan and person, and which import they came by', async () => {
    const item = await freeItem()
    await open(champion, `${item.tag},Audited Example,3/4/1975,,,,1/7/2026,2/11/2026,`)
    const [loan] = await loansOf(item.tag)
    expect(loan?.import_id).not.toBeNull()
    const verbs = await app.db
      .selectFrom('audit_events')
      .select('verb')
      .where((eb) =>
        eb.or([eb('subject_id', '=', loan!.id).and('subject_type', '=', 'loan'), eb('verb', '=', 'import:applied')]),
      )
      .execute()
    expect(verbs.map(({ verb }) => verb)).toEqual(expect.arrayContaining(['loan:lent', 'import:applied']))
  })
})

describe('a row that cannot be', () => {
  const text = (row: string) => look(row)

  it('names an item that we do not have, that is gone, or that stays where it is', async () => {
    const bay = await freeItem({ category: 'locker-bay' })
    expect(await text('NOT-OURS,A Name,1/2/1990,,,,1/7/2026,2/11/2026,')).toContain(
      'No item has this asset tag. Bring in the items before their loans',
    )
    expect(await text(`${bay.tag},A Name,1/2/1990,,,,1/7/2026,2/11/2026,`)).toContain('stays where it is')
  })

  it('names an item that somebody has: who, and since when', async () => {
    const item = await freeItem()
    const robin = await serviceUser(app.db, { ...here(), name: 'Robin Holder' })
    await loanTo(app.db, { serviceUser: robin, items: [item], lentBy: { id: app.people.actors.champion.staffId } })
    expect(await text(`${item.tag},A Name,1/2/1990,,,,1/8/2026,2/11/2026,`)).toContain(
      `${item.tag} is with Robin Holder since`,
    )
  })

  it('has a longer cable than the ward permits where it goes: to the ward, or to somebody who is on it', async () => {
    const { ward } = app.people
    const long = await model(app.db, { ...here(), category: 'charger', cable_length_cm: 101 })
    const item = await freeItem({ model: long })
    const said = `${item.tag} has a longer cable than Ash Ward permits`
    expect(await text(`${item.tag},,,,Ash Ward,,1/7/2026,2/11/2026,`)).toContain(said)
    const nhs = makeTestNhsNumber(4_322)
    const person = await serviceUser(app.db, { ...here(), nhs_number: nhs, state: 'admitted', ward_id: ward.id })
    const row = `${item.tag},,,${nhs},,,1/7/2026,2/11/2026,`
    expect(await text(row)).toContain(said)
    await app.db
      .updateTable('service_users')
      .set({ state: 'community', ward_id: null })
      .where('id', '=', person.id)
      .execute()
    expect(await text(row)).not.toContain('longer cable')
  })

  it('is of a kind that the care plan of who has it keeps from them', async () => {
    const item = await freeItem({ category: 'headset' })
    const nhs = makeTestNhsNumber(4_323)
    const person = await serviceUser(app.db, { ...here(), nhs_number: nhs, name: 'Linden Exampleton' })
    const row = `${item.tag},,,${nhs},,,1/7/2026,2/11/2026,`
    expect(await text(row)).not.toContain('care plan')
    await restriction(app.db, { person, by: { id: app.people.actors.champion.staffId }, categories: ['headset'] })
    expect(await text(row)).toMatch(/The care plan of [^<]* keeps \S+ from them. Take out this row/)
  })

  it('has an item twice', async () => {
    const item = await freeItem()
    const row = `${item.tag},A Name,1/2/1990,,,,1/7/2026,2/11/2026,`
    expect(await look(row, row.replace('A Name', 'B Person'))).toContain(`Lines 2 and 3 both have ${item.tag}`)
  })

  it('says nobody, two borrowers, a name alone, or somebody who is nearly one we have', async () => {
    const item = await freeItem()
    await serviceUser(app.db, { ...here(), name: 'Jonathan Similar', date_of_birth: '1966-06-06', nhs_number: null })
    expect(await text(`${item.tag},,,,,,1/7/2026,2/11/2026,`)).toContain('Write who has the item')
    expect(await text(`${item.tag},A Name,,,ash,,1/7/2026,2/11/2026,`)).toContain('This row names a person and a ward')
    expect(await text(`${item.tag},A Name,,,,,1/7/2026,2/11/2026,`)).toContain('A name alone may be somebody else’s')
    expect(await text(`${item.tag},Jon Similar,6/6/1966,,,,1/7/2026,2/11/2026,`)).toContain(
      'We have Jonathan Similar, born on that day',
    )
    expect(await text(`${item.tag},,,,,nobody@nowhere.example,1/7/2026,2/11/2026,`)).toContain(
      'No member of staff has this email',
    )
  })

  it('has days that cannot be', async () => {
    const item = await freeItem()
    const at = (lent: string, review: string) => text(`${item.tag},A Name,1/2/1990,,,,${lent},${review},`)
    expect(await at('4/8/2026', '2/11/2026')).toContain('Day it was lent')
    expect(await at('', '2/11/2026')).toContain('Enter the day it was lent')
    expect(await at('1/7/2026', '')).toContain('Enter the review date')
    expect(await at('1/7/2026', '1/6/2026')).toContain('The review date must be after the day it was lent')
    expect(await at('13/14/2026', '2/11/2026')).toContain('13/14/2026')
  })

  it('lends old software without a reason', async () => {
    const old = await model(app.db, { ...here(), category: 'tablet', support_ends_on: '2026-01-31' })
    const item = await availableItem(app.db, { model: old, tag: 'OLD-1' })
    expect(await text(`${item.tag},A Name,1/2/1990,,,,1/7/2026,2/11/2026,`)).toContain(
      'Write why it is lent all the same',
    )
  })

  it('keeps every other row out too: all or nothing', async () => {
    const item = await freeItem()
    const before = await counts()
    const { path, seen } = await toPreview(
      champion,
      csv(
        heading,
        `${item.tag},Good Row,1/2/1990,,,,1/7/2026,2/11/2026,`,
        'NOT-OURS,A Name,1/2/1990,,,,1/7/2026,2/11/2026,',
      ),
      { to },
    )
    expect((await champion.post(`${path}/apply`, { seen })).status).toBe(409)
    expect(await counts()).toEqual(before)
    const errors = await champion.get(`${path}/errors.csv`)
    expect(errors.text).toContain('3,Asset tag,NOT-OURS,No item has this asset tag')
  })
})

describe('an import of loans beside other work', () => {
  it('is shown again when somebody lent the item meanwhile, and nothing is written', async () => {
    const item = await freeItem()
    const { path, seen } = await toPreview(
      champion,
      csv(heading, `${item.tag},Late Comer,1/2/1990,,,,1/7/2026,2/11/2026,`),
      { to },
    )
    const robin = await serviceUser(app.db, { ...here(), name: 'Quick Robin' })
    await loanTo(app.db, { serviceUser: robin, items: [item], lentBy: { id: app.people.actors.champion.staffId } })
    const before = await counts()
    const applied = await champion.post(`${path}/apply`, { seen })
    expect(applied.status).toBe(409)
    expect(textOf(applied.text)).toContain('Quick Robin')
    expect(await counts()).toEqual(before)
  })

  it('goes in once however often the button is pressed', async () => {
    const item = await freeItem()
    const { path, seen } = await toPreview(
      champion,
      csv(heading, `${item.tag},Twice Pressed,1/2/1990,,,,1/7/2026,2/11/2026,`),
      { to },
    )
    const [one, two] = await Promise.all([
      champion.post(`${path}/apply`, { seen }),
      champion.post(`${path}/apply`, { seen }),
    ])
    expect([one.headers.location, two.headers.location]).toEqual([`${path}/result`, `${path}/result`])
    expect(await loansOf(item.tag)).toHaveLength(1)
  })

  it('is for champions alone, and only for their own organisation', async () => {
    const item = await freeItem()
    const path = await upload(
      champion,
      csv(heading, `${item.tag},A Name,1/2/1990,,,,1/7/2026,2/11/2026,`),
      'loans.csv',
      to,
    )
    for (const role of [
      'administrator',
      'ward-staff',
      'care-team',
      'commissioner',
      'information-governance',
    ] as const) {
      const visitor = await app.signedInAs(role)
      expect([role, (await visitor.get(to)).status, (await visitor.get(`${path}/preview`)).status]).toEqual([
        role,
        403,
        403,
      ])
    }
    const foreign = await app.signedInAs(app.people.foreignActors.champion)
    expect((await foreign.get(`${path}/preview`)).status).toBe(404)
    // the same file is no import of items, whose page more people may see
    expect((await champion.get(path.replace('/loans/', '/items/'))).status).toBe(404)
    expect((await preview(champion, path)).text).toContain('New loans 1')
  })
})
