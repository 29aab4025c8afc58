import type { Page } from '../lib/view-model.ts'
import { evidence } from './evidence-rules.ts'
import { areas, factors } from './factor-rules.ts'

export type EvidencePage = Page & { rows: { id: string; heading: string; text: string; uses: string[] }[] }

/** The findings that flags rest on, and which flags those are. */
export function presentEvidence(): EvidencePage {
  return {
    title: 'The evidence behind the flags',
    back: { href: '/', text: 'Worklist' },
    rows: Object.entries(evidence).map(([id, text]) => ({
      id: `evidence-${id.replace('.', '-')}`,
      heading: `Evidence ${id}`,
      text,
      uses: factors.filter((factor) => factor.evidence === id).map(({ area, name }) => `${areas[area]}: ${name}`),
    })),
  }
}
