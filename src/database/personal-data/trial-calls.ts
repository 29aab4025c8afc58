import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, words } from './kinds.ts'

/** What was tried on a call before an appointment, and how it went. When it was stands in the diary. */
const calls: PersonalTable<DB['trial_calls']> = {
  title: 'Your trial-run calls',
  intro: 'What we tried with you before an appointment, and how it went.',
  where: 'diary_entry_id in (select id from diary_entries where service_user_id = any(:people))',
  key: 'diary_entry_id',
  order: 'diary_entry_id',
  columns: {
    diary_entry_id: fact('Call', 'number'),
    organisation_id: inner(),
    is_check: fact('A short check on the day', 'yes-no'),
    supporter_joins: fact('Somebody who supports you joined', 'yes-no'),
    interpreter_joins: fact('An interpreter joined', 'yes-no'),
    got_in: fact('You got in', 'word'),
    heard: fact('We heard each other', 'word'),
    seen: fact('We saw each other', 'word'),
    charged: fact('It was charged and plugged in', 'word'),
    private_place: fact('You were somewhere you can talk', 'word'),
    light: fact('Camera and light were right', 'word'),
    location: fact('We knew where you would be, and the number to call back on', 'word'),
    back_up: fact('We tried what was agreed for when it fails', 'word'),
    note: words('Notes'),
    outcome: fact('How it went', 'word'),
    outcome_at: fact('Written down', 'instant'),
    outcome_by: fact('By', 'staff'),
    version: inner('How often it was changed'),
  },
}

export const trialCallTables = { trial_calls: calls }
