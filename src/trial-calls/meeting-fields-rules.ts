import type { formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, DateField, InputField, SelectField } from '../lib/view-model.ts'

/** What a form asks about a meeting with one person, whatever they meet for: `readTypedTime` reads when it is. */
export interface MeetingFields {
  day: DateField
  time: InputField
  length: SelectField
  champion: SelectField
  joins: CheckboxesField
}

export interface MeetingAsked {
  /** In minutes. */
  lengths: readonly number[]
  whoLabel: string
  champions: readonly { id: number; name: string }[]
  hasSupporter: boolean
  hasInterpreter: boolean
}

export function meetingFields(field: ReturnType<typeof formFields>, asked: MeetingAsked): MeetingFields {
  const joining = (name: string, text: string, checked: boolean) => ({ value: 'yes', name, text, checked })
  return {
    day: field.date('on', 'Which day?'),
    time: field.input('at', 'At what time?', { width: 5, hint: 'For example, 14:30', autocomplete: 'off' }),
    length: field.select(
      'length',
      'How long?',
      asked.lengths.map((minutes) => ({ value: String(minutes), text: `${minutes} minutes` })),
    ),
    champion: field.select(
      'champion',
      asked.whoLabel,
      asked.champions.map(({ id, name }) => ({ value: String(id), text: name })),
    ),
    joins: {
      ...{ id: 'supporter', name: 'supporter', label: 'Who else joins? (optional)' },
      items: [
        joining('supporter', 'Somebody who supports them', asked.hasSupporter),
        joining('interpreter', 'An interpreter', asked.hasInterpreter),
      ],
    },
  }
}
