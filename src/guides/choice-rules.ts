import { ENGLISH, isSignLanguage, languageFromWords, languageName } from './language-rules.ts'
import { type Form, type Format, formats, formOf, type Purpose, purposes } from './rules.ts'

/** A guide in use, as far as choosing needs it. */
export interface GuideKnown {
  id: number
  purpose: string
  platform_id: number | null
  form: string
  language: string
}

/** What is on somebody's record about how they read, hear and understand. */
export interface GuideNeeds {
  needs: readonly string[]
  interpreter: string | null
  language: string
}

export interface GuideAsked extends GuideNeeds {
  purpose: Purpose
  /** What they meet on; null where it is not known, or makes no difference. */
  platform: { id: number; name: string } | null
}

export interface ChosenGuide<Guide extends GuideKnown> {
  guide: Guide
  format: Format
  /** What it is not, and what to do about that: to be said, never passed over. */
  said: string[]
}

/**
 * The right guide for somebody: in their language before all, since the finest drawing does not help who cannot read the words; then
 * in the form they need; then for their platform. Whatever it falls short of is said in words. Undefined where there is none at all.
 */
export function chooseGuide<Guide extends GuideKnown>(
  guides: readonly Guide[],
  asked: GuideAsked,
): ChosenGuide<Guide> | undefined {
  const wanted = formatsFor(asked)
  const language = languageFromWords(asked.language)?.code ?? ENGLISH
  const usable = guides
    .filter(({ purpose }) => purpose === asked.purpose)
    .filter(({ platform_id: id }) => id === null || id === asked.platform?.id)
  const [best] = usable
    .map((guide) => ({ guide, order: orderOf(guide, { language, wanted, platformId: asked.platform?.id ?? null }) }))
    .sort((one, other) => compare(one.order, other.order))
  if (best === undefined) return undefined
  const { guide } = best
  const format = formatOf(guide.form as Form, wanted)
  return { guide, format, said: fallbacks(guide, format, asked, wanted) }
}

/** How they would have it, the best first; plain is always among them. */
export function formatsFor({ needs, interpreter, language }: GuideNeeds): Format[] {
  const needsLarge = needs.includes('large-print')
  const asked: [boolean, Format][] = [
    [needs.includes('braille'), 'braille'],
    [interpreter === 'signed' || needs.includes('sign-language') || isSignLanguage(language), 'bsl'],
    [needs.includes('easy-read'), needsLarge ? 'large-easy-read' : 'easy-read'],
    [needs.includes('audio'), 'audio'],
    [needsLarge, 'large-print'],
  ]
  return [...asked.filter(([is]) => is).map(([, format]) => format), 'plain']
}

interface Wanted {
  language: string
  wanted: readonly Format[]
  platformId: number | null
}

/** Smaller is better, from the left. */
function orderOf(guide: GuideKnown, { language, wanted, platformId }: Wanted): number[] {
  const place = wanted.findIndex((format) => formOf[format] === guide.form)
  return [
    guide.language === language ? 0 : guide.language === ENGLISH ? 1 : 2,
    // a form that nobody asked for stands behind the plain one
    place === -1 ? wanted.length : place,
    guide.platform_id === platformId ? 0 : 1,
    guide.id,
  ]
}

function compare(one: readonly number[], other: readonly number[]): number {
  for (const [at, value] of one.entries()) {
    const difference = value - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function formatOf(form: Form, wanted: readonly Format[]): Format {
  return wanted.find((format) => formOf[format] === form) ?? form
}

function fallbacks(guide: GuideKnown, format: Format, asked: GuideAsked, wanted: readonly Format[]): string[] {
  const [best = 'plain'] = wanted
  const words = isSignLanguage(asked.language) ? '' : asked.language.trim()
  const known = languageFromWords(words)
  const isTheirs = words === '' || known?.code === guide.language
  const form = inWords[guide.form as Form]
  return [
    ...(isTheirs
      ? []
      : [
          `There is no ${known?.name ?? words} version yet: this is the ${languageName(guide.language)} one. Go through it with them, with an interpreter if they wish.`,
        ]),
    ...(format === 'braille'
      ? ['Braille is made on request: order it with these words, and read them out meanwhile.']
      : format === best
        ? []
        : [`There is no version in ${inWords[best]} yet: this is the one in ${form}. Go through it with them.`]),
    ...(asked.purpose === 'join-call' && asked.platform !== null && guide.platform_id !== asked.platform.id
      ? [`There is no guide for ${asked.platform.name} yet: this is the one for any video call.`]
      : []),
  ]
}

const inWords: Readonly<Record<Format, string>> = {
  plain: 'plain English',
  'easy-read': 'easy read',
  'large-print': 'large print',
  'large-easy-read': 'easy read',
  audio: 'audio',
  bsl: 'British Sign Language',
  braille: 'braille',
}

/** What is handed out in one go, one guide of each purpose. */
export function chooseGuides<Guide extends GuideKnown>(
  guides: readonly Guide[],
  asked: Omit<GuideAsked, 'purpose'>,
  which: readonly Purpose[] = Object.keys(purposes) as Purpose[],
): ChosenGuide<Guide>[] {
  return which.flatMap((purpose) => chooseGuide(guides, { ...asked, purpose }) ?? [])
}

export const formatName = (format: string) => formats[format as Format] ?? format
