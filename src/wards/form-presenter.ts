import type { FieldError, Typed } from '../lib/fields.ts'
import { differencesTable, type Question } from '../lib/form-differences.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type { DataTable, InputField, Link, Page, RadiosField, SelectField } from '../lib/view-model.ts'
import type { WardInFull } from './admin-queries.ts'
import { areaLevels, sitesUrl, wardKindName, wardKinds, wardsUrl, wardUrl } from './rules.ts'

interface Site {
  id: number
  name: string
}

export type WardFormPage = Page & {
  action: string
  key?: string
  version?: number
  /** The wards that have the name or the code already. */
  taken: Link[]
  differences: DataTable | null
  /** Where a site is added first, while there is none. */
  addSite: Link | null
  fields: {
    name: InputField
    code: InputField
    kind: RadiosField
    site: SelectField
    longestCable: InputField
    areaLevel: SelectField
  }
  button: string
  cancel: Link
}

export interface WardFormShown extends FormShown {
  sites: Site[]
  taken?: TakenWard[]
}

/** A ward that has what was typed. */
export interface TakenWard {
  id: number
  name: string
  closed_at: string | null
  has_name: boolean
  has_code: boolean
}

export function presentNewWard({ key, ...form }: WardFormShown & { key: string }): WardFormPage {
  const back = { href: wardsUrl, text: 'Wards, teams and hubs' }
  return {
    ...formPage(form),
    title: 'Add a ward, team or hub',
    back,
    action: wardsUrl,
    key,
    button: 'Add',
    cancel: { href: wardsUrl, text: 'Cancel' },
  }
}

/** A ward to change, as it is or as it was typed. `isOvertaken`: somebody saved another version meanwhile. */
export function presentWardEdit(
  ward: WardInFull,
  { isOvertaken = false, ...form }: WardFormShown & { isOvertaken?: boolean },
): WardFormPage {
  const saved = wardValues(ward)
  const values = form.values ?? saved
  const page = formPage({ ...form, values })
  return {
    ...page,
    title: `Change ${ward.name}`,
    errors: isOvertaken ? [overtaken] : page.errors,
    back: { href: wardUrl(ward), text: ward.name },
    action: wardUrl(ward),
    version: ward.version,
    differences: isOvertaken ? differencesTable(questionsWith(form.sites), saved, values) : null,
    button: 'Save changes',
    cancel: { href: wardUrl(ward), text: 'Cancel' },
  }
}

const overtaken: FieldError = {
  field: 'name',
  text: 'Someone changed this after you opened it. Nothing you typed is saved yet. Check it, then save it again.',
}

function formPage({ sites, taken = [], values, errors = [] }: WardFormShown) {
  const shown = { values: values ?? {}, errors: [...errors, ...takenErrors(taken)] }
  return {
    errors: shown.errors,
    taken: taken.map((ward) => ({
      href: wardUrl(ward),
      text: `Open ${ward.name}${ward.closed_at ? ' (closed)' : ''}`,
    })),
    differences: null,
    addSite: sites.length === 0 ? { href: `${sitesUrl}/new`, text: 'Add a site' } : null,
    fields: wardFields(shown, sites),
  }
}

function takenErrors(taken: TakenWard[]): FieldError[] {
  const hasName = taken.some(({ has_name }) => has_name)
  const hasCode = taken.some(({ has_code }) => has_code)
  return [
    ...(hasName ? [{ field: 'name', text: 'Another ward, team or hub has this name' }] : []),
    ...(hasCode ? [{ field: 'code', text: 'Another ward, team or hub has this code' }] : []),
  ]
}

function wardFields(form: FormShown, sites: Site[]): WardFormPage['fields'] {
  const field = formFields(form)
  const options = sites.map(({ id, name }) => ({ value: id, text: name }))
  return {
    name: field.input('name', 'Name', { hint: 'As people say it, like “Willow Ward”', autocomplete: 'off' }),
    code: field.input('code', 'Code', {
      hint: 'Short, like “willow” or “north-team”. Spreadsheets can use it in place of the name.',
      width: 20,
      autocapitalize: 'none',
      autocomplete: 'off',
      spellcheck: 'false',
    }),
    kind: field.radios('kind', 'What kind of place is it?', [
      { value: 'inpatient ward', text: wardKinds['inpatient ward'], hint: 'People are admitted to it' },
      { value: 'community team', text: wardKinds['community team'], hint: 'Looks after people who live at home' },
      { value: 'hub', text: wardKinds.hub, hint: 'Keeps items, and lends them' },
    ]),
    site: field.select('site', 'Which site is it at?', [{ value: '', text: 'Choose a site' }, ...options]),
    longestCable: field.input('longest-cable', 'Longest permitted cable (optional)', {
      hint: 'A longer one cannot be lent or booked there unless the nurse in charge signs for it. Leave this empty if any length may be used.',
      width: 4,
      suffix: 'cm',
      inputmode: 'numeric',
      autocomplete: 'off',
    }),
    areaLevel: field.select('area-level', 'Area level (optional)', [
      { value: '', text: 'Not assessed' },
      ...areaLevels.map((level) => ({ value: level, text: String(level) })),
    ]),
  }
}

function questionsWith(sites: Site[]): Question[] {
  return [
    { label: 'Name', answer: (values) => values.name ?? '' },
    { label: 'Code', answer: (values) => values.code ?? '' },
    { label: 'Kind', answer: (values) => wardKindName(values.kind ?? '') },
    { label: 'Site', answer: (values) => sites.find(({ id }) => String(id) === values.site)?.name ?? '' },
    { label: 'Longest permitted cable', answer: (values) => cableInWords(values['longest-cable'] ?? '') },
    { label: 'Area level', answer: (values) => values['area-level'] || 'Not assessed' },
  ]
}

const cableInWords = (centimetres: string) => (centimetres === '' ? 'Any' : `${centimetres} cm`)

function wardValues({ name, code, kind, site_id, longest_cable_cm, area_level }: WardInFull): Typed {
  return {
    ...{ name, code, kind, site: String(site_id) },
    'longest-cable': longest_cable_cm === null ? '' : String(longest_cable_cm),
    'area-level': area_level === null ? '' : String(area_level),
  }
}

/** Where a new ward is added at a site. */
export function newWardUrl(site: { id: number }): string {
  return listUrl(`${wardsUrl}/new`, { site: site.id })
}
