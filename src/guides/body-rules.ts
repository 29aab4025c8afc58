import { formatDate, londonDate } from '../lib/dates.ts'
import type { Block } from './block-rules.ts'
import { languageOf } from './language-rules.ts'
import { pictureFile, pictures } from './picture-rules.ts'

export interface GuidePiece {
  lines: string[]
  /** The number of a step; null for what is none. */
  step: number | null
  picture: { file: string; alt: string } | null
}

export interface GuidePart {
  heading: string | null
  /** Pieces that belong together: steps in a row are one list. */
  runs: { isSteps: boolean; pieces: GuidePiece[] }[]
}

/** A guide as it is read, on a screen or on paper. */
export interface GuideBody {
  title: string
  lang: string
  dir: 'ltr' | 'rtl'
  isEasyRead: boolean
  parts: GuidePart[]
  link: string | null
}

interface GuideWords {
  title: string
  language: string
  form: string
  blocks: readonly Block[]
  link: string
}

export function presentGuideBody({ title, language, form, blocks, link }: GuideWords): GuideBody {
  return {
    ...{ title, lang: language, dir: languageOf(language)?.dir ?? 'ltr', isEasyRead: form === 'easy-read' },
    parts: partsOf(blocks),
    link: link === '' ? null : link,
  }
}

function partsOf(blocks: readonly Block[]): GuidePart[] {
  const parts: GuidePart[] = []
  let step = 0
  for (const block of blocks) {
    if (block.kind === 'heading' || parts.length === 0) {
      step = 0
      parts.push({ heading: block.kind === 'heading' ? block.text : null, runs: [] })
      if (block.kind === 'heading') continue
    }
    const isStep = block.kind === 'step'
    step = isStep ? step + 1 : step
    const runs = parts.at(-1)?.runs ?? []
    const piece = { lines: block.lines, step: isStep ? step : null, picture: pictureOf(block.picture) }
    const run = runs.at(-1)
    if (run && run.isSteps === isStep) run.pieces.push(piece)
    else runs.push({ isSteps: isStep, pieces: [piece] })
  }
  return parts
}

function pictureOf(name: (Block & { kind: 'text' })['picture']): GuidePiece['picture'] {
  return name === undefined ? null : { file: pictureFile(name), alt: pictures[name] }
}

/** What stands below it on paper. What is not to be handed out says so. */
export function guideFoot(guide: { number: number; approved_at: string | null; retired_at: string | null }): string {
  if (guide.approved_at === null) return 'Draft. Do not hand it out.'
  const when = `Version ${guide.number}, ${formatDate(londonDate(guide.approved_at))}`
  return guide.retired_at === null ? when : `${when}. No longer in use: do not hand it out.`
}
