import { type Role, roleNames } from '../lib/actor.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, InputField, Page, RadiosField } from '../lib/view-model.ts'
import { staffUrl } from './presenter.ts'
import type { StaffRow } from './queries.ts'
import { grantable, roleHints, roleWords } from './rules.ts'

export type StaffFormPage = Page & {
  caption: string | null
  action: string
  key?: string
  version?: number
  fields: { name: InputField; email: InputField | null; role: RadiosField; wards: CheckboxesField }
  hint: string | null
  button: string
  cancel: string
}

interface Ward {
  id: number
  name: string
}

export interface InvitationShown extends FormShown {
  key: string
  wards: Ward[]
  by: Role
}

export function presentInvitation({ key, wards, by, ...form }: InvitationShown): StaffFormPage {
  return {
    title: 'Invite somebody',
    caption: null,
    back: { href: '/admin/staff', text: 'Staff' },
    errors: form.errors,
    action: '/admin/staff',
    key,
    fields: { ...staffFields(form, wards, by), email: emailField(form) },
    hint: 'They get an email with a link, choose their own password and can then sign in. Nobody else ever knows it.',
    button: 'Send the invitation',
    cancel: '/admin/staff',
  }
}

export interface StaffEditShown extends FormShown {
  staff: StaffRow
  wards: Ward[]
  by: Role
  isOvertaken?: boolean
}

export function presentStaffEdit({ staff, wards, by, isOvertaken = false, ...form }: StaffEditShown): StaffFormPage {
  const values = form.values ?? savedValues(staff)
  const errors = isOvertaken ? [overtaken] : form.errors
  return {
    title: `Change ${staff.name}`,
    caption: roleWords(staff),
    back: { href: staffUrl(staff.id), text: staff.name },
    errors,
    action: staffUrl(staff.id),
    version: staff.version,
    fields: { ...staffFields({ values, errors }, wards, by), email: null },
    hint: 'What you change here binds at once, also while they are signed in.',
    button: 'Save changes',
    cancel: staffUrl(staff.id),
  }
}

const overtaken: FieldError = {
  field: 'name',
  text: 'Someone else changed this account while you were typing. Check it and save again',
}

function savedValues(staff: StaffRow): Typed {
  return {
    name: staff.name,
    role: staff.role,
    sees: staff.is_lead_champion ? 'lead' : staff.caseload_only ? 'caseload' : 'all',
    wards: staff.wards.map((ward) => ward.id).join(' '),
  }
}

function emailField(form: FormShown): InputField {
  return formFields(form).input('email', 'Email address', {
    type: 'email',
    hint: 'Their own, at work. A shared one would let others in.',
    autocomplete: 'off',
    spellcheck: 'false',
  })
}

function staffFields(form: FormShown, wards: Ward[], by: Role) {
  const field = formFields(form)
  const errorOf = (name: string) => form.errors?.find((error) => error.field === name)?.text
  return {
    name: field.input('name', 'Full name', { autocomplete: 'off', spellcheck: 'false' }),
    role: field.radios(
      'role',
      'What do they do?',
      grantable(by).map((role) => ({
        value: role,
        text: roleNames[role],
        hint: roleHints[role],
        ...(role === 'champion' && { conditional: { radios: sightField(form) } }),
      })),
    ),
    wards: {
      id: 'ward',
      name: 'ward',
      label: 'Which wards or teams do they work on? (ward staff and care team)',
      hint: 'Ward staff see what is kept there, and nothing of other wards.',
      values: (form.values?.wards ?? '').split(' ').filter((id) => id !== ''),
      items: wards.map((ward) => ({ value: ward.id, text: ward.name })),
      error: errorOf('ward'),
      small: true,
    },
  }
}

function sightField(form: FormShown): RadiosField {
  const items = [
    { value: 'all', text: 'All service users' },
    {
      value: 'caseload',
      text: 'Only the people on their caseload',
      hint: 'It begins with those whose open loans they look after. A lead champion adds and hands over others.',
    },
    { value: 'lead', text: 'All service users, and they lead the other champions' },
  ]
  const value = form.values?.sees || 'all'
  return formFields(form).radios('sees', 'Whom do they see?', items, { value, small: true })
}
