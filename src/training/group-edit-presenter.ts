import type { Typed } from '../lib/fields.ts'
import { differencesTable, type Question } from '../lib/form-differences.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DataTable, InputField, Page } from '../lib/view-model.ts'
import type { GroupRecord } from './group-queries.ts'
import { MOST_PLACES, placesInWords } from './group-rules.ts'
import { groupUrl } from './links-rules.ts'
import { topicNames, topicsInWords } from './rules.ts'

export interface GroupPlanFields {
  topics: CheckboxesField
  place: InputField
  places: InputField
  materials: InputField
}

/** What is asked of every group, when it is planned and when it is changed. */
export function groupPlanFields(form: FormShown): GroupPlanFields {
  const field = formFields(form)
  return {
    topics: {
      ...{ id: 'topic', name: 'topic', label: 'What is it about?', hint: 'Choose all that apply' },
      items: Object.entries(topicNames).map(([value, text]) => ({ value, text })),
      values: form.values?.topic?.split(' ') ?? [],
      error: form.errors?.find((one) => one.field === 'topic')?.text,
    },
    place: field.input('place', 'Where do you meet? (of a video call leave it empty)'),
    places: field.input('places', 'How many places?', { width: 3, inputmode: 'numeric', hint: `Up to ${MOST_PLACES}` }),
    materials: field.input('materials', 'What do you use? (optional)', { hint: 'Guides, devices to try on' }),
  }
}

export type GroupEditPage = Page &
  GroupPlanFields & {
    action: string
    version: number
    differences: DataTable | null
    diary: string
  }

export interface GroupEditShown extends FormShown {
  group: GroupRecord
  /** As it was when the form was shown. */
  version: number
  isOvertaken?: boolean
}

/** A group to change, as it is or as it was typed. */
export function presentGroupEdit({ group, version, isOvertaken = false, ...form }: GroupEditShown): GroupEditPage {
  const { topics, place, places, materials } = group
  const saved: Typed = { topic: topics.join(' '), place, places: String(places), materials }
  const values = form.values ?? saved
  const fields = groupPlanFields({ ...form, values })
  const url = groupUrl(group.id)
  return {
    ...fields,
    places: { ...fields.places, hint: `Up to ${MOST_PLACES}. Now ${placesInWords(group)}` },
    title: 'Change this session of a group',
    errors: isOvertaken ? [overtaken] : form.errors,
    back: { href: url, text: 'Session of a group' },
    ...{ action: url, version, diary: `/diary/entries/${group.id}` },
    differences: isOvertaken ? differencesTable(questions, saved, values) : null,
  }
}

const overtaken = {
  text: 'Someone changed this session after you opened it. Nothing you typed is saved yet. Check it, then save it again.',
}

const questions: Question[] = [
  { label: 'What it is about', answer: ({ topic = '' }) => topicsInWords(topic.split(' ').filter(Boolean)).join(', ') },
  { label: 'Where', answer: ({ place = '' }) => place },
  { label: 'Places', answer: ({ places = '' }) => places },
  { label: 'What you use', answer: ({ materials = '' }) => materials },
]
