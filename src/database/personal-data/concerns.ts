import type { DB } from '../schema.ts'
import { inner, type PersonalTable, words } from './kinds.ts'

/** What somebody was worried about. */

const REVIEWED = 'That somebody was worried is told with their words, where a review gives them, and not by itself'

const concerns: PersonalTable<DB['concerns']> = {
  title: 'Concerns about your safety',
  intro: 'What somebody was worried about, and what was done.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    what: words('What somebody was worried about', "'Removed'"),
    raised_at: inner(REVIEWED),
    raised_by: inner(REVIEWED),
    due_at: inner(REVIEWED),
    closed_at: inner(REVIEWED),
    closed_by: inner(REVIEWED),
    closed_words: words('What was done', "case when closed_words <> '' then 'Removed' else '' end"),
  },
}

const tellings: PersonalTable<DB['concern_tellings']> = {
  title: 'Concerns about your safety: who was told',
  intro: 'Who was told about it, and what came of it.',
  where: 'concern_id in (select id from concerns where service_user_id = any(:people))',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    concern_id: inner(),
    is_follow_up: inner(REVIEWED),
    who: words('Who was told', "'Anonymised'"),
    how: inner(REVIEWED),
    told_at: inner(REVIEWED),
    note: words('What came of it'),
    written_at: inner(REVIEWED),
    written_by: inner(REVIEWED),
  },
}

export const concernTables = { concerns, concern_tellings: tellings }
