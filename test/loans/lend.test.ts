import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  availableItem,
  availableItems,
  type Item,
  itemBookedLater,
  itemInTurnaround,
  kit,
  loanTo,
  lostItem,
  model,
  overdueLoan,
  placement,
  retiredItem,
  type ServiceUser,
  serviceUser,
  staffMember,
  unsupportedModel,
} from '../../seeds/factories.ts'
import { makeIccid, makeImei } from '../../seeds/identifiers.ts'
import { londonInstant } from '../../src/lib/dates.ts'
import { startApp, type TestApp, type Visitor } from '../support/app.ts'
import {
  changesOf,
  countLoans,
  dateFields,
  errorsOf,
  type Fields,
  fieldValue,
  idsIn,
  lastVerb,
  lendFields,
  loanIdIn,
  storedLines,
  storedLoan,
  wordsOf,
} from './forms.ts'

let app: TestApp
let champion: Visitor
let robin: ServiceUser

beforeAll(async () => {
  app = await startApp()
  champion = await app.signedInAs('champion')
  robin = await serviceUser(app.db, { ...here(), name: 'Robin Marlowe', date_of_birth: '1984-02-29' })
})
afterAll(() => app.close())

const here = () => ({ organisation_id: app.people.organisationId })
const there = () => ({ organisation_id: app.people.otherOrganisationId })
const otherRoles = ['administrator', 'ward-staff', 'care-team', 'information-governance', 'commissioner'] as const

/** A tablet and its charger, both on the shelf. */
async function pair(): Promise<[Item, Item]> {
  return [
    await availableItem(app.db, { ...here(), category: 'tablet' }),
    await availableItem(app.db, { ...here(), category: 'charger' }),
  ]
}

const toRobin = (items: { id: number }[], fields: Fields = {}) =>
  lendFields(
    items.map((item) => item.id),
    { 'service-user': robin.id, ...fields },
  )

async function lent(fields: Fields) {
  const answer = await champion.post('/loans', fields)
  expect([answer.status, errorsOf(answer.text)]).toEqual([303, {}])
  const id = loanIdIn(answer.headers.location)
  return { id, loan: await storedLoan(app, id), lines: await storedLines(app, id) }
}

async function refused(fields: Fields, status: 409 | 422) {
  const before = await countLoans(app)
  const page = await champion.post('/loans', fields)
  expect(page.status).toBe(status)
  expect(await countLoans(app)).toBe(before)
  expect(page.text).toContain('<title>Error: ')
  return page
}

describe('choosing who it is for', () => {
  const found = async (search: string, items: number[] = []) => {
    const asked = await champion.post('/loans/new/people', { search, item: items.map(String) })
    expect(asked.status).toBe(303)
    expect(asked.headers.location).toMatch(/^\/loans\/new\/people(\?item=\d+(&item=\d+)*)?$/)
    return champion.get(asked.headers.location as string)
  }

  it('offers people, wards and staff, and those of no other organisation', async () => {
    const page = await champion.get('/loans/new')
    expect(page.status).toBe(200)
    const words = wordsOf(page.text)
    expect(words.match(/Ash Ward/g)).toHaveLength(1)
    expect(words.match(/HERE champion/g)).toHaveLength(2)
    expect(words).not.toContain('THERE')
  })

  it('finds a person by name, with what tells two of one name apart, and keeps the items chosen', async () => {
    const [tablet, charger] = await pair()
    await serviceUser(app.db, { ...there(), name: 'Robin Marlowe' })
    const page = await found('marlowe', [tablet.id, charger.id])
    expect(wordsOf(page.text)).toContain('1 person found Robin Marlowe Born 29 February 1984, NHS number')
    const url = `/loans/new?service-user=${robin.id}&item=${tablet.id}&item=${charger.id}`
    expect(page.text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')).toContain(`href="${url}"`)
    expect(idsIn(page.text, 'item').slice(0, 2)).toEqual([tablet.id, charger.id])
  })

  it('says so when nobody fits, offers names spelt much like it, and leads to adding a person', async () => {
    const nobody = await found('Xyqwv')
    expect(wordsOf(nobody.text)).toContain('Nobody fits “Xyqwv”. Check the spelling, or add them.')
    expect(nobody.text).toContain('href="/service-users/new"')
    expect(wordsOf((await found('Robyn Marlow')).text)).toContain(
      'Nobody fits “Robyn Marlow”. This name is close to it. Robin Marlowe',
    )
  })

  it('shows the first 20 of many and says so', async () => {
    for (let n = 0; n < 21; n += 1) await serviceUser(app.db, { ...here(), name: `Crowd Member ${n}` })
    const page = await found('crowd')
    expect(page.text.match(/Crowd Member \d+/g)).toHaveLength(20)
    expect(wordsOf(page.text)).toContain('Only the first 20 are shown.')
  })

  it('asks for something to look for, and keeps the items', async () => {
    const page = await champion.post('/loans/new/people', { search: ' ', item: '12' })
    expect(page.status).toBe(422)
    expect(errorsOf(page.text)).toEqual({ search: 'Enter a name, an NHS number or a phone number' })
    expect(idsIn(page.text, 'item')[0]).toBe(12)
  })

  it('goes back to the question when nothing was looked for', async () => {
    const fresh = await app.signedInAs('champion')
    const answer = await fresh.get('/loans/new/people?item=7')
    expect([answer.status, answer.headers.location]).toEqual([303, '/loans/new?item=7'])
  })

  it('names the person on the form and never in its title, address or the log', async () => {
    const canary = await serviceUser(app.db, { ...here(), name: 'Canary Featherstone' })
    await found('Canary Featherstone')
    const page = await champion.get(`/loans/new?service-user=${canary.id}`)
    expect(wordsOf(page.text)).toContain('Lend to Canary Featherstone Born 29 February 1984')
    expect(/<title>.*?<\/title>/.exec(page.text)?.[0]).not.toContain('Canary')
    expect(app.logged()).not.toContain('Canary')
  })

  it('lends nothing to somebody whose record says that they died, and says so before', async () => {
    const gone = await serviceUser(app.db, { ...here(), state: 'died' })
    const page = await champion.get(`/loans/new?service-user=${gone.id}`)
    expect(wordsOf(page.text)).toContain('Their record says that they died. Nothing can be lent to them.')
    const [tablet, charger] = await pair()
    const fields = { ...toRobin([tablet, charger]), 'service-user': gone.id, key: crypto.randomUUID() }
    const answer = await champion.post('/loans', fields)
    expect([answer.status, wordsOf(answer.text).includes('Nothing can be lent to them')]).toEqual([409, true])
    const { rows } = await app.pool.query('select from loans where service_user_id = $1', [gone.id])
    expect(rows).toHaveLength(0)
  })
})

describe('choosing the items', () => {
  const add = (scan: string, chosen: number[] = [], more: Fields = {}) =>
    champion.post('/loans/new/items', { ...toRobin([]), item: chosen.map(String), scan, ...more })

  it('begins with what the address names: items, a kit, and none of another organisation', async () => {
    const [tablet] = await pair()
    const set = await kit(app.db, here())
    const foreign = await availableItem(app.db, there())
    const page = await champion.get(
      `/loans/new?service-user=${robin.id}&item=${tablet.id}&item=${foreign.id}&kit=${set.id}`,
    )
    expect(page.status).toBe(200)
    expect(idsIn(page.text, 'item')).toEqual([tablet.id, ...set.items.map((item) => item.id)])
    expect(page.text).not.toContain(foreign.tag)
  })

  it('adds an item by its tag, serial number, IMEI or SIM number, however it is typed', async () => {
    const item = await availableItem(app.db, {
      ...here(),
      category: 'smartphone',
      serial: 'SN-Lend-1',
      imei: makeImei(88_001),
      iccid: makeIccid(88_001),
    })
    for (const code of [item.tag.toLowerCase(), ` ${item.tag} `, 'sn-lend-1', item.imei ?? '', item.iccid ?? '']) {
      const page = await add(code)
      expect(page.status).toBe(200)
      expect(idsIn(page.text, 'item')).toEqual([item.id])
      expect(wordsOf(page.text)).toContain(`${item.tag} is added.`)
      expect(fieldValue(page.text, 'scan')).toBe('')
    }
  })

  it('adds all of a kit that is still ours, and nothing twice', async () => {
    const set = await kit(app.db, here())
    await retiredItem(app.db, { ...here(), kit_id: set.id, category: 'headset' })
    const ids = set.items.map((item) => item.id)
    const page = await add(set.tag)
    expect(idsIn(page.text, 'item')).toEqual(ids)
    const again = await add(set.tag, ids)
    expect(idsIn(again.text, 'item')).toEqual(ids)
    expect(wordsOf(again.text)).toContain(`${set.tag} was added before.`)
  })

  it('asks for the tag when several items have one serial number', async () => {
    const twins = await availableItems(app.db, [
      { ...here(), serial: 'TWIN', tag: 'TWIN-B' },
      { ...here(), serial: 'twin', tag: 'TWIN-A' },
    ])
    const page = await add('twin')
    expect(page.status).toBe(422)
    expect(errorsOf(page.text)).toEqual({
      scan: 'Several items have this number. Type the asset tag of one: TWIN-A, TWIN-B',
    })
    expect(fieldValue(page.text, 'scan')).toBe('')
    expect(idsIn((await add('TWIN-B')).text, 'item')).toEqual([twins[0]?.id])
  })

  it.each([
    ['', 'Scan or type an item or a kit'],
    ['NO-SUCH-1', 'No item or kit has the tag or number NO-SUCH-1'],
  ])('says what is wrong with “%s”, and keeps what was chosen and typed elsewhere', async (code, text) => {
    const [tablet] = await pair()
    const page = await add(code, [tablet.id], { notes: 'Left at the front desk', agreement: 'screen' })
    expect(page.status).toBe(422)
    expect(errorsOf(page.text)).toEqual({ scan: text })
    expect(idsIn(page.text, 'item')).toEqual([tablet.id])
    expect(fieldValue(page.text, 'notes')).toBe('Left at the front desk')
    expect(fieldValue(page.text, 'agreement')).toBe('screen')
  })

  it('finds nothing of another organisation', async () => {
    const foreign = await availableItem(app.db, there())
    expect(errorsOf((await add(foreign.tag)).text).scan).toContain('No item or kit')
    const swapped = await champion.post(`/loans/new/items?remove=1&add=${foreign.id}`, toRobin([{ id: 1 }]))
    expect(swapped.text).not.toContain(foreign.tag)
  })

  it('says that a kit has nothing in it, and that a locker bay or a room is only booked', async () => {
    const empty = await kit(app.db, { ...here(), items: [] })
    expect(errorsOf((await add(empty.tag)).text)).toEqual({ scan: `The kit ${empty.tag} has no items` })
    for (const category of ['locker-bay', 'private-room'] as const) {
      const fixed = await availableItem(app.db, { ...here(), category })
      const text = `${fixed.tag} stays where it is. It can be booked but not lent.`
      expect(errorsOf((await add(fixed.tag)).text)).toEqual({ scan: text })
      expect(errorsOf((await refused(toRobin([fixed]), 409)).text)).toEqual({ scan: text })
    }
  })

  it('removes one, and keeps the rest and what was typed', async () => {
    const [tablet, charger] = await pair()
    const fields = toRobin([tablet, charger], { scan: 'HALF-TYP', notes: 'Blue case' })
    const page = await champion.post(`/loans/new/items?remove=${tablet.id}`, fields)
    expect(page.status).toBe(200)
    expect(idsIn(page.text, 'item')).toEqual([charger.id])
    expect([fieldValue(page.text, 'scan'), fieldValue(page.text, 'notes')]).toEqual(['HALF-TYP', 'Blue case'])
  })

  it('lets the review date follow the items until somebody types one', async () => {
    const [, charger] = await pair()
    const laptop = await availableItem(app.db, { ...here(), category: 'laptop' })
    await app.db
      .insertInto('loan_lengths')
      .values({ ...here(), category: 'laptop', weeks: 26 })
      .execute()
    const untouched = await add(laptop.tag)
    expect(['day', 'month', 'year'].map((part) => fieldValue(untouched.text, `due-${part}`))).toEqual([
      '1',
      '2',
      '2027',
    ])
    const typed = await add(charger.tag, [laptop.id], dateFields('due', '2026-09-09'))
    expect(['day', 'month', 'year'].map((part) => fieldValue(typed.text, `due-${part}`))).toEqual(['9', '9', '2026'])
  })

  it('says at once that an item is not free and offers what is, in its place', async () => {
    const ours = await model(app.db, { ...here(), name: 'Slate' })
    const [taken, other] = await availableItems(app.db, [
      { model: ours, tag: 'SLATE-1' },
      { model: ours, tag: 'SLATE-2' },
    ])
    await loanTo(app.db, { items: [taken as Item], serviceUser: robin })
    const page = await add('SLATE-1')
    expect(page.status).toBe(200)
    expect(wordsOf(page.text)).toContain('Not free. Robin Marlowe has SLATE-1 since 27 July 2026, until')
    const swap = `/loans/new/items?remove=${taken?.id}&add=${other?.id}`
    expect(page.text.replaceAll('&#x3D;', '=').replaceAll('&amp;', '&')).toContain(`formaction="${swap}"`)
    const swapped = await champion.post(swap, toRobin([taken as Item], { notes: 'Blue case' }))
    expect(idsIn(swapped.text, 'item')).toEqual([other?.id])
    expect(fieldValue(swapped.text, 'notes')).toBe('Blue case')
    expect(wordsOf(swapped.text)).not.toContain('Not free')
  })

  it('takes 40 items, and says so when there are more', async () => {
    const many = await availableItems(
      app.db,
      Array.from({ length: 41 }, () => ({ ...here(), category: 'headset' as const })),
    )
    const page = await add(
      many[40]?.tag ?? '',
      many.slice(0, 40).map((item) => item.id),
    )
    expect(idsIn(page.text, 'item')).toHaveLength(41)
    const errors = errorsOf((await refused(toRobin(many), 422)).text)
    expect(errors.scan).toBe('There are 41 items. Lend 40 at most, and the rest in another loan')
    expect((await lent(toRobin(many.slice(0, 40)))).lines).toHaveLength(40)
  })
})

describe('lending', () => {
  it('lends a kit to a service user: one line an item, on paper, with its audit row', async () => {
    const set = await kit(app.db, here())
    const { id, loan, lines } = await lent(toRobin(set.items, { notes: '  Blue case \r\n' }))
    expect(loan).toMatchObject({
      service_user_id: robin.id,
      ward_id: null,
      staff_id: null,
      lent_by: app.people.actors.champion.staffId,
      agreement_how: 'paper',
      lent_without_charger: false,
      notes: 'Blue case',
    })
    expect(lines.map((line) => [line.item_id, line.due_on, line.taken_at, line.ended_at])).toEqual(
      set.items.map((item) => [item.id, '2026-10-26', loan.lent_at, null]),
    )
    expect(await changesOf(app, id)).toEqual([
      {
        verb: 'loan:lent',
        staff_id: app.people.actors.champion.staffId,
        service_user_id: robin.id,
        details: { items: set.items.map((item) => item.tag), dueOn: '2026-10-26' },
      },
    ])
    const page = wordsOf((await champion.get(`/loans/${id}`)).text)
    expect(page).toContain('Lent. The review is on Monday 26 October 2026.')
    expect(page).toContain(`HERE champion lent ${set.items[0]?.tag} and ${set.items[1]?.tag} until 26 October 2026.`)
  })

  it('lends to a ward without an agreement: the items join its pool', async () => {
    const [tablet, charger] = await pair()
    const { agreement: _, keep: __, ...fields } = lendFields([tablet.id, charger.id], { ward: app.people.ward.id })
    const { loan, lines } = await lent(fields)
    expect(loan).toMatchObject({ ward_id: app.people.ward.id, agreement_how: null })
    expect(lines.map((line) => line.placed_with_ward_id)).toEqual([app.people.ward.id, app.people.ward.id])
    const page = await champion.get(`/loans/new?ward=${app.people.ward.id}`)
    expect(wordsOf(page.text)).toContain('Lend to Ash Ward')
    expect(wordsOf(page.text)).not.toMatch(/agreement|bring it back/)
  })

  it('never gives a ward something to keep, whatever the form says', async () => {
    const [tablet, charger] = await pair()
    const { lines } = await lent(lendFields([tablet.id, charger.id], { ward: app.people.ward.id, keep: 'gift' }))
    expect(lines.map((line) => line.ended_as)).toEqual([null, null])
  })

  it('lends to a member of staff, agreed by voice before a witness', async () => {
    const sim = await availableItem(app.db, { ...here(), category: 'sim' })
    const colleague = await staffMember(app.db, { ...here(), role: 'care-team' })
    const { id, loan } = await lent(
      lendFields([sim.id], { staff: colleague.id, agreement: 'spoken', witness: ' Ada  Byron ' }),
    )
    expect(loan).toMatchObject({ staff_id: colleague.id, agreement_how: 'spoken', agreement_witness: 'Ada Byron' })
    expect((await changesOf(app, id))[0]).toMatchObject({ service_user_id: null })
    expect(wordsOf((await champion.get(`/loans/${id}`)).text)).toContain(
      'Version 1, accepted: spoken, with a witness (Ada Byron)',
    )
  })

  it('gives to keep: the line ends at once and the items leave the stock', async () => {
    const [tablet, charger] = await pair()
    const { id, lines } = await lent(toRobin([tablet, charger], { keep: 'gift', ...dateFields('due', '') }))
    expect(lines.map((line) => [line.ended_as, line.due_on])).toEqual([
      ['given', null],
      ['given', null],
    ])
    const left = await app.db.selectFrom('items').select('left_as').where('id', '=', tablet.id).executeTakeFirst()
    expect(left).toEqual({ left_as: 'given' })
    expect((await changesOf(app, id)).map((event) => event.verb)).toEqual(['loan:given'])
    const page = wordsOf((await champion.get(`/loans/${id}`)).text)
    expect(page).toContain('Given to keep.')
    expect(page).toContain(`HERE champion gave ${tablet.tag} and ${charger.tag} to keep.`)
  })

  it.each([
    ['2026-08-29', 'Saturday 29 August 2026', 'a Saturday before a bank holiday'],
    ['2026-08-31', 'Monday 31 August 2026', 'a bank holiday'],
  ])('moves a review on %s to the next working day and says so: %#', async (asked, day) => {
    const [tablet, charger] = await pair()
    const { id, lines } = await lent(toRobin([tablet, charger], dateFields('due', asked)))
    expect(lines.map((line) => line.due_on)).toEqual(['2026-09-01', '2026-09-01'])
    const page = wordsOf((await champion.get(`/loans/${id}`)).text)
    expect(page).toContain(`Lent. ${day} is not a working day, so the review is on Tuesday 1 September 2026.`)
  })

  it('has one effect when it is sent twice, also at once, and says so', async () => {
    const [tablet, charger] = await pair()
    const fields = toRobin([tablet, charger])
    const before = await countLoans(app)
    const answers = await Promise.all([champion.post('/loans', fields), champion.post('/loans', fields)])
    const third = await champion.post('/loans', { ...fields, notes: 'changed meanwhile' })
    expect([...answers, third].map((answer) => answer.status)).toEqual([303, 303, 303])
    expect(new Set([...answers, third].map((answer) => answer.headers.location)).size).toBe(1)
    expect(await countLoans(app)).toBe(before + 1)
    const page = await champion.get(third.headers.location as string)
    expect(wordsOf(page.text)).toContain('This form was sent before. This is the loan it made.')
  })

  it('adds what is still in the scan box and shows it, and lends nothing unseen', async () => {
    const [tablet, charger] = await pair()
    const before = await countLoans(app)
    const page = await champion.post('/loans', toRobin([tablet], { scan: charger.tag }))
    expect(page.status).toBe(200)
    expect(idsIn(page.text, 'item')).toEqual([tablet.id, charger.id])
    expect(await countLoans(app)).toBe(before)
  })
})

describe('a lend form that is wrong', () => {
  it('says everything that is wrong at once, each at its field, and keeps what was typed', async () => {
    const page = await refused(
      toRobin([], { agreement: '', notes: 'x'.repeat(2001), ...dateFields('due', '2026-02-30') }),
      422,
    )
    expect(errorsOf(page.text)).toEqual({
      scan: 'Scan or type at least one item',
      due: 'Review date must be a real date',
      agreement: 'Choose how they accepted the agreement',
      notes: 'Notes must be 2,000 characters or less',
    })
    expect(fieldValue(page.text, 'notes')).toBe('x'.repeat(2001))
    expect(['day', 'month'].map((part) => fieldValue(page.text, `due-${part}`))).toEqual(['30', '2'])
    for (const field of ['scan', 'due', 'agreement', 'notes']) expect(page.text).toContain(`id="${field}-error"`)
  })

  it.each([
    ['due', '', 'Enter the review date'],
    ['due', '2026-08-03', 'The review date must be after today'],
    ['due', '2026-07-31', 'The review date must be after today'],
    ['due', '2036-07-22', 'The review date must be within 10 years'],
  ])('refuses a review date: %s %s', async (field, date, text) => {
    const [tablet, charger] = await pair()
    expect(errorsOf((await refused(toRobin([tablet, charger], dateFields('due', date)), 422)).text)).toEqual({
      [field]: text,
    })
  })

  it('leads to the part of the date that is missing', async () => {
    const [tablet, charger] = await pair()
    const page = await refused(toRobin([tablet, charger], { 'due-month': '' }), 422)
    expect(errorsOf(page.text)).toEqual({ 'due-month': 'Review date must include a month' })
  })

  it.each([
    ['', 'Enter the name of the witness'],
    ['\u0085 ', 'Enter the name of the witness'],
    ['w'.repeat(201), 'Name of the witness must be 200 characters or less'],
  ])('needs a witness to what was spoken: %#', async (witness, text) => {
    const [tablet, charger] = await pair()
    const page = await refused(toRobin([tablet, charger], { agreement: 'spoken', witness }), 422)
    expect(errorsOf(page.text)).toEqual({ witness: text })
  })

  it('asks for a charger or a confirmation, and keeps the confirmation with the loan', async () => {
    const [tablet] = await pair()
    const page = await refused(toRobin([tablet]), 422)
    expect(errorsOf(page.text)).toEqual({ 'without-charger': 'Add a charger, or confirm that they have one' })
    const { id, loan } = await lent(toRobin([tablet], { 'without-charger': 'yes' }))
    expect(loan.lent_without_charger).toBe(true)
    expect(wordsOf((await champion.get(`/loans/${id}`)).text)).toContain('Lent without a charger, confirmed')
  })

  it('asks for no charger for what needs none', async () => {
    const headset = await availableItem(app.db, { ...here(), category: 'headset' })
    expect((await lent(toRobin([headset]))).loan.lent_without_charger).toBe(false)
  })

  it.each([
    ['loan', '2023-01-31', '2026-10-26'],
    ['loan', '2026-10-26', '2026-10-26'],
    ['loan', '2026-12-01', '2026-12-15'],
    ['gift', '2026-08-03', ''],
  ])('wants a reason to lend (%s) what gets updates until %s only, reviewed on “%s”', async (keep, ends, due) => {
    const old = await unsupportedModel(app.db, { ...here(), support_ends_on: ends })
    const item = await availableItem(app.db, { model: old })
    const [, charger] = await pair()
    const fields = toRobin([item, charger], { keep, ...dateFields('due', due) })
    const page = await refused(fields, 422)
    expect(errorsOf(page.text)).toEqual({
      'unsupported-reason': `Say why you lend ${item.tag} although its security updates end`,
    })
    expect(wordsOf(page.text)).toContain(`${item.tag} gets security updates until`)
    const { id, lines } = await lent({ ...fields, 'unsupported-reason': 'For calls  only', key: crypto.randomUUID() })
    expect(lines.map((line) => line.unsupported_reason)).toEqual(['For calls only', null])
    expect(wordsOf((await champion.get(`/loans/${id}`)).text)).toContain(
      `${item.tag} although its updates end For calls only`,
    )
  })

  it('wants no reason where the updates last until after the review', async () => {
    const lasting = await unsupportedModel(app.db, { ...here(), support_ends_on: '2026-10-27' })
    const item = await availableItem(app.db, { model: lasting })
    const [, charger] = await pair()
    expect((await lent(toRobin([item, charger]))).lines[0]?.unsupported_reason).toBeNull()
  })

  it('limits the reason', async () => {
    const old = await unsupportedModel(app.db, here())
    const item = await availableItem(app.db, { model: old })
    const [, charger] = await pair()
    const page = await refused(toRobin([item, charger], { 'unsupported-reason': 'x'.repeat(501) }), 422)
    expect(errorsOf(page.text)).toEqual({ 'unsupported-reason': 'The reason must be 500 characters or less' })
  })
})

describe('an item that cannot be had', () => {
  it('says who has it, since when and until when, what is free, and keeps what was typed', async () => {
    const [taken, charger] = await pair()
    const ann = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
    const theirs = await loanTo(app.db, { items: [taken], serviceUser: ann, dueOn: '2026-09-25' })
    const page = await refused(toRobin([taken, charger], { notes: 'Blue case', agreement: 'screen' }), 409)
    expect(errorsOf(page.text)).toEqual({ [`item-${taken.id}`]: `${taken.tag} cannot be lent now` })
    expect(page.text).toContain(`id="item-${taken.id}"`)
    const words = wordsOf(page.text)
    expect(words).toContain(`Ann Example has ${taken.tag} since 27 July 2026, until 25 September 2026. Open that loan`)
    expect(page.text).toContain(`href="/loans/${theirs.id}"`)
    expect(words).toMatch(/Use TAB-\d+ \(Example Model \d+\) instead/)
    expect([fieldValue(page.text, 'notes'), fieldValue(page.text, 'agreement')]).toEqual(['Blue case', 'screen'])
    expect(idsIn(page.text, 'item')).toEqual([taken.id, charger.id])
    expect(await lastVerb(app)).toBe('refused:taken')
  })

  it('says of each of several why, and nothing of those that are free', async () => {
    const [late, free] = await pair()
    const inTurnaround = await itemInTurnaround(app.db, here())
    const lost = await lostItem(app.db, here())
    const ann = await serviceUser(app.db, { ...here(), name: 'Ann Example' })
    await overdueLoan(app.db, { items: [late], serviceUser: ann, dueOn: '2026-07-31', isWithoutCharger: true })
    const page = await refused(toRobin([late, free, inTurnaround, lost]), 409)
    expect(Object.values(errorsOf(page.text))).toEqual([
      `${late.tag} cannot be lent now`,
      `${inTurnaround.tag} cannot be lent now`,
      `${lost.tag} cannot be lent now`,
    ])
    const words = wordsOf(page.text)
    expect(words).toContain(`Ann Example has ${late.tag} since 13 April 2026, and is 3 days late.`)
    expect(words).toContain(`${inTurnaround.tag} came back and is being made ready since 2 August 2026.`)
    expect(words).toContain(`${lost.tag} is no longer ours.`)
  })

  it('says what it is planned for, and lends it until the day before', async () => {
    const { item } = await itemBookedLater(app.db, {
      item: await availableItem(app.db, { ...here(), category: 'headset' }),
      from: londonInstant('2026-09-02', '14:00').value,
      until: londonInstant('2026-09-02', '15:00').value,
    })
    const page = await refused(toRobin([item], dateFields('due', '2026-09-02')), 409)
    expect(wordsOf(page.text)).toContain(
      `${item.tag} is planned for someone else from Wednesday 2 September 2026 at 2pm until Wednesday 2 September 2026 at 3pm.`,
    )
    const gift = await refused(toRobin([item], { keep: 'gift' }), 409)
    expect(wordsOf(gift.text)).toContain(`${item.tag} is planned for someone else`)
    expect((await lent(toRobin([item], dateFields('due', '2026-09-01')))).lines).toHaveLength(1)
  })

  it('finds the plan on the working day that the review moves to', async () => {
    const { item } = await itemBookedLater(app.db, {
      item: await availableItem(app.db, { ...here(), category: 'headset' }),
      from: londonInstant('2026-09-01', '14:00').value,
      until: londonInstant('2026-09-01', '15:00').value,
    })
    const page = await refused(toRobin([item], dateFields('due', '2026-08-29')), 409)
    expect(wordsOf(page.text)).toContain(`${item.tag} is planned for someone else from Tuesday 1 September 2026`)
  })

  it('says nothing of a plan that nobody came for and that is over', async () => {
    const { item } = await itemBookedLater(app.db, {
      item: await availableItem(app.db, { ...here(), category: 'headset' }),
      from: londonInstant('2026-07-30', '14:00').value,
      until: londonInstant('2026-07-30', '15:00').value,
    })
    expect((await lent(toRobin([item]))).lines).toHaveLength(1)
  })

  it('lends on what a ward has in its pool, and gives it neither away nor to another ward', async () => {
    const item = await availableItem(app.db, { ...here(), category: 'headset' })
    await placement(app.db, { ward: { id: app.people.ward.id, ...here() }, items: [item], dueOn: '2026-12-01' })
    const had = `Ash Ward has ${item.tag} since 27 July 2026, until 1 December 2026.`
    expect(wordsOf((await refused(toRobin([item], { keep: 'gift' }), 409)).text)).toContain(had)
    const moved = await refused(lendFields([item.id], { ward: app.people.otherWard.id }), 409)
    expect(wordsOf(moved.text)).toContain(had)
    await lent(toRobin([item]))
    const again = await refused(toRobin([item]), 409)
    expect(wordsOf(again.text)).toContain(`Robin Marlowe has ${item.tag} since 3 August 2026, until 26 October 2026.`)
  })

  it('offers what gets security updates before what does not, even of another model', async () => {
    const old = await unsupportedModel(app.db, { ...here(), category: 'laptop' })
    const [wanted, alike] = await availableItems(app.db, [{ model: old }, { model: old }])
    const newer = await availableItem(app.db, { ...here(), category: 'laptop' })
    await loanTo(app.db, { items: [wanted as Item], serviceUser: robin })
    const page = await champion.get(`/loans/new?service-user=${robin.id}&item=${wanted?.id}`)
    const offered = [...page.text.matchAll(/Use (LAP-\d+)/g)].map(([, tag]) => tag)
    expect(offered).toContain(newer.tag)
    expect(offered.at(-1)).toBe(alike?.tag)
  })

  it('says when nothing like it is free', async () => {
    const rare = await availableItem(app.db, { ...here(), category: 'hotspot' })
    const [, charger] = await pair()
    await lent(toRobin([rare, charger]))
    const page = await refused(toRobin([rare], { 'without-charger': 'yes' }), 409)
    expect(wordsOf(page.text)).toContain('No other hotspot is free.')
  })

  it('offers nothing that is away, promised in that time, in a kit, on a ward or chosen already', async () => {
    const bag = async (more = {}) => availableItem(app.db, { ...here(), category: 'accessory', ...more })
    const [wanted, away, promised, inKit, onWard, chosen, free] = [
      await bag(),
      await bag(),
      await bag(),
      await bag(),
      await bag(),
      await bag(),
      await bag(),
    ]
    await lent(toRobin([wanted, away]))
    await itemBookedLater(app.db, { item: promised })
    await kit(app.db, { ...here(), items: [inKit] })
    await placement(app.db, { ward: { id: app.people.ward.id, ...here() }, items: [onWard] })
    const page = await refused(toRobin([wanted, chosen]), 409)
    expect([...page.text.matchAll(/Use (ACC-\d+)/g)].map(([, tag]) => tag)).toEqual([free.tag])
  })
})

describe('who may lend what to whom', () => {
  it.each(['service-user', 'ward', 'staff'])('answers another organisation’s %s like one nobody has', async (kind) => {
    const foreignId = {
      'service-user': (await serviceUser(app.db, there())).id,
      ward: app.people.foreignWard.id,
      staff: app.people.foreignActors.champion.staffId,
    }[kind]
    const [tablet, charger] = await pair()
    const before = await countLoans(app)
    for (const id of [foreignId, 99_999_999]) {
      const fields = lendFields([tablet.id, charger.id], { [kind]: id ?? 0 })
      expect((await champion.get(`/loans/new?${kind}=${id}`)).status).toBe(404)
      expect((await champion.post('/loans/new/items', { ...fields, scan: 'X' })).status).toBe(404)
      expect((await champion.post('/loans', fields)).status).toBe(404)
    }
    expect(await countLoans(app)).toBe(before)
  })

  it('lends nothing of another organisation, and nothing to somebody who has left', async () => {
    const foreign = await availableItem(app.db, { ...there(), category: 'headset' })
    const headset = await availableItem(app.db, { ...here(), category: 'headset' })
    const left = await staffMember(app.db, { ...here(), disabled_at: new Date('2026-07-01T09:00:00Z') })
    const before = await countLoans(app)
    expect((await champion.post('/loans', toRobin([foreign]))).status).toBe(404)
    expect((await champion.post('/loans', lendFields([headset.id], { staff: left.id }))).status).toBe(404)
    expect((await champion.post('/loans', lendFields([headset.id]))).status).toBe(404)
    expect(await countLoans(app)).toBe(before)
  })

  it('asks for an item that is nonsense as for one that is not there', async () => {
    for (const item of ['x', '-1', '0', '1e3', '9'.repeat(30)]) {
      expect((await champion.post('/loans', { ...toRobin([]), item })).status).toBe(422)
    }
    expect((await champion.post('/loans', { ...toRobin([]), item: '99999999' })).status).toBe(404)
  })

  it.each(otherRoles)('refuses %s every page of it', async (role) => {
    const visitor = await app.signedInAs(role)
    const [tablet, charger] = await pair()
    const before = await countLoans(app)
    for (const path of ['/loans/new', '/loans/new/people', `/loans/new?service-user=${robin.id}`]) {
      expect((await visitor.get(path)).status).toBe(403)
    }
    for (const path of ['/loans', '/loans/new/people', '/loans/new/items']) {
      expect((await visitor.post(path, toRobin([tablet, charger]))).status).toBe(403)
    }
    expect(await countLoans(app)).toBe(before)
  })
})

describe('the agreement', () => {
  it('can be read on the form, and is the newest version', async () => {
    const second = { ...here(), number: 2, body: 'Our new words\nKeep it dry.', created_at: app.clock() }
    await app.db.insertInto('agreement_versions').values(second).execute()
    const page = wordsOf((await champion.get(`/loans/new?service-user=${robin.id}`)).text)
    expect(page).toContain('Version 2. You can read it below.')
    expect(page).toContain('Our new words Keep it dry.')
  })
})
