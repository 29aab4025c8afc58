/** What somebody has, or is to have, when they leave a ward. */
export interface Thing {
  /** In their hands by a booking, to come by one, charging in a locker, or on loan. */
  kind: 'out' | 'coming' | 'locker' | 'loan'
  /** The booking, the deposit or the loan. */
  id: number
  /** The ward whose it is; null: community kit, which goes with them. */
  ward_id: number | null
  ward: string | null
  tag: string
  maker: string
  model: string
  /** When it begins, is ready, or is reviewed. */
  at: string
  /** Whether whoever looks may open the booking, the deposit or the loan itself. */
  may_open: boolean
}

/** Somebody who is on a ward, or has left it with something of it. */
export interface Leaver {
  id: number
  name: string
  known_as: string
  state: string
  /** The ward they are on now. */
  now_on: string | null
  is_here: boolean
  things: Thing[]
}

/** What has to be given back before they go, or asked for when they have gone. Community kit is theirs to take along. */
export function isToGiveBack({ kind, ward_id }: Thing): boolean {
  return kind === 'out' || kind === 'locker' || (kind === 'loan' && ward_id !== null)
}

/** Those who have gone and left something open come first: the longer it waits, the harder it is to find. */
export function hasLeftSomething({ is_here, things }: Leaver): boolean {
  return !is_here && things.length > 0
}

/** "TAB-1, TAB-2 and 3 bookings to come". */
export function thingsInWords(things: Thing[]): string {
  const had = things
    .filter(({ kind }) => kind !== 'coming')
    .map(({ tag, kind }) => (kind === 'locker' ? `locker ${tag}` : tag))
  const coming = new Set(things.filter(({ kind }) => kind === 'coming').map(({ id }) => id)).size
  const bookings = coming === 0 ? [] : [coming === 1 ? '1 booking to come' : `${coming} bookings to come`]
  const all = [...had, ...bookings]
  return all.length < 2 ? (all[0] ?? 'Nothing') : `${all.slice(0, -1).join(', ')} and ${all.at(-1)}`
}

export function leavingUrl({ code }: { code: string }, person?: { id: number }): string {
  return person ? `/wards/${code}/leaving/${person.id}` : `/wards/${code}/leaving`
}
