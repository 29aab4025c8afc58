import type { Page } from '../lib/view-model.ts'
import { guideFoot, presentGuideBody } from './body-rules.ts'
import type { GuidePrintPage } from './presenter.ts'
import type { GuideToRead } from './reading-queries.ts'
import { readingUrl } from './reading-rules.ts'

/** A guide for whoever has the link to it. */
export function presentReading(guide: GuideToRead, key: string, isLargePrint: boolean): GuidePrintPage {
  return {
    title: guide.title,
    largePrint: isLargePrint,
    body: presentGuideBody(guide),
    otherPrint: {
      href: readingUrl(key, !isLargePrint),
      text: isLargePrint ? 'Letters of the usual size' : 'Large letters',
    },
    foot: guideFoot(guide),
  }
}

export const noGuideToRead: Page & { lines: string[] } = {
  title: 'This guide is not here any more',
  lines: ['There is a newer way to do this, or none. Ring us as you usually do, and we will go through it with you.'],
}
