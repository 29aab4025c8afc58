import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import * as made from '../../seeds/factories.ts'
import { type Database, openDatabase } from '../../src/database/connection.ts'
import { londonToday } from '../../src/lib/dates.ts'
import { verifyPassword } from '../../src/lib/passwords.ts'
import { lineState, loanState, needsCharger } from '../../src/loans/rules.ts'
import { createTestDatabase, openTestPool, type TestDatabase } from '../support/database.ts'

const today = londonToday(made.exampleNow)

let database: TestDatabase
let db: Database

beforeAll(async () => {
  database = await createTestDatabase()
  db = openDatabase(openTestPool({ url: database.appUrl, applicationName: 'factories test' }))
})

afterAll(async () => {
  await db.destroy()
  await database.drop()
})

function stateOf({ lines }: made.Loan): string {
  const open = lines.filter((line) => line.ended_at === null)
  const next_due_on = open.map((line) => line.due_on).toSorted()[0] ?? null
  return loanState({ lines: lines.length, open_lines: open.length, next_due_on }, today)
}

function linesOf({ lines }: made.Loan): string[] {
  return lines.map((line) => lineState(line, today))
}

function openHolds(itemId: number) {
  return db
    .selectFrom('item_holds')
    .select(['kind', 'ward_id', 'taken_at'])
    .where('item_id', '=', itemId)
    .where('ended_at', 'is', null)
    .execute()
}

describe('a loan made for a test', () => {
  it('is open, to one person, with a charger, in one organisation', async () => {
    const loan = await made.loanTo(db)
    expect([stateOf(loan), linesOf(loan)]).toEqual(['open', ['out', 'out']])
    expect(loan.service_user_id).not.toBeNull()
    const items = await db
      .selectFrom('items')
      .selectAll()
      .where(
        'id',
        'in',
        loan.lines.map((line) => line.item_id),
      )
      .execute()
    expect(needsCharger(items)).toBe(false)
    expect(new Set([loan, ...loan.lines, ...items].map((row) => row.organisation_id)).size).toBe(1)
  })

  it('goes to the borrower and holds the items that were named', async () => {
    const ward = await made.ward(db)
    const colleague = await made.staffMember(db, { organisation_id: ward.organisation_id })
    const kit = await made.kit(db, { organisation_id: ward.organisation_id })
    const toWard = await made.placement(db, { ward })
    const toColleague = await made.loanTo(db, { staff: colleague, items: kit.items })
    expect([toWard.ward_id, toWard.lines[0]?.placed_with_ward_id]).toEqual([ward.id, ward.id])
    expect(toColleague.staff_id).toBe(colleague.id)
    expect(toColleague.lines.map((line) => line.item_id)).toEqual(kit.items.map((item) => item.id))
  })

  it.each([
    ['overdueLoan', made.overdueLoan, 'overdue', ['overdue', 'overdue']],
    ['loanDueToday', made.loanDueToday, 'open', ['out', 'out']],
    ['closedLoan', made.closedLoan, 'closed', ['returned', 'returned']],
    ['partlyReturnedLoan', made.partlyReturnedLoan, 'partly-returned', ['returned', 'out']],
    ['giftLoan', made.giftLoan, 'closed', ['given', 'given']],
  ] as const)('as %s is what it is called', async (_name, make, state, lines) => {
    const loan = await make(db)
    expect([stateOf(loan), linesOf(loan)]).toEqual([state, lines])
  })

  it('cannot be partly returned when it is of one thing', async () => {
    const items = [await made.availableItem(db)]
    await expect(made.partlyReturnedLoan(db, { items })).rejects.toThrow('one item')
  })
})

describe('an item made for a test', () => {
  it('is available: nobody has it and nobody is to have it', async () => {
    const item = await made.availableItem(db, { category: 'headset' })
    expect([item.category, item.left_at, await openHolds(item.id)]).toEqual(['headset', null, []])
  })

  it('is in turnaround after it came back', async () => {
    const item = await made.itemInTurnaround(db)
    expect((await openHolds(item.id)).map((hold) => hold.kind)).toEqual(['turnaround'])
  })

  it.each([
    ['lostItem', made.lostItem, 'lost'],
    ['stolenItem', made.stolenItem, 'stolen'],
    ['damagedItem', made.damagedItem, 'damaged'],
    ['retiredItem', made.retiredItem, 'retired'],
  ] as const)('as %s has left the stock', async (_name, make, leftAs) => {
    const item = await make(db)
    expect([item.left_as, await openHolds(item.id)]).toEqual([leftAs, []])
  })

  it('is booked later, also in the pool of a ward', async () => {
    const ward = await made.ward(db)
    const item = await made.availableItem(db, { organisation_id: ward.organisation_id })
    await made.placement(db, { ward, items: [item] })
    await made.itemBookedLater(db, { item, ward })
    expect(await openHolds(item.id)).toEqual([{ kind: 'booking', ward_id: ward.id, taken_at: null }])
    expect((await made.itemBookedLater(db)).hold.ward_id).toBeNull()
  })
})

describe('a member of staff made for a test', () => {
  it('signs in with the password that tests know, and acts for their own wards', async () => {
    const ward = await made.ward(db)
    const staff = await made.staffMember(db, {
      organisation_id: ward.organisation_id,
      role: 'ward-staff',
      wards: [ward],
    })
    expect(await verifyPassword(staff.password_hash, made.examplePassword)).toBe(true)
    expect(await made.actorFor(db, staff)).toMatchObject({ role: 'ward-staff', wardIds: [ward.id], staffId: staff.id })
  })
})

describe('people made for a test', () => {
  it('have a name, a number of their own and nothing of another organisation', async () => {
    const one = await made.serviceUser(db, { name: 'Ada Example' })
    const other = await made.serviceUser(db, { organisation_id: one.organisation_id })
    expect(one.name).toBe('Ada Example')
    expect(one.nhs_number).not.toBe(other.nhs_number)
    expect(other.organisation_id).toBe(one.organisation_id)
  })
})
