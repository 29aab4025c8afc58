import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, words } from './kinds.ts'

/** Who looked at a record and changed it, and why it was opened. */

/** Each kind by the index it has: joined by `or`, the whole audit would be read. */
const eventsAboutThem = `
  select id from audit_events where service_user_id = any(:people)
  union all select id from audit_events where subject_type = 'service-user' and subject_id = any(:people)
  union all select id from audit_events where subject_type = 'loan' and subject_id = any(array(
    select id from loans where service_user_id = any(:people)))
  union all select id from audit_events where subject_type = 'message' and subject_id = any(array(
    select id from messages where service_user_id = any(:people)))
  union all select id from audit_events where subject_type = 'opening' and subject_id = any(array(
    select id from record_openings where service_user_id = any(:people)))
  union all select id from audit_events where subject_type = 'subject-access' and subject_id = any(array(
    select id from subject_access_requests where service_user_id = any(:people)))
  union all select id from audit_events where subject_type = 'incident' and subject_id = any(array(
    select incidents.id from incidents join loans on loans.id = incidents.loan_id
    where loans.service_user_id = any(:people)))`

const quiet = {
  where: `verb in ('safe-contact:paused', 'safe-contact:address-ruled-out', 'safe-contact:address-confirmed')
    or verb like 'safe-contact:private-%' or verb like 'concern:%'`,
  why: 'They tell that contact may not be safe, to whoever reads this copy over their shoulder',
}

const events: PersonalTable<DB['audit_events']> = {
  title: 'Who looked at your record, and who changed it',
  intro: 'Each look and each change, as the service wrote it down at the time.',
  where: `id in (${eventsAboutThem})`,
  key: 'id',
  order: 'id',
  leftOut: quiet,
  columns: {
    id: inner(),
    at: fact('When', 'instant'),
    verb: fact('What', 'event'),
    staff_id: fact('Who', 'staff'),
    organisation_id: inner(),
    subject_type: inner(),
    subject_id: inner(),
    service_user_id: inner(),
    request_id: inner(),
    tablet_id: inner('The tablet of a ward that somebody was at'),
  },
}

const eventDetails: PersonalTable<DB['audit_details']> = {
  title: 'What was changed in your record',
  intro: 'What stood there before each change, and what was put in its place.',
  where: `audit_event_id in (${eventsAboutThem})`,
  key: 'audit_event_id',
  order: 'audit_event_id',
  leftOut: { ...quiet, where: `audit_event_id in (select id from audit_events where ${quiet.where})` },
  columns: { audit_event_id: inner(), details: words('The change', "'{}'", 'details') },
}

const openings: PersonalTable<DB['record_openings']> = {
  title: 'When somebody opened your record who does not look after you',
  intro: 'Some staff may open a record for a short while, with a reason that information governance reads.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Opening', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    staff_id: fact('Who', 'staff'),
    opened_at: fact('From', 'instant'),
    ends_at: fact('Until, at the latest', 'instant'),
    closed_at: fact('Closed', 'instant'),
    seen_at: fact('Looked over', 'instant'),
    seen_by: fact('By', 'staff'),
  },
}

const openingWords: PersonalTable<DB['record_opening_words']> = {
  title: 'When somebody opened your record who does not look after you: why',
  intro: 'The reason they gave, and what information governance said to it.',
  where: 'opening_id in (select id from record_openings where service_user_id = any(:people))',
  key: 'opening_id',
  order: 'opening_id',
  columns: {
    opening_id: fact('Opening', 'number'),
    organisation_id: inner(),
    reason: words('Why', "'Removed'"),
    note: words('What came of it'),
  },
}

export const recordTables = {
  audit_events: events,
  audit_details: eventDetails,
  record_openings: openings,
  record_opening_words: openingWords,
}
