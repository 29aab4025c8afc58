import { type AppointmentOrder, extraMinutes, minutesAfter, timeProblem, USUAL_MINUTES } from '../appointments/rules.ts'
import { whenInWords } from '../appointments/when-rules.ts'
import { londonDate, londonInstant } from '../lib/dates.ts'
import type { AppointmentValues } from './appointment-cells-rules.ts'
import type { AppointmentField } from './appointment-fields-rules.ts'
import type { KnownStaff } from './loan-known-rules.ts'
import { type KnownPerson, People, type PersonAlike } from './people-rules.ts'
import { problemOf, type Row, type RowProblem } from './rows-rules.ts'

export interface NewAppointment {
  line: number
  serviceUserId: number
  who: string
  order: AppointmentOrder
  joinLink: string
}

/** Everything a file of appointments would do. It is done only if `problems` is empty. */
export interface AppointmentPlan {
  kind: 'appointments'
  appointments: NewAppointment[]
  unchanged: { line: number; tag: string }[]
  problems: RowProblem[]
  rowsWithProblems: number
}

/** Where somebody is expected already: at an appointment, or at a call or visit of our own. */
export interface KnownMeeting {
  service_user_id: number
  is_appointment: boolean
  starts_at: string
  ends_at: string
}

/** Whom a file of appointments may name. */
export interface KnownToMeet {
  people: ReadonlyMap<string, KnownPerson>
  alike: ReadonlyMap<string, readonly PersonAlike[]>
  staff: ReadonlyMap<string, KnownStaff>
  died: ReadonlySet<number>
  meetings: readonly KnownMeeting[]
}

type Note = (field: AppointmentField, text: string) => void

/**
 * Works out what a file of appointments would do, row by row. One that is here, of the same person at the same moment, stays
 * as it is whatever else the row says, so that a file may come again. Nobody is added: whoever is not here is an error.
 */
export class AppointmentPlanner {
  readonly #known: KnownToMeet
  readonly #people: People
  readonly #now: Date
  readonly #meetings: ReadonlyMap<number, KnownMeeting[]>
  readonly #planned: NewAppointment[] = []
  readonly #plannedOf = new Map<number, NewAppointment[]>()
  readonly #unchanged: AppointmentPlan['unchanged'] = []
  readonly #problems: RowProblem[] = []
  #rowsWithProblems = 0

  constructor(known: KnownToMeet, now: Date) {
    this.#known = known
    this.#people = new People(known.people, known.alike)
    this.#now = now
    this.#meetings = Map.groupBy(known.meetings, ({ service_user_id }) => service_user_id)
  }

  add(row: Row<AppointmentValues>): void {
    const problems = [...row.problems]
    for (const [field, text] of row.unread) problems.push(problemOf(row, field, text))
    const note: Note = (field, text) => problems.push(problemOf(row, field, text))
    const person = this.#findPerson(row, note)
    const startsAt = readStart(row, note)
    if (person && startsAt && problems.length === 0 && this.#isHere(person.id, startsAt)) {
      this.#unchanged.push({ line: row.line, tag: person.name })
      return
    }
    const order = this.#readOrder(row, startsAt, note)
    if (person && order) this.#checkFree(person.id, order, note)
    if (problems.length > 0 || !person || !order) {
      this.#problems.push(...problems)
      this.#rowsWithProblems += 1
      return
    }
    const { joinLink = '' } = row.values
    this.#plan({ line: row.line, serviceUserId: person.id, who: person.name, order, joinLink })
  }

  finish(): AppointmentPlan {
    return {
      kind: 'appointments',
      appointments: this.#planned,
      unchanged: this.#unchanged,
      problems: this.#problems,
      rowsWithProblems: this.#rowsWithProblems,
    }
  }

  #plan(made: NewAppointment): void {
    this.#planned.push(made)
    const others = this.#plannedOf.get(made.serviceUserId) ?? []
    this.#plannedOf.set(made.serviceUserId, [...others, made])
  }

  #findPerson({ values, unread, line }: Row<AppointmentValues>, note: Note): KnownPerson | undefined {
    if (unread.has('name') || unread.has('nhsNumber') || unread.has('dateOfBirth')) return undefined
    const { name, dateOfBirth, nhsNumber } = values
    if (nhsNumber !== undefined && !this.#known.people.has(nhsNumber) && (!name || !dateOfBirth)) {
      note('nhsNumber', `We have nobody with this NHS number. ${FIRST_THE_PEOPLE}`)
      return undefined
    }
    const found = this.#people.find(values, line)
    if (found.error) {
      note((found.field ?? 'name') as AppointmentField, found.error.text)
      return undefined
    }
    const { known } = found.value
    if (!known) note('name', `We have nobody of this name, born on that day. ${FIRST_THE_PEOPLE}`)
    else if (this.#known.died.has(known.id)) note('name', `${known.name} has died. Leave this row out`)
    return known
  }

  #isHere(personId: number, startsAt: Date): boolean {
    const meetings = this.#meetings.get(personId) ?? []
    return meetings.some((one) => one.is_appointment && Date.parse(one.starts_at) === startsAt.getTime())
  }

  #readOrder(
    { values, unread }: Row<AppointmentValues>,
    startsAt: Date | undefined,
    note: Note,
  ): AppointmentOrder | undefined {
    const { way, first, minutes = USUAL_MINUTES, purpose = 'other', team: teamId = null } = values
    if (way === undefined && !unread.has('way')) note('way', 'Write how they meet')
    if (first === undefined && !unread.has('first')) note('first', 'Write whether it is the first: Yes or No')
    const clinician = this.#findClinician(values.clinician, note)
    if (!startsAt || way === undefined || first === undefined) return undefined
    const isFirst = first === 'yes'
    const order = { isFirst, purpose, way, startsAt, minutes, teamId, clinician, interpreter: null }
    const problem = timeProblem(startsAt, this.#now)
    if (problem) note('day', problem)
    if (londonDate(minutesAfter(endOf(order), -1)) !== londonDate(startsAt)) {
      note('time', 'The appointment must end before midnight')
    }
    return order
  }

  #findClinician(email: string | undefined, note: Note): string {
    if (email === undefined) return ''
    const member = this.#known.staff.get(email)
    if (member && !member.has_left) return member.name
    note('clinician', member ? `${member.name} has left. Name somebody else` : 'No member of staff has this email')
    return ''
  }

  #checkFree(personId: number, order: AppointmentOrder, note: Note): void {
    const [from, until] = [order.startsAt.getTime(), endOf(order).getTime()]
    const standing = this.#meetings
      .get(personId)
      ?.find(({ starts_at, ends_at }) => Date.parse(starts_at) < until && Date.parse(ends_at) > from)
    if (standing) {
      const what = standing.is_appointment ? 'another appointment' : 'a call or visit of ours'
      note('time', `They have ${what} then: ${whenInWords(standing)}. Nothing is moved by itself`)
    }
    const twin = this.#plannedOf
      .get(personId)
      ?.find((one) => one.order.startsAt.getTime() < until && endOf(one.order).getTime() > from)
    if (twin) note('time', `Line ${twin.line} has the same person at this time. Leave one, or change its time`)
  }
}

const FIRST_THE_PEOPLE = 'Bring in the people before their appointments'

const endOf = (order: AppointmentOrder) => minutesAfter(order.startsAt, order.minutes + extraMinutes(order))

/** The hour as London's clocks show it. One that they leave out, or show twice, is an error and no guess. */
function readStart({ values, unread }: Row<AppointmentValues>, note: Note): Date | undefined {
  const { day, time } = values
  if (day === undefined && !unread.has('day')) note('day', 'Enter the day')
  if (time === undefined && !unread.has('time')) note('time', 'Enter the time')
  if (day === undefined || time === undefined) return undefined
  const start = londonInstant(day, time)
  if (start.error) note('time', start.error.text)
  return start.value
}
