import { formatDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { InputField, Link, Page, SelectField } from '../lib/view-model.ts'

export type WhoPage = Page & {
  /** Where who was chosen goes on. */
  url: string
  peopleUrl: string
  placeButton: string
  staffButton: string
  items: { name: string; value: number }[]
  search: InputField
  people: { heading: string; links: (Link & { hint: string })[]; more: string | null } | null
  ward: SelectField | null
  staff: SelectField | null
}

export interface PersonRow {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}

export interface WhoShown {
  itemIds: number[]
  /** Where who was chosen goes on, and what for, when it is not to lend. */
  purpose?: { url: string; verb: string; title: string; back: Link }
  wards: { id: number; name: string }[]
  staff: { id: number; name: string }[]
  search?: string
  /** Who was found; `areSimilar` when nobody has the name as it was typed, and these are close to it. */
  found?: { people: PersonRow[]; areSimilar: boolean; limit: number }
  errors?: FieldError[]
}

export const lending = {
  url: '/loans/new',
  verb: 'Lend',
  title: 'Who is it for?',
  back: { href: '/loans', text: 'Loans' },
}

export function presentWho(shown: WhoShown): WhoPage {
  const { itemIds, wards, staff, search = '', found, errors = [], purpose = lending } = shown
  const fields = formFields({ values: { search }, errors })
  const choose = (text: string) => ({ value: '', text })
  const asOptions = (rows: { id: number; name: string }[]) => rows.map(({ id, name }) => ({ value: id, text: name }))
  return {
    title: purpose.title,
    errors,
    back: purpose.back,
    url: purpose.url,
    peopleUrl: `${purpose.url}/people`,
    placeButton: `${purpose.verb} to this place`,
    staffButton: `${purpose.verb} to this person`,
    items: itemIds.map((value) => ({ name: 'item', value })),
    search: fields.input('search', 'Name, NHS number or phone', {
      width: 20,
      spellcheck: 'false',
      autocomplete: 'off',
    }),
    people: found ? presentPeople(search, found, (id) => personUrl(purpose.url, id, itemIds)) : null,
    ward:
      wards.length === 0
        ? null
        : fields.select('ward', 'Ward, team or hub', [choose('Choose a ward'), ...asOptions(wards)]),
    staff:
      staff.length === 0
        ? null
        : fields.select('staff', 'Member of staff', [choose('Choose a person'), ...asOptions(staff)]),
  }
}

function presentPeople(
  search: string,
  { people, areSimilar, limit }: NonNullable<WhoShown['found']>,
  urlOf: (id: number) => string,
): WhoPage['people'] {
  const isCut = people.length >= limit
  return {
    heading: foundWords(search, people.length, areSimilar),
    links: people.map((person) => ({
      href: urlOf(person.id),
      text: person.name,
      hint: whoTheyAre(person),
    })),
    more: isCut ? `Only the first ${limit} are shown. Type more of the name.` : null,
  }
}

function foundWords(search: string, count: number, areSimilar: boolean): string {
  if (count === 0) return `Nobody fits “${search}”. Check the spelling, or add them.`
  if (areSimilar) return `Nobody fits “${search}”. ${count === 1 ? 'This name is' : 'These names are'} close to it.`
  return count === 1 ? '1 person found' : `${count} people found`
}

/** Enough to tell two people of one name apart. */
export function whoTheyAre(person: Pick<PersonRow, 'date_of_birth' | 'nhs_number'>): string {
  const born = person.date_of_birth ? `Born ${formatDate(person.date_of_birth)}` : 'Date of birth not known'
  const number = person.nhs_number ? `, NHS number ${formatNhsNumber(person.nhs_number)}` : ''
  return `${born}${number}`
}

/** Who a loan with these items is for: the page to go back to. */
export function whoUrl(itemIds: number[], path = '/loans/new'): string {
  return itemIds.length === 0 ? path : `${path}?${itemIds.map((id) => `item=${id}`).join('&')}`
}

function personUrl(url: string, id: number, itemIds: number[]): string {
  return `${url}?service-user=${id}${itemIds.map((item) => `&item=${item}`).join('')}`
}
