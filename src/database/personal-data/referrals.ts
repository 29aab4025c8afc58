import type { DB } from '../schema.ts'
import { fact, inner, own, type PersonalTable, words } from './kinds.ts'

/** Who asked for help for somebody, for what, and what became of it. */

const theirReferrals = 'select id from referrals where service_user_id = any(:people)'

const referrals: PersonalTable<DB['referrals']> = {
  title: 'Who referred you to us',
  intro: 'Each time somebody asked us to help you, and what became of it.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Referral', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    source: fact('How it came', 'word'),
    team_id: fact('From', 'ward'),
    referred_on: fact('On', 'date'),
    made_at: fact('Written down', 'instant'),
    made_by: fact('By', 'staff'),
    barriers: fact('What was in the way', 'list'),
    contact_said: fact('What you said about contact', 'list'),
    first_appointment_on: fact('First appointment', 'date'),
    ended_at: fact('Ended', 'instant'),
    ended_as: fact('How it ended', 'word'),
    ended_why: fact('Why', 'word'),
    ended_by: fact('Ended by', 'staff'),
    is_open: inner('It repeats what is given already'),
    version: inner('How often it was changed'),
  },
}

const referralWords: PersonalTable<DB['referral_words']> = {
  title: 'Who referred you to us: in their words',
  intro: 'What was written about it.',
  where: `referral_id in (${theirReferrals})`,
  key: 'referral_id',
  order: 'referral_id',
  columns: {
    referral_id: fact('Referral', 'number'),
    organisation_id: inner(),
    referrer: words('Who asked'),
    barrier_words: words('What else was in the way'),
    contact_words: words('What to do when contacting you'),
    nhs_number_given: own('NHS number that was given', 'text', 'null'),
    ended_words: words('What was said when it ended'),
  },
}

const asks: PersonalTable<DB['referral_asks']> = {
  title: 'Who referred you to us: what was asked for',
  intro: 'Each thing that was asked for, and when it was met otherwise than by a loan.',
  where: `referral_id in (${theirReferrals})`,
  key: 'ask',
  order: 'referral_id, ask',
  columns: {
    referral_id: fact('Referral', 'number'),
    organisation_id: inner(),
    ask: fact('What', 'word'),
    met_at: fact('Met', 'instant'),
    met_by: fact('Said by', 'staff'),
  },
}

export const referralTables = { referrals, referral_words: referralWords, referral_asks: asks }
