import type { DB } from '../schema.ts'
import { fact, inner, never, own, type PersonalTable, replaced, words, workedOut } from './kinds.ts'

/** How somebody may be reached, what must not be said, and what was sent. */

const PAUSE = 'From when contact was paused, whoever reads this over their shoulder could guess why'
const RISK =
  'It warns of somebody who may read this copy. It leaves the service in no form: who wrote it tells the person themselves, in a safe place'

const answers: PersonalTable<DB['contact_answers']> = {
  title: 'How you said you may be contacted',
  intro: 'What you told us about calls, texts, emails and letters.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    supporter_id: inner(),
    channel: fact('Way of contact', 'word'),
    answer: fact('What you said', 'word'),
    from_hour: fact('From this hour on', 'number'),
    until_hour: fact('Until this hour', 'number'),
    days: fact('On these days of the week, from Monday as 1', 'list'),
    number_shown: fact('Whether our number is shown', 'word'),
    names_service: fact('Our service may be named', 'yes-no'),
    asked_again: fact('You were asked again after you said no', 'yes-no'),
    at: fact('Written down', 'instant'),
    recorded_by: fact('By', 'staff'),
  },
}

const addressAnswers: PersonalTable<DB['contact_address_answers']> = {
  title: 'Which numbers and addresses are safe to use',
  intro: 'What you told us about each number or address.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    address: words('Number or address', "'removed'"),
    address_key: workedOut(),
    is_safe: inner(PAUSE),
    pause_id: inner(),
    at: fact('Written down', 'instant'),
    recorded_by: fact('By', 'staff'),
  },
}

const pauses: PersonalTable<DB['contact_pauses']> = {
  title: 'When contact was paused',
  intro: 'Nothing of this part is given.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    began_at: inner(PAUSE),
    began_by: inner(PAUSE),
  },
}

const risks: PersonalTable<DB['contact_risks']> = {
  title: 'Private notes about contact',
  intro: 'Nothing of this part is given.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    recorded_at: inner(RISK),
    recorded_by: inner(RISK),
    cleared_at: inner(RISK),
    cleared_by: inner(RISK),
  },
}

const riskNotes: PersonalTable<DB['contact_risk_notes']> = {
  title: 'Private notes about contact: what they say',
  intro: 'Nothing of this part is given.',
  where: 'risk_id in (select id from contact_risks where service_user_id = any(:people))',
  key: 'risk_id',
  order: 'risk_id',
  columns: {
    risk_id: inner(),
    organisation_id: inner(),
    note: never(RISK),
    cleared_note: never(RISK, 'null'),
  },
}

const tasks: PersonalTable<DB['contact_tasks']> = {
  title: 'What we did in another way',
  intro: 'What could not be sent to you as it was meant to be, and was done by somebody instead.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    supporter_id: inner(),
    cause: inner(),
    kind: fact('What it was about', 'word'),
    channel: fact('How it was to be sent', 'word'),
    purpose: fact('What for', 'word'),
    reason: inner(PAUSE),
    created_at: fact('Noted', 'instant'),
    done_at: fact('Done', 'instant'),
    done_by: fact('By', 'staff'),
  },
}

const messages: PersonalTable<DB['messages']> = {
  title: 'Messages to you: when and why',
  intro: 'Each message that was written to you, or about you to somebody who supports you.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Message', 'number'),
    organisation_id: inner(),
    cause: inner(),
    kind: fact('What it was about', 'word'),
    channel: fact('How it was sent', 'word'),
    staff_id: inner(),
    created_at: fact('Written', 'instant'),
    send_until: inner('After this it would not have been sent any more'),
    is_secret: inner('Whether its words were emptied once it was sent'),
    service_user_id: inner(),
    supporter_id: inner(),
    purpose: fact('What for', 'word'),
  },
}

const ofMessage = 'message_id in (select id from messages where service_user_id = any(:people))'

const contents: PersonalTable<DB['message_contents']> = {
  title: 'Messages to you: what they said',
  intro: 'The words of each message.',
  where: ofMessage,
  key: 'message_id',
  order: 'message_id',
  columns: {
    message_id: fact('Message', 'number'),
    to_name: own('To', 'text', 'null'),
    to_address: own('Sent to', 'text', 'null'),
    subject: own('Subject', 'text', 'null'),
    body: own('What it said', 'text', 'null'),
    attached: own('What came with it', 'text', 'null'),
    is_emptied: replaced(inner('Whether its words are gone'), 'is_emptied or true'),
  },
}

const deliveries: PersonalTable<DB['deliveries']> = {
  title: 'Messages to you: what became of them',
  intro: 'Each try to send a message, and how it went.',
  where: ofMessage,
  key: 'id',
  order: 'id',
  columns: {
    id: inner(),
    organisation_id: inner(),
    message_id: fact('Message', 'number'),
    at: fact('When', 'instant'),
    outcome: fact('What became of it', 'word'),
    reason: inner('A code of the mail server'),
  },
}

export const contactTables = {
  contact_answers: answers,
  contact_address_answers: addressAnswers,
  contact_pauses: pauses,
  contact_risks: risks,
  contact_risk_notes: riskNotes,
  contact_tasks: tasks,
  messages,
  message_contents: contents,
  deliveries,
}
