import { listUrl } from './keyset.ts'
import type { Downloads } from './view-model.ts'

/**
 * Where a list is downloaded with the filters it is shown with: /items/export?format=csv. Not /items/export.csv, which an
 * item may have for a tag: no tag is `export`.
 */
export function downloadsOf(path: string, filters: Record<string, string | number | undefined> = {}): Downloads {
  const url = (format: string) => listUrl(`${path}/export`, { ...filters, format })
  return { csv: url('csv'), xlsx: url('xlsx') }
}
