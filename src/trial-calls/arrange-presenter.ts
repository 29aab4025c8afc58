import { appointmentUrl } from '../appointments/links-rules.ts'
import { whenInWords } from '../appointments/when-rules.ts'
import { type Way, wayNames } from '../appointments/words-rules.ts'
import type { Slot } from '../diary/slot-conditions-rules.ts'
import { slotValue } from '../diary/slot-words-rules.ts'
import { formatInstant, formatTime, londonClock } from '../lib/dates.ts'
import type { Typed } from '../lib/fields.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, Link, Page, RadiosField } from '../lib/view-model.ts'
import { codesOf, type Warning } from '../lib/warnings.ts'
import type { ReadinessFacts } from '../readiness/facts-rules.ts'
import { trialCallsOfUrl } from './links-rules.ts'
import { type MeetingFields, meetingFields } from './meeting-fields-rules.ts'
import { callsTable } from './presenter.ts'
import type { ArrangeFacts } from './queries.ts'
import { bestDay, CHECK_MINUTES, lengths, USUAL_MINUTES } from './rules.ts'

export type ArrangePage = Page &
  MeetingFields & {
    caption: string
    lead: string
    calls: DataTable | null
    action: string
    key: string
    instead: number | null
    cancel: string
    warnings: string[]
    anyway: string
    /** The earliest times that fit, to book one of in one press; none is offered where the call is arranged anew. */
    offered: { action: string; hidden: { name: string; value: string }[]; slot: RadiosField } | null
    none: Link | null
  }

export interface ArrangeShown extends FormShown {
  warnings?: Warning[]
  /** The earliest times that fit, and whose diaries they are in; null where none was looked for. */
  slots: Slot[] | null
  names: ReadonlyMap<number, string>
  facts: ReadinessFacts & { service_user: string }
  found: ArrangeFacts
  staffId: number
  key: string
  instead: number | null
  now: Date
}

/** Arranging a trial-run call: when and with whom, as the app proposes it, and changed where it does not suit. */
export function presentArrange(shown: ArrangeShown): ArrangePage {
  const { facts, found, staffId, key, instead, now, warnings = [], slots, names, ...form } = shown
  const best = bestDay(facts, now)
  const field = formFields({ ...form, values: form.values ?? proposed(facts, best, staffId) })
  const chosen = form.values ?? {}
  return {
    title: instead === null ? 'Arrange a trial-run call' : 'Arrange the trial-run call again',
    caption: facts.service_user,
    errors: form.errors,
    back: { href: appointmentUrl(facts.id), text: 'Back to the appointment' },
    lead: `${wayNames[facts.way as Way]}, ${whenInWords(facts)}. ${adviceOf({ ...best, isOffered: slots !== null && slots.length > 0 }, facts.trial_call_days)}`,
    calls: found.calls.length === 0 ? null : callsTable(found.calls, now, 'Trial-run calls so far'),
    action: trialCallsOfUrl(facts.id),
    ...{ key, instead, warnings: warnings.map(({ text }) => text), anyway: codesOf(warnings) },
    ...offeredTo(shown),
    ...meetingFields(field, {
      ...{ lengths, whoLabel: 'Who makes the call?', champions: found.champions },
      hasSupporter: chosen.supporter === 'yes',
      hasInterpreter: chosen.interpreter === 'yes' || (!form.values && needsInterpreter(facts)),
    }),
    cancel: appointmentUrl(facts.id),
  }
}

function offeredTo({ facts, slots, names, errors = [] }: ArrangeShown): Pick<ArrangePage, 'offered' | 'none'> {
  const action = appointmentUrl(facts.id, 'times')
  if (slots === null || errors.length > 0) return { offered: null, none: null }
  if (slots.length === 0) return { offered: null, none: { href: action, text: 'No time in the diaries fits.' } }
  const hidden = {
    kind: 'trial-run-call',
    way: facts.way === 'video' ? 'video' : 'phone',
    length: String(USUAL_MINUTES),
  }
  const slot = formFields({}).radios(
    'slot',
    'The earliest times that fit',
    slots.map((one) => ({
      value: slotValue(one),
      text: `${formatInstant(one.startsAt)}, until ${formatTime(one.endsAt)}`,
      hint: `With ${names.get(one.championId) ?? ''}`,
    })),
    { labelSize: 'm' },
  )
  return {
    none: null,
    offered: { action, hidden: Object.entries(hidden).map(([name, value]) => ({ name, value })), slot },
  }
}

const needsInterpreter = ({ interpreter, persons_interpreter: theirs }: ReadinessFacts) =>
  interpreter === 'booked' || interpreter === 'to-book' || theirs === 'spoken' || theirs === 'signed'

function adviceOf({ isCheck, isOffered }: { isCheck: boolean; isOffered: boolean }, days: number): string {
  if (isCheck && isOffered) return 'It is soon: take the first time there is, to put right what does not work.'
  if (isCheck) return 'There is no time for more than a check of ten minutes on the day itself, before it begins.'
  if (days === 0) return 'It may be on the day itself.'
  const before =
    days === 1
      ? 'One working day before leaves'
      : days === 2
        ? 'Two working days before leave'
        : `${days} working days before leave`
  return `${before} time to put right what does not work.`
}

function proposed(facts: ReadinessFacts, best: { day: string; isCheck: boolean }, staffId: number): Typed {
  const before = new Date(Date.parse(facts.starts_at) - 60 * 60_000)
  const { hour, minute } = londonClock(before)
  const at = best.isCheck ? `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` : ''
  const length = String(best.isCheck ? CHECK_MINUTES : USUAL_MINUTES)
  return { ...dateFieldValues('on', best.day), at, length, champion: String(staffId) }
}
