import type { DB } from '../schema.ts'
import { fact, inner, own, type PersonalTable, replaced, words, workedOut } from './kinds.ts'

/** Who somebody is, and what is written down on their record. */

const serviceUsers: PersonalTable<DB['service_users']> = {
  title: 'Where you are, and what you told us about yourself',
  intro: 'What was chosen from a list on your record.',
  where: 'id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Number of your record', 'number'),
    organisation_id: inner(),
    state: fact('Where you are in your care', 'word'),
    state_on: own('Since', 'date', 'null'),
    ward_id: fact('Ward', 'ward'),
    team_id: fact('Team', 'ward'),
    has_no_address: fact('You have no address', 'yes-no'),
    interpreter: fact('Whether you need an interpreter', 'word'),
    needs_asked: fact('Whether you need anything to read, hear or understand us', 'word'),
    needs: fact('What you need to read, hear or understand us', 'list'),
    needs_review_on: own('We ask about this again on', 'date', 'null'),
    agrees: own('Who agrees to a loan or a call', 'word', 'null'),
    parent_contact: own('Whether a parent may be contacted', 'word', 'null'),
    gender: fact('Gender', 'word'),
    ethnicity: fact('Ethnic group', 'word'),
    disability: fact('Whether you are disabled', 'word'),
    housing: fact('Housing', 'word'),
    asylum: fact('Asylum', 'word'),
    deprivation_decile: fact('Deprivation of the area you live in, from 1 (most) to 10 (least)'),
    created_at: fact('Record begun', 'instant'),
    version: inner('How often the record was changed'),
    merged_into: inner(),
  },
}

const details: PersonalTable<DB['service_user_details']> = {
  title: 'Who you are',
  intro: 'Your name, your numbers and how to reach you, as they are on your record.',
  where: 'service_user_id = any(:people)',
  key: 'service_user_id',
  order: 'service_user_id',
  columns: {
    service_user_id: inner(),
    organisation_id: inner(),
    name: replaced(own('Name'), "'Anonymised'"),
    name_key: workedOut(),
    known_as: own('What you like to be called'),
    // the year alone stays, so that counts by age stay true
    date_of_birth: replaced(own('Date of birth', 'date'), "date_trunc('year', date_of_birth)::date"),
    nhs_number: own('NHS number', 'nhs-number', 'null'),
    local_id: own('Hospital number'),
    phone: own('Phone number'),
    phone_key: workedOut(),
    email: own('Email address'),
    address: own('Address'),
    call_back_number: own('Number to call back'),
    clinician: own('Clinician who referred you'),
    emergency_name: own('Emergency contact'),
    emergency_relation: own('What they are to you'),
    emergency_phone: own('Their phone number'),
    language: own('Language you prefer'),
    needs_words: words('What you need, in words'),
    needs_met: words('What we do about it'),
    needs_shared: words('Who else was told'),
    agreement_note: words('Note on who agrees'),
    contact_instruction: words('What to do before contacting you'),
    is_merged: inner('Whether this record became part of another'),
    is_emptied: replaced(inner('Whether this record was emptied'), 'true'),
  },
}

const sections: PersonalTable<DB['service_user_sections']> = {
  title: 'When your record was changed',
  intro: 'Each part of your record, when it was last changed and by whom.',
  where: 'service_user_id = any(:people)',
  key: 'section',
  order: 'service_user_id, section',
  columns: {
    service_user_id: inner(),
    organisation_id: inner(),
    section: fact('Part of the record', 'word'),
    version: inner('How often it was changed'),
    changed_at: fact('Last changed', 'instant'),
    changed_by: fact('By', 'staff'),
  },
}

const supporters: PersonalTable<DB['supporters']> = {
  title: 'People who support you: what you agreed to',
  intro: 'For each person who supports you, what you said they may be told.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    version: inner('How often it was changed'),
    consent: fact('What you said', 'word'),
    consent_on: fact('You said so on', 'date'),
    may_be_told: fact('What they may be told', 'list'),
    created_at: fact('Written down', 'instant'),
    ended_at: fact('Taken out', 'instant'),
  },
}

const supporterDetails: PersonalTable<DB['supporter_details']> = {
  title: 'People who support you: who they are',
  intro: 'What is written down about the people who support you.',
  where: 'supporter_id in (select id from supporters where service_user_id = any(:people))',
  key: 'supporter_id',
  order: 'supporter_id',
  columns: {
    supporter_id: inner(),
    organisation_id: inner(),
    name: words('Name', "'Anonymised'"),
    relation: words('What they are to you'),
    phone: words('Phone number'),
    email: words('Email address'),
  },
}

const caseload: PersonalTable<DB['caseload_entries']> = {
  title: 'Your digital champion',
  intro: 'Who looked after you, and when.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    staff_id: fact('Champion', 'staff'),
    began_at: fact('From', 'instant'),
    began_by: fact('Written down by', 'staff'),
    ended_at: fact('Until', 'instant'),
    ended_by: fact('Ended by', 'staff'),
  },
}

const merges: PersonalTable<DB['service_user_merges']> = {
  title: 'Records that were made one',
  intro: 'There were two records about you, and they were made one.',
  where: 'kept_id = any(:people) or merged_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    kept_id: inner(),
    merged_id: inner(),
    merged_at: fact('Made one', 'instant'),
    merged_by: fact('By', 'staff'),
    undone_at: fact('Made two again', 'instant'),
    undone_by: fact('By', 'staff'),
    transaction_id: inner(),
  },
}

const ofMerge = `merge_id in (
  select id from service_user_merges where kept_id = any(:people) or merged_id = any(:people)
)`

const mergeMoves: PersonalTable<DB['service_user_merge_moves']> = {
  title: 'What moved over when records were made one',
  intro: 'Nothing of this part is given.',
  where: ofMerge,
  key: 'merge_id',
  order: 'merge_id',
  columns: {
    merge_id: inner(),
    table_name: inner('Where a row stands in the service'),
    row_id: inner(),
  },
}

const mergeValues: PersonalTable<DB['service_user_merge_values']> = {
  title: 'What your record said before two were made one',
  intro: 'What was on your record before, and what came into it from the other.',
  where: ofMerge,
  key: 'merge_id',
  order: 'merge_id',
  columns: {
    merge_id: inner(),
    before: words('Before', "'{}'", 'details'),
    after: words('Afterwards', "'{}'", 'details'),
  },
}

export const personTables = {
  service_user_details: details,
  service_users: serviceUsers,
  service_user_sections: sections,
  supporters,
  supporter_details: supporterDetails,
  caseload_entries: caseload,
  service_user_merges: merges,
  service_user_merge_moves: mergeMoves,
  service_user_merge_values: mergeValues,
}
