import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, words } from './kinds.ts'

/** What a training session was about and how it went. When it was stands in the diary. */
const sessions: PersonalTable<DB['training_sessions']> = {
  title: 'Your training',
  intro: 'What we practised with you, and how sure you felt.',
  where: 'diary_entry_id in (select id from diary_entries where service_user_id = any(:people))',
  key: 'diary_entry_id',
  order: 'diary_entry_id',
  columns: {
    diary_entry_id: fact('Session', 'number'),
    organisation_id: inner(),
    topics: fact('About', 'list'),
    supporter_joins: fact('Somebody who supports you joined', 'yes-no'),
    interpreter_joins: fact('An interpreter joined', 'yes-no'),
    supporter_id: fact('For somebody who supports you, by their number', 'number'),
    agreed_ways: fact('You agreed to how the group works', 'yes-no'),
    could_before: fact('What you could do before', 'list'),
    could_after: fact('What you could do after', 'list'),
    came: fact('You came', 'yes-no'),
    confidence_before: fact('How sure you felt before, from 1 to 5', 'number'),
    confidence_after: fact('How sure you felt after, from 1 to 5', 'number'),
    wants_more: fact('You wanted another', 'yes-no'),
    note: words('Notes'),
    told_at: fact('Written down', 'instant'),
    told_by: fact('By', 'staff'),
    version: inner('How often it was changed'),
  },
}

export const trainingTables = { training_sessions: sessions }
