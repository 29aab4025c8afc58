import { formatDate } from '../lib/dates.ts'
import type { FieldError } from '../lib/fields.ts'
import { formFields } from '../lib/form-fields.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { InputField, Link, Page, SelectField } from '../lib/view-model.ts'

export interface PersonRow {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}

export type WhoPage = Page & {
  caption: string
  action: string
  searchAction: string
  search: InputField
  people: { heading: string; links: (Link & { hint: string })[]; more: string | null } | null
  /** Shown before anybody was looked for. */
  ward: SelectField | null
  staff: SelectField | null
}

export interface WhoShown {
  loanId: number
  wards: { id: number; name: string }[]
  staff: { id: number; name: string }[]
  search?: string
  /** `areSimilar`: nobody has the name as it was typed, and these are close to it. */
  found?: { people: PersonRow[]; areSimilar: boolean; limit: number }
  errors?: FieldError[]
}

/** Who had it in truth: a person who is looked for, a place or a colleague. */
export function presentWho({ loanId, wards, staff, search = '', found, errors = [] }: WhoShown): WhoPage {
  const fields = formFields({ values: { search }, errors })
  const action = `/loans/${loanId}/corrections/borrower`
  const asOptions = (first: string, rows: { id: number; name: string }[]) => [
    { value: '', text: first },
    ...rows.map(({ id, name }) => ({ value: id, text: name })),
  ]
  return {
    title: 'Who had it really?',
    caption: `Loan ${loanId}`,
    errors,
    back: found
      ? { href: action, text: 'Choose in another way' }
      : { href: `/loans/${loanId}/corrections`, text: 'What is wrong' },
    action,
    searchAction: `${action}/people`,
    search: fields.input('search', 'Name, NHS number or phone', {
      width: 20,
      spellcheck: 'false',
      autocomplete: 'off',
    }),
    people: found ? presentPeople(action, search, found) : null,
    ward: wards.length === 0 ? null : fields.select('ward', 'Ward, team or hub', asOptions('Choose a ward', wards)),
    staff: staff.length === 0 ? null : fields.select('staff', 'Member of staff', asOptions('Choose a person', staff)),
  }
}

function presentPeople(
  action: string,
  search: string,
  { people, areSimilar, limit }: NonNullable<WhoShown['found']>,
): WhoPage['people'] {
  return {
    heading: foundWords(search, people.length, areSimilar),
    links: people.map((person) => ({
      href: `${action}?service-user=${person.id}`,
      text: person.name,
      hint: whoTheyAre(person),
    })),
    more: people.length >= limit ? `Only the first ${limit} are shown. Type more of the name.` : null,
  }
}

function foundWords(search: string, count: number, areSimilar: boolean): string {
  if (count === 0) return `Nobody fits “${search}”. Check the spelling.`
  if (areSimilar) return `Nobody fits “${search}”. ${count === 1 ? 'This name is' : 'These names are'} close to it.`
  return count === 1 ? '1 person found' : `${count} people found`
}

/** Enough to tell two people of one name apart. */
export function whoTheyAre(person: Pick<PersonRow, 'date_of_birth' | 'nhs_number'>): string {
  const born = person.date_of_birth ? `born ${formatDate(person.date_of_birth)}` : 'date of birth not known'
  return person.nhs_number ? `${born}, NHS number ${formatNhsNumber(person.nhs_number)}` : born
}
