import { factorNamed } from './factor-rules.ts'

/** Who is shut out here, in sentences that are true today; none where nobody was asked, or nothing stands in the way. */
export function shutOutSentences(rows: readonly { factor: string; people: number }[]): string[] {
  return rows.flatMap(({ factor, people }) => {
    const words = factorNamed(factor)?.shutsOut
    if (words === undefined) return []
    return [people === 1 ? `1 person: they ${words}.` : `${people.toLocaleString('en-GB')} people ${words}.`]
  })
}
