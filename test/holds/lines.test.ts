import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  addHold,
  addLine,
  addLoan,
  august,
  type BySql,
  correctLine,
  endLine,
  planner,
  startBySql,
  users,
  verdict,
} from './by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const followsLine = '23514 loan_hold_follows_its_line'

describe('a loan line and its hold', () => {
  const storyOf = async (lineId: number) => {
    const columns = 'item_id, taken_at, ended_at, ended_as, cancelled_at'
    const [line] = await by.run(
      `select ${columns}, loan_line_plan(from_at, due_on, ended_at) as plan from loan_lines where id = $1`,
      [lineId],
    )
    const [hold, ...others] = await by.run(`select ${columns}, plan from item_holds where loan_line_id = $1`, [lineId])
    expect(others).toEqual([])
    return { line, hold }
  }

  it('tell the same story from the plan to the end', async () => {
    const lineId = await planner('a loan').plan(by, await by.item(), august(3), august(20))
    const changes = [
      `from_at = '2026-08-04 08:00+00'`,
      `item_id = ${await by.item()}`,
      `cancelled_at = '2026-08-04 08:30+00'`,
      `cancelled_at = null`,
      `taken_at = '2026-08-04 09:00+00'`,
      `due_on = '2026-09-04'`,
      `ended_at = '2026-08-28 10:00+00', ended_as = 'returned'`,
      `ended_as = 'damaged'`,
      `ended_at = null, ended_as = null`,
    ]
    for (const change of changes) {
      await correctLine(by, lineId, change)
      const { line, hold } = await storyOf(lineId)
      expect(hold).toEqual(line)
    }
  })

  it('cannot be made to differ: the hold is written from the line and by nothing else', async () => {
    const lineId = await users['a loan'].takeNow(by, await by.item(), august(3), august(20))
    const changes = [
      `ended_at = '2026-08-04', ended_as = 'returned'`,
      `item_id = ${await by.item()}`,
      `plan = tstzrange(lower(plan), '2026-09-20')`,
      `ward_id = ${by.ward.id}`,
      `kind = 'booking', loan_line_id = null`,
      'loan_line_id = null',
    ]
    for (const change of changes) {
      expect(await verdict(by.run(`update item_holds set ${change} where loan_line_id = $1`, [lineId]))).toBe(
        followsLine,
      )
    }
    expect(await verdict(by.run('delete from item_holds where loan_line_id = $1', [lineId]))).toBe('42501')
  })

  it('cannot be joined by a hold that no line wrote', async () => {
    const itemId = await by.item()
    const placed = await addLine(by, {
      itemId,
      from: august(3),
      takenAt: august(3),
      dueOn: '2026-08-20',
      wardId: by.ward.id,
    })
    const loanHold = by.run(
      `insert into item_holds (organisation_id, item_id, kind, loan_line_id, plan) values ($1, $2, 'loan', $3, $4)`,
      [by.organisationId, itemId, placed, `[${august(4)},${august(5)})`],
    )
    expect(await verdict(loanHold)).toBe(followsLine)
    const booking = await addHold(by, { itemId: await by.item(), kind: 'booking', plan: `[${august(4)},${august(5)})` })
    const turned = by.run(`update item_holds set kind = 'loan', loan_line_id = $2 where id = $1`, [booking, placed])
    expect(await verdict(turned)).toBe(followsLine)
  })

  it('are refused together: where the hold is impossible there is no line either', async () => {
    const itemId = await by.item()
    await users['a booking'].takeNow(by, itemId, august(3), august(4))
    await verdict(users['a loan'].takeNow(by, itemId, august(5), august(20)))
    expect(await by.run('select from loan_lines where item_id = $1', [itemId])).toEqual([])
  })
})

describe('a loan line', () => {
  it('ends as something we know: returned, lost, stolen, damaged or given', async () => {
    const lineId = await users['a loan'].takeNow(by, await by.item(), august(3), august(20))
    expect(await verdict(endLine(by, lineId, august(4), 'eaten'))).toMatch(/^23514 /)
  })

  it('is with the ward its loan is to, and with no ward where the loan is to a person', async () => {
    const line = (loanId: number, wardId: number | null, itemId: number) =>
      verdict(
        by.run(
          `insert into loan_lines (organisation_id, loan_id, item_id, placed_with_ward_id, from_at, due_on, taken_at)
           values ($1, $2, $3, $4, $5, '2026-08-20', $5)`,
          [by.organisationId, loanId, itemId, wardId, august(3)],
        ),
      )
    const toWard = await addLoan(by, august(3), { ward_id: by.ward.id })
    const toPerson = await addLoan(by, august(3), { service_user_id: by.person.id })
    const refused = '23514 line_follows_its_loan'
    expect(await line(toWard, by.otherWard.id, await by.item())).toBe(refused)
    expect(await line(toWard, null, await by.item())).toBe(refused)
    expect(await line(toPerson, by.ward.id, await by.item())).toBe(refused)
    expect(await line(toWard, by.ward.id, await by.item())).toBe('accepted')
    expect(await line(toPerson, null, await by.item())).toBe('accepted')
  })

  it('stays in its loan and with its borrower', async () => {
    const lineId = await users['a loan'].takeNow(by, await by.item(), august(3), august(20))
    const other = await addLoan(by, august(3), { service_user_id: by.otherPerson.id })
    const change = (set: string) => verdict(by.run(`update loan_lines set ${set} where id = $1`, [lineId]))
    expect(await change(`loan_id = ${other}`)).toBe('23514 line_follows_its_loan')
    expect(await change(`placed_with_ward_id = ${by.ward.id}`)).toBe('23514 line_follows_its_loan')
  })
})

describe('a loan', () => {
  const lend = (more: Record<string, unknown>) => verdict(addLoan(by, august(3), more))
  const agreement = async () => {
    const [row] = await by.run('select id from agreement_versions where organisation_id = $1', [by.organisationId])
    return { service_user_id: by.person.id, agreement_version_id: row?.id }
  }

  it.each([
    ['nobody', []],
    ['a person and a ward', ['service_user_id', 'ward_id']],
    ['a ward and a member of staff', ['ward_id', 'staff_id']],
    ['a person, a ward and a member of staff', ['service_user_id', 'ward_id', 'staff_id']],
  ])('is refused to %s: a loan is to one borrower', async (_who, columns) => {
    const ids: Record<string, number> = { service_user_id: by.person.id, ward_id: by.ward.id, staff_id: by.champion.id }
    const borrowers = Object.fromEntries(columns.map((column) => [column, ids[column]]))
    expect(await lend(borrowers)).toBe('23514 loans_have_one_borrower')
  })

  it('stays with the ward it was made to, and is not turned into a person’s', async () => {
    const loanId = await addLoan(by, august(3), { ward_id: by.ward.id })
    const change = (set: string) => verdict(by.run(`update loans set ${set} where id = $1`, [loanId]))
    expect(await change(`ward_id = ${by.otherWard.id}`)).toBe('23514 loan_keeps_its_ward')
    expect(await change(`ward_id = null, service_user_id = ${by.person.id}`)).toBe('23514 loan_keeps_its_ward')
  })

  it.each([null, '', '  '])('is refused an agreement that was spoken with the witness %j', async (witness) => {
    const spoken = { ...(await agreement()), agreement_how: 'spoken', agreement_witness: witness }
    expect(await lend(spoken)).toBe('23514 spoken_agreement_has_a_witness')
  })

  it('is accepted with an agreement on paper, on screen, or spoken before a witness', async () => {
    expect(await lend({ ...(await agreement()), agreement_how: 'paper' })).toBe('accepted')
    expect(await lend({ ...(await agreement()), agreement_how: 'screen' })).toBe('accepted')
    expect(await lend({ ...(await agreement()), agreement_how: 'spoken', agreement_witness: 'R. Ng' })).toBe('accepted')
  })

  it('keeps which version was agreed together with how it was', async () => {
    expect(await lend(await agreement())).toMatch(/^23514 /)
    expect(await lend({ service_user_id: by.person.id, agreement_how: 'paper' })).toMatch(/^23514 /)
    expect(await lend({ ...(await agreement()), agreement_how: 'by pigeon' })).toMatch(/^23514 /)
  })
})
