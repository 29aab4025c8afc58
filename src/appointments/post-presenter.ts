import { formatName } from '../guides/choice-rules.ts'
import type { Guide } from '../guides/queries.ts'
import { isLarge } from '../guides/rules.ts'
import { formatInstant } from '../lib/dates.ts'
import type { CheckboxesField, Link, Page, PageError } from '../lib/view-model.ts'
import { formatFor, guidesBehind, type LetterPage, type LetterShown, presentLetter } from './letter-presenter.ts'

export type ToPostPage = Page & {
  prints: Link[]
  form: { letters: CheckboxesField } | null
  empty: string | null
}

/** The letters that are printed in one size, since a sheet of paper has one. */
export const letterSizes = ['ordinary', 'large'] as const
export type LetterSize = (typeof letterSizes)[number]

const sizeOf = (shown: LetterShown): LetterSize => (isLarge(formatFor(shown.setting)) ? 'large' : 'ordinary')

const sizeWords: Readonly<Record<LetterSize, string>> = {
  ordinary: 'in ordinary print',
  large: 'in large print',
}

/** Letters that wait to be posted: printed together, put into plain envelopes, and ticked off. */
export function presentToPost(letters: LetterShown[], errors: PageError[] = []): ToPostPage {
  return {
    title: 'Letters to post',
    back: { href: '/appointments', text: 'Appointments' },
    errors,
    prints: [
      ...letterSizes.flatMap((size) => {
        const count = letters.filter((one) => sizeOf(one) === size).length
        const what = count === 1 ? '1 letter' : `${count} letters`
        return count === 0 ? [] : [{ href: `/letters/print?size=${size}`, text: `Print ${what} ${sizeWords[size]}` }]
      }),
      ...(letters.length > 0 ? [{ href: '/letters/addresses', text: 'Print the addresses' }] : []),
    ],
    form:
      letters.length === 0
        ? null
        : {
            letters: {
              id: 'letter',
              name: 'letter',
              label: 'Which letters are in the post?',
              labelSize: 'm',
              values: [],
              items: letters.map(({ appointment, setting }) => ({
                value: String(appointment.id),
                text: setting.name,
                hint: `${formatInstant(appointment.starts_at)}. ${formatName(formatFor(setting))}`,
              })),
              ...errorOf(errors),
            },
          },
    empty: letters.length === 0 ? 'No letter waits to be posted.' : null,
  }
}

function errorOf(errors: PageError[]): { error?: string } {
  const [first] = errors
  return first ? { error: first.text } : {}
}

export type BatchPage = Page & {
  letters: Pick<LetterPage, 'from' | 'to' | 'dear' | 'date' | 'title' | 'body' | 'behind'>[]
}

/** The letters of one size as they print, each with its guides behind it. */
export function presentBatch(letters: LetterShown[], size: LetterSize, guides: readonly Guide[]): BatchPage {
  const known = new Map(guides.map((guide) => [guide.id, guide]))
  return {
    title: 'Letters to post',
    back: { href: '/letters', text: 'Letters to post' },
    largePrint: size === 'large',
    letters: ofSize(letters, size).map((shown) => {
      const behind = guidesBehind(shown).flatMap(({ guide }) => known.get(guide.id) ?? [])
      return presentLetter(shown, behind, { format: '', seesAddress: true })
    }),
  }
}

export const ofSize = (letters: LetterShown[], size: LetterSize) => letters.filter((one) => sizeOf(one) === size)

export type AddressesPage = Page & { addresses: string[][] }

/** What is stuck on the envelopes: a name and an address, and no word of who sends it. */
export function presentAddresses(letters: LetterShown[]): AddressesPage {
  return {
    title: 'Addresses',
    back: { href: '/letters', text: 'Letters to post' },
    addresses: letters.map(({ setting }) => [setting.name, ...setting.address.split('\n')]),
  }
}
