import type { LongCableRow } from '../cables/queries.ts'
import { cablesUrl } from '../cables/rules.ts'
import type { TroubleRow } from '../check-ins/queries.ts'
import { type Answer as CheckInAnswer, answers as checkInAnswers } from '../check-ins/rules.ts'
import type { ConcernRow } from '../concerns/queries.ts'
import { concernState, concernStates } from '../concerns/rules.ts'
import { formatShortDate, formatShortInstant, londonDate } from '../lib/dates.ts'
import { formatTimeLeft } from '../lib/time-left.ts'
import type { TableRow } from '../lib/view-model.ts'
import type { QuotationRow } from '../quotations/queries.ts'
import { quotationUrl } from '../quotations/rules.ts'
import type { WaitingReferralRow } from '../referrals/queries.ts'
import { asksInWords } from '../referrals/words-rules.ts'
import type { RestrictedPerson } from '../restrictions/queries.ts'
import { kindsInWords, restrictionsUrl, restrictionUrl } from '../restrictions/rules.ts'
import type { DueContactRow } from '../safe-contact/queries.ts'
import { notSentInWords } from '../safe-contact/task-rules.ts'
import type { UntoldGroupRow } from '../training/group-queries.ts'
import { groupUrl } from '../training/links-rules.ts'
import { topicsInWords } from '../training/rules.ts'

/** That somebody was worried, and about whom; never the words of it. */
export function concernRows(concerns: ConcernRow[], now: Date): TableRow[] {
  return concerns.map((concern) => ({
    cells: [
      { text: concern.service_user ?? `Service user ${concern.service_user_id}`, href: `/concerns/${concern.id}` },
      { text: `Raised by ${concern.staff_member}` },
      { text: formatTimeLeft(concern.due_at, now), tag: concernStates[concernState(concern, now)] },
      { text: 'Follow it up', href: `/concerns/${concern.id}`, visuallyHiddenText: `(concern ${concern.id})` },
    ],
  }))
}

/** Somebody's words, which are read before anybody outside does. */
export function quotationRows(quotations: QuotationRow[]): TableRow[] {
  return quotations.map((quotation) => ({
    cells: [
      { text: `Words ${quotation.id}`, href: quotationUrl(quotation) },
      { text: `Written down by ${quotation.writer}` },
      { text: formatShortInstant(quotation.written_at) },
      { text: 'Read them', href: quotationUrl(quotation), visuallyHiddenText: `(words ${quotation.id})` },
    ],
  }))
}

/** The nurse in charge signs for it, or it is kept safe: both begin at the ward's cables. */
export function cableRows(cables: LongCableRow[]): TableRow[] {
  return cables.map(({ service_user, ward, ward_code, tags }) => ({
    cells: [
      { text: service_user, href: cablesUrl({ code: ward_code }) },
      { text: `${tags.join(', ')} on ${ward}` },
      { text: 'Now' },
      {
        text: 'Keep it safe, or have it signed for',
        href: cablesUrl({ code: ward_code }),
        visuallyHiddenText: `for ${service_user}`,
      },
    ],
  }))
}

/** A group that is over and waits for its sheet. Nobody in it is named here. */
export function groupRows(groups: UntoldGroupRow[]): TableRow[] {
  return groups.map(({ id, starts_at, topics, untold }) => ({
    cells: [
      { text: untold === 1 ? '1 person' : `${untold} people`, href: groupUrl(id) },
      { text: topicsInWords(topics).join(', ') },
      { text: formatShortDate(londonDate(starts_at)) },
      { text: 'Write down who came', href: groupUrl(id), visuallyHiddenText: `to group ${id}` },
    ],
  }))
}

export function carePlanRows(restrictions: RestrictedPerson[]): TableRow[] {
  return restrictions.map((one) => ({
    cells: [
      { text: one.service_user, href: restrictionsUrl({ id: one.service_user_id }) },
      { text: `No ${kindsInWords(one.categories)}` },
      { text: formatShortDate(one.review_on) },
      { text: 'Look at it again', href: restrictionUrl(one), visuallyHiddenText: `for ${one.service_user}` },
    ],
  }))
}

/** Somebody who answered that something is wrong, and the page on which it is followed up. */
export function troubleRows(troubles: TroubleRow[]): TableRow[] {
  return troubles.map(({ service_user, answer, answered_at, loan_id }) => ({
    cells: [
      { text: service_user, href: `/loans/${loan_id}` },
      { text: checkInAnswers[answer as CheckInAnswer] },
      { text: formatShortDate(londonDate(answered_at)) },
      { text: 'Follow it up', href: `/loans/${loan_id}/check-ins`, visuallyHiddenText: `with ${service_user}` },
    ],
  }))
}

/** A message that safe contact held back: who, why, and the page that says what to do instead. */
export function contactRows(contacts: DueContactRow[]): TableRow[] {
  return contacts.map((task) => ({
    cells: [
      { text: task.service_user, href: `/service-users/${task.service_user_id}` },
      { text: notSentInWords(task) },
      { text: formatShortDate(londonDate(task.created_at)) },
      {
        text: 'See what to do instead',
        href: `/service-users/${task.service_user_id}/safe-contact`,
        visuallyHiddenText: `for ${task.service_user}`,
      },
    ],
  }))
}

/** Somebody who waits for what was asked for them, and the page from which it is lent. */
export function referralRows(referrals: WaitingReferralRow[], today: string): TableRow[] {
  return referrals.map(({ id, service_user, asks, referred_on: since, first_appointment_on: day }) => ({
    cells: [
      { text: service_user, href: `/referrals/${id}` },
      { text: asksInWords(asks) },
      day === null
        ? { text: `Asked ${formatShortDate(since)}` }
        : { text: formatShortDate(day), hint: day < today ? 'First appointment, gone by' : 'First appointment' },
      { text: 'Look at the referral', href: `/referrals/${id}`, visuallyHiddenText: `of ${service_user}` },
    ],
  }))
}
