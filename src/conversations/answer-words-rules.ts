import type { Question } from './question-kinds-rules.ts'

export const NOT_ASKED = 'Not asked'
export const PREFER_NOT = 'Prefers not to say'

/** An answer as it reads on a page; nothing where there is none. */
export function answerWords(
  { options, kind }: Question,
  answer: { kind?: string; chosen: readonly string[]; words: string } | undefined,
): string {
  if (!answer) return ''
  if (answer.kind === 'prefer-not') return PREFER_NOT
  if (answer.kind === 'not-asked') return ''
  if (kind === 'words') return answer.words
  const texts = answer.chosen.map((value) => options.find((option) => option.value === value)?.text ?? value)
  return answer.words === '' ? texts.join(', ') : answer.words
}
