import type { FieldError } from '../lib/fields.ts'
import { differencesTable } from '../lib/form-differences.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl, type PageOf } from '../lib/keyset.ts'
import type { DataTable, InputField, Link, Page, Pagination } from '../lib/view-model.ts'
import { newWardUrl } from './form-presenter.ts'
import { sitesUrl, wardsUrl } from './rules.ts'
import type { SiteRow } from './site-queries.ts'

export type SitesPage = Page & {
  add: Link
  table: DataTable | null
  pagination: Pagination
  empty: { text: string; hint: string }
}

export function presentSites(list: PageOf<SiteRow>): SitesPage {
  return {
    title: 'Sites',
    back: { href: wardsUrl, text: 'Wards, teams and hubs' },
    add: { href: `${sitesUrl}/new`, text: 'Add a site' },
    table: list.rows.length === 0 ? null : siteTable(list.rows),
    pagination: {
      label: 'Sites',
      ...(list.previous && { previous: listUrl(sitesUrl, { before: list.previous }) }),
      ...(list.next && { next: listUrl(sitesUrl, { after: list.next }) }),
    },
    empty: { text: 'There is no site yet.', hint: 'A site is a hospital, a health centre or another building.' },
  }
}

function siteTable(rows: SiteRow[]): DataTable {
  return {
    caption: 'Sites, by name',
    captionHidden: true,
    columns: [{ text: 'Site' }, { text: 'Wards, teams and hubs', numeric: true }, { text: 'Change' }, { text: 'Add' }],
    rows: rows.map((site) => ({
      cells: [
        { text: site.name },
        {
          text: String(site.open_wards),
          numeric: true,
          ...(site.closed_wards > 0 && { hint: `and ${site.closed_wards} closed` }),
        },
        { text: 'Rename', href: `${sitesUrl}/${site.id}/edit`, visuallyHiddenText: site.name },
        { text: 'Add a ward', href: newWardUrl(site), visuallyHiddenText: `at ${site.name}` },
      ],
    })),
  }
}

export type SiteFormPage = Page & {
  action: string
  key?: string
  version?: number
  differences: DataTable | null
  name: InputField
  button: string
  cancel: Link
}

export function presentNewSite({ key, ...form }: FormShown & { key: string }): SiteFormPage {
  return { ...formPage(form), title: 'Add a site', action: sitesUrl, key, button: 'Add this site' }
}

/** A site to rename. `isOvertaken`: somebody gave it another name meanwhile. */
export function presentSiteEdit(
  site: SiteRow,
  { isOvertaken = false, ...form }: FormShown & { isOvertaken?: boolean } = {},
): SiteFormPage {
  const values = form.values ?? { name: site.name }
  const errors = isOvertaken ? [overtaken] : (form.errors ?? [])
  const question = { label: 'Name', answer: (typed: { name?: string }) => typed.name ?? '' }
  return {
    ...formPage({ values, errors }),
    title: `Rename ${site.name}`,
    action: `${sitesUrl}/${site.id}`,
    version: site.version,
    differences: isOvertaken ? differencesTable([question], { name: site.name }, values) : null,
    button: 'Save',
  }
}

const overtaken: FieldError = {
  field: 'name',
  text: 'Someone changed this after you opened it. Nothing you typed is saved yet. Check it, then save it again.',
}

export const siteNameTaken: FieldError = { field: 'name', text: 'Another site has this name' }

function formPage(form: FormShown) {
  const hint = 'A hospital, a health centre or another building'
  return {
    back: { href: sitesUrl, text: 'Sites' },
    errors: form.errors,
    differences: null,
    name: formFields(form).input('name', 'Name', { hint, autocomplete: 'off' }),
    cancel: { href: sitesUrl, text: 'Cancel' },
  }
}
