import type { DB } from '../schema.ts'
import { fact, inner, never, own, type PersonalTable, words } from './kinds.ts'

/** Data that was given to somebody, and how much of it was left when. */

const theirs = 'data_allowance_id in (select id from data_allowances where service_user_id = any(:people))'

const allowances: PersonalTable<DB['data_allowances']> = {
  title: 'Data that you were given',
  intro: 'SIMs, vouchers and hotspot plans that you got from us.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Data allowance', 'number'),
    organisation_id: inner(),
    kind: fact('What it is', 'word'),
    provider: fact('Provider'),
    network: fact('Network'),
    megabytes: fact('Megabytes', 'number'),
    period: fact('How often', 'word'),
    starts_on: fact('First day', 'date'),
    ends_on: fact('Last day', 'date'),
    funder: fact('Paid by'),
    cost_pence: fact('Cost in pence', 'number'),
    service_user_id: inner(),
    ward_id: inner('It is another’s, where it is a ward’s'),
    staff_id: inner('It is another’s, where it is a member of staff’s'),
    loan_line_id: fact('With line of a loan', 'number'),
    sim_number: own('SIM number', 'text', 'null'),
    suspended_at: fact('Suspended', 'instant'),
    suspended_because: fact('Why it was suspended', 'word'),
    cancelled_at: fact('Cancelled', 'instant'),
    made_at: fact('Given', 'instant'),
    made_by: fact('By', 'staff'),
    version: inner('How often it was changed'),
    stock_id: never('It leads to the SIM number, which is given already', 'null'),
    is_adult: fact('18 or over', 'yes-no'),
    has_low_income: fact('On a low income', 'yes-no'),
    lacks_access: fact('No or too little access to the internet', 'yes-no'),
  },
}

const readings: PersonalTable<DB['data_readings']> = {
  title: 'How much of your data was left',
  intro: 'What was read, and when.',
  where: theirs,
  key: 'id',
  order: 'read_at, id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    data_allowance_id: fact('Data allowance', 'number'),
    read_at: fact('Read', 'instant'),
    megabytes_left: fact('Megabytes left', 'number'),
    source: fact('How we know', 'word'),
    unchanged_since: fact('Nothing was used since', 'instant'),
    made_at: fact('Written down', 'instant'),
    made_by: fact('By', 'staff'),
  },
}

const changes: PersonalTable<DB['data_allowance_changes']> = {
  title: 'What was done with your data',
  intro: 'When it was given, topped up, stopped or changed.',
  where: theirs,
  key: 'id',
  order: 'at, id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    data_allowance_id: fact('Data allowance', 'number'),
    kind: fact('What was done', 'word'),
    at: fact('When', 'instant'),
    made_by: fact('By', 'staff'),
    megabytes: fact('Megabytes added', 'number'),
    sim_number: own('The SIM number until then', 'text', 'null'),
  },
}

const codeViews: PersonalTable<DB['data_code_views']> = {
  title: 'Who looked at the code of your voucher',
  intro: 'When, and why where it was not the first time.',
  where: theirs,
  key: 'id',
  order: 'at, id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    data_allowance_id: fact('Data allowance', 'number'),
    at: fact('When', 'instant'),
    made_by: fact('By', 'staff'),
    reason: words('Why'),
  },
}

export const dataAllowanceTables = {
  data_allowances: allowances,
  data_readings: readings,
  data_allowance_changes: changes,
  data_code_views: codeViews,
}
