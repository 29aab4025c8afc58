import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { startApp, type TestApp } from '../support/app.ts'
import { makeRecords, type Records } from './records.ts'

let app: TestApp
let here: Records
let there: Records

beforeAll(async () => {
  app = await startApp()
  const { actors, foreignActors, ward, foreignWard } = app.people
  here = await makeRecords(app.db, { by: actors.champion, ward, mark: 'here' })
  there = await makeRecords(app.db, { by: foreignActors.champion, ward: foreignWard, mark: 'there' })
})
afterAll(() => app.close())

describe('one row of two organisations', () => {
  it('cannot be written: every way from a record to another goes by the organisation too', async () => {
    const { rows } = await sql<{ reference: string; is_safe: boolean }>`
      with reference as (
        select con.conrelid, con.confrelid, att.attname as id_column, exists (
          select from unnest(con.conkey) key join pg_attribute own on own.attrelid = con.conrelid and own.attnum = key
          where own.attname = 'organisation_id'
        ) as goes_by_organisation
        from pg_constraint con
        join lateral unnest(con.conkey, con.confkey) as pair (own, other) on true
        join pg_attribute att on att.attrelid = con.conrelid and att.attnum = pair.own
        join pg_attribute far on far.attrelid = con.confrelid and far.attnum = pair.other and far.attname = 'id'
        where con.contype = 'f' and att.attname <> 'organisation_id'
          and exists (select from pg_attribute where attrelid = con.conrelid and attname = 'organisation_id')
          and exists (select from pg_attribute where attrelid = con.confrelid and attname = 'organisation_id')
      )
      select conrelid::regclass || '.' || id_column as reference, bool_or(goes_by_organisation) as is_safe from reference
      group by 1, confrelid`.execute(app.db)
    expect(rows.length).toBeGreaterThan(25)
    expect(rows.filter(({ is_safe }) => !is_safe)).toEqual([])
  })

  it.each<[string, () => ReturnType<typeof sql>]>([
    [
      'a loan to their service user',
      () => sql`update loans set service_user_id = ${there.serviceUserId} where id = ${here.loanId}`,
    ],
    ['a loan to their ward', () => sql`update loans set ward_id = ${there.wardId} where id = ${here.wardLoanId}`],
    ['a line with their item', () => sql`update loan_lines set item_id = ${there.itemId} where id = ${here.lineId}`],
    ['an item of their model', () => sql`update items set model_id = ${there.modelId} where id = ${here.itemId}`],
    [
      'an item kept at their ward',
      () => sql`update items set kept_at_ward_id = ${there.wardId} where id = ${here.itemId}`,
    ],
    ['an item in their kit', () => sql`update items set kit_id = ${there.kitId} where id = ${here.itemId}`],
    [
      'our item as theirs',
      () => sql`update items set organisation_id = ${app.people.otherOrganisationId} where id = ${here.itemId}`,
    ],
    [
      'somebody of ours on their ward',
      () =>
        sql`update staff_wards set ward_id = ${there.wardId}
          where staff_id = ${app.people.actors['ward-staff'].staffId} and ward_id = ${app.people.ward.id}`,
    ],
  ])('%s is refused by PostgreSQL to the app itself', async (_what, statement) => {
    await expect(statement().execute(app.db)).rejects.toMatchObject({ code: expect.stringMatching(/^23(503|514)$/) })
  })
})
