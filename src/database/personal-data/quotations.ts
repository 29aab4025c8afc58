import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, replaced, words } from './kinds.ts'

/** What somebody said, and agreed to have shown. */

const quotations: PersonalTable<DB['quotations']> = {
  title: 'What you said, and agreed that we may show',
  intro: 'Your words, or those of somebody who supports you, that we asked to show to those who pay for this service.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    words: words('The words'),
    speaker: fact('Whose words', 'word'),
    agreed_on: fact('Agreed', 'date'),
    agreed_how: fact('How that was agreed', 'word'),
    written_at: fact('Written down', 'instant'),
    written_by: fact('By', 'staff'),
    decision: fact('What was decided', 'word'),
    decided_at: fact('Decided', 'instant'),
    decided_by: fact('Decided by', 'staff'),
    refused_because: words('Why they are not shown'),
    // what is emptied is shown nowhere from that moment
    taken_back_at: replaced(
      fact('Taken back', 'instant'),
      `coalesce(taken_back_at, (
        select max(emptied.at) from anonymisations emptied where emptied.service_user_id = quotations.service_user_id
      ))`,
    ),
    taken_back_by: fact('Written down by', 'staff'),
    place: inner('A random number: where the words stood among others'),
  },
}

export const quotationTables = { quotations }
