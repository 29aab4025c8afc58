import type { Block } from '../guides/block-rules.ts'
import type { PictureName } from '../guides/picture-rules.ts'
import type { BackUp, Way } from './words-rules.ts'

/** What a letter says, as far as it may be said on paper. */
export interface LetterFacts {
  way: Way
  /** "Monday 3 August 2026 at 2:30pm" and "3:20pm". */
  at: string
  until: string
  /** Who they meet, and who writes; empty where it must not be said. */
  clinician: string
  platform: string
  place: string
  numberShown: string
  backUp: BackUp | null
  backUpNumber: string
  /** Their own number, where it may be written on paper. */
  callBack: string
  hasInterpreter: boolean
  /** Whom to ring when it does not work; empty where it is filled in by hand. */
  helpLine: string
}

/** How long somebody waits for a call that does not come. */
const MINUTES_TO_WAIT = 15

const pieces: Readonly<Record<Way, { picture: PictureName; how: string }>> = {
  video: { picture: 'call', how: 'It is a video call.' },
  phone: { picture: 'phone', how: 'It is a phone call.' },
  text: { picture: 'message', how: 'We write to each other in text messages or a chat.' },
  'face-to-face': { picture: 'room', how: 'We meet face to face.' },
  'home-visit': { picture: 'help', how: 'We come to you.' },
}

interface Said {
  heading: string
  lines: { picture: PictureName; words: string[] }[]
}

const backUps: Readonly<Record<BackUp, string>> = {
  phone: 'We call you by phone',
  text: 'We send you a text',
  video: 'We change to a video call',
  'face-to-face': 'We meet face to face',
  'another-time': 'We find another time',
}

const isCall = (way: Way) => way === 'video' || way === 'phone' || way === 'text'

function sections(facts: LetterFacts): Said[] {
  const { way, at, until, clinician, hasInterpreter } = facts
  return [
    {
      heading: 'When and how',
      lines: [
        { picture: 'wait', words: [`${at}, until ${until}.`] },
        { picture: pieces[way].picture, words: [pieces[way].how, ...where(facts)] },
        ...(clinician === '' ? [] : [{ picture: 'help' as const, words: [`You meet ${clinician}.`] }]),
        ...(hasInterpreter ? [{ picture: 'sound' as const, words: ['An interpreter is there.'] }] : []),
      ],
    },
    { heading: 'What happens', lines: whatHappens(facts) },
    ...(isCall(way) ? [{ heading: 'If it does not work', lines: ifItFails(facts) }] : []),
    {
      heading: 'You choose',
      lines: [
        {
          picture: 'yes',
          words: ['You can ask to meet in another way or at another time.', 'You do not have to say why.'],
        },
      ],
    },
  ]
}

function where({ way, place }: LetterFacts): string[] {
  if (way === 'face-to-face') return [place === '' ? 'We tell you where.' : `Where: ${place.replaceAll('\n', ', ')}.`]
  return []
}

function whatHappens({ way, platform, numberShown }: LetterFacts): Said['lines'] {
  const shows = numberShown === '' ? [] : [`Your phone shows this: ${numberShown}.`]
  if (way === 'video') {
    return [
      { picture: 'charger', words: ['Plug in your device. Find a place where you can talk.'] },
      {
        picture: 'tap',
        words: [
          'Tap the link at that time. It comes in a message, or we put it on your device with you.',
          ...(platform === '' ? [] : [`It opens ${platform}.`]),
        ],
      },
      { picture: 'wait', words: [`If nobody lets you in within ${MINUTES_TO_WAIT} minutes, ring us.`] },
    ]
  }
  if (way === 'phone' || way === 'text') {
    return [
      { picture: 'room', words: ['Find a place where you can talk.'] },
      {
        picture: 'ring',
        words: [way === 'phone' ? 'We call you at that time.' : 'We write to you at that time.', ...shows],
      },
      { picture: 'wait', words: [`If you hear nothing within ${MINUTES_TO_WAIT} minutes, ring us.`] },
    ]
  }
  return [{ picture: 'help', words: ['You can bring somebody with you.'] }]
}

function ifItFails({ backUp, backUpNumber, callBack, helpLine }: LetterFacts): Said['lines'] {
  const ourNumber = backUpNumber === '' ? '' : ` on ${backUpNumber}`
  return [
    { picture: 'ring', words: [`Ring us: ${helpLine === '' ? '________________________________' : helpLine}`] },
    ...(backUp === null ? [] : [{ picture: 'phone' as const, words: [`Or wait. ${backUps[backUp]}${ourNumber}.`] }]),
    ...(callBack === ''
      ? []
      : [{ picture: 'restart' as const, words: [`If the call stops, we ring you back on ${callBack}.`] }]),
    { picture: 'yes', words: ['You do not miss your appointment because of it.'] },
  ]
}

/** The letter in pieces, as a guide is made of them: with pictures for easy read, a sentence a line; without them otherwise. */
export function letterBlocks(facts: LetterFacts, isEasyRead: boolean): Block[] {
  return sections(facts).flatMap(({ heading, lines }): Block[] => [
    { kind: 'heading', text: heading },
    ...lines.map(({ picture, words }): Block => {
      if (!isEasyRead) return { kind: 'text', lines: words }
      return { kind: 'text', lines: words.flatMap((line) => line.split(/(?<=\.) (?=[A-Z])/)), picture }
    }),
  ])
}
