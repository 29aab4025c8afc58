import { formatInstant } from '../lib/dates.ts'
import type { Page } from '../lib/view-model.ts'
import type { DepositRow } from './queries.ts'
import { depositUrl } from './rules.ts'

export type SlipPage = Page & {
  heading: string
  when: string
  lines: string[]
}

/**
 * The slip that somebody carries meanwhile. Whoever finds it learns that a device charges, and no more: neither a name nor a
 * ward, whose name tells what it is for.
 */
export function presentSlip(deposit: DepositRow): SlipPage {
  const isWithOwner = deposit.key_with === 'owner'
  return {
    title: `Slip for ${deposit.tag}`,
    back: { href: depositUrl(deposit), text: deposit.tag },
    heading: 'Your device is charging',
    when: `Back at: ${formatInstant(deposit.ready_at)}`,
    lines: [
      `Locker: ${deposit.tag}`,
      `Slip number: ${deposit.id}`,
      isWithOwner ? 'You have the key or the code. Please bring it.' : 'Ask a member of staff to open the locker.',
      'You can have it back earlier. Just ask.',
    ],
  }
}
