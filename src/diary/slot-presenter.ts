import { appointmentUrl } from '../appointments/links-rules.ts'
import { formatInstant, formatLongDate, formatTime, londonDate } from '../lib/dates.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { CheckboxesField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import { contactInstructions, recipientOf } from '../safe-contact/rules.ts'
import { topicNames } from '../training/rules.ts'
import { isTriedOut } from '../trial-calls/rules.ts'
import { callLengths, entryWayNames, kindNames, takesTravel, travelChoices } from './entry-rules.ts'
import type { CallWanted, SlotFacts } from './question-rules.ts'
import { conditions, type SlotQuestion } from './slot-conditions-rules.ts'
import type { SlotAnswer } from './slot-rules.ts'
import { conditionWords, loosenedInWords, slotValue } from './slot-words-rules.ts'

export interface SlotsShown {
  facts: SlotFacts
  wanted: CallWanted
  question: SlotQuestion
  answer: SlotAnswer
  /** Whose diaries they are, by id. */
  names: ReadonlyMap<number, string>
  key: string
  values: Typed
  errors?: FieldError[]
}

export type SlotsPage = Page & {
  caption: string
  lead: string
  instructions: string[]
  action: string
  key: string
  filters: { kind: SelectField; way: SelectField; length: SelectField; travel: SelectField }
  hidden: { name: string; value: string }[]
  slot: RadiosField | null
  /** What training is about. */
  topics: CheckboxesField | null
  later: Link | null
  obstacles: { lead: string; lines: string[] } | null
}

/** The earliest times for a call before an appointment, to book one of; or what stands in the way. */
export function presentSlots(shown: SlotsShown): SlotsPage {
  const { facts, wanted, values, answer, errors } = shown
  const url = timesUrl(facts.appointment_id)
  const field = formFields({ values, errors })
  const option = (minutes: number) => ({ value: minutes, text: `${minutes} minutes` })
  const kinds = (['trial-run-call', 'training-session'] as const)
    .filter((kind) => kind === 'training-session' || isTriedOut(facts.way))
    .map((value) => ({ value, text: kindNames[value] }))
  const ways = Object.entries(entryWayNames).map(([value, text]) => ({ value, text }))
  const travel = travelChoices.map((minutes) => (minutes === 0 ? { value: 0, text: 'None' } : option(minutes)))
  return {
    title: 'Find a time for a call',
    caption: facts.service_user,
    back: { href: appointmentUrl(facts.appointment_id), text: 'Back to the appointment' },
    errors,
    lead: `Their appointment is on ${formatInstant(facts.starts_at)}.`,
    instructions: contactInstructions(recipientOf(facts, facts.contact), facts.contact_instruction),
    action: url,
    key: shown.key,
    filters: {
      kind: field.select('kind', 'What for', kinds),
      way: field.select('way', 'How', ways),
      length: field.select('length', 'How long', callLengths.map(option)),
      travel: field.select('travel', 'Travel each way', travel),
    },
    hidden: ['kind', 'way', 'length', 'travel'].map((name) => ({ name, value: values[name] ?? '' })),
    slot: answer.slots.length === 0 ? null : slotField(shown),
    topics: wanted.kind === 'training-session' ? topicsField(shown) : null,
    later: laterLink(shown, url),
    obstacles: answer.slots.length > 0 ? null : obstaclesOf(shown),
  }
}

export function timesUrl(appointmentId: number): string {
  return `${appointmentUrl(appointmentId)}/times`
}

function slotField({ answer, names, wanted, values, errors }: SlotsShown): RadiosField {
  const travel =
    takesTravel(wanted.way) && wanted.travelMinutes > 0 ? `, ${wanted.travelMinutes} minutes of travel` : ''
  return formFields({ values, errors }).radios(
    'slot',
    'The earliest times that fit',
    answer.slots.map((slot) => ({
      value: slotValue(slot),
      text: `${formatInstant(slot.startsAt)}, until ${formatTime(slot.endsAt)}`,
      hint: `With ${names.get(slot.championId) ?? ''}${travel}`,
    })),
    { labelSize: 'm' },
  )
}

/** Begins with what they said they cannot do alone yet. */
function topicsField({ facts, values, errors }: SlotsShown): CheckboxesField {
  const items = Object.entries(topicNames).map(([value, text]) => ({ value, text }))
  const chosen = values.topic === undefined ? facts.skills_wanted : values.topic.split(' ')
  const error = errors?.find(({ field }) => field === 'topic')?.text
  return { id: 'topic', name: 'topic', label: 'What is it about?', labelSize: 'm', items, values: chosen, error }
}

function laterLink({ answer, values }: SlotsShown, url: string): Link | null {
  const last = answer.slots.at(-1)
  if (!last || answer.slots.length < 3) return null
  const { kind = '', way = '', length = '', travel = '' } = values
  return { href: listUrl(url, { kind, way, length, travel, after: last.endsAt.toISOString() }), text: 'Later times' }
}

function obstaclesOf({ answer, names, question, wanted }: SlotsShown): SlotsPage['obstacles'] {
  const lastOn = question.appointment?.lastOn
  // what had to be before today is said as it is, and not as a time until a day that is over
  const isOver = lastOn !== undefined && lastOn < londonDate(question.from)
  const until = isOver || lastOn === undefined ? 'that is left' : `until ${formatLongDate(lastOn)}`
  const what = kindNames[wanted.kind].toLowerCase()
  if (answer.loosenings.length === 0) {
    return {
      lead: `No time fits for a ${what}. There is nothing left between now and the appointment, or nobody has a diary.`,
      lines: [],
    }
  }
  const inTheWay = conditions.filter((name) => answer.loosenings.some((one) => one.conditions.includes(name)))
  return {
    lead: `No time ${until} fits for a ${what}. In the way: ${inTheWay.map((name) => conditionWords[name].stands.toLowerCase()).join('; ')}.`,
    lines: answer.loosenings.map(
      ({ conditions: loosened, slot }) =>
        `${loosenedInWords(loosened)}: ${formatInstant(slot.startsAt)}, with ${names.get(slot.championId) ?? ''}.`,
    ),
  }
}
