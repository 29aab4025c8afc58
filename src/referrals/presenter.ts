import { formatDate, formatLongDate, formatShortDate, londonDate } from '../lib/dates.ts'
import { listUrl } from '../lib/keyset.ts'
import { formatNhsNumber } from '../lib/nhs-number.ts'
import type { Link, Page, StateTag, SummaryRow } from '../lib/view-model.ts'
import type { AskRow, ReferralDetail } from './queries.ts'
import { asks, canMove, type Ending, endingReasons, referralState, referralStates, saidFromWords } from './rules.ts'
import { barrierLines, saidLines, whoAsked } from './words-rules.ts'

export type ReferralPage = Page & {
  name: string
  state: StateTag
  /** Why it ended without being met, and what is open all the same. */
  ended: string[]
  lend: Link | null
  links: Link[]
  reopen: string | null
  about: SummaryRow[]
  asks: { text: string; tag: StateTag; form: { action: string; met: string; button: string } | null }[]
  loans: (Link & { when: string })[]
  twins: (Link & { who: string })[]
}

interface Twin {
  id: number
  name: string
  date_of_birth: string | null
  nhs_number: string | null
}

export interface ReferralShown {
  referral: ReferralDetail
  /** Records that may be of the same person. */
  twins: Twin[]
  may: { decide: boolean; lend: boolean; seeRecord: boolean; seeLoans: boolean; seeSummary: boolean; raise: boolean }
}

export function presentReferral({ referral, twins, may }: ReferralShown): ReferralPage {
  const state = referralState(referral)
  const url = `/referrals/${referral.id}`
  const mayLend = may.lend && canMove('lend', state) && referral.state !== 'died'
  const lendUrl = listUrl('/loans/new', { 'service-user': referral.service_user_id, referral: referral.id })
  return {
    title: 'Referral',
    name: referral.service_user,
    back: { href: '/referrals', text: 'Referrals' },
    state: referralStates[state],
    ended: endedLines(referral),
    lend: mayLend && state !== 'met' ? { href: lendUrl, text: 'Lend for this referral' } : null,
    links: [
      ...(may.decide && canMove('decline', state) ? [{ href: `${url}/decline`, text: 'Decline' }] : []),
      ...(may.raise
        ? [{ href: listUrl('/concerns/new', { person: referral.service_user_id }), text: 'Raise a concern' }]
        : []),
      ...(canMove('withdraw', state) ? [{ href: `${url}/withdraw`, text: 'Withdraw' }] : []),
    ],
    reopen: may.decide && canMove('reopen', state) ? `${url}/reopening` : null,
    about: aboutRows(referral, may),
    asks: referral.asks.map((ask) => presentAsk(ask, referral, may.decide)),
    loans: may.seeLoans
      ? referral.loans.map(({ id, lent_at, is_planned }) => ({
          href: `/loans/${id}`,
          text: `Loan ${id}`,
          when: is_planned ? 'planned for a visit' : `lent on ${formatDate(londonDate(lent_at))}`,
        }))
      : [],
    twins: twins.map((twin) => presentTwin(twin, referral)),
  }
}

function endedLines(referral: ReferralDetail): string[] {
  const { ended_as: ending, ended_why: why, ended_at: at, ended_words: words } = referral
  if (ending === null || at === null || why === null) return []
  const by = `${referralStates[ending].text} on ${formatDate(londonDate(at))} by ${referral.ender ?? 'somebody'}: ${reasonText(ending, why)}.`
  const open =
    ending === 'declined'
      ? [
          'This is only about what we can lend and teach. They can be seen face to face as before, and be referred again.',
        ]
      : []
  return [by, ...(words === '' ? [] : words.split('\n')), ...open]
}

function reasonText(ending: Ending, why: string): string {
  const text = endingReasons[ending][why] ?? why
  return text.charAt(0).toLowerCase() + text.slice(1)
}

function aboutRows(referral: ReferralDetail, may: ReferralShown['may']): SummaryRow[] {
  const { date_of_birth: born, nhs_number: number, first_appointment_on: day } = referral
  const record = recordUrl(referral, may)
  const change = {
    href: `/referrals/${referral.id}/first-appointment`,
    text: 'Change',
    visuallyHiddenText: 'first appointment',
  }
  const said = saidLines(saidFromWords(referral.contact_said))
  const safeContact = {
    href: `/service-users/${referral.service_user_id}/safe-contact`,
    text: 'How we may contact them',
  }
  const rows: (SummaryRow | null)[] = [
    { key: 'Who', value: referral.service_user, ...(record && { href: record }) },
    { key: 'Date of birth', value: born === null ? 'Not known' : formatDate(born) },
    { key: 'NHS number', value: number === null ? 'Not known' : formatNhsNumber(number) },
    may.decide && referral.nhs_number_given !== null && number !== referral.nhs_number_given
      ? {
          key: 'NHS number that was given',
          value: `${formatNhsNumber(referral.nhs_number_given)}, which another record has`,
        }
      : null,
    {
      key: 'First remote appointment',
      value: day === null ? 'Not known yet' : formatLongDate(day),
      ...(canMove('change', referralState(referral)) && { actions: [change] }),
    },
    lines('In the way', barrierLines(referral.barriers, referral.barrier_words)),
    {
      key: 'Contact',
      lines: [...said, ...(referral.contact_words === '' ? [] : referral.contact_words.split('\n'))].concat(
        said.length === 0 && referral.contact_words === '' ? ['They were not asked yet'] : [],
      ),
      ...(may.seeRecord && referral.is_person_in_reach && { actions: [safeContact] }),
    },
    { key: 'Asked by', lines: [whoAsked(referral), formatShortDate(referral.referred_on)] },
    { key: 'Digital champion', value: referral.champion ?? 'None of their own: ask any champion' },
  ]
  return rows.filter((row) => row !== null)
}

function recordUrl(referral: ReferralDetail, may: ReferralShown['may']): string | null {
  if (may.seeRecord) return `/service-users/${referral.service_user_id}`
  return may.seeSummary && referral.ended_as !== 'withdrawn' ? `/people/${referral.service_user_id}` : null
}

function lines(key: string, values: string[]): SummaryRow | null {
  return values.length === 0 ? null : { key, lines: values }
}

function presentAsk(row: AskRow, referral: ReferralDetail, mayDecide: boolean): ReferralPage['asks'][number] {
  const state = referralState(referral)
  const isSaid = row.met_at !== null
  const form = row.is_met
    ? mayDecide && isSaid && canMove('say-not-met', state) && { met: 'no', button: 'Not met after all' }
    : mayDecide && canMove('say-met', state) && { met: 'yes', button: 'It is met' }
  const over = referral.ended_as !== null
  return {
    text: asks[row.ask].text,
    tag: row.is_met
      ? { text: isSaid ? 'Met' : 'Met: lent to them', colour: 'green' }
      : over
        ? { text: 'Not met', colour: 'grey' }
        : { text: 'Waiting', colour: 'blue' },
    form: form ? { action: `/referrals/${referral.id}/asks/${row.ask}`, ...form } : null,
  }
}

/** The older record is the one to keep; the two are looked at side by side before anything is done. */
function presentTwin(twin: Twin, { service_user_id: own }: ReferralDetail): ReferralPage['twins'][number] {
  const [kept, merged] = twin.id < own ? [twin.id, own] : [own, twin.id]
  const born = twin.date_of_birth === null ? 'date of birth not known' : `born ${formatDate(twin.date_of_birth)}`
  const number = twin.nhs_number === null ? '' : `, NHS number ${formatNhsNumber(twin.nhs_number)}`
  return { text: twin.name, who: `${born}${number}`, href: `/service-users/${kept}/merge/${merged}` }
}
