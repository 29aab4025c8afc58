import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import pg from 'pg'
import {
  availableItem,
  itemInTurnaround,
  kit,
  loanTo,
  model,
  organisation,
  serviceUser,
  site,
  staffMember,
  ward,
} from '../../seeds/factories.ts'
import { makeIccid, makeImei, makeTestNhsNumber } from '../../seeds/identifiers.ts'
import { APP_ROLE, OWNER_ROLE } from '../../src/database/embedded/roles.ts'
import { verdict } from '../holds/by-sql.ts'
import { startApp, type TestApp } from '../support/app.ts'

let app: TestApp
let owner: pg.Client

beforeAll(async () => {
  app = await startApp()
  owner = new pg.Client({ connectionString: app.ownerUrl })
  await owner.connect()
})
afterAll(async () => {
  await owner.end()
  await app.close()
})

const run = async (text: string, values: unknown[] = []) => (await app.pool.query(text, values)).rows
const asOwner = (text: string) => owner.query(text)
const refused = '42501'

describe('numbers that must be right', () => {
  const nextDigit = (digits: string) => `${digits.slice(0, -1)}${(Number(digits.at(-1)) + 1) % 10}`
  const item = (more: object) => verdict(availableItem(app.db, { organisation_id: app.people.organisationId, ...more }))
  const person = (nhs_number: string) =>
    verdict(serviceUser(app.db, { organisation_id: app.people.organisationId, nhs_number }))

  it.each([
    ['one digit wrong', nextDigit(makeImei(1))],
    ['two digits changed over', '490154203237158'],
    ['14 digits', makeImei(1).slice(0, 14)],
    ['16 digits', `${makeImei(1)}0`],
    ['letters', '35E14'],
    ['spaces', '49 015420 323751 8'],
    ['nothing in it', ''],
  ])('an IMEI with %s is refused', async (_what, imei) => {
    expect(await item({ imei })).toBe('23514 items_imei_check_digit')
  })

  it.each([
    ['one digit wrong', nextDigit(makeIccid(1))],
    ['18 digits', makeIccid(1).slice(0, 18)],
    ['21 digits', `${makeIccid(1)}00`],
    ['another beginning than 89', `79${makeIccid(1).slice(2)}`],
    ['nothing in it', ''],
  ])('a SIM number with %s is refused', async (_what, iccid) => {
    expect(await item({ iccid })).toBe('23514 items_iccid_check_digit')
  })

  it.each([
    ['one digit wrong', nextDigit(makeTestNhsNumber(1))],
    ['nine digits', makeTestNhsNumber(1).slice(0, 9)],
    ['spaces', '943 476 5919'],
    ['a check digit that would be 10', '1234567898'],
    ['nothing in it', ''],
  ])('an NHS number with %s is refused', async (_what, nhsNumber) => {
    expect(await person(nhsNumber)).toBe('23514 service_user_nhs_number_check_digit')
  })

  it('right ones are accepted, and so is none', async () => {
    expect(await item({ imei: '490154203237518' })).toBe('accepted')
    expect(await item({ iccid: '8944110068256270054' })).toBe('accepted')
    expect(await person('9434765919')).toBe('accepted')
    expect(await item({})).toBe('accepted')
  })

  it('each is one item’s or one person’s of an organisation, and another organisation may have the same', async () => {
    const elsewhere = { organisation_id: app.people.otherOrganisationId }
    const [imei, iccid, nhs_number] = [makeImei(77), makeIccid(77), makeTestNhsNumber(77_777)]
    expect(await item({ imei, iccid })).toBe('accepted')
    expect(await item({ imei })).toBe('23505 items_imei_key')
    expect(await item({ iccid })).toBe('23505 items_iccid_key')
    expect(await item({ imei, iccid, ...elsewhere })).toBe('accepted')
    expect(await person(nhs_number)).toBe('accepted')
    expect(await person(nhs_number)).toBe('23505 service_user_details_nhs_number_key')
    expect(await verdict(serviceUser(app.db, { nhs_number, ...elsewhere }))).toBe('accepted')
  })
})

describe('asset tags', () => {
  const here = () => ({ organisation_id: app.people.organisationId })
  const item = (tag: string, more = here()) => verdict(availableItem(app.db, { tag, ...more }))

  it.each(['TAB 100', 'tab 100', 'Tab 100', 'tAB 100'])('%j is the same tag in any capitals', async (tag) => {
    await item('TAB 100')
    expect(await item(tag)).toBe('23505 items_tag_key')
  })

  it('are one for Écran and écran too', async () => {
    await item('Écran 7')
    expect(await item('éCRAN 7')).toBe('23505 items_tag_key')
  })

  it.each([
    ['a space before it', ' TAB 101'],
    ['a space behind it', 'TAB 101 '],
    ['two spaces inside', 'TAB  101'],
    ['a tab', 'TAB\t101'],
    ['a line end', 'TAB 101\n'],
    ['a space that does not break', 'TAB\u00a0101'],
    ['a space of no width', 'TAB\u200b 101'],
    ['a mark of direction', '\u202eTAB 101'],
    ['nothing in it', ''],
    ['only a space', ' '],
  ])('with %s are refused, since two of them would look the same', async (_what, tag) => {
    expect(await item(tag)).toBe('23514 items_tag_is_plain')
    expect(await verdict(kit(app.db, { tag, items: [], ...here() }))).toBe('23514 kits_tag_is_plain')
  })

  it('of 61 characters are refused, of 60 accepted', async () => {
    expect(await item('x'.repeat(61))).toMatch(/^23514/)
    expect(await item('x'.repeat(60))).toBe('accepted')
  })

  it.each(['new', 'Labels', 'IMPORT', 'export', 'scan', '.', '..'])(
    'cannot be %j, which stands in an address',
    async (tag) => {
      expect(await item(tag)).toBe('23514 items_tag_not_reserved')
    },
  )

  it('belong to an organisation: another may use the same', async () => {
    await item('TAB 102')
    expect(await item('TAB 102', { organisation_id: app.people.otherOrganisationId })).toBe('accepted')
  })
})

describe('two organisations', () => {
  /** Made by one organisation each, of everything there is. */
  const makeOne = async () => {
    const { id: organisation_id } = await organisation(app.db)
    const [agreement] = await run('select id from agreement_versions where organisation_id = $1', [organisation_id])
    const staff = await staffMember(app.db, { organisation_id })
    const item = await availableItem(app.db, { organisation_id })
    const loan = await loanTo(app.db, { organisationId: organisation_id, items: [item], lentBy: staff })
    const [nameless] = await run(
      'insert into service_users (organisation_id, created_at) values ($1, $2) returning id',
      [organisation_id, '2026-08-03'],
    )
    const returned = await itemInTurnaround(app.db, { organisation_id })
    const [turnaround] = await run(`select id from item_holds where item_id = $1 and kind = 'turnaround'`, [
      returned.id,
    ])
    return {
      organisation_id,
      agreement_version_id: agreement?.id,
      staff: staff.id,
      site: (await site(app.db, { organisation_id })).id,
      ward: (await ward(app.db, { organisation_id })).id,
      model: (await model(app.db, { organisation_id })).id,
      kit: (await kit(app.db, { organisation_id })).id,
      person: (await serviceUser(app.db, { organisation_id })).id,
      nameless: nameless?.id,
      item: item.id,
      freeItem: (await availableItem(app.db, { organisation_id })).id,
      loan: loan.id,
      line: loan.lines[0]?.id,
      turnaround: turnaround?.id,
    }
  }
  let one: Awaited<ReturnType<typeof makeOne>>
  let other: typeof one
  beforeAll(async () => {
    one = await makeOne()
    other = await makeOne()
  })

  const insert = (table: string, row: object) => {
    const places = Object.keys(row).map((_, at) => `$${at + 1}`)
    return verdict(run(`insert into ${table} (${Object.keys(row)}) values (${places})`, Object.values(row)))
  }

  it.each([
    ['a loan to the other’s person', 'loans', () => ({ ...loanRow(), service_user_id: other.person })],
    ['a loan to the other’s ward', 'loans', () => ({ ...loanRow(), ward_id: other.ward })],
    ['a loan to the other’s staff', 'loans', () => ({ ...loanRow(), staff_id: other.staff })],
    [
      'a loan lent by the other’s staff',
      'loans',
      () => ({ ...loanRow(), service_user_id: one.person, lent_by: other.staff }),
    ],
    [
      'a loan on the other’s agreement',
      'loans',
      () => ({
        ...loanRow(),
        service_user_id: one.person,
        agreement_version_id: other.agreement_version_id,
        agreement_how: 'paper',
      }),
    ],
    ['a line in the other’s loan', 'loan_lines', () => ({ ...lineRow(), loan_id: other.loan })],
    ['a line with the other’s item', 'loan_lines', () => ({ ...lineRow(), item_id: other.freeItem })],
    ['a booking of the other’s item', 'item_holds', () => ({ ...holdRow(), item_id: other.freeItem })],
    [
      'a booking that says it is the other’s',
      'item_holds',
      () => ({ ...holdRow(), organisation_id: other.organisation_id }),
    ],
    ['a step in the other’s turnaround', 'turnaround_steps', () => ({ ...stepRow(), hold_id: other.turnaround })],
    ['a step done by the other’s staff', 'turnaround_steps', () => ({ ...stepRow(), done_by: other.staff })],
    [
      'a ward on the other’s site',
      'wards',
      () => ({ organisation_id: one.organisation_id, site_id: other.site, code: 'x-1', name: 'X', kind: 'hub' }),
    ],
    [
      'staff on the other’s ward',
      'staff_wards',
      () => ({ organisation_id: one.organisation_id, staff_id: one.staff, ward_id: other.ward }),
    ],
    [
      'the name of the other’s person',
      'service_user_details',
      () => ({ organisation_id: one.organisation_id, service_user_id: other.nameless, name: 'X' }),
    ],
    [
      'an event by the other’s staff',
      'audit_events',
      () => ({ organisation_id: one.organisation_id, staff_id: other.staff, at: '2026-08-03', verb: 'loan:lent' }),
    ],
  ])('are never joined by %s', async (_what, table, row) => {
    expect(await insert(table, row())).toMatch(/^23503 /)
  })

  it.each([
    ['the other’s model', () => `model_id = ${other.model}`],
    ['the other’s kit', () => `kit_id = ${other.kit}`],
    ['the other’s ward', () => `kept_at_ward_id = ${other.ward}`],
    ['the other organisation', () => `organisation_id = ${other.organisation_id}`],
  ])('are never joined by an item that is moved to %s', async (_what, change) => {
    expect(await verdict(run(`update items set ${change()} where id = $1`, [one.freeItem]))).toMatch(/^23503 /)
  })

  it('never share a placement: a ward of the one is no pool for the other’s items', async () => {
    const [loan] = await run(
      'insert into loans (organisation_id, ward_id, lent_at, lent_by) values ($1, $2, $3, $4) returning id',
      [one.organisation_id, one.ward, '2026-08-03', one.staff],
    )
    const row = { ...lineRow(), loan_id: loan?.id, placed_with_ward_id: one.ward, taken_at: '2026-08-03' }
    expect(await insert('loan_lines', { ...row, item_id: other.freeItem })).toMatch(/^23503 /)
  })

  it('are told apart in every reference between two tables that belong to one', async () => {
    // one column that is tied to the organisation ties the others of its reference
    const loose = await run(`
      with reference as (
        select conname, conrelid, array_agg(attname::text) as columns
        from pg_constraint join pg_attribute on attrelid = conrelid and attnum = any (conkey)
        where contype = 'f' and confrelid <> 'organisations'::regclass
          and exists (select from pg_attribute where attrelid = conrelid and attname = 'organisation_id')
          and exists (select from pg_attribute where attrelid = confrelid and attname = 'organisation_id')
        group by conname, conrelid
      )
      select conrelid::regclass::text as table_name, conname from reference
      where not exists (
        select from reference tied
        where tied.conrelid = reference.conrelid and tied.columns && reference.columns
          and 'organisation_id' = any (tied.columns)
      )`)
    expect(loose).toEqual([])
  })

  const loanRow = () => ({ organisation_id: one.organisation_id, lent_at: '2026-08-03', lent_by: one.staff })
  const lineRow = () => ({
    organisation_id: one.organisation_id,
    loan_id: one.loan,
    item_id: one.freeItem,
    from_at: '2026-08-03',
    due_on: '2026-09-01',
  })
  const holdRow = () => ({
    organisation_id: one.organisation_id,
    item_id: one.freeItem,
    kind: 'booking',
    plan: '[2026-08-03 10:00+00,2026-08-03 11:00+00)',
  })
  const stepRow = () => ({
    organisation_id: one.organisation_id,
    hold_id: one.turnaround,
    step: 'cleaned',
    done_at: '2026-08-03',
    done_by: one.staff,
  })
})

describe('the audit', () => {
  const tables = ['audit_events', 'audit_details']
  const changes = (table: string) => {
    const column = table === 'audit_events' ? 'at = at' : `details = '{}'`
    return [`update ${table} set ${column}`, `delete from ${table}`, `truncate ${table} cascade`, `drop table ${table}`]
  }

  beforeAll(async () => {
    await app.changeAs('champion', async (change) => change.audit({ verb: 'loan:lent', details: { items: ['TAB-1'] } }))
  })

  it.each(tables.flatMap(changes))('refuses the app’s role to %s', async (statement) => {
    expect(await verdict(run(statement))).toBe(refused)
  })

  it.each([
    ['turn off its triggers', 'alter table audit_events disable trigger all'],
    ['take one away', 'drop trigger audit_events_only_grow on audit_events'],
    [
      'change what one does',
      'create or replace function refuse_change() returns trigger language plpgsql as $$ begin return null; end $$',
    ],
    ['turn off triggers for a while', 'set session_replication_role = replica'],
    ['become the owner', `set role ${OWNER_ROLE}`],
    ['hide it behind a rule', 'create rule quiet as on insert to audit_events do instead nothing'],
    ['look away by row', 'alter table audit_events enable row level security'],
  ])('refuses the app’s role to %s', async (_what, statement) => {
    expect(await verdict(run(statement))).toBe(refused)
  })

  it('gives the app’s role nothing more when it grants itself the right, which is a warning and no error', async () => {
    await run(`grant all on audit_events, audit_details to ${APP_ROLE}`)
    for (const table of tables) {
      const [may] = await run(`select has_table_privilege($1, 'update, delete, truncate') as change_it`, [table])
      expect(may).toEqual({ change_it: false })
    }
  })

  it.each(changes('audit_events').slice(0, 3))('refuses even the owner of the tables to %s', async (statement) => {
    expect(await verdict(asOwner(statement))).toBe(refused)
  })

  it('still has every row after all that', async () => {
    const rows = await run(
      `select verb, details from audit_events join audit_details on audit_event_id = id where verb = 'loan:lent'`,
    )
    expect(rows).toContainEqual({ verb: 'loan:lent', details: { items: ['TAB-1'] } })
  })

  it('keeps a number and a time for what it adds, and takes no number from whoever adds it', async () => {
    const row = `insert into audit_events (id, at, verb) values (1, '2026-08-03', 'loan:lent')`
    expect(await verdict(run(row))).toBe('428C9')
  })
})

describe('the app’s role', () => {
  const mayDelete = [
    'caseload_counts',
    'imports',
    'job_workers',
    'kept_counts',
    'rate_limits',
    'sessions',
    'staff_wards',
    'stock_check_items',
    'stock_check_unknown_codes',
    'diary_hours',
    'turnaround_steps',
  ]
  const mayNotUpdate = [
    'agreement_versions',
    'anonymisations',
    'appointment_ways',
    'cable_permits',
    'audit_details',
    'audit_events',
    'contact_risk_notes',
    'data_allowance_changes',
    'data_code_views',
    'data_readings',
    'deliveries',
    'item_categories',
    'loan_correction_changes',
    'loan_correction_reasons',
    'loan_corrections',
    'meeting_preference_platforms',
    'message_occasions',
    'message_setting_changes',
    'platform_risks',
    'published_figures',
    'report_targets',
    'onward_plans',
    'restriction_permits',
    'retention_runs',
    'service_user_merge_moves',
    'service_user_merge_values',
    'return_batches',
    'return_scans',
    'turnaround_step_rules',
  ]
  const mayNotInsert = ['anonymisations', 'item_categories', 'retention_runs', 'turnaround_step_rules']
  const migrations = ['kysely_migration', 'kysely_migration_lock']

  const tablesWithout = async (right: string) => {
    const rows = await run(
      `select relname from pg_class where relkind in ('r', 'p', 'v', 'm', 'f') and relnamespace = 'public'::regnamespace
         and not has_table_privilege($1, oid, $2) order by relname collate "C"`,
      [APP_ROLE, right],
    )
    return rows.map((row) => row.relname)
  }
  const allTables = async () => {
    const rows = await run(`select tablename from pg_tables where schemaname = 'public' order by tablename collate "C"`)
    return rows.map((row) => row.tablename as string)
  }

  it('reads every table, adds to all but the lists that migrations make, and changes all but what only grows', async () => {
    expect(await tablesWithout('select')).toEqual([])
    expect(await tablesWithout('insert')).toEqual([...mayNotInsert, ...migrations].sort())
    expect(await tablesWithout('update')).toEqual([...mayNotUpdate, ...migrations].sort())
  })

  it('deletes from the tables of that list and no other: what is on record stays', async () => {
    const others = (await allTables()).filter((table) => !mayDelete.includes(table))
    expect(await tablesWithout('delete')).toEqual(others)
    for (const table of others) expect([table, await verdict(run(`delete from ${table}`))]).toEqual([table, refused])
  })

  it.each(['truncate', 'references', 'trigger'])('has the right to %s nowhere', async (right) => {
    expect(await tablesWithout(right)).toEqual(await allTables())
  })

  it('owns nothing, and is a member of nothing', async () => {
    const owned = await run('select from pg_class where relowner = $1::regrole', [APP_ROLE])
    const memberships = await run('select from pg_auth_members where member = $1::regrole', [APP_ROLE])
    const [role] = await run(
      'select rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls from pg_roles where rolname = $1',
      [APP_ROLE],
    )
    expect({ owned, memberships }).toEqual({ owned: [], memberships: [] })
    expect(Object.values(role ?? {})).toEqual([false, false, false, false, false])
  })

  it.each([
    'create table mine (id bigint)',
    'create temporary table mine (id bigint)',
    'create table mine as select * from staff',
    'create view mine as select 1',
    'create schema mine',
    'create sequence mine',
    'create type mine as (id bigint)',
    `create function mine() returns int language sql as 'select 1'`,
    'create trigger mine before insert on loans for each row execute function refuse_change()',
    'create index mine on loans (id)',
    'create role mine',
    'create extension hstore',
    'create database mine',
    'alter table loans add column mine text',
    'alter table item_holds drop constraint plans_never_overlap',
    'alter table item_holds disable trigger hold_takes_the_items_row',
    'alter function loan_line_keeps_its_hold() rename to mine',
    'alter sequence loans_id_seq restart',
    'drop table loans cascade',
    'drop index item_in_one_pair_of_hands',
    'drop function refuse_change cascade',
    'drop trigger hold_takes_the_items_row on item_holds',
    'drop schema public cascade',
    `select setval('loans_id_seq', 1)`,
    `copy staff to '/tmp/staff'`,
    `copy staff to program 'cat'`,
    `select pg_read_file('/etc/passwd')`,
    'select * from pg_authid',
    'alter system set log_statement to on',
  ])('is refused: %s', async (statement) => {
    expect(await verdict(run(statement))).toBe(refused)
  })
})
