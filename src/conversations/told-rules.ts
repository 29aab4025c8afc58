import { type Answer, flagsOf, standingAnswers, whatShutsOut } from './flag-rules.ts'
import { questionNamed } from './question-rules.ts'

/** What the care team, or a ward, has to do because of what shuts somebody out: never what they said, and never why. */
export function toldTo(whom: 'team' | 'ward', answers: readonly Answer[]): string[] {
  return [...new Set(whatShutsOut(flagsOf(answers)).flatMap(({ factor }) => factor[whom] ?? []))]
}

/** What makes meeting in person work for somebody, as they chose it; nothing where nothing in particular does. */
export function inPersonNeeds(answers: readonly Answer[]): string[] {
  const options = questionNamed('in-person')?.options ?? []
  const chosen = standingAnswers(answers).get('in-person')?.chosen ?? []
  return options.filter(({ value, isAlone }) => !isAlone && chosen.includes(value)).map(({ text }) => text)
}
