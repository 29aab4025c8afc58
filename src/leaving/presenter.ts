import type { WardRow } from '../bookings/timetable-queries.ts'
import { formatInstant, formatShortDate, londonDate } from '../lib/dates.ts'
import type { DataTable, Link, Page, TableCell, TableRow } from '../lib/view-model.ts'
import { modelOf } from '../models/rules.ts'
import { stateText } from '../service-users/words-rules.ts'
import { hasLeftSomething, isToGiveBack, type Leaver, leavingUrl, type Thing, thingsInWords } from './rules.ts'

export type LeavingPage = Page & {
  caption: string
  left: DataTable | null
  here: DataTable | null
  empty: string | null
}

/** Who has left with something open, and who is here, with what each has. */
export function presentLeaving(ward: WardRow, leavers: Leaver[]): LeavingPage {
  const left = leavers.filter(hasLeftSomething)
  const here = leavers.filter(({ is_here }) => is_here)
  return {
    title: 'Leaving the ward',
    caption: ward.name,
    back: { href: `/wards/${ward.code}`, text: ward.name },
    left: left.length === 0 ? null : leaversTable('Have left, and something is open', ward, left),
    here: here.length === 0 ? null : leaversTable('On this ward', ward, here),
    empty:
      left.length + here.length > 0 ? null : 'Nobody who is on this ward by their record has anything to give back.',
  }
}

function leaversTable(caption: string, ward: Pick<WardRow, 'code'>, leavers: Leaver[]): DataTable {
  return {
    caption,
    columns: [{ text: 'Name' }, { text: 'What they have' }],
    rows: leavers.map((leaver) => ({
      cells: [
        { text: leaver.name, href: leavingUrl(ward, leaver), hint: leaver.is_here ? '' : whereInWords(leaver) },
        { text: thingsInWords(leaver.things) },
      ],
    })),
  }
}

function whereInWords({ state, now_on }: Leaver): string {
  return now_on === null ? stateText(state) : `Now on ${now_on}`
}

export type LeaverPage = Page & {
  caption: string
  knownAs: string | null
  where: string | null
  /** What has to come back, what goes with them, and what was booked for later. */
  toGiveBack: DataTable | null
  along: DataTable | null
  coming: DataTable | null
  cancellation: { action: string; text: string } | null
  /** What is booked on a ward that is not one's own is for its staff to cancel. */
  others: string | null
  empty: string | null
}

/** What somebody has who leaves a ward, at once, and the way to each thing. */
export function presentLeaver(ward: WardRow, leaver: Leaver): LeaverPage {
  const { things } = leaver
  const coming = things.filter(({ kind }) => kind === 'coming')
  const ours = new Set(coming.filter(({ ward_id }) => ward_id === ward.id).map(({ id }) => id)).size
  const elsewhere = [...new Set(coming.filter(({ ward_id }) => ward_id !== ward.id).map((thing) => thing.ward))]
  return {
    title: leaver.name,
    caption: `Leaving ${ward.name}`,
    back: { href: leavingUrl(ward), text: 'Leaving the ward' },
    knownAs: leaver.known_as === '' ? null : `Likes to be called ${leaver.known_as}`,
    where: leaver.is_here ? null : `They have left. Their record says: ${lowerFirst(whereInWords(leaver))}.`,
    toGiveBack: table('To give back', things.filter(isToGiveBack)),
    along: table(
      'Goes with them',
      things.filter(({ kind, ward_id }) => kind === 'loan' && ward_id === null),
    ),
    coming: table('Booked for later', coming),
    cancellation:
      ours === 0
        ? null
        : {
            action: `${leavingUrl(ward, leaver)}/bookings`,
            text: ours === 1 ? 'Cancel the booking' : `Cancel all ${ours} bookings`,
          },
    others: elsewhere.length === 0 ? null : `What is booked on ${elsewhere.join(' and ')} is cancelled there.`,
    empty: things.length > 0 ? null : 'They have nothing of the ward, nothing in a locker and nothing on loan.',
  }
}

const lowerFirst = (text: string) => (text.startsWith('Now') ? `n${text.slice(1)}` : text.toLowerCase())

function table(caption: string, things: Thing[]): DataTable | null {
  if (things.length === 0) return null
  return {
    caption,
    columns: [{ text: 'Item' }, { text: 'Whose it is' }, { text: 'When' }, { text: 'What to do' }],
    rows: things.map(thingRow),
  }
}

function thingRow(thing: Thing): TableRow {
  return {
    cells: [
      { text: thing.tag, hint: thing.kind === 'locker' ? 'Their own device, in this locker' : modelOf(thing) },
      { text: thing.ward ?? 'Community kit' },
      { text: whenInWords(thing) },
      todo(thing),
    ],
  }
}

function whenInWords({ kind, at }: Thing): string {
  if (kind === 'coming') return formatInstant(at)
  if (kind === 'locker') return `Ready ${formatInstant(at)}`
  return `Since ${kind === 'loan' ? formatShortDate(londonDate(at)) : formatInstant(at)}`
}

function todo({ kind, id, tag, ward, may_open }: Thing): TableCell {
  const link = (text: string, href: string): Link => ({ text, href, visuallyHiddenText: `(${tag})` })
  if (!may_open) {
    return { text: kind === 'loan' ? 'Tell a digital champion where they go' : `Ask ${ward ?? 'a digital champion'}` }
  }
  if (kind === 'locker') return link('Collect or open', `/lockers/${id}`)
  if (kind === 'loan') return link('See the loan', `/loans/${id}`)
  return kind === 'out' ? link('Take it back', `/bookings/${id}`) : link('See the booking', `/bookings/${id}`)
}
