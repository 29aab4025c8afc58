import { categoryInSentence } from '../items/rules.ts'
import { listUrl } from '../lib/keyset.ts'
import type { Link } from '../lib/view-model.ts'
import type { SuitableKit } from '../referrals/queries.ts'
import { type Ask, categoriesWanted } from '../referrals/rules.ts'
import { asksInWords } from '../referrals/words-rules.ts'

/** The referral that a loan is made for: what is still asked for, and the kits that would meet it. */
export interface ReferralToMeet {
  id: number
  open: Ask[]
  kits: SuitableKit[]
}

export interface ReferralShown {
  id: number
  link: Link
  asked: string | null
  /** Offered until something is chosen; null then. */
  kits: { choices: (Link & { what: string })[]; none: string | null } | null
}

export function presentReferralToMeet(
  referral: ReferralToMeet | null,
  personId: number,
  isChoosing: boolean,
): ReferralShown | null {
  if (referral === null) return null
  const { id, open, kits } = referral
  const choices = kits.map((kit) => ({
    href: listUrl('/loans/new', { 'service-user': personId, referral: id, kit: kit.id }),
    text: `Use ${kit.tag}`,
    what: `${kit.name}: ${kit.categories.map(categoryInSentence).join(', ')}`,
  }))
  const isLendable = categoriesWanted(open).length > 0
  return {
    id,
    link: { href: `/referrals/${id}`, text: `referral ${id}` },
    asked: open.length === 0 ? null : asksInWords(open),
    kits:
      isChoosing || !isLendable
        ? null
        : { choices, none: choices.length > 0 ? null : 'No kit that suits is ready. Scan single items instead.' },
  }
}
