import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addHold, addLine, type BySql, correctLine, endLine, startBySql, users, verdict } from '../holds/by-sql.ts'

let by: BySql

beforeAll(async () => {
  by = await startBySql()
})
afterAll(() => by.close())

const lent = '2026-08-03 09:00+00'
const back = '2026-08-10 09:00+00'
const hasReason = '23514 correction_has_its_reason'

/** Out since Monday 3 August, until the end of the month. */
async function onLoan() {
  const itemId = await by.item()
  const lineId = await addLine(by, { itemId, from: lent, takenAt: lent, dueOn: '2026-08-31' })
  const [line] = await by.run('select loan_id from loan_lines where id = $1', [lineId])
  return { itemId, lineId, loanId: Number(line?.loan_id) }
}

/** Back a week later, and on the bench since. */
async function returned() {
  const loan = await onLoan()
  await endLine(by, loan.lineId, back)
  return { ...loan, benchId: await addHold(by, { itemId: loan.itemId, kind: 'turnaround', takenAt: back }) }
}

const change = (lineId: number, set: string) => by.run(`update loan_lines set ${set} where id = $1`, [lineId])

describe('what was written down about a loan', () => {
  it.each([
    ['its item', async () => `item_id = ${await by.item()}`],
    ['its beginning', async () => `taken_at = '2026-08-02', from_at = '2026-08-02'`],
    ['from when it was meant', async () => `from_at = '2026-08-02'`],
    ['that it never went', async () => 'taken_at = null'],
    ['its review, to an earlier day', async () => `due_on = '2026-08-20'`],
  ])('is not changed without a reason: %s', async (_what, set) => {
    const { lineId } = await onLoan()
    const sql = await set()
    expect(await verdict(change(lineId, sql))).toBe(hasReason)
    expect(await verdict(correctLine(by, lineId, sql))).toBe('accepted')
  })

  it.each([
    ['when', `ended_at = '2026-08-11'`],
    ['how', `ended_as = 'damaged'`],
    ['that it did not', 'ended_at = null, ended_as = null'],
  ])('is not changed without a reason once it has ended: %s', async (_what, set) => {
    const { lineId } = await onLoan()
    await endLine(by, lineId, back)
    expect(await verdict(change(lineId, set))).toBe(hasReason)
  })

  it.each([
    ['who had it', () => `service_user_id = ${by.otherPerson.id}`],
    ['whether that was a colleague', () => `service_user_id = null, staff_id = ${by.champion.id}`],
    ['when it was made', () => `lent_at = '2026-08-01'`],
  ])('is not changed without a reason in the loan: %s', async (_what, set) => {
    const { loanId, lineId } = await onLoan()
    const sql = `update loans set ${set()} where id = ${loanId}`
    expect(await verdict(by.run(sql))).toBe(hasReason)
    expect(await verdict(correctLine(by, lineId, '', [sql]))).toBe('accepted')
  })

  it('goes forwards by itself: extended and ended', async () => {
    const { lineId } = await onLoan()
    expect(await verdict(change(lineId, `due_on = '2026-09-30'`))).toBe('accepted')
    expect(await verdict(endLine(by, lineId, back))).toBe('accepted')
  })
})

describe('the record of a correction', () => {
  it('holds what stood there and what stands there, written by the change itself', async () => {
    const { lineId, loanId } = await onLoan()
    await correctLine(by, lineId, `due_on = '2026-08-20'`)
    const [row] = await by.run(
      `select line_id, before, after, reason from loan_corrections correction
       join loan_correction_changes change on change.correction_id = correction.id
       join loan_correction_reasons why on why.correction_id = correction.id where loan_id = $1`,
      [loanId],
    )
    expect(row).toMatchObject({
      before: { due_on: '2026-08-31' },
      after: { due_on: '2026-08-20' },
      reason: 'A slip at the desk',
    })
    const invented = `insert into loan_correction_changes (organisation_id, correction_id, before, after)
      select organisation_id, id, '{"item_id": 1}', '{"item_id": 2}' from loan_corrections where loan_id = ${loanId}`
    expect(await verdict(by.run(invented))).toBe('23514 correction_change_is_written_by_the_change')
  })

  it.each(['loan_corrections', 'loan_correction_reasons', 'loan_correction_changes'])(
    'only grows: %s',
    async (table) => {
      for (const sql of [
        `update ${table} set organisation_id = 1`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ]) {
        expect(await verdict(by.run(sql))).toBe('42501')
      }
    },
  )

  it('is for one transaction: an old one allows nothing, nor does one that claims to be of another', async () => {
    const { lineId, loanId } = await onLoan()
    await correctLine(by, lineId, `due_on = '2026-08-20'`)
    expect(await verdict(change(lineId, `due_on = '2026-08-10'`))).toBe(hasReason)
    const ahead = `with correction as (
        insert into loan_corrections (organisation_id, loan_id, kind, at, corrected_by, transaction_id)
        select organisation_id, id, 'review', '2026-08-31', ${by.champion.id},
               (pg_current_xact_id()::text::bigint + 1)::text::xid8
        from loans where id = ${loanId} returning id, organisation_id
      ) insert into loan_correction_reasons select id, organisation_id, 'For later' from correction`
    await by.run(ahead)
    expect(await verdict(change(lineId, `due_on = '2026-08-10'`))).toBe(hasReason)
  })

  it('is none without a reason, and none of another loan', async () => {
    const { lineId, loanId } = await onLoan()
    const other = await onLoan()
    const bare = `insert into loan_corrections (organisation_id, loan_id, kind, at, corrected_by)
      select organisation_id, id, 'review', '2026-08-31', ${by.champion.id} from loans where id = ${loanId}`
    const earlier = `update loan_lines set due_on = '2026-08-20' where id = ${lineId}`
    expect(await verdict(correctLine(by, other.lineId, '', [bare, earlier]))).toBe(hasReason)
  })
})

describe('a return that is corrected', () => {
  it('takes its turnaround along, and leaves none behind', async () => {
    const { lineId, benchId } = await returned()
    const bench = `update item_holds set taken_at = '2026-08-08 09:00+00' where id = ${benchId}`
    const line = `ended_at = '2026-08-08 09:00+00'`
    const later = bench.replace('08-08', '08-12')
    expect(await verdict(by.run(later))).toBe('23514 turnaround_begins_with_its_return')
    expect(await verdict(correctLine(by, lineId, line))).toBe('23514 corrected_return_has_its_turnaround')
    expect(await verdict(correctLine(by, lineId, 'ended_at = null, ended_as = null'))).toBe(
      '23505 item_in_one_pair_of_hands',
    )
    const lineFirst = `update loan_lines set ${line} where id = ${lineId}`
    expect(await verdict(correctLine(by, lineId, '', [lineFirst, bench]))).toBe('accepted')
  })

  it('is undone with a turnaround that never began: only in a correction, before any step, and for good', async () => {
    const { lineId, benchId, itemId } = await returned()
    const forget = `update item_holds set ended_at = taken_at, ended_as = 'not-returned' where id = ${benchId}`
    const never = '23514 turnaround_never_began'
    expect(await verdict(by.run(forget))).toBe(never)
    const late = forget.replace('ended_at = taken_at', `ended_at = '2026-08-12'`)
    expect(await verdict(correctLine(by, lineId, '', [late]))).toBe(never)
    expect(await verdict(correctLine(by, lineId, '', [forget]))).toBe('accepted')
    // and back on loan, once that is so
    expect(await verdict(correctLine(by, lineId, 'ended_at = null, ended_as = null'))).toBe('accepted')
    expect(await verdict(by.run(`update item_holds set ended_at = null, ended_as = null where id = ${benchId}`))).toBe(
      never,
    )
    await endLine(by, lineId, '2026-08-20')
    expect(await verdict(users['a loan'].takeNow(by, itemId, '2026-08-20', '2026-08-30'))).toBe('accepted')
  })

  it('is not undone once a step of making it ready is done', async () => {
    const { lineId, benchId } = await returned()
    await by.run(
      `insert into turnaround_steps (organisation_id, hold_id, step, done_at, done_by)
       values ($1, $2, 'inspected', '2026-08-11', $3)`,
      [by.organisationId, benchId, by.champion.id],
    )
    const forget = `update item_holds set ended_at = taken_at, ended_as = 'not-returned' where id = ${benchId}`
    expect(await verdict(correctLine(by, lineId, '', [forget]))).toBe('23514 turnaround_never_began')
    const afterStep = `update item_holds set taken_at = '2026-08-12' where id = ${benchId}`
    expect(await verdict(correctLine(by, lineId, '', [afterStep]))).toBe('23514 turnaround_begins_with_its_return')
  })
})

describe('a gift that is undone', () => {
  it('brings the item into the stock again', async () => {
    const { lineId, itemId } = await onLoan()
    await endLine(by, lineId, back, 'given')
    await by.run(`update items set left_at = $2, left_as = 'given' where id = $1`, [itemId, back])
    expect(await verdict(correctLine(by, lineId, `ended_as = 'returned'`))).toMatch(/^23514 corrected_/)
    expect(await verdict(correctLine(by, lineId, 'ended_at = null, ended_as = null'))).toBe(
      '23P01 item_has_left_the_stock',
    )
    const ours = `update items set left_at = null, left_as = null where id = ${itemId}`
    const open = `update loan_lines set ended_at = null, ended_as = null where id = ${lineId}`
    expect(await verdict(correctLine(by, lineId, '', [ours, open]))).toBe('accepted')
  })
})

describe('pools, looked back on', () => {
  const place = (itemId: number, from: string, endedAt?: string, wardId = by.ward.id) =>
    addLine(by, {
      itemId,
      from,
      takenAt: from,
      dueOn: '2026-08-31',
      wardId,
      ...(endedAt && { endedAt, endedAs: 'returned' }),
    })

  it('never have an item in two of them at one time', async () => {
    const itemId = await by.item()
    await place(itemId, '2026-07-01', '2026-07-20')
    const lineId = await place(itemId, '2026-08-03', undefined, by.otherWard.id)
    const earlier = `taken_at = '2026-07-10', from_at = '2026-07-10'`
    expect(await verdict(correctLine(by, lineId, earlier))).toBe('23P01 one_open_placement_an_item')
    const free = earlier.replaceAll('07-10', '07-25')
    expect(await verdict(correctLine(by, lineId, free))).toBe('accepted')
  })

  it('never have an item in two of them, also when the second is written down once it is over', async () => {
    const itemId = await by.item()
    await place(itemId, '2026-07-01', '2026-07-20')
    const also = (from: string, until: string) => verdict(place(itemId, from, until, by.otherWard.id))
    expect(await also('2026-07-10', '2026-07-15')).toBe('23P01 one_open_placement_an_item')
    expect(await also('2026-07-20', '2026-07-25')).toBe('accepted')
  })

  it('let go of what was never in them, whoever has it now', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId, '2026-07-01', '2026-07-20')
    await addLine(by, { itemId, from: lent, takenAt: lent, dueOn: '2026-08-31' })
    const never = `taken_at = null, ended_at = null, ended_as = null, cancelled_at = '2026-08-31'`
    expect(await verdict(correctLine(by, lineId, never))).toBe('accepted')
  })

  it('begin with an item in nobody’s hands', async () => {
    const itemId = await by.item()
    await addLine(by, {
      itemId,
      from: '2026-07-01',
      takenAt: '2026-07-01',
      dueOn: '2026-07-31',
      endedAt: '2026-07-20',
      endedAs: 'lost',
    })
    const lineId = await place(itemId, '2026-08-03')
    expect(await verdict(correctLine(by, lineId, `taken_at = '2026-07-10', from_at = '2026-07-10'`))).toBe(
      '23P01 item_in_one_pair_of_hands',
    )
  })

  it('begin with an item on no bench, also when that is written down afterwards', async () => {
    const itemId = await by.item()
    await place(itemId, '2026-08-03')
    const bench = (takenAt: string) => verdict(addHold(by, { itemId, kind: 'turnaround', takenAt }))
    expect(await bench('2026-08-01')).toBe('23P01 item_in_one_pair_of_hands')
    expect(await bench('2026-08-04')).toBe('accepted')
  })

  it('keep what the ward used from them', async () => {
    const itemId = await by.item()
    const lineId = await place(itemId, '2026-08-03')
    const booking = { itemId, kind: 'booking', plan: '[2026-08-05 13:00+00,2026-08-05 14:00+00)', wardId: by.ward.id }
    await addHold(by, { ...booking, takenAt: '2026-08-05 13:00+00', endedAt: '2026-08-05 14:00+00' })
    const used = '23P01 item_used_from_the_pool'
    expect(await verdict(correctLine(by, lineId, `taken_at = '2026-08-06', from_at = '2026-08-06'`))).toBe(used)
    expect(await verdict(correctLine(by, lineId, `item_id = ${await by.item()}`))).toBe(used)
    expect(await verdict(correctLine(by, lineId, `taken_at = null, cancelled_at = '2026-08-31'`))).toBe(used)
  })
})

describe('a line that goes on from another', () => {
  it('still begins when that one ends, after a correction of either', async () => {
    const { lineId, loanId, benchId } = await returned()
    const [next] = await by.run(
      `insert into loan_lines (organisation_id, loan_id, item_id, from_at, taken_at, due_on, follows_line_id)
       values ($1, $2, $3, $4, $4, '2026-08-31', $5) returning id`,
      [by.organisationId, loanId, await by.item(), back, lineId],
    )
    const goesOn = '23514 line_goes_on_from_another'
    expect(await verdict(correctLine(by, Number(next?.id), `taken_at = '2026-08-09', from_at = '2026-08-09'`))).toBe(
      goesOn,
    )
    const bench = `update item_holds set taken_at = '2026-08-08 09:00+00' where id = ${benchId}`
    const line = `update loan_lines set ended_at = '2026-08-08 09:00+00' where id = ${lineId}`
    expect(await verdict(correctLine(by, lineId, '', [line, bench]))).toBe(goesOn)
  })
})
