import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, words } from './kinds.ts'

/** What somebody's care plan keeps from them. */

const restrictions: PersonalTable<DB['device_restrictions']> = {
  title: 'What your care plan kept from you',
  intro: 'Each time your care plan said that you should not have a kind of device, charger or other thing.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Number', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    categories: fact('What', 'list'),
    words: words('What staff had to know', "'Removed'"),
    review_on: fact('To be looked at again', 'date'),
    written_at: fact('Written down', 'instant'),
    written_by: fact('By', 'staff'),
    reviewed_at: fact('Last looked at', 'instant'),
    reviewed_by: fact('Looked at by', 'staff'),
    ended_at: fact('Ended', 'instant'),
    ended_by: fact('Ended by', 'staff'),
    ended_because: words('Why it ended', "case when ended_because <> '' then 'Removed' else '' end"),
    version: inner('How often it was changed'),
  },
}

const permits: PersonalTable<DB['restriction_permits']> = {
  title: 'What you were let have all the same',
  intro: 'Each thing that the nurse in charge let you have although your care plan kept it from you.',
  where: 'restriction_id in (select id from device_restrictions where service_user_id = any(:people))',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    restriction_id: fact('Number of what your care plan said', 'number'),
    item_id: fact('Which thing', 'item'),
    ward_id: fact('On this ward', 'ward'),
    because: words('Why', "'Removed'"),
    signed_at: fact('Signed', 'instant'),
    signed_by: fact('By', 'staff'),
    asked_by: fact('Asked for by', 'staff'),
    until: fact('Until', 'instant'),
  },
}

export const restrictionTables = { device_restrictions: restrictions, restriction_permits: permits }
