import { whenInWords } from '../appointments/when-rules.ts'
import { londonToday } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type {
  DataTable,
  DateField,
  InputField,
  Page,
  RadiosField,
  SearchField,
  SelectField,
  StateTag,
  SummaryRow,
} from '../lib/view-model.ts'
import { codesOf, type Warning } from '../lib/warnings.ts'
import { addWorkingDays } from '../lib/working-days.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { type GroupPlanFields, groupPlanFields } from './group-edit-presenter.ts'
import type { GroupDetail, PersonToInvite, PlaceRow } from './group-queries.ts'
import { type GroupWay, groupState, groupTags, groupWayNames, placesInWords, USUAL_PLACES } from './group-rules.ts'
import { groupUrl, trainingUrl } from './links-rules.ts'
import { lengths, mayLearn, topicsInWords, USUAL_MINUTES } from './rules.ts'

export type GroupFormPage = Page &
  GroupPlanFields & {
    key: string
    warnings: string[]
    anyway: string
    way: RadiosField
    day: DateField
    time: InputField
    length: SelectField
    champion: SelectField
  }

export interface GroupFormShown extends FormShown {
  champions: readonly { id: number; name: string }[]
  staffId: number
  key: string
  now: Date
  warnings?: Warning[]
}

/** Planning a session for a group. */
export function presentGroupForm({
  champions,
  staffId,
  key,
  now,
  warnings = [],
  ...form
}: GroupFormShown): GroupFormPage {
  const proposed = {
    ...dateFieldValues('on', addWorkingDays(londonToday(now), 5)),
    ...{ length: String(USUAL_MINUTES), champion: String(staffId), places: String(USUAL_PLACES), way: 'face-to-face' },
  }
  const shown = { ...form, values: form.values ?? proposed }
  const field = formFields(shown)
  return {
    ...{ title: 'Plan a session for a group', errors: form.errors, back: { href: '/training', text: 'Training' } },
    ...{ key, warnings: warnings.map(({ text }) => text), anyway: codesOf(warnings) },
    ...groupPlanFields(shown),
    way: field.radios(
      'way',
      'How do you meet?',
      Object.entries(groupWayNames).map(([value, text]) => ({ value, text })),
    ),
    day: field.date('on', 'Which day?'),
    time: field.input('at', 'At what time?', { width: 5, hint: 'For example, 14:30', autocomplete: 'off' }),
    length: field.select(
      'length',
      'How long?',
      lengths.map((minutes) => ({ value: String(minutes), text: `${minutes} minutes` })),
    ),
    champion: field.select(
      'champion',
      'Who gives it?',
      champions.map(({ id, name }) => ({ value: String(id), text: name })),
    ),
  }
}

export type GroupPage = Page & {
  lead: string
  state: StateTag
  about: SummaryRow[]
  people: DataTable | null
  search: { action: string; field: SearchField } | null
  /** Who was found, each with whoever may come: they themselves, and those who support them. */
  found: FoundPerson[] | null
  nobody: string
  sheet: { action: string; rows: SheetShown[] } | null
  diary: string
  /** null where it stays as it is. */
  edit: string | null
  cancellation: { action: string; version: number } | null
}

interface FoundPerson {
  name: string
  instructions: string[]
  warnings: string[]
  anyway: string
  invitations: { action: string; person: number; supporter: number | null; text: string; key: string }[]
}

interface SheetShown {
  id: number
  name: string
  came: RadiosField
  agreed: RadiosField
}

export interface GroupShown {
  group: GroupDetail
  now: Date
  find: string
  /** null: nobody was looked for. */
  found: PersonToInvite[] | null
  /** A key for each invitation that is offered. */
  key: () => string
  /** What speaks against inviting the one who was found, once that was asked for. */
  warnings?: Warning[]
  values?: Typed
  errors?: FieldError[]
}

/** One group: who is invited, whom to invite, and from its beginning on who came. */
export function presentGroup(shown: GroupShown): GroupPage {
  const { group, now, find, found, errors } = shown
  const state = groupState(group, now)
  const isOpen = state === 'to-come' || state === 'under-way' || state === 'full'
  const mayInvite = isOpen && group.taken < group.places
  const searchError = errors?.find(({ field }) => field === 'find')?.text
  return {
    ...{ title: 'Session of a group', errors, back: { href: '/training', text: 'Training' } },
    lead: `${groupWayNames[group.way as GroupWay]}, ${whenInWords(group)}`,
    state: groupTags[state],
    about: aboutRows(group),
    people: group.people.length === 0 ? null : peopleTable(group.people),
    search: isOpen
      ? {
          action: groupUrl(group.id, 'find'),
          field: {
            ...{ id: 'find', name: 'find', label: 'Invite somebody', value: find, button: 'Find', error: searchError },
            hint: mayInvite ? 'Name, NHS number or phone number' : 'Every place is taken: take somebody off first',
          },
        }
      : null,
    found: isOpen && found ? found.map((person) => foundPerson(shown, person)) : null,
    nobody: isOpen && found?.length === 0 ? 'Nobody of that name or number is in your reach.' : '',
    sheet: Date.parse(group.starts_at) <= now.getTime() && group.cancelled_at === null ? sheetOf(shown) : null,
    diary: `/diary/entries/${group.id}`,
    edit: isOpen ? groupUrl(group.id, 'edit') : null,
    cancellation:
      isOpen && group.taken === group.untold
        ? { action: groupUrl(group.id, 'cancellation'), version: group.version }
        : null,
  }
}

function aboutRows(group: GroupDetail): SummaryRow[] {
  const rows: [string, string[]][] = [
    ['What it is about', topicsInWords(group.topics)],
    ['Where', group.place === '' ? [] : [group.place]],
    ['Who gives it', [group.champion]],
    ['What you use', group.materials === '' ? [] : [group.materials]],
    ['Places', [placesInWords(group)]],
  ]
  return rows.flatMap(([key, lines]) => (lines.length === 0 ? [] : [{ key, lines }]))
}

const OUT_OF_REACH = 'Somebody whom a colleague looks after'

function peopleTable(people: PlaceRow[]): DataTable {
  return {
    caption: 'Who is invited',
    columns: [
      { text: 'Name' },
      { text: 'To know' },
      { text: 'How the group works' },
      { text: 'Came' },
      { text: 'How it went' },
    ],
    rows: people.map((one) => ({
      cells: [
        one.service_user === null
          ? { text: OUT_OF_REACH }
          : {
              ...{ text: one.supporter ?? one.service_user, href: `/service-users/${one.service_user_id}` },
              ...(one.supporter !== null && { hint: `Supports ${one.service_user}` }),
            },
        {
          text: instructionsOf(one).join('. '),
          ...(one.interpreter_joins && { hint: 'With an interpreter' }),
        },
        { text: one.agreed_ways === null ? 'Not asked' : one.agreed_ways ? 'Agreed' : 'Not agreed yet' },
        { text: one.came === null ? '' : one.came ? 'Yes' : 'No' },
        one.service_user === null
          ? { text: '' }
          : {
              ...{
                text: one.is_told ? 'Written down' : one.came === true ? 'Write it down' : 'Their session',
                href: trainingUrl(one.id),
              },
              visuallyHiddenText: `for ${one.supporter ?? one.service_user}`,
            },
      ],
    })),
  }
}

/** Of whoever comes: the person, or who supports them. */
function instructionsOf({ reached_by: reached, supporter_id: supporterId }: PlaceRow): string[] {
  if (!reached) return []
  return contactInstructions(recipientOf(reached, reached.contact, supporterId), reached.contact_instruction)
}

function foundPerson({ group, warnings = [], key }: GroupShown, person: PersonToInvite): FoundPerson {
  const action = groupUrl(group.id, 'people')
  const anyway = warnings.length > 0 ? ' all the same' : ''
  const supporters = warnings.length > 0 ? [] : person.contact.supporters.filter(mayLearn)
  return {
    name: person.name,
    instructions: contactInstructions(recipientOf(person, person.contact), person.contact_instruction),
    warnings: warnings.map(({ text }) => text),
    anyway: codesOf(warnings),
    invitations: [
      { action, person: person.id, supporter: null, text: `Invite ${person.name}${anyway}`, key: key() },
      ...supporters.map(({ id, name }) => ({
        ...{ action, person: person.id, supporter: id, text: `Invite ${name}, who supports them`, key: key() },
      })),
    ],
  }
}

function sheetOf({ group, values, errors }: GroupShown): GroupPage['sheet'] {
  const yesNo = [
    { value: 'yes', text: 'Yes' },
    { value: 'no', text: 'No' },
  ]
  const word = (is: boolean | null) => (is === null ? '' : is ? 'yes' : 'no')
  const rows = group.people.flatMap(({ id, service_user, supporter, came, agreed_ways: agreed }) => {
    if (service_user === null) return []
    const saved = { [`came-${id}`]: word(came), [`agreed-${id}`]: word(agreed) }
    const field = formFields({ values: values ?? saved, errors })
    const name = supporter ?? service_user
    return [
      {
        ...{ id, name },
        came: field.radios(`came-${id}`, `Did ${name} come?`, yesNo, { inline: true, small: true }),
        agreed: field.radios(`agreed-${id}`, `Did ${name} agree to how the group works?`, yesNo, {
          inline: true,
          small: true,
        }),
      },
    ]
  })
  return rows.length === 0 ? null : { action: groupUrl(group.id, 'attendance'), rows }
}
