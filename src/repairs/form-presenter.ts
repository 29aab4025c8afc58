import { itemUrl } from '../items/tag-rules.ts'
import type { FieldError, Typed } from '../lib/fields.ts'
import { dateAnswer, differencesTable, type Question } from '../lib/form-differences.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import { formatPounds } from '../lib/money.ts'
import type { DataTable, DateField, InputField, Link, Page, TextareaField } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { repairUrl } from './presenter.ts'
import type { ItemOnHand, Repair } from './queries.ts'
import type { RepairDetails } from './rules.ts'

export type RepairFormPage = Page & {
  caption: string
  action: string
  itemId?: number
  key?: string
  version?: number
  differences: DataTable | null
  fields: { reason: TextareaField; place: InputField; expectedBack: DateField; cost: InputField }
  button: string
  cancel: Link
}

/** An item that is to go to repair. */
export function presentSending({ item, key, ...form }: FormShown & { item: ItemOnHand; key: string }): RepairFormPage {
  const back = { href: itemUrl(item.tag), text: item.tag }
  return {
    ...formParts(form),
    title: `Send ${item.tag} to repair`,
    caption: modelOf(item),
    back,
    errors: form.errors,
    action: '/repairs',
    itemId: item.id,
    key,
    differences: null,
    button: 'Send to repair',
    cancel: { ...back, text: 'Cancel' },
  }
}

/** A repair to change, as it is or as it was typed. */
export function presentRepairEdit({
  repair,
  isOvertaken = false,
  ...form
}: FormShown & { repair: Repair; isOvertaken?: boolean }): RepairFormPage {
  const saved = repairValues(repair)
  const values = form.values ?? saved
  const url = repairUrl(repair.id)
  return {
    ...formParts({ ...form, values }),
    title: `Change the repair of ${repair.tag}`,
    caption: modelOf(repair),
    back: { href: url, text: `Repair of ${repair.tag}` },
    errors: isOvertaken ? [overtaken] : form.errors,
    action: url,
    version: repair.version,
    differences: isOvertaken ? differencesTable(questions, saved, values) : null,
    button: 'Save changes',
    cancel: { href: url, text: 'Cancel' },
  }
}

const overtaken: FieldError = {
  field: 'reason',
  text: 'Someone else changed this repair while you were typing. Check it and save again',
}

function formParts(form: FormShown): Pick<RepairFormPage, 'fields'> {
  const field = formFields(form)
  return {
    fields: {
      reason: field.textarea('reason', labels.reason, { rows: 4, maxlength: 1_000 }),
      place: field.input('place', labels.place, { hint: 'The firm or the person who mends it, and where they are.' }),
      expectedBack: field.date('expected-back', labels.expectedBack),
      cost: field.input('cost', labels.cost, {
        hint: 'Leave this empty until you know. You can add it when it is back.',
        prefix: '£',
        width: 5,
        inputmode: 'decimal',
      }),
    },
  }
}

const labels = {
  reason: 'What is wrong with it?',
  place: 'Where does it go?',
  expectedBack: 'When is it expected back? (optional)',
  cost: 'What does it cost? (optional)',
}

const questions: Question[] = [
  { label: labels.reason, answer: (values) => values.reason ?? '' },
  { label: labels.place, answer: (values) => values.place ?? '' },
  { label: labels.expectedBack, answer: dateAnswer('expected-back') },
  { label: labels.cost, answer: (values) => values.cost ?? '' },
]

/** A saved repair, as it is typed. */
function repairValues(repair: RepairDetails): Typed {
  return {
    reason: repair.reason,
    place: repair.place,
    cost: repair.cost_pence === null ? '' : formatPounds(repair.cost_pence).replace('£', ''),
    ...dateFieldValues('expected-back', repair.expected_back_on),
  }
}
