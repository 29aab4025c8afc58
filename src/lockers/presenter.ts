import type { WardRow } from '../bookings/timetable-queries.ts'
import { itemUrl } from '../items/tag-rules.ts'
import { formatInstant } from '../lib/dates.ts'
import { type FormShown, formFields } from '../lib/form-fields.ts'
import { listUrl } from '../lib/keyset.ts'
import type {
  DataTable,
  InputField,
  Link,
  Page,
  SelectField,
  StateTag,
  SummaryRow,
  TableRow,
} from '../lib/view-model.ts'
import { connectorName } from '../models/rules.ts'
import type { BayRow, DepositRow, Witness } from './queries.ts'
import {
  depositState,
  depositStates,
  depositUrl,
  isFreeBay,
  isKeyHolder,
  keyHolders,
  lockersUrl,
  ownerInWords,
  timeFrom,
  UNCOLLECTED_HOURS,
} from './rules.ts'

export type LockersPage = Page & {
  caption: string
  /** What should have been collected long ago: looked at first. */
  uncollected: string | null
  table: DataTable
  empty: string | null
}

/** A ward's locker bays: what is in each, and the one thing to do with it. */
export function presentLockers({ ward, bays, now }: { ward: WardRow; bays: BayRow[]; now: Date }): LockersPage {
  const late = bays.filter((bay) => stateOf(bay, now) === 'not-collected').map(({ tag }) => tag)
  return {
    title: `${ward.name} charging lockers`,
    caption: ward.site,
    back: { href: `/wards/${ward.code}/timetable`, text: 'Timetable' },
    uncollected:
      late.length === 0
        ? null
        : `Not collected ${UNCOLLECTED_HOURS} hours after it was ready: ${late.join(', ')}. Find out where the person is.`,
    table: {
      caption: 'Bays',
      captionHidden: true,
      columns: [{ text: 'Bay' }, { text: 'State' }, { text: 'Whose' }, { text: 'What to do' }],
      rows: bays.map((bay) => bayRow(bay, ward, now)),
    },
    empty: bays.length === 0 ? 'No locker bay is kept on this ward.' : null,
  }
}

function stateOf({ deposit_id, ready_at }: BayRow, now: Date) {
  return deposit_id === null || ready_at === null
    ? null
    : depositState({ ready_at, ended_at: null, ended_as: null }, now)
}

function bayRow(bay: BayRow, ward: WardRow, now: Date): TableRow {
  const state = stateOf(bay, now)
  const about = { text: bay.tag, hint: connectorName(bay.connector) || 'No connector', href: itemUrl(bay.tag) }
  if (state === null || bay.deposit_id === null) {
    const isFree = isFreeBay(bay)
    const tag: StateTag = isFree ? { text: 'Free', colour: 'green' } : { text: 'Out of service', colour: 'grey' }
    const todo = isFree
      ? { text: 'Put a device in', href: newDepositUrl(ward, bay), visuallyHiddenText: `(${bay.tag})` }
      : { text: '' }
    return { cells: [about, { tag }, { text: '' }, todo] }
  }
  const time = timeFrom(now, bay.ready_at ?? '')
  const whose = {
    text: ownerInWords(bay),
    ...(bay.description && { hint: bay.description }),
  }
  return {
    cells: [
      about,
      { tag: depositStates[state], hint: state === 'charging' ? `until ${time}` : `since ${time}` },
      whose,
      { text: 'Collect or open', href: depositUrl({ id: bay.deposit_id }), visuallyHiddenText: `(${bay.tag})` },
    ],
  }
}

export function newDepositUrl({ code }: { code: string }, { id }: { id: number }): string {
  return listUrl(`${lockersUrl(code)}/deposit`, { bay: id })
}

export interface DepositShown extends FormShown {
  deposit: DepositRow
  witnesses: Witness[]
  now: Date
}

export type DepositPage = Page & {
  caption: string
  state: StateTag
  summary: SummaryRow[]
  slip: string
  /** What can be done with the bay once this is over. */
  next: Link | null
  out: {
    collect: string
    handOver: { action: string; to: InputField; by: InputField; isOpen: boolean }
    opening: { action: string; witness: SelectField; because: InputField; isOpen: boolean }
  } | null
}

/** What is in a bay, and how it comes out again. */
export function presentDeposit({ deposit, witnesses, now, values = {}, errors = [] }: DepositShown): DepositPage {
  const url = depositUrl(deposit)
  const field = formFields({ values, errors })
  const isTyped = (...names: string[]) =>
    names.some((name) => (values[name] ?? '') !== '' || errors.some((error) => error.field === name))
  return {
    title: deposit.tag,
    caption: `${deposit.ward}: charging lockers`,
    back: { href: lockersUrl(deposit.ward_code), text: 'Charging lockers' },
    errors,
    state: depositStates[depositState(deposit, now)],
    summary: summaryRows(deposit),
    slip: `${url}/slip`,
    next: nextLink(deposit),
    out:
      deposit.ended_at !== null
        ? null
        : {
            collect: `${url}/collection`,
            handOver: {
              action: `${url}/hand-over`,
              to: field.input('handed-to', 'Who collects it?', { hint: 'Their name', autocomplete: 'off' }),
              by: field.input('allowed-by', 'Who allowed it?', {
                hint: 'The owner, or the nurse in charge by name',
                autocomplete: 'off',
              }),
              isOpen: isTyped('handed-to', 'allowed-by'),
            },
            opening: {
              action: `${url}/opening`,
              witness: field.select('witness', 'Who else of the staff of this ward is there?', [
                { value: '', text: 'Choose a member of staff' },
                ...witnesses.map(({ id, name }) => ({ value: id, text: name })),
              ]),
              because: field.input('because', 'Why is it opened?', { autocomplete: 'off' }),
              isOpen: isTyped('witness', 'because'),
            },
          },
  }
}

/** Whoever comes for what is out already goes on from here: to what is in the bay now, or to the free bay. */
function nextLink({ ended_at, next_deposit_id, is_bay_free, bay_id, tag, ward_code }: DepositRow): Link | null {
  if (ended_at === null) return null
  if (next_deposit_id !== null) return { href: depositUrl({ id: next_deposit_id }), text: `See what is in ${tag} now` }
  if (is_bay_free) return { href: newDepositUrl({ code: ward_code }, { id: bay_id }), text: `Put a device into ${tag}` }
  return { href: lockersUrl(ward_code), text: 'See all charging lockers' }
}

function summaryRows(deposit: DepositRow): SummaryRow[] {
  return [
    { key: 'Whose', value: ownerInWords(deposit) },
    ...(deposit.description ? [{ key: 'Device', value: deposit.description }] : []),
    { key: 'Connector', value: connectorName(deposit.connector) },
    {
      key: 'Key or code',
      value: isKeyHolder(deposit.key_with) ? keyHolders[deposit.key_with] : '',
    },
    { key: 'Ready', value: formatInstant(deposit.ready_at) },
    { key: 'Put in', lines: [formatInstant(deposit.deposited_at), `by ${deposit.depositor}`] },
    ...endingRows(deposit),
  ]
}

function endingRows(deposit: DepositRow): SummaryRow[] {
  if (deposit.ended_at === null) return []
  const by = deposit.witness ? `by ${deposit.ender} and ${deposit.witness}` : `by ${deposit.ender}`
  return [
    { key: 'Taken out', lines: [formatInstant(deposit.ended_at), by] },
    ...(deposit.handed_to ? [{ key: 'Given to', value: deposit.handed_to }] : []),
    ...(deposit.allowed_by ? [{ key: 'Allowed by', value: deposit.allowed_by }] : []),
    ...(deposit.opened_because ? [{ key: 'Why it was opened', value: deposit.opened_because }] : []),
  ]
}
