import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import {
  aboutPeople,
  otherTables,
  type PersonalTableName,
  personalTables,
} from '../../src/database/personal-data/declared.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await startApp()
})
afterAll(() => app.close())

const names = Object.keys(personalTables) as PersonalTableName[]

interface LiveColumn {
  table_name: string
  column_name: string
  is_nullable: 'YES' | 'NO'
}

async function liveColumns(): Promise<LiveColumn[]> {
  const { rows } = await app.pool.query<LiveColumn>(
    `select columns.table_name, column_name, columns.is_nullable from information_schema.columns
     join information_schema.tables using (table_schema, table_name)
     where table_schema = 'public' and table_type = 'BASE TABLE'`,
  )
  return rows
}

describe('What is declared about personal data', () => {
  it('covers every table there is, each once', async () => {
    const live = new Set((await liveColumns()).map((column) => column.table_name))
    expect([...names, ...Object.keys(otherTables)].sort()).toEqual([...live].sort())
  })

  it('covers every column of a table with rows about a person', async () => {
    const live = (await liveColumns()).filter(({ table_name: table }) => Object.hasOwn(personalTables, table))
    const declared = names.flatMap((name) =>
      Object.keys(personalTables[name].columns).map((column) => `${name}.${column}`),
    )
    expect(declared.sort()).toEqual(live.map((column) => `${column.table_name}.${column.column_name}`).sort())
  })

  it('holds every table that leads to a person by itself', async () => {
    const { rows } = await app.pool.query<{ child: string; parent: string }>(
      `select conrelid::regclass::text as child, confrelid::regclass::text as parent from pg_constraint
       where contype = 'f' and connamespace = 'public'::regnamespace`,
    )
    // a stock check finds things, and who had them is told by the incident; a turnaround has no loan line
    const ofThings = ['items', 'incidents', 'incident_items', 'item_holds']
    const roots = names.filter((name) => !ofThings.includes(name)) as string[]
    // the entry of a group is nobody's, and stays so; each of the group has one of their own
    const ofNobody = ['group_sessions']
    const leading = rows.filter(
      ({ child, parent }) => roots.includes(parent) && Object.hasOwn(otherTables, child) && !ofNobody.includes(child),
    )
    expect(leading).toEqual([])
    const byName = (await liveColumns()).filter(
      ({ table_name: table, column_name: column }) =>
        /^(?:service_user|supporter|person)_id$/.test(column) && Object.hasOwn(otherTables, table),
    )
    expect(byName).toEqual([])
  })

  it('says of each column that is left out why, and of each that is given what it is', () => {
    const mute = names.flatMap((name) =>
      Object.entries(personalTables[name].columns).filter(([, column]) =>
        column.access === 'withheld' ? column.why.length < 10 : column.label === '',
      ),
    )
    expect(mute).toEqual([])
  })

  it('is SQL that PostgreSQL understands', async () => {
    for (const name of names) {
      const { where, order, key, leftOut, columns } = personalTables[name]
      const emptied = Object.values(columns).flatMap((column) => (column.retention === 'kept' ? [] : [column.by]))
      const values = [key, ...emptied.map((by) => `(${by})`)].join(', ')
      await app.pool.query(
        `select ${values} from ${name} where (${aboutPeople(where)}) and not (${leftOut?.where ?? 'false'}) order by ${order}`,
        [[0]],
      )
    }
  })
})
