import type { DB } from '../schema.ts'
import { fact, inner, type PersonalTable, words } from './kinds.ts'

/** What somebody said in the conversations about what shuts them out, and what was suggested because of it. */

const UNSAFE = 'Whoever reads this over their shoulder could learn what they told us about them'
const WORKINGS = 'Which answer asked for it; the answers themselves are given'

const conversations: PersonalTable<DB['conversations']> = {
  title: 'Conversations with you',
  intro: 'When we talked about what makes it hard to reach us, and how.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Conversation', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    how: fact('How we talked', 'word'),
    held_on: fact('On', 'date'),
    began_at: fact('Begun', 'instant'),
    began_by: fact('By', 'staff'),
    finished_at: fact('Finished', 'instant'),
    finished_by: fact('Finished by', 'staff'),
    review_on: fact('To talk again on', 'date'),
    reviewed_at: inner('Whether it is followed by another, which is given'),
  },
}

const answers: PersonalTable<DB['conversation_answers']> = {
  title: 'What you answered',
  intro: 'Each question that you were asked, and what you chose.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  leftOut: { where: "question in ('private-place', 'messages')", why: UNSAFE },
  columns: {
    id: fact('Answer', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    conversation_id: fact('Conversation', 'number'),
    said_on: fact('On', 'date'),
    question: fact('About', 'word'),
    kind: fact('Whether you answered', 'word'),
    chosen: fact('What you chose', 'list'),
    is_concern: inner('Only answers about safety have this'),
    clears: inner('Only answers about safety have this'),
    version: inner('How often it was written'),
    at: fact('Written down', 'instant'),
    answered_by: fact('By', 'staff'),
  },
}

const answerWords: PersonalTable<DB['conversation_answer_words']> = {
  title: 'What you answered: in your own words',
  intro: 'What you said that was in no list.',
  where: 'answer_id in (select id from conversation_answers where service_user_id = any(:people))',
  key: 'answer_id',
  order: 'answer_id',
  columns: {
    answer_id: fact('Answer', 'number'),
    organisation_id: inner(),
    words: words('What you said'),
    cleared_because: words('How we know that it is safe now'),
  },
}

const suggestions: PersonalTable<DB['suggestions']> = {
  title: 'What would help you',
  intro: 'What your answers suggested, and what became of it.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  leftOut: { where: "factor in ('private-place', 'messages')", why: UNSAFE },
  columns: {
    id: inner(),
    organisation_id: inner(),
    service_user_id: inner(),
    factor: fact('About', 'word'),
    step: fact('What would help', 'word'),
    level: fact('How much it stands in the way', 'word'),
    because: inner(WORKINGS),
    raised_at: fact('Suggested', 'instant'),
    decision: fact('What became of it', 'word'),
    decided_at: fact('When', 'instant'),
    decided_by: fact('By', 'staff'),
    until: fact('To be looked at again on', 'date'),
    withdrawn_at: fact('Suggested until', 'instant'),
  },
}

const preferences: PersonalTable<DB['meeting_preferences']> = {
  title: 'How you want to meet',
  intro: 'For each kind of appointment, each time you were asked.',
  where: 'service_user_id = any(:people)',
  key: 'id',
  order: 'id',
  columns: {
    id: fact('Preference', 'number'),
    organisation_id: inner(),
    service_user_id: inner(),
    purpose: fact('Kind of appointment', 'word'),
    ways: fact('Ways of meeting, the one you like best first', 'list'),
    camera: fact('Camera', 'word'),
    length: fact('How long', 'word'),
    frequency: fact('How often', 'word'),
    times: fact('Times of day', 'list'),
    review_on: fact('To be asked again on', 'date'),
    at: fact('Written down', 'instant'),
    recorded_by: fact('By', 'staff'),
    superseded_at: inner('Whether it is followed by another, which is given'),
  },
}

const ofPreference = 'preference_id in (select id from meeting_preferences where service_user_id = any(:people))'

const preferenceWords: PersonalTable<DB['meeting_preference_words']> = {
  title: 'How you want to meet: in words',
  intro: 'What was in no list.',
  where: ofPreference,
  key: 'preference_id',
  order: 'preference_id',
  columns: {
    preference_id: fact('Preference', 'number'),
    organisation_id: inner(),
    joins: words('Who joins'),
    notes: words('What else'),
  },
}

const preferencePlatforms: PersonalTable<DB['meeting_preference_platforms']> = {
  title: 'Platforms that you know',
  intro: 'Which platforms you said you know.',
  where: ofPreference,
  key: "preference_id || ' ' || platform_id",
  order: 'preference_id, platform_id',
  columns: {
    preference_id: fact('Preference', 'number'),
    platform_id: fact('Platform', 'number'),
    organisation_id: inner(),
  },
}

export const talkTables = {
  conversations,
  conversation_answers: answers,
  conversation_answer_words: answerWords,
  suggestions,
  meeting_preferences: preferences,
  meeting_preference_words: preferenceWords,
  meeting_preference_platforms: preferencePlatforms,
}
