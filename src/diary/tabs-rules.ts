import type { Link } from '../lib/view-model.ts'
import { type DiaryView, diaryUrl } from './links-rules.ts'

export type DiaryTab = Link & { current: boolean }

const names: Readonly<Record<DiaryView, string>> = { day: 'Day', week: 'Week', team: 'Team' }

/** A day or a week of one champion, or a week of everybody. */
export function diaryTabs({ show, championId, on }: { show: DiaryView; championId: number; on: string }): DiaryTab[] {
  return (Object.keys(names) as DiaryView[]).map((name) => ({
    href: diaryUrl({ show: name, ...(name !== 'team' && { championId }), on }),
    text: names[name],
    current: name === show,
  }))
}
