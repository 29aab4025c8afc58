import { itemUrl } from '../items/tag-rules.ts'
import { formatDate, londonDate } from '../lib/dates.ts'
import { dateFieldValues, type FormShown, formFields } from '../lib/form-fields.ts'
import type { DateField, InputField, Link, Page, RadiosField, SummaryRow, TextareaField } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import type { ItemOnHand } from '../repairs/queries.ts'
import type { Disposal } from './queries.ts'
import { canBringBack, disposalWays, isDisposalWay, isWipedWay, lastDayToBringBack, wipedWays } from './rules.ts'

export type RetirePage = Page & {
  caption: string
  action: string
  key: string
  lead: string
  fields: {
    how: RadiosField
    toWhom: InputField
    disposedOn: DateField
    wiped: RadiosField
    wipedBy: InputField
    certificate: InputField
    note: TextareaField
  }
  cancel: Link
}

export interface RetireShown extends FormShown {
  item: ItemOnHand
  key: string
  today: string
}

/** An item that is to leave the stock: where it goes, and what becomes of the data on it. */
export function presentRetire({ item, key, today, ...form }: RetireShown): RetirePage {
  const values = form.values ?? dateFieldValues('disposed-on', today)
  const back = { href: itemUrl(item.tag), text: item.tag }
  return {
    title: `Retire ${item.tag}`,
    caption: modelOf(item),
    back,
    errors: form.errors,
    action: `${itemUrl(item.tag)}/retire`,
    key,
    lead: leadOf(item),
    fields: fieldsOf({ ...form, values }),
    cancel: { ...back, text: 'Cancel' },
  }
}

function leadOf({ hold_kind, kit_id }: ItemOnHand): string {
  const also = [
    hold_kind === 'turnaround' ? 'It comes off the list of what is being made ready.' : '',
    hold_kind === 'repair' ? 'Its repair ends with that.' : '',
    kit_id === null ? '' : 'It leaves its kit.',
  ]
  return ['It leaves the stock and can no longer be lent.', ...also].filter((text) => text !== '').join(' ')
}

function fieldsOf(form: FormShown): RetirePage['fields'] {
  const field = formFields(form)
  const ways = Object.entries(disposalWays).map(([value, way]) => ({ value, ...way }))
  const wipes = Object.entries(wipedWays).map(([value, text]) => ({ value, text }))
  return {
    how: field.radios('how', 'What became of it?', ways),
    toWhom: field.input('to-whom', 'Who took it?', {
      hint: 'The firm, charity or supplier. Leave this empty if you destroyed it yourselves.',
    }),
    disposedOn: field.date('disposed-on', 'When did it leave?'),
    wiped: field.radios('wiped', 'How was its data wiped?', wipes),
    wipedBy: field.input('wiped-by', 'Who wiped it?', { hint: 'Leave this empty if it cannot hold any data.' }),
    certificate: field.input('certificate', 'Certificate or reference (optional)', {
      hint: 'Of the wipe, or of the firm that took it.',
      width: 20,
    }),
    note: field.textarea('note', 'Note (optional)', { rows: 3, maxlength: 1_000 }),
  }
}

export type DisposalPage = Page & {
  caption: string
  about: SummaryRow[]
  bringBack: { action: string; disposalId: number; text: string } | null
  tooLate: string
}

/** The record of an item that was retired, and the way back while there is time. */
export function presentDisposal(item: ItemOnHand, disposal: Disposal, today: string): DisposalPage {
  const retiredOn = londonDate(disposal.retired_at)
  const lastDay = formatDate(lastDayToBringBack(retiredOn))
  const isInTime = canBringBack(retiredOn, today)
  return {
    title: `How ${item.tag} left`,
    caption: modelOf(item),
    back: { href: itemUrl(item.tag), text: item.tag },
    about: recordRows(disposal),
    bringBack: isInTime
      ? {
          action: `${itemUrl(item.tag)}/bring-back`,
          disposalId: disposal.id,
          text: `If this was a mistake, you can bring it back until ${lastDay}. It is then made ready again.`,
        }
      : null,
    tooLate: isInTime ? '' : `It could be brought back until ${lastDay}.`,
  }
}

function recordRows(disposal: Disposal): SummaryRow[] {
  const { how, wiped_how, retired_at, retired_by } = disposal
  const rows: (SummaryRow | null)[] = [
    { key: 'What became of it', value: isDisposalWay(how) ? disposalWays[how].text : how },
    row('Who took it', disposal.to_whom),
    { key: 'Left on', value: formatDate(disposal.disposed_on) },
    { key: 'How its data was wiped', value: isWipedWay(wiped_how) ? wipedWays[wiped_how] : wiped_how },
    row('Who wiped it', disposal.wiped_by),
    row('Certificate or reference', disposal.certificate),
    disposal.note === '' ? null : { key: 'Note', lines: disposal.note.split('\n') },
    { key: 'Written down', value: `${formatDate(londonDate(retired_at))}, by ${retired_by}` },
  ]
  return rows.filter((entry) => entry !== null)
}

function row(key: string, value: string): SummaryRow | null {
  return value === '' ? null : { key, value }
}
