import { type GuideBody, guideFoot, presentGuideBody } from '../guides/body-rules.ts'
import { type ChosenGuide, chooseGuides, formatName, formatsFor } from '../guides/choice-rules.ts'
import type { Guide, GuideRow } from '../guides/queries.ts'
import { isLarge, type Purpose } from '../guides/rules.ts'
import { formatDate, formatInstant, formatTime, londonToday } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { Link, Page, RadiosField, TimelineEntry } from '../lib/view-model.ts'
import { numberRefusal } from '../safe-contact/number-rules.ts'
import { addressToUse, howToContact, mayContact, recipientOf } from '../safe-contact/rules.ts'
import { sayable } from '../safe-contact/telling-rules.ts'
import type { LetterSetting } from './letter-queries.ts'
import { type LetterFacts, letterBlocks } from './letter-rules.ts'
import { appointmentUrl } from './links-rules.ts'
import type { AppointmentDetail } from './queries.ts'
import { isOpen } from './rules.ts'
import type { BackUp, Way } from './words-rules.ts'

/** The shapes that a letter is printed in. */
export const letterFormats = ['plain', 'large-print', 'easy-read', 'large-easy-read'] as const
export type LetterFormat = (typeof letterFormats)[number]

export interface LetterShown {
  appointment: AppointmentDetail
  setting: LetterSetting
  now: Date
}

/**
 * What goes with a letter: how to join and what to do if it fails, where there is something to join. In the shape of the letter, where
 * somebody chose one that is not on their record.
 */
export function guidesBehind({ appointment, setting }: LetterShown, asked = ''): ChosenGuide<GuideRow>[] {
  if (appointment.way !== 'video') return []
  const which: Purpose[] = ['join-call', 'if-it-fails']
  const { language } = setting
  const isOther = isLetterFormat(asked) && asked !== formatFor(setting)
  const reader = isOther ? { language, interpreter: null, needs: needsOf[asked] } : setting
  const platform = appointment.platform
  return chooseGuides(setting.guides, { ...reader, language, platform }, which)
}

const needsOf: Readonly<Record<LetterFormat, string[]>> = {
  plain: [],
  'large-print': ['large-print'],
  'easy-read': ['easy-read'],
  'large-easy-read': ['large-print', 'easy-read'],
}

export const isLetterFormat = (word: string): word is LetterFormat => Object.hasOwn(needsOf, word)

/** The shape they need: braille and sign language are no paper of ours, so the next best is printed and gone through together. */
export function formatFor(setting: LetterSetting, asked = ''): LetterFormat {
  const known = letterFormats.find((format) => format === asked)
  const theirs = formatsFor(setting).find((format) => (letterFormats as readonly string[]).includes(format))
  return known ?? (theirs as LetterFormat | undefined) ?? 'plain'
}

const isEasy = (format: LetterFormat) => format === 'easy-read' || format === 'large-easy-read'

export type LetterPage = Page & {
  from: string[]
  to: string[]
  dear: string
  date: string
  body: GuideBody
  /** The guides printed behind it, each on a page of its own. */
  behind: { body: GuideBody; foot: string }[]
  told: Link
  formats: Link[]
}

/** The letter as it prints. It names no service unless they agreed to it for letters, and no address that may not be written to. */
export function presentLetter(
  shown: LetterShown,
  guides: readonly Guide[],
  asked: { format: string; seesAddress: boolean },
): LetterPage {
  const { appointment, setting, now } = shown
  const url = appointmentUrl(appointment.id, 'letter')
  const format = formatFor(setting, asked.format)
  const { verdict, namesService } = postFor(shown)
  const mayPost = verdict.yes || verdict.from !== undefined
  return {
    title: 'Your appointment',
    back: { href: appointmentUrl(appointment.id, 'told'), text: 'Back' },
    largePrint: isLarge(format),
    from: namesService ? [setting.organisation] : [],
    to: mayPost && asked.seesAddress ? [setting.name, ...setting.address.split('\n')] : [],
    dear: setting.known_as || setting.name,
    date: formatDate(londonToday(now)),
    body: presentGuideBody({
      ...{ title: 'Your appointment', language: 'en', form: isEasy(format) ? 'easy-read' : 'plain', link: '' },
      blocks: letterBlocks(factsOf(shown, namesService), isEasy(format)),
    }),
    behind: guides.map((guide) => ({ body: presentGuideBody(guide), foot: guideFoot(guide) })),
    told: { href: appointmentUrl(appointment.id, 'told'), text: 'Write down that they have it' },
    formats: letterFormats
      .filter((one) => one !== format)
      .map((one) => ({ href: `${url}?format=${one}`, text: formatName(one) })),
  }
}

/** Whether it may be posted: a letter is read when it arrives, so the hour does not count. */
export function mayBePosted(shown: LetterShown): boolean {
  const { verdict } = postFor(shown)
  return shown.setting.address !== '' && (verdict.yes || verdict.from !== undefined)
}

function postFor({ appointment, now }: LetterShown) {
  const recipient = recipientOf(appointment, appointment.contact)
  const verdict = mayContact(recipient, addressToUse(recipient, 'post'), 'post', 'appointment', now)
  return { verdict, namesService: howToContact(recipient, 'post')?.namesService ?? false }
}

function factsOf({ appointment, setting }: LetterShown, namesService: boolean): LetterFacts {
  const { contact } = appointment
  const onPaper = (number: string) => (number === '' || numberRefusal(number, contact) ? '' : number)
  return {
    way: appointment.way as Way,
    at: formatInstant(appointment.starts_at),
    until: formatTime(appointment.ends_at),
    clinician: sayable(appointment.clinician, namesService),
    platform: appointment.platform?.name ?? '',
    place: sayable(appointment.place, namesService),
    numberShown: sayable(appointment.number_shown, namesService),
    backUp: appointment.back_up as BackUp | null,
    backUpNumber: onPaper(appointment.back_up_number),
    callBack: onPaper(appointment.call_back_number),
    hasInterpreter: appointment.interpreter === 'booked',
    helpLine: setting.help_line,
  }
}

export type ToldPage = Page & {
  name: string
  lead: string
  print: Link
  others: Link[]
  post: { heading: string; lines: string[] }
  behind: { text: string; said: string[] }[]
  unsaid: string[]
  form: { action: string; key: string; toldAs: RadiosField; format: RadiosField } | null
  letters: TimelineEntry[]
}

export interface ToldShown extends LetterShown, FormShown {
  key: string
}

/** Telling somebody how and when: the letter in their format, whether it may be posted, and one press when they have it. */
export function presentTold(shown: ToldShown): ToldPage {
  const { appointment, setting, key } = shown
  const url = appointmentUrl(appointment.id, 'letter')
  const format = formatFor(setting)
  return {
    title: 'Tell them when and how',
    name: appointment.service_user,
    errors: shown.errors,
    back: { href: appointmentUrl(appointment.id), text: 'The appointment' },
    lead: `${leadOf(setting, format)} Read the letter before you print it.`,
    print: { href: url, text: 'Open the letter to print' },
    others: letterFormats
      .filter((one) => one !== format)
      .map((one) => ({ href: `${url}?format=${one}`, text: formatName(one) })),
    post: postWords(shown),
    unsaid: leftOut(shown),
    behind: guidesBehind(shown).map(({ guide, said }) => ({ text: guide.title, said })),
    form: isOpen(appointment) ? toldForm(shown, format, key) : null,
    letters: setting.letters.map((letter) => ({
      at: formatInstant(letter.at),
      text: `${letter.staff_member}: ${toldAsWords[letter.told_as] ?? ''}, ${formatName(letter.format).toLowerCase()}.`,
      lines: letter.is_overtaken ? ['Something changed since. Tell them again.'] : [],
    })),
  }
}

const leads: Readonly<Record<LetterFormat, string>> = {
  plain: 'Nothing is written down about how they like to read, so this is in plain English.',
  'large-print': 'They need large print.',
  'easy-read': 'They need easy read.',
  'large-easy-read': 'They need easy read in large print.',
}

function leadOf(setting: LetterSetting, format: LetterFormat): string {
  const [best = 'plain'] = formatsFor(setting)
  return best === format ? leads[format] : `They need it in ${formatName(best)}: go through this letter with them.`
}

const toldAsWords: Readonly<Record<string, string>> = {
  posted: 'Posted in a plain envelope',
  'by-hand': 'Given by hand',
  'read-out': 'Read out to them',
}

function toldForm(shown: ToldShown, format: LetterFormat, key: string): ToldPage['form'] {
  const { verdict } = postFor(shown)
  const mayPost = verdict.yes || verdict.from !== undefined
  const fields = formFields({ values: shown.values ?? { format }, errors: shown.errors as FormShown['errors'] })
  return {
    action: appointmentUrl(shown.appointment.id, 'told'),
    key,
    toldAs: fields.radios(
      'told-as',
      'How do they have it?',
      Object.entries(toldAsWords)
        .filter(([value]) => mayPost || value !== 'posted')
        .map(([value, text]) => ({ value, text })),
    ),
    format: fields.radios(
      'format',
      'In which format?',
      letterFormats.map((value) => ({ value, text: formatName(value) })),
    ),
  }
}

function postWords(shown: LetterShown): ToldPage['post'] {
  const { verdict } = postFor(shown)
  if (verdict.yes || verdict.from !== undefined) {
    return { heading: 'It may be posted', lines: ['In a plain envelope, with no mark of who sends it.'] }
  }
  return { heading: 'Do not post it', lines: [verdict.told, verdict.instead] }
}

/** What stands on the appointment and not in the letter, so that somebody says it in another way. */
function leftOut(shown: LetterShown): string[] {
  const { appointment } = shown
  const facts = factsOf(shown, postFor(shown).namesService)
  const out = (is: boolean, text: string) => (is ? [text] : [])
  return [
    ...out(appointment.clinician !== facts.clinician, 'who they meet, since the words tell what it is about'),
    ...out(appointment.place !== facts.place, 'where, since the words tell what it is about'),
    ...out(appointment.number_shown !== facts.numberShown, 'the number that shows, since its words tell who rings'),
    ...out(
      appointment.back_up_number !== facts.backUpNumber,
      'the number of the back-up, which is not confirmed as safe',
    ),
    ...out(
      appointment.call_back_number !== facts.callBack,
      'the number to call back on, which is not confirmed as safe',
    ),
  ]
}
