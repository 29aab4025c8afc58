import { listUrl } from '../lib/keyset.ts'

export type DiaryView = 'day' | 'week' | 'team'

/** Where a diary stands: of whom, by day, week or for the whole team, and which day is looked at. */
export function diaryUrl({ show, championId, on }: { show: DiaryView; championId?: number; on: string }): string {
  return listUrl('/diary', { show, ...(championId !== undefined && { champion: championId }), on })
}

export function entryUrl(id: number, page = ''): string {
  return page === '' ? `/diary/entries/${id}` : `/diary/entries/${id}/${page}`
}

/** When a champion works. */
export function championUrl(id: number): string {
  return `/diary/hours/${id}`
}
