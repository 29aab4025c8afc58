import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { availableItem, closedLoan, loanTo, type Referral, referralFor } from '../../seeds/factories.ts'
import { asks } from '../../src/referrals/rules.ts'
import { type BySql, startBySql, verdict } from '../holds/by-sql.ts'

let sql: BySql

beforeAll(async () => {
  sql = await startBySql()
})
afterAll(() => sql.close())

const refer = (asked: string[] = ['device']) => referralFor(sql.db, { person: sql.person, asks: asked })
const isOpen = async ({ id }: Referral) =>
  (await sql.run('select is_open from referrals where id = $1', [id]))[0]?.is_open
const tie = (loan: { id: number }, { id }: Referral) =>
  verdict(sql.run('update loans set referral_id = $2 where id = $1', [loan.id, id]))
const set = ({ id }: Referral, columns: string) =>
  verdict(sql.run(`update referrals set ${columns} where id = $1`, [id]))
const lend = async (category: 'tablet' | 'headset', serviceUser = sql.person) =>
  loanTo(sql.db, {
    organisationId: sql.organisationId,
    serviceUser,
    items: [await availableItem(sql.db, { organisation_id: sql.organisationId, category })],
    lentBy: sql.champion,
    isWithoutCharger: true,
  })
const ended = "ended_at = '2026-08-04', ended_as = 'declined', ended_why = 'other', ended_by = made_by"

describe('a referral, by plain SQL', () => {
  it('is open until all it asks for was lent or said to be met, whatever anybody writes into it', async () => {
    const referral = await refer(['device', 'skills'])
    expect(await set(referral, 'is_open = false')).toBe('accepted')
    expect(await isOpen(referral)).toBe(true)
    expect(await tie(await lend('headset'), referral)).toBe('accepted')
    expect(await tie(await lend('tablet'), referral)).toBe('accepted')
    expect(await isOpen(referral)).toBe(true)
    const said = (by: string) =>
      sql.run(
        `update referral_asks set met_at = ${by}, met_by = ${by === 'null' ? 'null' : sql.champion.id}
        where referral_id = $1 and ask = 'skills'`,
        [referral.id],
      )
    await said("'2026-08-04'")
    expect(await isOpen(referral)).toBe(false)
    await said('null')
    expect(await isOpen(referral)).toBe(true)
  })

  it('is met by what came back again, and waits again when a loan turns out not to be for it', async () => {
    const referral = await refer()
    const back = await closedLoan(sql.db, { organisationId: sql.organisationId, serviceUser: sql.person })
    expect(await tie(back, referral)).toBe('accepted')
    expect(await isOpen(referral)).toBe(false)
    const other = await refer()
    const loan = await lend('tablet')
    await tie(loan, other)
    await sql.run('update loans set referral_id = null where id = $1', [loan.id])
    expect(await isOpen(other)).toBe(true)
  })

  it('is met by nothing that was lent to somebody else', async () => {
    const referral = await refer()
    expect(await tie(await lend('tablet', sql.otherPerson), referral)).toBe('23514 loan_is_for_whom_it_was_asked')
  })

  it('asks for something, ends once for a reason of its own, and stays as it was made', async () => {
    const nothing = refer([])
    expect(await verdict(nothing)).toBe('23514 referral_asks_for_something')
    const referral = await refer()
    expect(await set(referral, "ended_at = '2026-08-04', ended_as = 'declined'")).toBe('23514 referral_ends_whole')
    expect(await set(referral, ended.replace('other', 'not-wanted'))).toBe('23514 referral_ends_for_a_reason')
    expect(await set(referral, ended)).toBe('accepted')
    expect(await isOpen(referral)).toBe(false)
    expect(await set(referral, "ended_why = 'has-own'")).toBe('23514 referral_goes_on')
    for (const change of ["made_at = '2026-01-01'", `service_user_id = ${sql.otherPerson.id}`, "source = 'letter'"]) {
      expect([change, await set(referral, change)]).toEqual([change, '23514 referral_goes_on'])
    }
    const met = await refer(['skills'])
    await sql.run(`update referral_asks set met_at = '2026-08-04', met_by = $2 where referral_id = $1`, [
      met.id,
      sql.champion.id,
    ])
    expect(await set(met, ended)).toBe('23514 referral_goes_on')
  })

  it('is met by the same kinds of items as the rules say', async () => {
    for (const [ask, { meets }] of Object.entries(asks)) {
      const [row] = await sql.run('select categories_that_meet($1) as meets', [ask])
      expect([ask, row?.meets]).toEqual([ask, [...meets]])
    }
  })
})
