import { chooseGuide, type GuideNeeds } from './choice-rules.ts'
import { isLarge } from './rules.ts'

/** Somebody whom a guide is chosen for. */
export interface GuideReader extends GuideNeeds {
  id: number
  organisation_id: number
  platform: { id: number; name: string } | null
}

export interface GuideToLink {
  id: number
  organisation_id: number
  purpose: string
  platform_id: number | null
  form: string
  language: string
  reading_key: string
}

export const readingUrl = (key: string, large = false) => `/read/${key}${large ? '?print=large' : ''}`

/** The link to the right guide to joining a call, for each of these people who has one. */
export function linksToJoin(readers: readonly GuideReader[], guides: readonly GuideToLink[]): Map<number, string> {
  const links = readers.map(({ id, organisation_id: organisation, ...reader }): [number, string] => {
    const theirs = guides.filter((guide) => guide.organisation_id === organisation)
    const chosen = chooseGuide(theirs, { ...reader, purpose: 'join-call' })
    return [id, chosen === undefined ? '' : readingUrl(chosen.guide.reading_key, isLarge(chosen.format))]
  })
  return new Map(links.filter(([, link]) => link !== ''))
}
