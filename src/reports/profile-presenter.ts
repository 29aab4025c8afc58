import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { CheckboxesField, Page, RadiosField } from '../lib/view-model.ts'
import { isProfileId, profiles } from './disclosure-rules.ts'

export type ProfilePage = Page & { chosen: string | null; profile: RadiosField; sure: CheckboxesField }

/** How an organisation hides small numbers: to be chosen once, and to be read from then on. */
export function presentProfile(saved: string | null, { values = {}, errors }: FormShown = {}): ProfilePage {
  const field = formFields({ values, errors })
  return {
    title: 'How are small numbers hidden?',
    back: { href: '/admin/settings', text: 'Settings' },
    errors,
    chosen: saved !== null && isProfileId(saved) ? `${profiles[saved].name}: ${profiles[saved].words}` : null,
    profile: field.radios(
      'profile',
      'In what is published',
      Object.entries(profiles).map(([value, { name, words }]) => ({ value, text: name, hint: words })),
      { labelSize: 'm' },
    ),
    sure: {
      ...field.input('sure', 'It is for good'),
      labelSize: 'm',
      value: undefined,
      values: values.sure === 'yes' ? ['yes'] : [],
      items: [{ value: 'yes', text: 'I know that this cannot be changed later' }],
    } as CheckboxesField,
  }
}
