import { commonLanguages } from './language-rules.ts'

import { one, options, type Part, type Question, several } from './question-kinds-rules.ts'

/** The five ways of meeting. Nobody is asked why they choose one. */
export const waysOfMeeting = options(
  ['face-to-face', 'Face to face'],
  ['home-visit', 'A visit at home'],
  ['phone', 'A phone call'],
  ['video', 'A video call'],
  ['text', 'Text messages or chat'],
)

export const OTHER_LANGUAGE = 'other'

/** Eight questions that decide most of what happens next. */
const opening: Part = {
  name: 'opening',
  title: 'The first eight questions',
  lead: 'Read each question aloud. Leave what you do not get to: it stays “not asked”, and nothing is made of it.',
  questions: [
    one('way', 'Way of meeting', 'How would you most like to meet us?', ...waysAsChoices()),
    one(
      'interest',
      'Interest in video',
      'Would you like to be able to use video calls?',
      ['yes', 'Yes'],
      ['unsure', 'I am not sure'],
      ['no', 'No, I would rather not'],
    ),
    one(
      'device',
      'Device',
      'Do you have something you could make a video call with?',
      ['own', 'Yes, my own, and it works well'],
      ['old', 'Yes, but it is old, slow or broken'],
      ['shared', 'Yes, but I share it'],
      ['basic', 'Only a phone for calls and texts'],
      ['none', 'No'],
    ),
    one(
      'connection',
      'Internet',
      'Is there internet where you would use it?',
      ['well', 'Yes, and it works well'],
      ['unstable', 'Yes, but it breaks off or is slow'],
      ['elsewhere', 'Only somewhere else, such as a library or a friend’s'],
      ['none', 'No'],
    ),
    one(
      'affordability',
      'Cost of data',
      'Can you afford the data or Wi-Fi you need?',
      ['yes', 'Yes'],
      ['runs-out', 'Sometimes it runs out'],
      ['no', 'No'],
    ),
    one(
      'confidence',
      'Confidence',
      'How sure do you feel about joining a video call?',
      ['sure', 'I can do it on my own'],
      ['with-help', 'I can do it with some help'],
      ['not-sure', 'I do not feel sure at all'],
    ),
    {
      ...one(
        'private-place',
        'A private place',
        'Is there somewhere you can talk without being overheard?',
        ['always', 'Yes'],
        ['sometimes', 'At some times only'],
        ['no', 'No'],
      ),
      isSafety: true,
      isOnlySpoken: true,
    },
    {
      ...{ id: 'language', name: 'Language', ask: 'Which language do you feel most at home in?', kind: 'list' },
      options: [...commonLanguages, { value: OTHER_LANGUAGE, text: 'Another language' }],
    },
  ],
}

function waysAsChoices(): [string, string][] {
  return waysOfMeeting.map(({ value, text }) => [value, text])
}

const skill = (id: string, what: string): Question =>
  one(
    `skill-${id}`,
    what,
    `${what}: how is that for you?`,
    ['alone', 'I can do it'],
    ['with-help', 'I can do it with help'],
    ['not-yet', 'Not yet'],
  )

/** What somebody can do, asked before they are helped and after. */
export const skillQuestions: readonly Question[] = [
  skill('charge', 'Switch it on and charge it'),
  skill('wifi', 'Join Wi-Fi'),
  skill('link', 'Open a link from a message'),
  skill('join', 'Join a call'),
  skill('sound', 'Switch sound and camera on and off'),
  skill('accounts', 'Use accounts and passwords'),
  skill('settings', 'Change settings, such as larger letters'),
  skill('safe', 'Stay safe from scams and strangers'),
]

/**
 * What is asked, as data. Every question is one that can be read aloud as it stands, and every one can be left "not asked" or
 * "prefers not to say". What an answer means for somebody stands in factor-rules.ts.
 */
export const parts: readonly Part[] = [
  opening,
  {
    name: 'in-person',
    title: 'What makes meeting in person work',
    lead: 'Ask this of everybody who may meet us face to face or at home.',
    questions: [
      several(
        'in-person',
        'For meeting in person',
        'What would make meeting in person work for you?',
        ['interpreter', 'An interpreter who is there'],
        ['step-free', 'A way in without steps'],
        ['transport', 'Help with the journey'],
        ['quiet', 'A quiet place to wait and talk'],
        ['someone', 'Somebody with me'],
        ['time', 'A certain time of day'],
        ['none', 'Nothing in particular'],
      ),
    ],
  },
  {
    name: 'coming',
    title: 'Coming to us',
    lead: 'What makes it hard to come in counts as much as what makes it hard to call.',
    questions: [
      several(
        'coming',
        'Coming to us',
        'Is anything in the way of coming to us?',
        ['cost', 'What the journey costs'],
        ['distance', 'How far it is, or no bus or train'],
        ['caring', 'Looking after somebody'],
        ['work', 'Work or study'],
        ['health', 'Pain, illness or getting about'],
        ['leaving-home', 'Leaving home is hard'],
        ['none', 'No'],
      ),
    ],
  },
  {
    name: 'skills',
    title: 'What they can do already',
    lead: 'Ask again after training: the two stand side by side.',
    questions: skillQuestions,
  },
  {
    name: 'senses',
    title: 'Seeing, hearing and screens',
    questions: [
      several(
        'senses',
        'Seeing, hearing and using',
        'Is anything hard for you with a screen or a phone?',
        ['seeing', 'Seeing it'],
        ['hearing', 'Hearing it'],
        ['reading', 'Reading'],
        ['hands', 'Using my hands'],
        ['remembering', 'Remembering or concentrating'],
        ['none', 'No'],
      ),
      several(
        'on-screen',
        'Being on a call',
        'Is anything about being on a call itself hard?',
        ['being-seen', 'Being seen, or seeing myself'],
        ['trust', 'Not knowing who else may watch or listen'],
        ['unwell', 'Screens make me feel unwell'],
        ['long', 'Long calls'],
        ['none', 'No'],
      ),
    ],
  },
  {
    name: 'interpreter',
    title: 'Interpreter',
    questions: [
      one(
        'interpreter',
        'Interpreter',
        'Do you want an interpreter when you talk with us?',
        ['no', 'No'],
        ['spoken', 'Yes, for a spoken language'],
        ['signed', 'Yes, for a sign language'],
      ),
    ],
  },
  {
    name: 'messages',
    title: 'Messages',
    lead: 'If they tell you that they are not safe with somebody near them, do not write it here. Write it on the page about safe contact, which few may read.',
    questions: [
      {
        ...one(
          'messages',
          'Messages',
          'Is what we send read by you alone?',
          ['alone', 'Yes'],
          ['shared', 'Somebody helps me with it, and I want that'],
          ['not-alone', 'No, or I am not sure'],
        ),
        isSafety: true,
        isOnlySpoken: true,
      },
    ],
  },
  {
    name: 'surroundings',
    title: 'Where they stay',
    questions: [
      one(
        'charging',
        'Charging',
        'Can you charge a phone or tablet where you stay?',
        ['yes', 'Yes'],
        ['sometimes', 'Sometimes'],
        ['no', 'No'],
      ),
      one(
        'keeping',
        'Keeping it safe',
        'Would a device be safe where you stay?',
        ['yes', 'Yes'],
        ['unsure', 'I am not sure'],
        ['no', 'No'],
      ),
    ],
  },
  {
    name: 'own-words',
    title: 'In their own words',
    questions: [
      {
        id: 'own-words',
        name: 'In their own words',
        ask: 'What matters most to you in how we keep in touch?',
        ...{ kind: 'words', options: [] },
      },
    ],
  },
]

export const MOST_IN_WORDS = 1000

export const questions: readonly Question[] = parts.flatMap((part) => part.questions)

export function partNamed(name: string): Part | undefined {
  return parts.find((part) => part.name === name)
}

export function questionNamed(id: string): Question | undefined {
  return questions.find((question) => question.id === id)
}

/** The ways a conversation can be held. What was filled in on paper is typed in later. */
export const howHeld = options(
  ['in-person', 'Face to face'],
  ['home-visit', 'At their home'],
  ['phone', 'On the phone'],
  ['video', 'On a video call'],
  ['text', 'By text messages'],
  ['paper', 'On paper, typed in now'],
)
