import { formatDate } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DataTable, DateField, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import type { TrainedMember, WrittenTraining } from './staff-queries.ts'
import { inDate, inDateTag, type StaffTopic, staffTopicIds, staffTopics } from './staff-rules.ts'

export type StaffTrainingPage = Page & {
  wards: SelectField | null
  caption: string
  /** In each topic, how many are in date. */
  lines: string[]
  table: DataTable | null
  empty: { text: string; hint: string } | null
  form: { action: string; key: string; topic: RadiosField; day: DateField; came: CheckboxesField } | null
  written: { text: string; action: string }[]
}

export interface StaffTrainingShown extends FormShown {
  ward: { id: number; name: string } | undefined
  wards: { id: number; name: string }[]
  members: TrainedMember[]
  written: WrittenTraining[]
  key: string
  today: string
}

/** Who on a ward is in date in what staff are trained in, and writing down a session. */
export function presentStaffTraining(shown: StaffTrainingShown): StaffTrainingPage {
  const { ward, wards, members, written, today } = shown
  const items = wards.map(({ id, name }) => ({ value: id, text: name }))
  return {
    title: 'Training of staff',
    back: { href: '/training', text: 'Training' },
    errors: shown.errors,
    wards: ward ? { id: 'ward', name: 'ward', label: 'Ward or team', value: ward.id, items } : null,
    caption: ward?.name ?? '',
    lines: members.length === 0 ? [] : staffTopicIds.map((topic) => inDateLine(topic, members, today)),
    table: members.length === 0 ? null : membersTable(members, today),
    empty:
      members.length > 0
        ? null
        : { text: 'Nobody works on any ward yet.', hint: 'An administrator says on Staff who works where.' },
    form: ward && members.length > 0 ? sessionForm(shown, ward.id) : null,
    written: written.map(({ id, name, topic, trained_on, recorded_by }) => ({
      text: `${name}: ${topicName(topic)}, ${formatDate(trained_on)}, written down by ${recorded_by}`,
      action: `/training/staff/${id}/cancellation`,
    })),
  }
}

const topicName = (topic: string) => staffTopics[topic as StaffTopic].name

function inDateLine(topic: StaffTopic, members: TrainedMember[], today: string): string {
  const states = members.map(({ trained }) => inDate(topic, trained[topic], today))
  const count = states.filter((state) => state === 'in-date' || state === 'due').length
  return `${staffTopics[topic].name}: ${count} of ${members.length} in date`
}

function membersTable(members: TrainedMember[], today: string): DataTable {
  return {
    caption: 'Who is in date',
    captionSize: 'm',
    columns: [{ text: 'Name' }, ...staffTopicIds.map((topic) => ({ text: staffTopics[topic].name }))],
    rows: members.map(({ name, trained }) => ({
      cells: [{ text: name }, ...staffTopicIds.map((topic) => ({ tag: inDateTag(topic, trained[topic], today) }))],
    })),
  }
}

function sessionForm({ members, key, today, values, errors }: StaffTrainingShown, wardId: number) {
  const field = formFields({ values: values ?? dateFieldValues('on', today), errors })
  const topics = staffTopicIds.map((value) => ({
    value,
    text: staffTopics[value].name,
    hint: `Again after ${staffTopics[value].months} months`,
  }))
  return {
    action: `/training/staff/wards/${wardId}`,
    key,
    topic: field.radios('topic', 'What was it about?', topics),
    day: field.date('on', 'On which day?'),
    came: {
      ...{ id: 'came', name: 'came', label: 'Who came?', values: values?.came?.split(' ') ?? [] },
      error: errors?.find((one) => one.field === 'came')?.text,
      items: members.map(({ id, name }) => ({ value: String(id), text: name })),
    },
  }
}
