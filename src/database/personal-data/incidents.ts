import type { DB } from '../schema.ts'
import { fact, inner, own, type PersonalTable, words } from './kinds.ts'
import { theirIncidents } from './their-rows.ts'

/** What was lost, stolen or damaged of what they had. */

export const incidents: PersonalTable<DB['incidents']> = {
  title: 'What was lost, stolen or damaged',
  intro: 'What was reported about things that were lent to you.',
  where: `id in (${theirIncidents})`,
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Report', 'number'),
    organisation_id: inner(),
    kind: fact('What happened', 'word'),
    loan_id: fact('Loan', 'number'),
    reported_at: fact('Reported', 'instant'),
    reported_by: fact('By', 'staff'),
    happened_on: fact('It happened on', 'date'),
    story: words('What was told'),
    crime_reference: own('Crime reference'),
    replacement_loan_id: fact('Replaced by loan', 'number'),
    version: inner('How often it was changed'),
  },
}

export const incidentItems: PersonalTable<DB['incident_items']> = {
  title: 'What was lost, stolen or damaged: each thing',
  intro: 'The things it is about.',
  where: `incident_id in (${theirIncidents})`,
  key: 'item_id',
  order: 'incident_id, item_id',
  columns: {
    organisation_id: inner(),
    incident_id: fact('Report', 'number'),
    kind: fact('What happened', 'word'),
    item_id: fact('What', 'item'),
    loan_line_id: inner(),
    pool_line_id: inner(),
    found_at: fact('Found', 'instant'),
    found_by: fact('Said by', 'staff'),
  },
}

export const incidentTasks: PersonalTable<DB['incident_tasks']> = {
  title: 'What was lost, stolen or damaged: what was done',
  intro: 'What had to be done about it, and who did it.',
  where: `incident_id in (${theirIncidents})`,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    incident_id: fact('Report', 'number'),
    task: fact('What to do', 'word'),
    item_id: fact('About', 'item'),
    due_at: fact('By', 'instant'),
    owned_by: fact('Who was to do it', 'staff'),
    done_at: fact('Done', 'instant'),
    done_by: fact('By', 'staff'),
    dropped_at: fact('No longer needed', 'instant'),
    note: words('Note'),
  },
}
