import { itemUrl } from '../items/tag-rules.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { differencesTable, type Question } from '../lib/form-differences.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, InputField, Link, Page, TextareaField } from '../lib/view-model.ts'
import type { KitDetails } from './rules.ts'

export type KitFormPage = Page & {
  action: string
  key?: string
  version?: number
  taken: { text: string; link: Link } | null
  differences: DataTable | null
  fields: { tag: InputField; name: InputField; notes: TextareaField }
  button: string
  cancel: Link
}

/** What has the tag already: a kit, or else an item. */
export interface TagHolder {
  tag: string
  kit_id: number | null
}

export interface KitFormShown extends FormShown {
  holder?: TagHolder
}

export function presentNewKit({ key, ...form }: KitFormShown & { key: string }): KitFormPage {
  return {
    ...formPage(form),
    title: 'Add a kit',
    back: { href: '/kits', text: 'Kits' },
    action: '/kits',
    key,
    button: 'Add this kit',
    cancel: { href: '/kits', text: 'Cancel' },
  }
}

export interface KitEditShown extends KitFormShown {
  kit: KitDetails & { id: number; version: number }
  isOvertaken?: boolean
}

/** A kit to change, as it is or as it was typed. */
export function presentKitEdit({ kit, isOvertaken = false, ...form }: KitEditShown): KitFormPage {
  const saved: Typed = { tag: kit.tag, name: kit.name, notes: kit.notes }
  const values = form.values ?? saved
  const page = formPage({ ...form, values })
  const url = `/kits/${kit.id}`
  return {
    ...page,
    title: `Change ${kit.name}`,
    errors: isOvertaken ? [overtaken] : page.errors,
    back: { href: url, text: kit.name },
    action: url,
    version: kit.version,
    differences: isOvertaken ? differencesTable(questions, saved, values) : null,
    button: 'Save changes',
    cancel: { href: url, text: 'Cancel' },
  }
}

const overtaken = {
  text: 'Someone changed this kit after you opened it. Nothing you typed is saved yet. Check it, then save it again.',
}

const questions: Question[] = [
  { label: 'Tag', answer: (values) => values.tag ?? '' },
  { label: 'Name', answer: (values) => values.name ?? '' },
  { label: 'Notes', answer: (values) => values.notes ?? '' },
]

function formPage({ holder, ...form }: KitFormShown): Omit<KitFormPage, 'title' | 'action' | 'button' | 'cancel'> {
  const errors = holder ? [tagTaken(holder)] : (form.errors ?? [])
  const field = formFields({ values: form.values, errors })
  return {
    errors,
    taken: holder ? presentHolder(holder) : null,
    differences: null,
    fields: {
      tag: field.input('tag', 'Tag of the kit', {
        hint: 'What its label says, for example KIT-12. Scanning it finds the whole kit.',
        code: true,
        width: 20,
        spellcheck: 'false',
        autocapitalize: 'none',
        autocomplete: 'off',
      }),
      name: field.input('name', 'Name', { hint: 'For example, Tablet kit for community teams' }),
      notes: field.textarea('notes', 'Notes (optional)', { rows: 3 }),
    },
  }
}

function tagTaken({ kit_id }: TagHolder): FieldError {
  const what = kit_id === null ? 'An item' : 'Another kit'
  return { field: 'tag', text: `${what} has this tag. Give the kit another` }
}

function presentHolder({ tag, kit_id }: TagHolder): { text: string; link: Link } {
  if (kit_id === null) return { text: 'The item with this tag:', link: { href: itemUrl(tag), text: tag } }
  return { text: 'The kit with this tag:', link: { href: `/kits/${kit_id}`, text: tag } }
}
