import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { Page, TextareaField } from '../lib/view-model.ts'
import { safeContactUrl } from './presenter.ts'
import type { PrivateNote } from './private-queries.ts'

/** The same title for everybody: a browser keeps it. */
const TITLE = 'Private notes'

export type PrivatePage = Page & {
  caption: string
  notes: { id: number; lines: string[]; written: string; cleared: string[] | null; clear: ClearForm | null }[]
  add: string
}

type ClearForm = { action: string; note: TextareaField }

export interface PrivateShown extends FormShown {
  person: { id: number; name: string }
  notes: PrivateNote[]
  /** The note whose form was sent. */
  asked?: number
}

/** Why contact with somebody may not be safe, for the few who may know. */
export function presentPrivateNotes({ person, notes, asked, ...form }: PrivateShown): PrivatePage {
  const url = safeContactUrl(person.id)
  return {
    title: TITLE,
    caption: person.name,
    errors: form.errors?.map((error) => ({ ...error, field: `note-${asked}` })),
    back: { href: url, text: 'How we may contact them' },
    notes: notes.map((note) => ({
      id: note.id,
      lines: note.note.split('\n'),
      written: `Written by ${note.recorder} on ${formatInstant(note.recorded_at)}`,
      cleared:
        note.cleared_at === null
          ? null
          : [
              `${note.clearer} said on ${formatInstant(note.cleared_at)} that this holds no more:`,
              ...(note.cleared_note ?? '').split('\n'),
            ],
      clear:
        note.cleared_at === null
          ? { action: `${url}/private/${note.id}/cleared`, note: clearField(note.id, note.id === asked ? form : {}) }
          : null,
    })),
    add: `${url}/private/new`,
  }
}

function clearField(id: number, form: FormShown): TextareaField {
  const field = formFields(form).textarea('note', 'How do you know that this holds no more?', {
    hint: 'For example, they told you so on their own. Each number and address stays paused until it is confirmed',
    rows: 3,
  })
  return { ...field, id: `note-${id}` }
}

export type NewNotePage = Page & { caption: string; action: string; key: string; note: TextareaField; cancel: string }

/** To write down that contact may not be safe. It looks the same whether anything is written down or not. */
export function presentNewNote(person: { id: number; name: string }, key: string, form: FormShown = {}): NewNotePage {
  const url = safeContactUrl(person.id)
  return {
    title: 'Contact may not be safe',
    caption: person.name,
    errors: form.errors,
    back: { href: url, text: 'How we may contact them' },
    action: `${url}/private`,
    key,
    note: formFields(form).textarea('note', 'What is the risk, and how do you know?', {
      hint: 'For example, somebody at home reads their messages. They told you so on their own',
      rows: 6,
    }),
    cancel: url,
  }
}
