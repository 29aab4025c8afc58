import { formatDate } from '../lib/dates.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import { type Reading, refuse } from '../lib/reading.ts'
import type { LoanValues } from './loan-cells-rules.ts'
import type { LoanField } from './loan-fields-rules.ts'
import { wordKey } from './words-rules.ts'

/** Somebody we have, as far as it takes to tell them from others. */
export interface KnownPerson {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}

/** Somebody born on the day that a row says, whose name is much like the one it says, or the same. */
export interface PersonAlike extends KnownPerson {
  is_same_name: boolean
}

/** Somebody who comes with the file. */
export interface NewPerson {
  line: number
  name: string
  date_of_birth: string
  nhs_number: string | null
  phone: string
  email?: string
}

export type FoundPerson = { known: KnownPerson; added?: undefined } | { known?: undefined; added: NewPerson }

/** What of a row says who a person is. */
export type PersonAsked = Partial<Pick<LoanValues, 'name' | 'dateOfBirth' | 'nhsNumber' | 'phone'>> & { email?: string }

type PersonReading = Reading<FoundPerson> & { field?: LoanField }

/** What rows ask for by name and date of birth, as one word. */
export function askedKey(name: string, dateOfBirth: string): string {
  return `${dateOfBirth} ${name}`
}

/** A name without what people write differently: capitals, accents, hyphens. */
export function nameKey(name: string): string {
  return wordKey(name.normalize('NFD').replace(/\p{M}/gu, ''))
}

/**
 * The people of one organisation and one file. An NHS number is enough to find somebody, and so are a name and a date of
 * birth together; a name alone is not. Somebody who is not here is added where the row has both a name and a date of birth,
 * unless there is somebody much like them, whom a person has to look at first.
 */
export class People {
  readonly #byNhsNumber: ReadonlyMap<string, KnownPerson>
  readonly #alike: ReadonlyMap<string, readonly PersonAlike[]>
  readonly #added = new Map<string, NewPerson>()
  readonly #addedByNhsNumber = new Map<string, NewPerson>()

  constructor(
    byNhsNumber: ReadonlyMap<string, KnownPerson>,
    /** By `askedKey`. */
    alike: ReadonlyMap<string, readonly PersonAlike[]>,
  ) {
    this.#byNhsNumber = byNhsNumber
    this.#alike = alike
  }

  get added(): NewPerson[] {
    return [...this.#added.values()]
  }

  find(asked: PersonAsked, line: number): PersonReading {
    const { name, dateOfBirth, nhsNumber } = asked
    const known = nhsNumber === undefined ? undefined : this.#byNhsNumber.get(nhsNumber)
    if (known) return sameAs(known, asked)
    if (name === undefined || dateOfBirth === undefined) return this.#notEnough(asked)
    const alike = this.#alike.get(askedKey(name, dateOfBirth)) ?? []
    const same = alike.filter((person) => person.is_same_name)
    if (same.length > 1)
      return refuseAt('nhsNumber', `More than one ${name} was born on that day. Write the NHS number`)
    if (same[0]) return withNumber(same[0], nhsNumber)
    if (alike[0]) return refuseAt('name', looksLike(alike[0]))
    return this.#add({
      line,
      name,
      date_of_birth: dateOfBirth,
      nhs_number: nhsNumber ?? null,
      phone: asked.phone ?? '',
      ...(asked.email !== undefined && { email: asked.email }),
    })
  }

  #notEnough({ name, nhsNumber }: PersonAsked): PersonReading {
    if (nhsNumber !== undefined) {
      const more = name === undefined ? 'full name and date of birth' : 'date of birth'
      return refuseAt('nhsNumber', `We have nobody with this NHS number. Write the ${more} too, and they are added`)
    }
    if (name === undefined) return refuseAt('name', 'Enter the full name too, or the NHS number')
    return refuseAt('dateOfBirth', 'Enter the date of birth or the NHS number. A name alone may be somebody else’s')
  }

  #add(person: NewPerson): PersonReading {
    const key = `${person.date_of_birth} ${nameKey(person.name)}`
    const before = this.#added.get(key)
    if (before) return this.#addAgain(before, person)
    const twin = [...this.#added.values()].find((other) => mayBeSame(other, person))
    if (twin) {
      return refuseAt(
        'name',
        `${twin.name} on line ${twin.line} was born on the same day. If it is one person, write the name the same`,
      )
    }
    const holder = person.nhs_number === null ? undefined : this.#addedByNhsNumber.get(person.nhs_number)
    if (holder)
      return refuseAt('nhsNumber', `${holder.name} on line ${holder.line} has the same NHS number. Check both`)
    this.#added.set(key, person)
    if (person.nhs_number !== null) this.#addedByNhsNumber.set(person.nhs_number, person)
    return { value: { added: person } }
  }

  /** One person in several rows, of which any may say more. */
  #addAgain(before: NewPerson, { nhs_number, phone }: NewPerson): PersonReading {
    if (before.nhs_number !== null && nhs_number !== null && before.nhs_number !== nhs_number) {
      return refuseAt('nhsNumber', `Line ${before.line} has another NHS number for the same person. Check both`)
    }
    if (before.nhs_number === null && nhs_number !== null) {
      before.nhs_number = nhs_number
      this.#addedByNhsNumber.set(nhs_number, before)
    }
    if (before.phone === '') before.phone = phone
    return { value: { added: before } }
  }
}

/** Whoever has the NHS number. One more thing that agrees is enough, since names are written in many ways. */
function sameAs(known: KnownPerson, { name, dateOfBirth }: PersonAsked): PersonReading {
  if (dateOfBirth !== undefined && known.date_of_birth !== null && dateOfBirth !== known.date_of_birth) {
    const born = formatDate(known.date_of_birth)
    return refuseAt('dateOfBirth', `We have ${known.name} with this NHS number, born on ${born}. Check both`)
  }
  if (dateOfBirth === undefined && name !== undefined && nameKey(name) !== nameKey(known.name)) {
    return refuseAt('name', `We have ${known.name} with this NHS number. Check both, or write the date of birth too`)
  }
  return { value: { known } }
}

function withNumber(person: KnownPerson, nhsNumber: string | undefined): PersonReading {
  if (nhsNumber !== undefined && person.nhs_number !== null) {
    const number = formatNhsNumber(person.nhs_number)
    return refuseAt('nhsNumber', `We have ${person.name}, born on that day, with the NHS number ${number}. Check both`)
  }
  return { value: { known: person } }
}

function looksLike({ name }: KnownPerson): string {
  return `We have ${name}, born on that day. If it is the same person, write the name like that. If not, add them by hand first`
}

/** Born on one day, and with a part of the name in common: Jo Smith and Joanna Smith. */
function mayBeSame(one: NewPerson, other: NewPerson): boolean {
  if (one.date_of_birth !== other.date_of_birth) return false
  const words = nameKey(one.name).split(' ')
  return nameKey(other.name)
    .split(' ')
    .some((word) => words.includes(word))
}

function refuseAt(field: LoanField, text: string): PersonReading {
  return { ...refuse('person', text), field }
}
