/** Which page of a list: what comes after a row, or before it, or the first. A cursor is the row's own sort key. */
export interface PageAsked {
  after?: string
  before?: string
  size: number
}

export interface PageOf<Row> {
  rows: Row[]
  /** Cursor for the page before this one, when there is one. */
  previous?: string
  next?: string
}

/** One more row than the page holds, which tells whether there is another page. */
export function rowsToRead(asked: PageAsked): number {
  return asked.size + 1
}

/**
 * Makes the page from the rows read: in list order after a cursor, in reverse order before one. An offset is never used:
 * it reads every row it skips, and skips or repeats rows when the list changes meanwhile.
 */
export function pageOf<Row>(read: Row[], asked: PageAsked, cursorOf: (row: Row) => string): PageOf<Row> {
  const isBackwards = asked.before !== undefined
  const hasMore = read.length > asked.size
  const rows = read.slice(0, asked.size)
  if (isBackwards) rows.reverse()
  const first = rows[0]
  const last = rows.at(-1)
  const hasPrevious = isBackwards ? hasMore : asked.after !== undefined
  const hasNext = isBackwards || hasMore
  return {
    rows,
    ...(hasPrevious && first !== undefined && { previous: cursorOf(first) }),
    ...(hasNext && last !== undefined && { next: cursorOf(last) }),
  }
}

/** A row's place in a list that is ordered by a day or a moment, and then by id. */
export interface Place {
  at: string
  id: number
}

/** The cursor for such a row. `at` is the date or instant as PostgreSQL writes it, alone or in JSON. */
export function placeCursor(at: string, id: number): string {
  return `${at} ${id}`
}

/** The place that the cursor of a page names. What is no such cursor counts as none, and the list begins at its first page. */
export function placeAsked({ after, before }: PageAsked): Place | undefined {
  const [, time = '', id] = /^([0-9]{4}-[0-9T: .+-]{5,28}) ([1-9]\d{0,14})$/.exec(before ?? after ?? '') ?? []
  const at = new Date(Date.parse(time))
  return id === undefined || Number.isNaN(at.getTime()) ? undefined : { at: at.toISOString(), id: Number(id) }
}

/** The address of a list with some of its parameters, the empty ones left out. */
export function listUrl(path: string, parameters: Record<string, string | number | undefined>): string {
  const set = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  const query = new URLSearchParams(set.map(([name, value]): [string, string] => [name, String(value)])).toString()
  return query === '' ? path : `${path}?${query}`
}
