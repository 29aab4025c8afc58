export type DiaryView = 'day' | 'week' | 'team'

/**
 * Where a diary stands: of whom, by day, week or for the whole team, and which day is looked at. A team's week has 200 of them, and
 * a word, a number and a day need no encoding: put together as they are they take a fifth of the time.
 */
export function diaryUrl({ show, championId, on }: { show: DiaryView; championId?: number; on: string }): string {
  const champion = championId === undefined ? '' : `&champion=${championId}`
  return `/diary?show=${show}${champion}&on=${on}`
}

export function entryUrl(id: number, page = ''): string {
  return page === '' ? `/diary/entries/${id}` : `/diary/entries/${id}/${page}`
}

/** When a champion works. */
export function championUrl(id: number): string {
  return `/diary/hours/${id}`
}
