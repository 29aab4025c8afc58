import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, replaced, words } from './kinds.ts'

/** What was done about their own data: copies that were asked for, holds, and that it is gone. */

const ofRequest = 'request_id in (select id from subject_access_requests where service_user_id = any(:people))'

const requests: PersonalTable<DB['subject_access_requests']> = {
  title: 'Copies of your data that were asked for',
  intro: 'Each time somebody asked for a copy, and what became of it.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Request', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    asked_by: fact('Who asked', 'word'),
    asked_by_note: words('Who that is'),
    identity_check: fact('How we knew who asked', 'word'),
    identity_note: words('What was shown'),
    received_on: fact('Received', 'date'),
    due_on: fact('To be answered by', 'date'),
    extended_reason: words('Why it takes longer'),
    recorded_at: fact('Written down', 'instant'),
    recorded_by: fact('By', 'staff'),
    closed_at: fact('Closed', 'instant'),
    closed_by: fact('By', 'staff'),
    closed_as: fact('What became of it', 'word'),
    closed_note: words('Note', "case when closed_as = 'refused' then 'Removed' else '' end"),
    is_emptied: replaced(inner('Whether its words are gone'), 'is_emptied or true'),
    version: inner('How often it was changed'),
  },
}

const LEFT_OUT = 'What was left out of a copy, and why, would tell what was left out'

const decisions: PersonalTable<DB['subject_access_decisions']> = {
  title: 'What was decided about each part of a copy',
  intro: 'Nothing of this part is given.',
  where: ofRequest,
  key: "table_name || '.' || row_key || '.' || column_name",
  order: 'request_id, table_name, row_key, column_name',
  columns: {
    request_id: inner(),
    organisation_id: inner(),
    table_name: inner(LEFT_OUT),
    row_key: inner(LEFT_OUT),
    column_name: inner(LEFT_OUT),
    print: { access: 'withheld', why: LEFT_OUT, retention: 'emptied', by: "''" },
    decision: inner(LEFT_OUT),
    note: {
      access: 'withheld',
      why: LEFT_OUT,
      retention: 'emptied',
      by: "case when decision = 'give' then '' else 'Removed' end",
    },
    decided_at: inner(LEFT_OUT),
    decided_by: inner(LEFT_OUT),
  },
}

const holds: PersonalTable<DB['legal_holds']> = {
  title: 'When your record had to be kept',
  intro: 'A court, an inquiry or a complaint may need a record for longer than it is kept otherwise.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    reason: words('Why', "'Removed'"),
    placed_at: fact('From', 'instant'),
    placed_by: fact('By', 'staff'),
    lifted_at: fact('Until', 'instant'),
    lifted_by: fact('Lifted by', 'staff'),
    lifted_reason: words('Why no longer', "case when lifted_at is null then '' else 'Removed' end"),
  },
}

const anonymisations: PersonalTable<DB['anonymisations']> = {
  title: 'When your record was emptied',
  intro: 'After so many years nothing is kept that tells who you are.',
  where: 'service_user_id = any(:people)',
  key: 'service_user_id',
  order: 'service_user_id',
  columns: {
    service_user_id: inner(),
    organisation_id: inner(),
    at: fact('When', 'instant'),
    because: fact('Why', 'word'),
  },
}

export const ownDataTables = {
  subject_access_requests: requests,
  subject_access_decisions: decisions,
  legal_holds: holds,
  anonymisations,
}
