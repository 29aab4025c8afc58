import { accepted, type FieldError, fieldTexts, type Parsed, rejected, type Typed, typedValues } from '../lib/fields.ts'
import { type Topic, topicNames } from '../training/rules.ts'
import { isTriedOut } from '../trial-calls/rules.ts'
import { callLengths, type EntryWay, entryWayNames, takesTravel, travelChoices } from './entry-rules.ts'
import type { CallWanted } from './question-rules.ts'

const fields = ['kind', 'way', 'length', 'travel', 'slot', 'after']
const usual = { 'trial-run-call': '30', 'training-session': '60' } as const

/** What is looked for: a trial-run call of half an hour, unless something else is asked for or they meet in person. */
export function wantedFrom(body: unknown, appointmentWay: string): { wanted: CallWanted; values: Typed } {
  const typed = typedValues(body, fields)
  const kind = typed.kind === 'training-session' || !isTriedOut(appointmentWay) ? 'training-session' : 'trial-run-call'
  const way = kind === 'trial-run-call' || !isWay(typed.way) ? callWay(appointmentWay) : typed.way
  const minutes = callLengths.find((one) => String(one) === typed.length) ?? Number(usual[kind])
  const travel = travelChoices.find((one) => String(one) === typed.travel) ?? 0
  const wanted = { kind, way, minutes, travelMinutes: takesTravel(way) ? travel : 0 } as const
  return { wanted, values: { ...typed, kind, way, length: String(minutes), travel: String(travel) } }
}

/** A trial-run call is made in the way of the appointment, or by phone. */
function callWay(appointmentWay: string): EntryWay {
  return appointmentWay === 'video' ? 'video' : 'phone'
}

function isWay(text: string | undefined): text is EntryWay {
  return text !== undefined && Object.hasOwn(entryWayNames, text)
}

export interface SlotChosen {
  championId: number
  startsAt: Date
  topics: Topic[]
}

/** Reads which of the times offered is booked; of training also what it is about. */
export function parseSlot(body: unknown, { kind }: CallWanted, asked: Typed): Parsed<SlotChosen> {
  const topics = fieldTexts(body, 'topic').filter((one): one is Topic => Object.hasOwn(topicNames, one))
  const values: Typed = { ...asked, topic: topics.join(' ') }
  const [, champion = '', at = ''] =
    /^([1-9]\d{0,14}) (\d{4}-\d\d-\d\dT\d\d:\d\d:00\.000Z)$/.exec(values.slot ?? '') ?? []
  const startsAt = new Date(at)
  const errors: FieldError[] = []
  if (champion === '' || Number.isNaN(startsAt.getTime())) errors.push({ field: 'slot', text: 'Choose a time' })
  if (kind === 'training-session' && topics.length === 0)
    errors.push({ field: 'topic', text: 'Choose what it is about' })
  return errors.length > 0
    ? rejected(errors, values)
    : accepted({ championId: Number(champion), startsAt, topics }, values)
}
