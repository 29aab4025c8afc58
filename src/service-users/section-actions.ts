import type { Change } from '../database/change.ts'
import { NotFound, Stale } from '../lib/refusals.ts'
import { listWardsWith } from '../wards/queries.ts'
import { findSectionVersion, lockAnswers } from './section-queries.ts'
import { type Answers, isEmptyAnswer, type Known, type Question, type Section } from './section-rules.ts'

/** Writes down one section of a record, as somebody saw it at `version`. Who writes another section is not in the way. */
export async function saveSection(
  change: Change,
  id: number,
  section: Section,
  version: number,
  answers: Answers,
): Promise<void> {
  const person = await lockAnswers(change.trx, change.by, id)
  if (!person) throw new NotFound()
  if ((await findSectionVersion(change.trx, id, section.name)) !== version) throw new Stale()
  await writeAnswers(change, id, section, answers)
  await noteVersion(change, id, section, version + 1)
  change.audit({
    verb: 'service-user:section-changed',
    subject: ['service-user', id],
    serviceUserId: id,
    details: {
      ...changedAnswers(section, person, answers, await placeNames(change, section, person)),
      part: section.title,
    },
  })
}

async function writeAnswers({ trx }: Change, id: number, { questions }: Section, answers: Answers): Promise<void> {
  const of = (table: Question['table']) =>
    Object.fromEntries(questions.filter((one) => one.table === table).map(({ column }) => [column, answers[column]]))
  const [story, details] = [of('story'), of('details')]
  if (Object.keys(story).length > 0) await trx.updateTable('service_users').set(story).where('id', '=', id).execute()
  if (Object.keys(details).length > 0)
    await trx.updateTable('service_user_details').set(details).where('service_user_id', '=', id).execute()
}

async function noteVersion(change: Change, id: number, section: Section, version: number): Promise<void> {
  const noted = { version, changed_at: change.now(), changed_by: change.by.staffId }
  await change.trx
    .insertInto('service_user_sections')
    .values({ service_user_id: id, organisation_id: change.by.organisationId, section: section.name, ...noted })
    .onConflict((row) => row.columns(['service_user_id', 'section']).doUpdateSet(noted))
    .execute()
}

async function placeNames(
  { trx, by }: Change,
  { questions }: Section,
  before: { ward_id: number | null; team_id: number | null },
) {
  if (!questions.some(({ kind }) => kind === 'ward' || kind === 'team')) return new Map<number, string>()
  const places = await listWardsWith(trx, by, [before.ward_id, before.team_id])
  return new Map(places.map(({ id, name }) => [id, name]))
}

/** Old and new answers, of those that differ, in the words of the form: so the history reads them out. */
function changedAnswers({ questions }: Section, before: Known, after: Answers, places: Map<number, string>) {
  const differing = questions.filter(({ column }) => String(before[column] ?? '') !== String(after[column] ?? ''))
  const pick = (from: Known) =>
    Object.fromEntries(
      differing.map((question) => [
        question.label.replace(/\?$/, ''),
        wordsOf(question, from[question.column], places),
      ]),
    )
  return { old: pick(before), new: pick(after) }
}

function wordsOf({ options = [] }: Question, answer: unknown, places: Map<number, string>) {
  if (isEmptyAnswer(answer)) return ''
  const words = (value: string) => options.find((option) => option.value === value)?.text ?? value
  if (Array.isArray(answer)) return answer.map(words)
  if (typeof answer === 'number') return places.get(answer) ?? answer
  return typeof answer === 'string' ? words(answer) : answer
}
