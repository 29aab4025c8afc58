import { formatShortInstant } from '../lib/dates.ts'
import type { DataTable, Page } from '../lib/view-model.ts'
import type { GroupRow } from './group-queries.ts'
import { groupState, groupTags, placesInWords } from './group-rules.ts'
import { groupUrl, trainingUrl } from './links-rules.ts'
import type { TrainingLists, TrainingRow } from './queries.ts'
import { sureInWords, topicsInWords, trainingState, trainingTags } from './rules.ts'

export type TrainingListPage = Page & { tables: DataTable[]; empty: { text: string; hint: string } | null }

/** Sessions that wait for how they went, those to come and those of groups, and the newest that are over. */
export function presentTrainingList({ toCome, waiting, over, groups }: TrainingLists, now: Date): TrainingListPage {
  const ofOne = (rows: TrainingRow[], caption: string) => (rows.length === 0 ? [] : [sessionsTable(rows, now, caption)])
  const tables = [
    ...ofOne(waiting, 'How did it go?'),
    ...(groups.length === 0 ? [] : [groupsTable(groups, now)]),
    ...ofOne(toCome, 'To come'),
    ...ofOne(over, 'Over'),
  ]
  const hint = 'One is planned from the record of a person, or from the page of their appointment.'
  return {
    title: 'Training',
    tables,
    empty: tables.length > 0 ? null : { text: 'No training session is planned.', hint },
  }
}

/** Who is in a group is not told here. */
function groupsTable(rows: GroupRow[], now: Date): DataTable {
  return {
    caption: 'Groups',
    columns: [{ text: 'When' }, { text: 'Where' }, { text: 'About' }, { text: 'Places' }, { text: 'State' }],
    rows: rows.map((row) => ({
      cells: [
        { text: formatShortInstant(row.starts_at), href: groupUrl(row.id), hint: row.champion },
        { text: row.way === 'video' ? 'A video call' : row.place },
        { text: topicsInWords(row.topics).join(', ') },
        { text: placesInWords(row) },
        { tag: groupTags[groupState(row, now)] },
      ],
    })),
  }
}

export function sessionsTable(rows: TrainingRow[], now: Date, caption: string): DataTable {
  return {
    caption,
    columns: [{ text: 'When' }, { text: 'With' }, { text: 'About' }, { text: 'How sure they felt' }, { text: 'State' }],
    rows: rows.map((row) => ({
      cells: [
        {
          ...{ text: formatShortInstant(row.starts_at), href: trainingUrl(row.id) },
          hint: row.is_in_group ? `${row.champion}, in a group` : row.champion,
        },
        {
          ...{ text: row.service_user, href: `/service-users/${row.service_user_id}` },
          ...(row.supporter !== null && { hint: `For ${row.supporter}, who supports them` }),
        },
        { text: topicsInWords(row.topics).join(', ') },
        {
          text:
            row.came === true ? `${sureInWords(row.confidence_before)}, then ${sureInWords(row.confidence_after)}` : '',
        },
        { tag: trainingTags[trainingState(row, now)] },
      ],
    })),
  }
}
