import type { WardRow } from '../bookings/timetable-queries.ts'
import { formatShortDate } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import type { DataTable, DateField, InputField, Page, RadiosField } from '../lib/view-model.ts'
import type { NoteRow } from './queries.ts'
import { connectivityUrl, isWhat, whats } from './rules.ts'

export type ConnectivityPage = Page & {
  caption: string
  action: string
  key: string
  fields: { what: RadiosField; place: InputField; megabits: InputField; happened: DateField }
  table: DataTable | null
}

/** How the connection was on a ward and at its site, and the form to say how it is. */
export function presentConnectivity({
  ward,
  notes,
  key,
  ...form
}: FormShown & { ward: WardRow; notes: NoteRow[]; key: string }): ConnectivityPage {
  const field = formFields(form)
  return {
    title: 'Connection',
    caption: ward.name,
    back: { href: `/wards/${ward.code}`, text: ward.name },
    errors: form.errors ?? [],
    action: connectivityUrl(ward),
    key,
    fields: {
      what: field.radios(
        'what',
        'What happened?',
        Object.entries(whats).map(([value, text]) => ({ value, text })),
      ),
      place: field.input('place', 'Where on the ward? (optional)', {
        hint: 'For example, family room',
        autocomplete: 'off',
      }),
      megabits: field.input('megabits', 'Speed, if somebody measured it (optional)', {
        suffix: 'Mbit/s',
        width: 5,
        inputmode: 'decimal',
        autocomplete: 'off',
      }),
      happened: field.date('happened', 'Which day? (optional)', { hint: 'Leave this empty for today' }),
    },
    table: notes.length === 0 ? null : notesTable(ward, notes),
  }
}

function notesTable(ward: WardRow, notes: NoteRow[]): DataTable {
  return {
    caption: `Lately at ${ward.site}`,
    columns: [{ text: 'Day' }, { text: 'Where' }, { text: 'What happened' }, { text: 'Noted by' }],
    rows: notes.map(({ happened_on, ward: where, place, what, megabits, noter }) => ({
      cells: [
        { text: formatShortDate(happened_on) },
        { text: where, hint: place },
        { text: isWhat(what) ? whats[what] : what, ...(megabits !== null && { hint: `${megabits} Mbit/s` }) },
        { text: noter },
      ],
    })),
  }
}
