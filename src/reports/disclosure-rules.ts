import { type Bounds, type Relation, workOut } from './bounds-rules.ts'

/** How an organisation hides small numbers, in every report it publishes. What one profile hides the other may show. */
export interface Profile {
  name: string
  words: string
  /** The small numbers. */
  hidden: Bounds
  /** Whether nobody at all is said as 0. */
  showsZero: boolean
}

export const profiles = {
  hes: {
    name: 'As Hospital Episode Statistics',
    words: '1 to 7 is shown as *, 0 as 0, and every other number to the nearest 5.',
    hidden: { low: 1, high: 7 },
    showsZero: true,
  },
  mhsds: {
    name: 'As the Mental Health Services Data Set',
    words: '0 to 4 is shown as *, and every other number to the nearest 5.',
    hidden: { low: 0, high: 4 },
    showsZero: false,
  },
} as const satisfies Record<string, Profile>

export type ProfileId = keyof typeof profiles

export function isProfileId(text: string): text is ProfileId {
  return Object.hasOwn(profiles, text)
}

/** A number that may be published: rounded, or `*`. */
export type Published = number | '*'

/** A number as it is counted. `of` is the total it is a part of: where that is hidden, so is every part. */
export interface Cell {
  id: string
  value: number
  of?: string
}

/** What comes out at the same time, with how it hangs together, also with what came out before. */
export interface Batch {
  cells: readonly Cell[]
  relations: readonly Relation[]
}

/** A percentage of fewer says little of the group and much of its people. */
export const SMALLEST_DENOMINATOR = 20

/** A shown number stays one of at least as many: parts that happen to be rounded the same way do not add up to the truth. */
const LEAST_LEFT_OPEN = 3
/** As many numbers as are rounded to one: a number hidden for another's sake stays one of at least as many. */
const AS_ROUNDED = 5

/**
 * What may be published of these numbers: rounded, small ones hidden, and as many others hidden as it takes for nobody to work
 * a small one out from what is shown. A batch is settled for good before the next comes out, so that what was published
 * stays as it was, and what comes later gives nothing of it away. `*` says that
 * a number is small, or hidden for the sake of one, and not which: that the hiding was done by these very rules is not
 * taken into account, as no rule of the kind does.
 */
export function protect(
  batches: readonly Batch[],
  profile: Profile,
  {
    isSecondary = true,
    published = new Map(),
  }: { isSecondary?: boolean; published?: ReadonlyMap<string, Published> } = {},
): Map<string, Published> {
  const cells = new Map<string, Cell>()
  const hidden = new Set<string>()
  const relations: Relation[] = []
  for (const batch of batches) {
    for (const cell of batch.cells) cells.set(cell.id, cell)
    relations.push(...batch.relations)
    for (const { id, value } of batch.cells) {
      const before = published.get(id)
      if (before === undefined ? isSmall(value, profile) : before === '*') hidden.add(id)
    }
    if (isSecondary) hideMore(batch, { cells, hidden, relations, profile, published })
  }
  return new Map([...cells.values()].map((cell) => [cell.id, hidden.has(cell.id) ? '*' : shownOf(cell, published)]))
}

interface Settled {
  cells: Map<string, Cell>
  hidden: Set<string>
  relations: Relation[]
  profile: Profile
  /** What came out before, and stays as it is, whatever was put right since. */
  published: ReadonlyMap<string, Published>
}

function hideMore(batch: Batch, settled: Settled): void {
  const { cells, hidden, relations } = settled
  for (;;) {
    hidePartsOfHidden(batch, settled)
    const known = new Map([...cells.values()].map((cell) => [cell.id, boundsOf(cell, settled)]))
    const { bounds, because } = workOut(known, relations)
    const given = [...cells.values()].filter((cell) => isGivenAway(cell, bounds.get(cell.id) as Bounds, settled))
    if (given.length === 0) return
    const toHide = new Set(given.map((cell) => nextToHide(batch, because.get(cell.id), settled)))
    const found = [...toHide].filter((id) => id !== undefined)
    if (found.length === 0) return
    for (const id of found) hidden.add(id)
  }
}

/** Who is in a group of a handful is told by any part of it, by a nought most of all. */
function hidePartsOfHidden({ cells: ofBatch }: Batch, { cells, hidden, profile, published }: Settled): void {
  for (const { id, of } of ofBatch) {
    if (published.has(id)) continue
    const total = of === undefined ? undefined : cells.get(of)
    if (total && hidden.has(total.id) && isSmall(total.value, profile)) hidden.add(id)
  }
}

/** The smallest number that takes part in giving something away, of those that are not out yet; a part before its total, and never a nought. */
function nextToHide(
  { cells }: Batch,
  relation: Relation | undefined,
  { hidden, published }: Settled,
): string | undefined {
  const shown = cells
    .filter(({ id, value }) => value > 0 && !hidden.has(id) && !published.has(id))
    .sort((a, b) => a.value - b.value)
  const within = shown.filter(({ id }) => relation?.plus.includes(id) || relation?.minus.includes(id))
  const isPart = (cell: Cell) => cell.of !== undefined
  return (within.find(isPart) ?? within[0] ?? shown[0])?.id
}

function isGivenAway(cell: Cell, { low, high }: Bounds, { hidden, profile, published }: Settled): boolean {
  const { value } = cell
  const band = profile.hidden
  const isHidden = hidden.has(cell.id)
  // where noughts are shown, that one is a nought may be known
  if (value === 0 && profile.showsZero) return false
  // two that are known to be no nought would tell, when their year comes out, that it is no 1
  if (isHidden && value <= band.high) return low > 0 || high < band.high
  if (isHidden) return high - low + 1 < AS_ROUNDED
  const before = shownBounds(shownOf(cell, published), profile)
  return high - low + 1 < Math.min(LEAST_LEFT_OPEN, before.high - before.low + 1)
}

/** What a published number says by itself. A star is any number: what is written under every table says no more. */
function boundsOf(cell: Cell, { hidden, profile, published }: Settled): Bounds {
  return hidden.has(cell.id) ? { low: 0, high: Infinity } : shownBounds(shownOf(cell, published), profile)
}

/** A number that is not hidden, as it came out before, or comes out now. */
function shownOf({ id, value }: Cell, published: ReadonlyMap<string, Published>): number {
  const before = published.get(id)
  return typeof before === 'number' ? before : rounded(value)
}

/** What a number that is shown says: it was rounded to this, and is none that is hidden. */
export function shownBounds(shown: number, { hidden, showsZero }: Profile): Bounds {
  if (shown === 0 && showsZero) return { low: 0, high: 0 }
  return { low: Math.max(shown - 2, hidden.high + 1), high: shown + 2 }
}

function isSmall(value: number, { hidden }: Profile): boolean {
  return value >= hidden.low && value <= hidden.high
}

function rounded(value: number): number {
  return Math.round(value / 5) * 5
}

/**
 * A share from two published numbers, in whole percent: none where either is hidden, the second is below the smallest
 * denominator, or the first is the larger.
 */
export function shareOf(part: Published, whole: Published): number | null {
  if (part === '*' || whole === '*' || whole < SMALLEST_DENOMINATOR || part > whole) return null
  return Math.round((100 * part) / whole)
}
