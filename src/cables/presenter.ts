import type { WardRow } from '../bookings/timetable-queries.ts'
import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, InputField, Page, PasswordField, RadiosField, SelectField } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import type { CablesOfWard } from './queries.ts'
import { cablesUrl, permitLengths } from './rules.ts'

export type CablesPage = Page & {
  caption: string
  lead: string
  permits: DataTable | null
  here: DataTable | null
  form: {
    action: string
    key: string
    item: SelectField
    because: InputField
    length: RadiosField
    signer: SelectField
    pin: PasswordField
  } | null
  noSigner: string | null
}

export interface CablesShown extends FormShown, CablesOfWard {
  ward: WardRow
  key: string
  now: Date
}

/** What a ward permits, what there is that is longer, and the form that the nurse in charge signs. */
export function presentCables(shown: CablesShown): CablesPage {
  const { ward, longest, items, permits, signers, key, values = {}, errors = [] } = shown
  const field = formFields({ values, errors })
  const here = items.filter(({ is_here }) => is_here)
  const limit = longest[0]?.longest_cable_cm ?? null
  return {
    title: 'Cables',
    caption: ward.name,
    back: { href: `/wards/${ward.code}`, text: ward.name },
    errors,
    lead:
      limit === null
        ? 'Cables of any length may be used here.'
        : `The longest cable that may be used here is ${limit} cm. A longer one cannot be lent, booked or handed out, unless the nurse in charge signs for it.`,
    permits: permitsTable(permits),
    here:
      here.length === 0
        ? null
        : {
            caption: 'On this ward, and longer',
            columns: [{ text: 'Item' }, { text: 'Cable' }],
            rows: here.map((item) => ({
              cells: [{ text: item.tag, hint: modelOf(item) }, { text: `${item.cable_length_cm} cm` }],
            })),
          },
    form:
      items.length === 0 || signers.length === 0
        ? null
        : {
            action: cablesUrl(ward),
            key,
            item: field.select('item', 'Which item?', [
              { value: '', text: 'Choose an item' },
              ...items.map(({ id, tag, cable_length_cm }) => ({ value: id, text: `${tag}, ${cable_length_cm} cm` })),
            ]),
            because: field.input('because', 'Why may it be used here?', {
              hint: 'For example, used with staff beside them. Write no name',
              autocomplete: 'off',
            }),
            length: field.radios(
              'length',
              'For how long?',
              permitLengths.map(({ value, text }) => ({ value, text })),
            ),
            signer: field.select('signer', 'Who is in charge and signs?', [
              { value: '', text: 'Choose a member of staff' },
              ...signers.map(({ id, name }) => ({ value: id, text: name })),
            ]),
            pin: {
              id: 'pin',
              name: 'pin',
              label: 'Their PIN',
              hint: 'They type it themselves',
              inputmode: 'numeric',
              autocomplete: 'off',
              ...errorOf(errors),
            },
          },
    noSigner:
      items.length > 0 && signers.length === 0
        ? 'Nobody of this ward has a PIN yet. Whoever is to sign chooses one on the page of their account.'
        : null,
  }
}

function errorOf(errors: CablesPage['errors'] = []): { error?: string } {
  const found = errors.find(({ field }) => field === 'pin')
  return found ? { error: found.text } : {}
}

function permitsTable(permits: CablesOfWard['permits']): DataTable | null {
  if (permits.length === 0) return null
  return {
    caption: 'Signed for',
    columns: [{ text: 'Item' }, { text: 'Why' }, { text: 'Signed by' }, { text: 'Until' }],
    rows: permits.map((permit) => ({
      cells: [
        { text: permit.tag },
        { text: permit.because },
        { text: permit.signer, ...(permit.asker !== permit.signer && { hint: `at the screen of ${permit.asker}` }) },
        { text: formatInstant(permit.until) },
      ],
    })),
  }
}
