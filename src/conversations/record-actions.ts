import type { Change } from '../database/change.ts'
import { saveSection } from '../service-users/section-actions.ts'
import { findSectionVersion, lockAnswers } from '../service-users/section-queries.ts'
import { sectionNamed } from '../service-users/section-rules.ts'
import { answerWords } from './answer-words-rules.ts'
import type { Given } from './form.ts'
import { questionNamed } from './question-rules.ts'

/**
 * The language somebody is at home in, and whether they want an interpreter, stand on their record, where letters and calls look
 * for them. What is said about them in a conversation is written there too, so that the two never differ by forgetting.
 */
export async function writeOnRecord(change: Change, personId: number, given: readonly Given[]): Promise<void> {
  const said = given.filter(({ kind, question }) => kind === 'answered' && /^(?:language|interpreter)$/.test(question))
  const section = sectionNamed('language')
  const record = said.length > 0 && section && (await lockAnswers(change.trx, change.by, personId))
  if (!record || !section) return
  const answers = { language: record.language, interpreter: record.interpreter }
  for (const answer of said) {
    const question = questionNamed(answer.question)
    if (answer.question === 'language' && question) answers.language = answerWords(question, answer)
    if (answer.question === 'interpreter') answers.interpreter = answer.chosen[0] ?? null
  }
  if (answers.language === record.language && answers.interpreter === record.interpreter) return
  const version = await findSectionVersion(change.trx, personId, section.name)
  await saveSection(change, personId, section, version, answers)
}
