import type { DB } from '../schema.ts'
import { fact, inner, never, own, type PersonalTable, words } from './kinds.ts'

/** When somebody was to meet their clinician, in which way, and how it went. */

const theirs = 'appointment_id in (select id from appointments where service_user_id = any(:people))'

const appointments: PersonalTable<DB['appointments']> = {
  title: 'Your appointments',
  intro: 'When you were to meet us, in which way, and how it went.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'starts_at, id',
  columns: {
    id: fact('Appointment', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    is_first: fact('It was the first', 'yes-no'),
    purpose: fact('What for', 'word'),
    way: fact('How we were to meet', 'word'),
    way_since: fact('So since', 'instant'),
    way_by: fact('Written down by', 'staff'),
    starts_at: fact('From', 'instant'),
    ends_at: fact('Until', 'instant'),
    extra_minutes: fact('Minutes more for a first time', 'number'),
    team_id: fact('With', 'ward'),
    interpreter: fact('Interpreter', 'word'),
    back_up: fact('What was agreed for when it fails', 'word'),
    made_at: fact('Made', 'instant'),
    made_by: fact('By', 'staff'),
    cancelled_at: fact('Cancelled', 'instant'),
    cancelled_by: fact('Cancelled by', 'word'),
    outcome: fact('How it went', 'word'),
    outcome_at: fact('Written down', 'instant'),
    outcome_by: fact('By', 'staff'),
    met_by: fact('How we met in fact', 'word'),
    disruption: fact('What went wrong', 'word'),
    platform_id: fact('Platform', 'number'),
    supporter_ids: fact('Those who were to join, by their numbers', 'list'),
    version: inner('How often it was changed'),
  },
}

const details: PersonalTable<DB['appointment_details']> = {
  title: 'Your appointments: with whom, and how to get in',
  intro: 'What was written down for each of them.',
  where: theirs,
  key: 'appointment_id',
  order: 'appointment_id',
  columns: {
    appointment_id: fact('Appointment', 'number'),
    organisation_id: inner(),
    clinician: own('With'),
    join_link: never('Whoever has it may come into the call. It was for that appointment alone'),
    number_shown: own('The number that was to show'),
    back_up_number: own('The number agreed for when it fails'),
    call_back_number: own('The number to call you back on'),
    place: own('Where'),
    in_person_needs: words('What makes it work in person'),
    adaptations: words('What makes it easier'),
    others: words('Who else was to be there'),
    persons_words: words('What you said about it'),
    outcome_note: words('Notes about how it went'),
  },
}

const ways: PersonalTable<DB['appointment_ways']> = {
  title: 'Your appointments: each way that was chosen',
  intro: 'When the way of meeting was chosen or changed.',
  where: theirs,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    appointment_id: fact('Appointment', 'number'),
    way: fact('How we were to meet', 'word'),
    since: fact('So since', 'instant'),
    chosen_by: fact('Written down by', 'staff'),
  },
}

const diary: PersonalTable<DB['diary_entries']> = {
  title: 'Your calls, training sessions and visits',
  intro: 'When somebody of us was to call you, train with you or visit you.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'starts_at, id',
  columns: {
    id: fact('Entry', 'number'),
    organisation_id: inner(),
    champion_id: fact('With', 'staff'),
    service_user_id: inner(),
    appointment_id: fact('Before appointment', 'number'),
    kind: fact('What for', 'word'),
    way: fact('How we were to meet', 'word'),
    starts_at: fact('From', 'instant'),
    ends_at: fact('Until', 'instant'),
    travel_minutes: fact('Minutes to get there', 'number'),
    leaves_at: inner('When a member of staff leaves for it'),
    back_at: inner('When a member of staff is back from it'),
    group_entry_id: inner('Which group it was in: it leads to others who were in it'),
    note: words('Notes'),
    made_at: fact('Made', 'instant'),
    made_by: fact('By', 'staff'),
    cancelled_at: fact('Cancelled', 'instant'),
    cancelled_by: fact('Cancelled by', 'staff'),
    version: inner('How often it was changed'),
  },
}

const letters: PersonalTable<DB['appointment_letters']> = {
  title: 'Your appointments: how you were told',
  intro: 'When you were given a letter about when and how you meet.',
  where: theirs,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    appointment_id: fact('Appointment', 'number'),
    format: fact('In which format', 'word'),
    told_as: fact('How you had it', 'word'),
    at: fact('When', 'instant'),
    by: fact('By', 'staff'),
    is_overtaken: fact('Something changed since', 'yes-no'),
  },
}

const guidesGiven: PersonalTable<DB['guides_given']> = {
  title: 'Guides you were given',
  intro: 'Which guide, and in which shape.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    guide_id: fact('Guide', 'number'),
    format: fact('In which format', 'word'),
    letter_id: fact('With the letter', 'number'),
    at: fact('When', 'instant'),
    by: fact('By', 'staff'),
  },
}

export const appointmentTables = {
  appointments,
  appointment_details: details,
  appointment_ways: ways,
  appointment_letters: letters,
  guides_given: guidesGiven,
  diary_entries: diary,
}
